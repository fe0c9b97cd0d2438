package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ModelsCommandTest {
    private final Provider models = new FakeCatalog();

    private Run run(String... args) {
        return prepared().run(withCommand(args));
    }

    private Run prepared() {
        return Run.withOnly(models);
    }

    private static String[] withCommand(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(0, "models");
        return all.toArray(String[]::new);
    }

    @Test
    void the_table_has_exact_prices_for_a_million_tokens() {
        Run run = run();

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEqualTo("""
                        MODEL                         CONTEXT  TAKES→GIVES      IN $/1M  OUT $/1M
                        openrouter/acme/large       1,000,000  text,image→text     0.15      0.60
                        openrouter/acme/auto                –  text→text         varies    varies
                        openrouter/acme/small:free      8,192  text→text           free         –
                        """);
        assertThat(run.err()).isEqualTo("3 models\n");
    }

    @Test
    void on_a_terminal_the_table_fits_its_width() {
        Run run = prepared().onTerminal(Terminal.Stream.OUT).wide(66).run("models");

        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(66));
        assertThat(run.out()).contains("openrouter/acme/small:free", "text,im…").doesNotContain("\033");
        Run narrow = prepared().onTerminal(Terminal.Stream.OUT).wide(50).run("models");
        assertThat(narrow.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(50));
        assertThat(narrow.out()).contains("\n…cme/large  1,000,000  text,im…");
    }

    @ParameterizedTest
    @CsvSource({
        "LARGE, acme/large",
        "acme free, acme/small:free",
        "--input=image, acme/large",
        "--min-context=8k --limit=1, acme/large",
        "--min-context=1M, acme/large",
        "--sort=price --limit=1, acme/small:free",
        "--sort=id --limit=1, acme/auto"
    })
    void models_are_searched_filtered_and_ordered(String options, String expected) {
        assertThat(run(options.split(" ")).out()).hasLineCount(2).contains("\nopenrouter/" + expected + " ");
    }

    @Test
    void a_limit_tells_how_many_there_are_and_nothing_found_is_no_error() {
        assertThat(run("--limit=1", "--parameter=tools", "--parameter=seed", "--output=text")
                        .err())
                .isEqualTo("1 of 3 models\n");
        Run none = run("--output=audio");
        assertThat(none.exitCode).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("no model fits\n");
    }

    @Test
    void json_has_every_member_and_exact_prices() {
        Run run = run("--json", "large");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .hasLineCount(1)
                .contains("\"pricing\":{\"prompt\":0.00000015,\"completion\":0.0000006,\"request\":null,")
                .contains("\"id\":\"openrouter/acme/large\"", "\"created\":\"2023-11-14T22:13:20Z\"")
                .contains("\"maxCompletionTokens\":null", "\"extras\":{\"hugging_face_id\":null}");
    }

    @Test
    void endpoints_tell_who_runs_a_model_wherever_the_option_stands() {
        Run run = run("openrouter/acme/large", "--endpoints");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEqualTo("""
                        PROVIDER    TAG       CONTEXT  QUANT  IN $/1M  OUT $/1M  UPTIME
                        Acme Cloud  acme/fp8  128,000  fp8       0.15      0.60   99.8%
                        Other       –               –  –            –         –       –
                        """);
        assertThat(run.err()).isEqualTo("2 endpoints\n");
        assertThat(run("--endpoints", "openrouter/acme/large").out()).isEqualTo(run.out());
        assertThat(run("--json", "--endpoints", "openrouter/acme/large").out())
                .startsWith("{\"model\":\"openrouter/acme/large\",\"endpoints\":[{\"provider\":\"Acme Cloud\",")
                .contains("\"extras\":{\"uptime_last_30m\":99.87}");
    }

    @Test
    void faults_of_the_command_line_are_told_in_one_line() {
        Map<String, String> faults = Map.of(
                "--limit=0", "--limit must be at least 1, found 0",
                "--min-context=many", "'many' is not a number of tokens; write 128000, 128k or 1M",
                "--sort=cheap", "'cheap' is not one of id, price, context, newest",
                "--endpoints", "--endpoints needs the id of one model, found 0",
                "--endpoints a b", "found 2",
                "--endpoints gpt", "--endpoints: Bad model id 'gpt'",
                "--endpoints acme/large", "'openrouter/acme/large'",
                "--base-url=nowhere", "not an http or https URL",
                "--offline --base-url=http://127.0.0.1", "exclude each other");

        faults.forEach((arguments, expected) -> {
            Run run = run(arguments.split(" "));

            assertThat(run.err())
                    .as("%s", arguments)
                    .startsWith("portolan: ")
                    .contains(expected)
                    .hasLineCount(1);
            assertThat(run.exitCode).as("%s", arguments).isEqualTo(2);
        });
    }

    // Through the simulator

    @Test
    void the_catalogue_of_the_simulator_is_there_offline() {
        Run run = Run.withProviders().run("models", "--offline", "--sort=price", "--input=image");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out()).contains("openrouter/google/gemini-2.5-flash ", "  0.30  ", "varies", "free");
        assertThat(Run.withProviders()
                        .run("models", "--offline", "--output=embeddings")
                        .out())
                .contains("text-embedding-3-small", "→embeddings");
    }

    @Test
    void without_a_key_the_simulator_answers_and_says_so() {
        Run run = Run.withProviders().run("models", "gemini");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err()).contains("simulator", "export OPENROUTER_API_KEY=");
    }

    @Test
    void with_a_base_url_the_catalogue_is_asked_there() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            Run run = Run.withProviders()
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .run("models", "--base-url", server.baseUrl(), "--endpoints", "openrouter/openai/gpt-4o-mini");

            assertThat(run.exitCode).as(run.err()).isZero();
            assertThat(run.out()).startsWith("PROVIDER");
            assertThat(server.requests()).isNotEmpty();
        }
    }

    @Test
    void a_model_that_there_is_not_has_the_exit_code_for_it() {
        Run run = Run.withProviders().run("models", "--offline", "--json", "--endpoints", "openrouter/acme/none");

        assertThat(run.exitCode).isEqualTo(6);
        assertThat(run.errorJson()).containsEntry("type", "not_found");
    }
}
