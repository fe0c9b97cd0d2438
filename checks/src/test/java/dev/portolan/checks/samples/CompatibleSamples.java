package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.provider.openai.OpenAiCompatible;
import dev.portolan.provider.openai.Quirk;
import java.util.Map;

/** The samples of {@code docs/openai-compatible.md}, each between two marks. */
public final class CompatibleSamples {
    private CompatibleSamples() {}

    public static void ollama() {
        // sample: ollama
        try (Portolan portolan = Portolan.load()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("ollama/llama3.2")
                            .user("Why is the sky blue?")
                            .build());
            System.out.println(reply.text());
        }
        // end
    }

    public static void named(String url, String key) {
        // sample: named
        OpenAiCompatible vllm = OpenAiCompatible.named("vllm")
                .baseUrl(url) // http://localhost:8000/v1
                .apiKey(key)
                .quirks(Quirk.THINK_TAGS)
                .build();
        try (Portolan portolan = Portolan.builder().provider(vllm).build()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("vllm/qwen/qwen3-8b")
                            .user("Why is the sky blue?")
                            .reasoning(Reasoning.effort(Reasoning.Effort.LOW))
                            .extra("chat_template_kwargs", Map.of("enable_thinking", true))
                            .build());
            System.out.println(reply.message().reasoning());
            System.out.println(reply.text());
        }
        // end
    }

    public static void ownPrices(Ledger ledger) {
        // sample: electricity
        CostTracking tracking = CostTracking.builder()
                .ledger(ledger)
                .price("ollama/llama3.2", Pricing.perMillion("0.05", "0.10")) // electricity
                .build();
        try (Portolan portolan =
                Portolan.builder().discover().sinkFactory(tracking).build()) {
            portolan.chat()
                    .complete(ChatRequest.builder("ollama/llama3.2")
                            .user("Why is the sky blue?")
                            .build());
        }
        for (CostEvent call : ledger.entries(LedgerQuery.ALL)) {
            System.out.println(call.model() + " " + call.cost()); // ollama/llama3.2 ~$0.000006
        }
        // end
    }
}
