package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.Timeouts;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCommandTest {
    private static final byte[] PNG = "\u0089PNG\r\n\u001a\n…".getBytes(StandardCharsets.ISO_8859_1);

    private final FakeModels models = new FakeModels();

    @TempDir
    private Path folder;

    private Run run(String... args) {
        return Run.with(models).run(args);
    }

    private String file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content).toString();
    }

    private String file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void skyAnswer(ChatAssembler answer) {
        answer.model("google/gemini-2.5-flash");
        answer.text(0, "Because of ");
        answer.text(0, "Rayleigh scattering 🌍.");
        answer.finishReason(0, "stop");
        answer.usage(Usage.of(9, 6), Cost.reported(new BigDecimal("0.00012")));
    }

    // What is asked

    @Test
    void arguments_are_joined_with_spaces_to_one_prompt() {
        run("chat", "Why", "is", "the sky blue?");

        assertThat(models.request().messages()).containsExactly(Message.user("Why is the sky blue?"));
        assertThat(models.request().model()).hasToString("openrouter/google/gemini-2.5-flash");
    }

    @Test
    void without_arguments_standard_input_is_the_prompt() {
        Run.with(models).typing("Why is Zürich\nblue?\n").run("chat");

        assertThat(models.request().messages()).containsExactly(Message.user("Why is Zürich\nblue?"));
    }

    @Test
    void a_dash_stands_for_standard_input_as_a_paragraph_of_its_own() {
        Run.with(models).typing("diff --git a b\n").run("chat", "Explain", "this:", "-", "Be", "brief.");

        assertThat(models.request().messages())
                .containsExactly(Message.user("Explain this:\n\ndiff --git a b\n\nBe brief."));
    }

    @Test
    void a_person_at_the_keyboard_is_told_that_a_prompt_is_waited_for() {
        Run run =
                Run.with(models).typing("Hello").onTerminal(Terminal.Stream.IN).run("chat");

        assertThat(run.err()).startsWith("Type your prompt (end with Ctrl-D)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\n"})
    void an_empty_prompt_is_refused_before_any_request(String prompt) {
        Run run = run("chat", prompt);

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).startsWith("portolan: The prompt is empty").hasLineCount(1);
        assertThat(models.asked).isEmpty();
    }

    @Test
    void standard_input_that_is_not_text_is_refused() {
        Run run = Run.with(models).typing(PNG).run("chat");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("not UTF-8", "--image");
    }

    @Test
    void every_option_reaches_the_request() throws IOException {
        String schema = file("totals v1.json", "{\"type\":\"object\"}\n");

        run(
                "chat",
                "--model=toy/large",
                "-s",
                "Be brief.",
                "--temperature=0.25",
                "--top-p=0.5",
                "--max-tokens=100",
                "--seed=-7",
                "--stop=END",
                "--stop=STOP",
                "--reasoning=high",
                "--json-schema=" + schema,
                "--timeout=1m30s",
                "--connect-timeout=2s",
                "--first-byte-timeout=3m",
                "--idle-timeout=500ms",
                "--retries=4",
                "--header=X-Team=a=b",
                "--extra=top_k=40",
                "--extra",
                "note={\"a\":\"x=\\\"y\\\"\"}",
                "--fallback=openrouter/anthropic/claude-sonnet-4.5",
                "--fallback=openrouter/auto",
                "--base-url=http://127.0.0.1:4010/api/v1",
                "@all: hello");

        assertThat(models.request())
                .isEqualTo(ChatRequest.builder("toy/large")
                        .system("Be brief.")
                        .user("@all: hello")
                        .temperature(0.25)
                        .topP(0.5)
                        .maxCompletionTokens(100)
                        .seed(-7L)
                        .stop("END", "STOP")
                        .reasoning(Reasoning.effort(Reasoning.Effort.HIGH))
                        .responseFormat(ResponseFormat.jsonSchema("totals_v1", RawJson.parse("{\"type\":\"object\"}")))
                        .timeouts(new Timeouts(
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(3),
                                Duration.ofMillis(500),
                                Duration.ofSeconds(90)))
                        .retries(new ConnectionOptions().callOptions().retries().withMaxAttempts(5))
                        .header("X-Team", "a=b")
                        .extra("top_k", 40)
                        .extra("note", RawJson.parse("{\"a\":\"x=\\\"y\\\"\"}"))
                        .options(OpenRouterOptions.builder()
                                .models("anthropic/claude-sonnet-4.5", "openrouter/auto")
                                .build())
                        .baseUrl(URI.create("http://127.0.0.1:4010/api/v1"))
                        .build());
    }

    @Test
    void images_documents_and_sounds_follow_the_text() throws IOException {
        byte[] wav = "RIFF\0\0\0\0WAVEfmt ".getBytes(StandardCharsets.ISO_8859_1);
        byte[] pdf = "%PDF-1.7".getBytes(StandardCharsets.ISO_8859_1);

        run(
                "chat",
                "--image=" + file("a.bin", PNG),
                "--image=https://example.org/dog.jpg",
                "--file=" + file("report.pdf", pdf),
                "--file=https://example.org/papers/one.pdf?v=2",
                "--audio=" + file("hello.wav", wav),
                "Look");

        assertThat(models.request().messages().get(0).content())
                .containsExactly(
                        ContentPart.text("Look"),
                        new ContentPart.Image(Media.bytes(PNG, "image/png"), null),
                        ContentPart.image("https://example.org/dog.jpg"),
                        new ContentPart.File("report.pdf", Media.bytes(pdf, "application/pdf"), null),
                        ContentPart.file("one.pdf", "https://example.org/papers/one.pdf?v=2"),
                        ContentPart.audio(wav, "wav"));
    }

    @Test
    void the_environment_names_the_model_when_no_option_does() {
        Run.with(models).setting("PORTOLAN_MODEL", "toy/small").run("chat", "Hello");
        assertThat(models.request().model()).hasToString("toy/small");
    }

    @Test
    void a_model_without_a_provider_is_an_error_that_suggests_the_right_id() {
        Run run = run("chat", "-m", "google/gemini-2.5-flash", "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("'openrouter/google/gemini-2.5-flash'").hasLineCount(1);
    }

    // What is wrong with it

    @Test
    void faults_of_the_command_line_are_told_in_one_line_before_any_request() throws IOException {
        String text = file("notes.txt", "hello");
        String empty = file("empty.png", "");
        Map<String[], String> faults = Map.ofEntries(
                Map.entry(new String[] {"--image", folder + "/none.png"}, "none.png: no such file"),
                Map.entry(new String[] {"--image", folder.toString()}, "it is a folder"),
                Map.entry(new String[] {"--image", text}, "notes.txt is not a png, jpeg, webp or gif image"),
                Map.entry(new String[] {"--image", empty}, "empty.png is empty"),
                Map.entry(new String[] {"--audio", text}, "notes.txt is not a sound in a known format"),
                Map.entry(new String[] {"--audio", "https://example.org/a.wav"}, "download"),
                Map.entry(new String[] {"--json-schema", text}, "notes.txt: Not a JSON value"),
                Map.entry(new String[] {"--json-schema", "none.json"}, "none.json: no such file"),
                Map.entry(new String[] {"--request", "none.json"}, "none.json: no such file"),
                Map.entry(new String[] {"--temperature", "3"}, "temperature must be between 0 and 2, found 3.0"),
                Map.entry(new String[] {"--temperature", "hot"}, "'hot' is not a double"),
                Map.entry(new String[] {"--temperature", "NaN"}, "temperature must be between 0 and 2"),
                Map.entry(new String[] {"--top-p", "-1"}, "top_p must be between 0 and 1"),
                Map.entry(new String[] {"--max-tokens", "0"}, "must be at least 1"),
                Map.entry(new String[] {"--reasoning", "much"}, "minimal, low, medium, high"),
                Map.entry(new String[] {"--timeout", "5"}, "write it with a unit"),
                Map.entry(new String[] {"--timeout", "0s"}, "not longer than nothing"),
                Map.entry(new String[] {"--base-url", "ftp://example.org"}, "not an http or https URL"),
                Map.entry(new String[] {"--base-url", "example.org/api"}, "not an http or https URL"),
                Map.entry(new String[] {"--header", "nothing"}, "--header: expected NAME=VALUE"),
                Map.entry(new String[] {"--extra", "style=bold"}, "a text needs quotes"),
                Map.entry(new String[] {"--model", "gpt"}, "--model: Bad model id 'gpt'"),
                Map.entry(new String[] {"--modle", "x"}, "Unknown option"),
                Map.entry(new String[] {"--offline", "--base-url", "http://127.0.0.1"}, "exclude each other"),
                Map.entry(new String[] {"--offline", "--model", "toy/a"}, "'openrouter' only"),
                Map.entry(new String[] {"-", "-"}, "Standard input can be read once"),
                Map.entry(new String[] {"--request", "-", "-"}, "Standard input can be read once"));

        faults.forEach((arguments, expected) -> {
            List<String> args = new java.util.ArrayList<>(List.of(arguments));
            args.add(0, "chat");
            args.add("Hello");
            Run run = Run.with(models).typing("").run(args.toArray(String[]::new));

            assertThat(run.err())
                    .as("%s", args)
                    .startsWith("portolan: ")
                    .contains(expected)
                    .hasLineCount(1);
            assertThat(run.exitCode).as("%s", args).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        });
        assertThat(models.asked).isEmpty();
    }

    @Test
    void a_key_given_in_the_wrong_place_is_not_shown() {
        Run run = run("chat", "--api-key=sk-or-v1-0123456789abcdef", "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("--api-key=sk-…").doesNotContain("0123456789");
    }

    // What is printed

    @ParameterizedTest
    @ValueSource(strings = {"--no-stream", "--"})
    void the_answer_goes_to_standard_output_and_its_price_to_standard_error(String option) {
        models.answering(ChatCommandTest::skyAnswer);

        Run run = run("chat", option, "Hello");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEqualTo("Because of Rayleigh scattering 🌍.\n");
        assertThat(run.err()).isEqualTo("google/gemini-2.5-flash · 9 in, 6 out · $0.00012\n");
        assertThat(models.streamed).isEqualTo(option.equals("--"));
    }

    @Test
    void each_piece_is_written_out_at_once() {
        StringBuilder pieces = new StringBuilder();
        models.answering(ChatCommandTest::skyAnswer);

        Run.with(models)
                .writingTo(new OutputStream() {
                    @Override
                    public void write(int b) {
                        pieces.append((char) b);
                    }

                    @Override
                    public void flush() {
                        pieces.append('|');
                    }
                })
                .run("chat", "Hello");

        assertThat(pieces.toString()).startsWith("Because of |Rayleigh");
    }

    @Test
    void reasoning_is_shown_on_standard_error_only_when_asked_for_and_dimmed_only_on_a_terminal() {
        models.answering(answer -> {
            answer.reasoning(0, "17*20 ");
            answer.reasoning(0, "is 340");
            answer.text(0, "340");
        });

        assertThat(run("chat", "Hello").err()).doesNotContain("17*20");
        Run plain = run("chat", "--show-reasoning", "Hello");
        assertThat(plain.err()).startsWith("17*20 is 340\n");
        assertThat(plain.out()).isEqualTo("340\n");
        Run dimmed = Run.with(models).onTerminal(Terminal.Stream.ERR).run("chat", "--show-reasoning", "Hello");
        assertThat(dimmed.err()).startsWith("\033[2m17*20 \033[22m\033[2mis 340\033[22m\n");
    }

    @Test
    void tool_calls_are_printed_one_to_a_line() {
        models.answering(answer -> {
            answer.toolCall(0, 0, "call_1", "get_weather", "{\n  \"city\": \"Zürich\"\n}", Map.of());
            answer.toolCall(0, 1, "call_2", "get_time", "", Map.of());
        });

        assertThat(run("chat", "Hello").out())
                .isEqualTo("tool call get_weather {   \"city\": \"Zürich\" }\ntool call get_time {}\n");
    }

    @Test
    void images_sources_warnings_and_a_cut_are_told_on_standard_error() {
        models.answering(answer -> {
            answer.text(0, "Here");
            answer.image(0, Media.bytes(PNG));
            answer.annotation(
                    0,
                    new Annotation.UrlCitation(
                            "https://example.org/", "Example", null, null, null, RawJson.parse("{}")));
            answer.warning(new Warning("seed", "This model has none."));
            answer.finishReason(0, "length");
        });

        Run run = run("chat", "Hello");

        assertThat(run.out()).isEqualTo("Here\n");
        assertThat(run.err().lines())
                .containsExactly(
                        "source: Example https://example.org/",
                        "1 image received; use --json to get it",
                        "the answer is cut at its token limit; --max-tokens raises it",
                        "warning: seed: This model has none.",
                        "unknown model · tokens unknown · cost unknown");
    }

    @Test
    void a_refusal_is_an_exit_code_of_its_own() {
        models.answering(answer -> answer.refusal(0, "I will not."));

        assertThat(run("chat", "Hello").err()).contains("the model refused: I will not.");
        assertThat(run("chat", "Hello").exitCode).isEqualTo(5);
        assertThat(run("chat", "--json", "Hello").exitCode).isEqualTo(5);
    }

    @Test
    void control_characters_of_a_model_do_not_reach_a_terminal_but_do_reach_a_file() {
        models.answering(answer -> answer.text(0, "a\033]0;title\007b\tc"));

        assertThat(run("chat", "Hello").out()).isEqualTo("a\033]0;title\007b\tc\n");
        assertThat(Run.with(models)
                        .onTerminal(Terminal.Stream.OUT)
                        .run("chat", "Hello")
                        .out())
                .isEqualTo("a\ufffd]0;title\ufffdb\tc\n");
    }

    @Test
    void a_reader_that_has_seen_enough_ends_the_command_quietly() {
        models.answering(ChatCommandTest::skyAnswer);

        Run run = Run.with(models).writingTo(failing("Broken pipe")).run("chat", "Hello");

        assertThat(run.exitCode).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_full_disk_is_an_error() {
        Run run = Run.with(models).writingTo(failing("No space left on device")).run("chat", "Hello");

        assertThat(run.exitCode).isEqualTo(1);
        assertThat(run.err()).isEqualTo("portolan: Cannot write to standard output: No space left on device\n");
    }

    private static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(why);
            }
        };
    }

    // The whole answer as JSON

    @ParameterizedTest
    @ValueSource(strings = {"--no-stream", "--"})
    void json_is_the_whole_answer_and_nothing_else(String option) {
        models.answering(ChatCommandTest::skyAnswer);

        Run run = run("chat", "--json", option, "Hello");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .hasLineCount(1)
                .endsWith("}\n")
                .contains("\"cost\":{\"amount\":0.00012,\"currency\":\"USD\",\"source\":\"reported\"}");
        assertThat(run.json())
                .containsEntry("text", "Because of Rayleigh scattering 🌍.")
                .containsEntry("finishReason", Map.of("unified", "stop", "raw", "stop"));
    }

    // A request in OpenAI form

    @Test
    void a_message_of_the_model_may_be_the_last_of_a_request() throws IOException {
        String body = file(
                "body.json",
                "{\"model\":\"acme/one\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Well\"}],\"temperature\":0.5}");

        run("chat", "--request", body);

        assertThat(models.request().model()).hasToString("openrouter/acme/one");
        assertThat(models.request().sampling().temperature()).isEqualTo(0.5);
        assertThat(models.request().messages().get(1)).isInstanceOf(AssistantMessage.class);
        assertThat(models.streamed).isFalse();
    }

    @Test
    void options_and_prompt_win_over_the_request_or_are_added_to_it() {
        Run.with(models)
                .typing("{\"model\":\"acme/one\",\"stream\":true,\"temperature\":0.5,\"max_tokens\":5,"
                        + "\"models\":[\"a/b\"],\"preset\":\"mine\",\"messages\":["
                        + "{\"role\":\"system\",\"content\":\"Old\"},{\"role\":\"user\",\"content\":\"Hi\"}]}")
                .run(
                        "chat",
                        "--request=-",
                        "--model=toy/two",
                        "--temperature=1",
                        "--max-tokens=9",
                        "--fallback=c/d",
                        "--system=New",
                        "And?");

        ChatRequest request = models.request();
        assertThat(request.model()).hasToString("toy/two");
        assertThat(request.sampling().temperature()).isEqualTo(1);
        assertThat(request.output().maxCompletionTokens()).isEqualTo(9);
        assertThat(request.output().maxTokens()).isNull();
        assertThat(request.messages()).containsExactly(Message.system("New"), Message.user("Hi"), Message.user("And?"));
        OpenRouterOptions options = request.options(OpenRouterOptions.class).orElseThrow();
        assertThat(options.models()).containsExactly("c/d");
        assertThat(options.preset()).isEqualTo("mine");
        assertThat(models.streamed).isTrue();
    }

    @Test
    void a_request_that_is_not_json_is_told_with_the_place_of_the_fault() {
        Run run = Run.with(models).typing("{\"model\":").run("chat", "--request", "-");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).startsWith("portolan: --request: ").hasLineCount(1);
        assertThat(models.asked).isEmpty();
    }
}
