package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.LedgerQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the books say of calls whose server tells no cost. */
class CostsTest {
    @RegisterExtension
    private final Server server = new Server();

    private List<CostEvent> recorded(String... answers) {
        InMemoryLedger ledger = new InMemoryLedger();
        CostTracking tracking = CostTracking.builder()
                .ledger(ledger)
                .price("local/acme-1", Pricing.perMillion("1.50", "6"))
                .build();
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of("PORTOLAN_MAX_ATTEMPTS", "1")))
                .provider(OpenAiCompatible.named("local")
                        .baseUrl(server.baseUrl())
                        .build())
                .sinkFactory(tracking)
                .build()) {
            for (String answer : answers) {
                server.json(200, answer);
                portolan.chat()
                        .complete(ChatRequest.builder("local/acme-1").user("Hi").build());
            }
            return ledger.entries(LedgerQuery.ALL);
        }
    }

    @Test
    void tokens_at_ones_own_price_are_an_estimate_and_no_tokens_are_unknown() {
        String answer =
                "{\"id\":\"c\",\"model\":\"acme-1\",\"choices\":[{\"message\":{\"content\":\"Yes\"},\"finish_reason\":\"stop\"}]";

        List<CostEvent> calls = recorded(
                answer + ",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10,\"total_tokens\":110}}",
                answer + "}");

        assertThat(calls)
                .extracting(CostEvent::cost)
                .extracting(Cost::toString)
                .containsExactlyInAnyOrder("~$0.00021", "unknown");
    }

    /** Ollama's ids are numbers below a thousand, so that calls would be taken for one told twice. */
    @Test
    void calls_whose_ids_collide_are_all_in_the_books() {
        String answer = "{\"id\":\"chatcmpl-998\",\"model\":\"acme-1\",\"choices\":[{\"message\":{\"content\":\"Yes\"},"
                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":10}}";

        assertThat(recorded(answer, answer)).hasSize(2);
    }
}
