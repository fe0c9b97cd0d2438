package dev.portolan.checks.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Tool;
import dev.portolan.testkit.simulator.Fault;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The samples of docs/streaming.md do what they say. */
class StreamingSamplesTest extends SamplesTest {
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void text_is_handed_over_piece_by_piece() {
        run(portolan -> StreamingSamples.text(portolan, genoa()));

        assertThat(printed()).endsWith("STOP, $" + simulator.bill().total().toPlainString() + System.lineSeparator());
    }

    @Test
    void thoughts_come_apart_from_the_answer() {
        run(StreamingSamples::reasoning);

        assertThat(printed())
                .containsPattern("\\n[1-9]\\d* tokens of thought: .+\\R")
                .endsWith("STOP" + System.lineSeparator());
    }

    @Test
    void tool_calls_come_in_pieces_and_whole() {
        run(portolan -> StreamingSamples.tools(
                portolan,
                ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("What is the weather in Genoa?")
                        .tool(Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
                                {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}""")))
                        .build()));

        assertThat(printed()).startsWith("calls get_weather").contains("\n{\"city\":\"Genoa\"}");
        assertThat(printed().lines().filter(line -> line.startsWith("  "))).hasSizeGreaterThan(1);
    }

    @Test
    void a_stream_is_stopped_from_another_thread() throws Exception {
        simulator.faults().next(Fault.stallAfterEvents(4));

        try (Portolan portolan = Portolan.load()) {
            StreamingSamples.stopButton(
                    portolan,
                    genoa(),
                    action -> executor.execute(() -> {
                        while (printed().isEmpty()) {
                            Thread.onSpinWait();
                        }
                        action.run();
                    }));
        }

        assertThat(printed()).containsPattern("Stopped after [1-9]\\d* characters");
    }

    @Test
    void a_broken_answer_is_gone_on_with() {
        simulator.faults().next(Fault.cutAfterEvents(6));

        try (Portolan portolan = Portolan.load()) {
            String whole = StreamingSamples.goOn(portolan.chat(), genoa());

            assertThat(whole).startsWith(printed()).hasSizeGreaterThan(printed().length());
        }
        assertThat(simulator.requests().get(1).body()).contains("\"role\":\"assistant\"");
    }

    @Test
    void the_call_has_its_clocks() {
        run(StreamingSamples::clocks);

        assertThat(printed()).contains("Genoa").doesNotContain("ran out");
    }

    @Test
    void many_streams_run_at_once() throws Exception {
        try (Portolan portolan = Portolan.load()) {
            StreamingSamples.many(portolan, Collections.nCopies(20, genoa()), executor);
        }

        assertThat(printed().lines()).hasSize(20).allMatch(line -> line.startsWith("$0.0"));
    }

    @Test
    void a_future_brings_the_answer() {
        run(portolan -> StreamingSamples.future(portolan, genoa(), executor));

        assertThat(printed()).isNotBlank();
    }

    @Test
    void a_publisher_gives_events_as_they_are_asked_for() throws Exception {
        try (Portolan portolan = Portolan.load()) {
            StreamingSamples.publisher(portolan, genoa(), executor);
        }

        assertThat(printed()).contains("Genoa");
    }

    private static ChatRequest genoa() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Tell me about the harbour of Genoa.")
                .build();
    }
}
