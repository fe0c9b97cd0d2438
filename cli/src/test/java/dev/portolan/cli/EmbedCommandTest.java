package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbedCommandTest {
    private final FakeEmbeddings models = new FakeEmbeddings();

    @TempDir
    private Path folder;

    private Run run(String... args) {
        return Run.with(models).run(args);
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("texts.txt"), content).toString();
    }

    private List<String> askedTexts() {
        return models.asked.stream()
                .flatMap(request -> request.inputs().stream())
                .map(input -> ((EmbeddingInput.Text) input).text())
                .toList();
    }

    // What is asked

    @Test
    void each_argument_is_a_text_and_gets_a_line() {
        Run run = run("embed", "a calm sea", "a storm");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEqualTo("{\"index\":0,\"embedding\":[10,0.1]}\n{\"index\":1,\"embedding\":[7,0.1]}\n");
        assertThat(run.err()).isEqualTo("acme/embed · 2 texts · 2 dimensions · 2 tokens · $0.00000004\n");
        assertThat(models.asked.get(0).model()).hasToString("openrouter/openai/text-embedding-3-small");
    }

    @Test
    void a_file_has_one_text_a_line_after_the_arguments() throws IOException {
        run("embed", "--input", file("one\r\ntwo 🌍\n"), "zero");

        assertThat(askedTexts()).containsExactly("zero", "one", "two 🌍");
    }

    @Test
    void without_texts_standard_input_is_read() {
        Run.with(models).typing("one\ntwo\n").run("embed");
        Run.with(models).typing("three\n").run("embed", "-");
        Run.with(models).typing("four\n").run("embed", "--input=-");

        assertThat(askedTexts()).containsExactly("one", "two", "three", "four");
    }

    @Test
    void a_blank_line_is_an_error_that_names_it_unless_such_lines_are_left_out() throws IOException {
        String file = file("one\n\n  \ntwo\n");

        Run refused = run("embed", "--input", file);
        assertThat(refused.exitCode).isEqualTo(2);
        assertThat(refused.err())
                .contains("Line 2 of " + file + " is blank", "--skip-blank")
                .hasLineCount(1);
        assertThat(models.asked).isEmpty();

        assertThat(run("embed", "--skip-blank", "--input", file).out()).hasLineCount(2);
        assertThat(askedTexts()).containsExactly("one", "two");
    }

    @Test
    void every_option_reaches_the_request() {
        run(
                "embed",
                "-m=toy/embed",
                "--dimensions=256",
                "--encoding=base64",
                "--input-type=search_query",
                "--batch-size=10",
                "--parallel=2",
                "--timeout=1m30s",
                "--header=X-Team=blue",
                "--base-url=http://127.0.0.1:4010/api/v1",
                "--extra=provider={\"zdr\":true}",
                "a calm sea");

        assertThat(models.asked)
                .containsExactly(EmbeddingRequest.builder("toy/embed")
                        .text("a calm sea")
                        .dimensions(256)
                        .encoding(EmbeddingRequest.Encoding.BASE64)
                        .inputType("search_query")
                        .batching(new EmbeddingRequest.Batching(10, 200_000, 2))
                        .extra("provider", RawJson.parse("{\"zdr\":true}"))
                        .call(new dev.portolan.api.CallOptions(
                                dev.portolan.api.Timeouts.UNSET.withCall(Duration.ofSeconds(90)),
                                new ConnectionOptions().callOptions().retries(),
                                URI.create("http://127.0.0.1:4010/api/v1"),
                                Map.of("X-Team", "blue"),
                                Map.of()))
                        .build());
    }

    @Test
    void faults_of_the_command_line_are_told_in_one_line_before_any_request() {
        Map<List<String>, String> faults = Map.ofEntries(
                Map.entry(List.of("--dimensions=0", "x"), "dimensions must be at least 1, found 0"),
                Map.entry(List.of("--batch-size=0", "x"), "--batch-size must be at least 1, found 0"),
                Map.entry(List.of("--parallel=-1", "x"), "--parallel must be at least 1, found -1"),
                Map.entry(List.of("--encoding=hex", "x"), "'hex' is not one of float, base64"),
                Map.entry(List.of("--input=none.txt"), "none.txt: no such file"),
                Map.entry(List.of(" "), "blank"),
                Map.entry(List.of("--skip-blank", " "), "no text to embed"),
                Map.entry(List.of("-m", "gpt", "x"), "--model: Bad model id 'gpt'"),
                Map.entry(List.of("-m", "openai/x", "x"), "for example 'openrouter/openai/x'"),
                Map.entry(List.of("--offline", "-m", "toy/a", "x"), "'openrouter' only"),
                Map.entry(List.of("--extra=a", "x"), "--extra: expected NAME=JSON"),
                Map.entry(List.of("-", "-"), "Standard input can be read once"));

        faults.forEach((arguments, expected) -> {
            String[] args = new String[arguments.size() + 1];
            args[0] = "embed";
            IntStream.range(0, arguments.size()).forEach(i -> args[i + 1] = arguments.get(i));
            Run run = Run.with(models).typing("").run(args);

            assertThat(run.err())
                    .as("%s", arguments)
                    .startsWith("portolan: ")
                    .contains(expected)
                    .hasLineCount(1);
            assertThat(run.exitCode).as("%s", arguments).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        });
        assertThat(models.asked).isEmpty();
    }

    // What is printed

    @Test
    void vectors_come_with_their_text_or_as_base64() {
        assertThat(run("embed", "--with-text", "--base64", "a \"b\"").out())
                .isEqualTo("{\"index\":0,\"text\":\"a \\\"b\\\"\",\"embedding\":\"AACgQM3MzD0=\"}\n");
    }

    @Test
    void json_tells_the_cost_on_standard_error() {
        Run run = run("embed", "--json", "x");

        assertThat(run.out()).hasLineCount(1);
        assertThat(Run.json(run.err()))
                .containsEntry("ids", List.of("gen-1"))
                .containsEntry("model", "acme/embed")
                .containsEntry("texts", 1.0)
                .containsEntry("dimensions", 2.0)
                .containsEntry("cost", Map.of("amount", 0.00000002, "currency", "USD", "source", "reported"));
    }

    @Test
    void what_succeeded_is_printed_before_the_error_of_what_did_not() {
        models.failingAt("c", () -> new RateLimitedException("Slow down.", ErrorDetails.NONE));

        Run run = run("embed", "--batch-size=2", "--parallel=1", "a", "b", "c", "d");

        assertThat(run.exitCode).isEqualTo(8);
        assertThat(run.out()).hasLineCount(2).startsWith("{\"index\":0,");
        assertThat(run.err()).isEqualTo("portolan: Slow down. (the answer above is incomplete)\n");
    }

    @Test
    void one_bar_shows_the_progress_of_many_texts_on_a_terminal_and_is_wiped_out() {
        Run run = Run.with(models)
                .onTerminal(Terminal.Stream.ERR)
                .run("embed", "--batch-size=2", "--parallel=1", "a", "b", "c");

        assertThat(run.err())
                .isEqualTo("\r" + "░".repeat(30) + " 0 of 3 texts" + "\r" + "█".repeat(20) + "░".repeat(10)
                        + " 2 of 3 texts" + "\r" + "█".repeat(30) + " 3 of 3 texts" + "\r" + " ".repeat(43)
                        + "\racme/embed · 3 texts · 2 dimensions · 3 tokens · $0.00000006\n");
    }

    @Test
    void there_is_no_bar_in_a_file_or_for_a_single_batch() {
        assertThat(run("embed", "--batch-size=2", "a", "b", "c").err())
                .hasLineCount(1)
                .doesNotContain("\r");
        assertThat(Run.with(models)
                        .onTerminal(Terminal.Stream.ERR)
                        .run("embed", "a")
                        .err())
                .doesNotContain("\r");
    }

    // Through the simulator

    @Test
    void ten_thousand_texts_come_in_order_with_one_bar_at_the_price_of_the_bill() throws IOException {
        String file = file(IntStream.range(0, 10_000)
                .mapToObj(i -> "text number " + i + "\n")
                .collect(java.util.stream.Collectors.joining()));
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            Run run = Run.withProviders()
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .setting("OPENROUTER_API_BASE", server.baseUrl())
                    .onTerminal(Terminal.Stream.ERR)
                    .run("embed", "--input", file, "--dimensions=4", "--with-text");

            assertThat(run.exitCode).as(run.err()).isZero();
            List<String> lines = run.out().lines().toList();
            assertThat(lines).hasSize(10_000);
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i)).startsWith("{\"index\":" + i + ",\"text\":\"text number " + i + "\",");
            }
            assertThat(server.requests()).hasSizeBetween(40, 42);
            assertThat(run.err())
                    .containsOnlyOnce("\n")
                    .contains("\r" + "█".repeat(30) + " 10000 of 10000 texts\r")
                    .endsWith(" · $" + server.bill().total().toPlainString() + "\n");
        }
    }

    @Test
    void both_encodings_print_the_same_numbers() {
        Run floats = Run.withProviders().run("embed", "--offline", "--encoding=float", "a calm sea");
        Run base64 = Run.withProviders().run("embed", "--offline", "--encoding=base64", "a calm sea");

        assertThat(floats.exitCode).as(floats.err()).isZero();
        assertThat(floats.out()).isEqualTo(base64.out()).contains("[");
    }

    @Test
    void without_a_key_the_simulator_embeds_and_says_so() {
        Run run = Run.withProviders().run("embed", "a calm sea");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err())
                .contains("simulator", "export OPENROUTER_API_KEY=")
                .hasLineCount(3);
    }

    @Test
    void an_error_of_the_server_is_an_object_with_json() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            server.enqueue(CannedResponse.json(402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}"));
            Run run = Run.withProviders()
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .run("embed", "--base-url", server.baseUrl(), "--json", "x");

            assertThat(run.exitCode).isEqualTo(4);
            assertThat(run.errorJson()).containsEntry("type", "insufficient_credits");
        }
    }
}
