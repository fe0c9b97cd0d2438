package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.typed.ToolLoop;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The samples of docs/structured-output.md and docs/tools.md do what they say. */
class TypedSamplesTest extends SamplesTest {
    private static ChatRequest ask(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text).build();
    }

    private static ToolLoop weather(Portolan portolan) {
        return ToolLoop.builder(portolan.chat()).tool(TypedSamples.WEATHER).build();
    }

    @Test
    void a_reply_becomes_a_record() {
        run(TypedSamples::structured);

        assertThat(printed()).startsWith("Genoa, CALM").contains("gpt-4o-mini", "$0.000");
    }

    @Test
    void lists_enums_and_sealed_interfaces_come_back() {
        run(portolan -> TypedSamples.lists(portolan, ask("The harbours of Genoa and Oslo, when it is rough?")));
        run(portolan -> TypedSamples.choosing(portolan, ask("Which mark?")));

        assertThat(printed()).contains("1 ROUGH").contains("Buoy[colour=");
    }

    @Test
    void what_the_constructor_refuses_is_repaired() {
        run(portolan -> TypedSamples.misfits(portolan, ask("A harbour of -3 metres?")));

        assertThat(simulator.requests()).hasSize(2);
        assertThat(simulator.requests().get(1).body()).contains("depth must not be negative");
        assertThat(printed()).isEqualToIgnoringNewLines("1");
    }

    @Test
    void a_misfit_is_told_with_its_place() {
        ChatRequest text = ask("A harbour?").toBuilder()
                .responseFormat(ResponseFormat.TEXT)
                .build();
        run(portolan -> TypedSamples.misfits(portolan, text));
        run(portolan ->
                TypedSamples.misfits(portolan, text.toBuilder().maxTokens(1).build()));

        assertThat(printed())
                .contains("$: expected a JSON object, found text that is not JSON, for $0.000")
                .contains("More tokens, please");
    }

    @Test
    void a_stream_becomes_a_record() {
        run(portolan -> TypedSamples.streamed(portolan, ask("How deep is Genoa?")));

        assertThat(printed()).startsWith("{\"city\":\"Genoa\"").contains("\nGenoa");
    }

    @Test
    void a_schema_serves_by_itself() {
        run(TypedSamples::schema);

        assertThat(printed())
                .startsWith("{\"type\":\"object\",\"properties\":{\"number\":{\"type\":\"integer\"},\"length_m\"")
                .contains("Berth[number=");
    }

    @Test
    void a_loop_runs_tools_and_shows_its_rounds() {
        run(TypedSamples::loop);

        assertThat(printed()).contains("1: get_weather → {\"celsius\":21,\"sky\":\"clear over Genoa\"}", "($0.000");
    }

    @Test
    void a_loop_streams_its_events() {
        run(portolan -> TypedSamples.events(weather(portolan), ask("What is the weather in Genoa?")));

        assertThat(printed()).startsWith("get_weather …").contains("2 rounds");
    }

    @Test
    void a_limit_ends_a_loop_with_its_rounds() {
        run(portolan -> TypedSamples.limits(portolan, ask("What is the weather in Genoa?"), ForkJoinPool.commonPool()));

        assertThat(printed()).startsWith("1 round, $0.000").contains("is too much");
    }

    @Test
    void a_conversation_goes_on_after_a_loop() {
        run(portolan -> TypedSamples.on(weather(portolan), ask("What is the weather in Genoa?")));

        assertThat(printed()).isNotBlank();
        assertThat(simulator.requests())
                .last()
                .satisfies(request -> assertThat(request.body()).contains("\"role\":\"tool\"", "And in Oslo?"));
    }

    @Test
    void a_loop_can_end_in_a_record() {
        run(portolan -> TypedSamples.answer(weather(portolan), ask("What is the weather in Genoa?")));

        assertThat(printed()).contains("Weather[celsius=", " after 2 rounds");
    }
}
