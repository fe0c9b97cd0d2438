package dev.portolan.typed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything together, on the simulator, which makes JSON by the schema that it is sent. */
class OverTheWireTest {
    enum Sea {
        CALM,
        ROUGH
    }

    record Harbour(
            String city,
            int depth,
            Sea sea,
            Optional<BigDecimal> fee,
            @Nullable Instant opened,
            List<Berth> berths) {}

    record Berth(int number, @Nullable Berth next) {}

    sealed interface Mark {
        record Buoy(String colour) implements Mark {}

        record Light(int metres, List<Mark> near) implements Mark {}
    }

    record Soundings(Map<String, Integer> depths) {}

    record City(@Description("without the country") String city) {}

    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Portolan portolan = Portolan.load(Settings.of(Map.of(
            "OPENROUTER_API_KEY", simulator.apiKey(),
            "OPENROUTER_API_BASE", simulator.baseUrl())));

    @AfterEach
    void close() {
        portolan.close();
        simulator.close();
    }

    private static ChatRequest ask(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text).build();
    }

    @Test
    void records_enums_lists_and_sealed_interfaces_come_back() {
        TypedChat chat = TypedChat.over(portolan.chat());

        TypedResponse<Harbour> harbour = chat.complete(
                ask("How deep is the harbour of Genoa, where it is 15 m, when the sea is rough?"), Harbour.class);
        assertThat(harbour.value().city()).isEqualTo("Genoa");
        assertThat(harbour.value().depth()).isEqualTo(15);
        assertThat(harbour.value().sea()).isEqualTo(Sea.ROUGH);
        assertThat(harbour.value().berths()).isNotEmpty();
        assertThat(harbour.totalCost().amount()).isEqualTo(simulator.bill().total());
        assertThat(chat.complete(ask("Which marks?"), TypeSchema.listOf(Mark.class))
                        .value())
                .isNotEmpty();
        assertThat(chat.complete(ask("Calm or rough?"), Sea.class).value()).isNotNull();
        assertThat(chat.complete(ask("A mark?"), Mark.Light.class).value().near())
                .isNotNull();
    }

    @Test
    void a_schema_with_a_map_is_sent_as_not_strict() {
        TypedResponse<Soundings> soundings =
                TypedChat.over(portolan.chat()).complete(ask("How deep?"), Soundings.class);

        assertThat(soundings.value().depths()).isNotEmpty();
        assertThat(simulator.requests().get(0).body()).contains("\"strict\":false");
    }

    @Test
    void a_stream_becomes_a_record() {
        try (TypedStream<City> stream = TypedChat.over(portolan.chat()).stream(ask("Where is Genoa?"), City.class)) {
            assertThat(stream).isNotEmpty();
            assertThat(stream.response().value()).isEqualTo(new City("Genoa"));
        }
    }

    @Test
    void a_loop_runs_over_real_http_and_its_cost_is_what_the_bill_says() {
        List<String> asked = new ArrayList<>();
        ToolLoop loop = ToolLoop.builder(portolan.chat())
                .tool(TypedTool.of("get_weather", "The weather in a city", City.class, city -> {
                    asked.add(city.city());
                    return Map.of("celsius", 21);
                }))
                .build();
        simulator.faults().next(Fault.status(503)); // retried below the loop

        ToolLoopReply reply = loop.run(ask("What is the weather in Genoa?"));

        assertThat(asked).containsExactly("Genoa");
        assertThat(reply.text()).contains("21");
        assertThat(reply.rounds()).hasSize(2);
        assertThat(reply.totalCost().amount())
                .isEqualByComparingTo(simulator.bill().total());

        try (ToolLoopStream stream = loop.stream(ask("What is the weather in Genoa?"))) {
            assertThat(stream.response().rounds()).hasSize(2);
            assertThat(stream.response().text()).contains("21");
        }
    }
}
