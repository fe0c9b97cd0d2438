package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SimulateCommandTest {
    private static final String SKY = "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":"
            + "\"Why is the sky blue?\"}]}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The command on a thread of its own. */
    private final class Serving implements AutoCloseable {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Run run = Run.withProviders().writingTo(new Lines(lines));
        private final Thread thread;
        final Map<String, String> exports;

        Serving(String... options) throws InterruptedException {
            String[] args = new String[options.length + 3];
            System.arraycopy(new String[] {"simulate", "--port", "0"}, 0, args, 0, 3);
            System.arraycopy(options, 0, args, 3, options.length);
            thread = new Thread(() -> run.run(args));
            thread.start();
            exports = exports(() -> Objects.requireNonNull(lines.poll(20, TimeUnit.SECONDS)));
        }

        String baseUrl() {
            return Objects.requireNonNull(exports.get("OPENROUTER_API_BASE"));
        }

        HttpResponse<String> ask(String key) throws IOException, InterruptedException {
            return SimulateCommandTest.this.ask(baseUrl(), key, SKY);
        }

        /** Ends it as Ctrl-C would. */
        Run end() throws InterruptedException {
            thread.interrupt();
            thread.join();
            return run;
        }

        @Override
        public void close() throws InterruptedException {
            end();
        }
    }

    private HttpResponse<String> ask(String baseUrl, String key, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions"))
                        .header("Authorization", "Bearer " + key)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private interface Source {
        String line() throws InterruptedException;
    }

    private static Map<String, String> exports(Source source) throws InterruptedException {
        Map<String, String> exports = new LinkedHashMap<>();
        while (exports.size() < 5) {
            String line = source.line();
            if (line.startsWith("export ")) {
                String[] sides = line.substring("export ".length()).split("=", 2);
                exports.put(sides[0], sides[1]);
            } else {
                exports.put(line, "");
            }
        }
        return exports;
    }

    @Test
    void it_says_what_to_export_tells_each_request_and_ends_with_the_bill() throws Exception {
        Run run;
        try (Serving serving = new Serving()) {
            assertThat(serving.exports)
                    .containsOnlyKeys(
                            "OPENROUTER_API_BASE",
                            "OPENROUTER_BASE_URL",
                            "OPENAI_BASE_URL",
                            "OPENROUTER_API_KEY",
                            "OPENAI_API_KEY")
                    .containsEntry("OPENAI_BASE_URL", serving.baseUrl());
            assertThat(serving.baseUrl()).matches("http://127\\.0\\.0\\.1:\\d+/api/v1");
            assertThat(serving.ask("any key at all").statusCode()).isEqualTo(200);
            assertThat(ask(serving.baseUrl(), "k", SKY.replace("}]}", "}],\"stream\":true}"))
                            .statusCode())
                    .isEqualTo(200);
            run = serving.end();
        }

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Simulating OpenRouter at http://127.0.0.1:", "/simulator; Ctrl-C ends it")
                .containsPattern(
                        "POST /chat/completions · openai/gpt-4o-mini · 200 · \\d+ in, \\d+ out · \\$0\\.\\d+ · \\d+ ms")
                .contains("· streamed · 200 ·")
                .contains("MODEL", "openai/gpt-4o-mini      2  ")
                .containsPattern("2 requests · 2 generations · \\$0\\.\\d+ of play money")
                .doesNotContain("sky")
                .doesNotContain("any key");
    }

    @Test
    void quiet_is_quiet() throws Exception {
        Run run;
        try (Serving serving = new Serving("--quiet")) {
            serving.ask("k");
            run = serving.end();
        }

        assertThat(run.exitCode).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).hasLineCount(5);
    }

    @Test
    void with_a_key_of_its_own_it_refuses_others_and_does_not_print_it() throws Exception {
        Run run;
        try (Serving serving = new Serving("--key", "sk-or-mine")) {
            assertThat(serving.ask("sk-or-mine").statusCode()).isEqualTo(200);
            assertThat(serving.ask("sk-or-other").statusCode()).isEqualTo(401);
            run = serving.end();
        }

        assertThat(run.out() + run.err()).doesNotContain("sk-or-mine").doesNotContain("sk-or-other");
        assertThat(run.out()).contains("# OPENROUTER_API_KEY is the key that --key gave");
    }

    @Test
    void two_runs_with_a_stopped_clock_answer_the_same_to_the_byte() throws Exception {
        String[] options = {"--quiet", "--clock", "2026-01-31T12:00", "--id-prefix", "gen-test-"};
        String first;
        try (Serving serving = new Serving(options)) {
            first = serving.ask("k").body();
        }
        try (Serving serving = new Serving(options)) {
            assertThat(serving.ask("k").body())
                    .isEqualTo(first)
                    .contains("gen-test-0000000001", "\"created\":1769860800");
        }
    }

    @Test
    void faults_of_the_command_line_befall_every_call_or_some_by_the_seed() throws Exception {
        try (Serving serving = new Serving("--fault", "status 503", "--fault", "header X-Why value=test")) {
            assertThat(serving.ask("k").statusCode()).isEqualTo(503);
            assertThat(serving.ask("k").headers().firstValue("X-Why")).contains("test");
            assertThat(serving.end().err()).contains("· 503 ·", "fault: status 503 + header X-Why value=test");
        }
        StringBuilder fates = new StringBuilder();
        for (int round = 0; round < 2; round++) {
            try (Serving serving = new Serving("-q", "--fault", "status 503", "--fault-rate", "0.5", "--seed", "42")) {
                for (int i = 0; i < 8; i++) {
                    fates.append(serving.ask("k").statusCode() == 200 ? '+' : '-');
                }
            }
        }
        assertThat(fates.substring(0, 8)).isEqualTo(fates.substring(8)).contains("+", "-");
    }

    @Test
    void of_old_calls_only_the_sum_is_kept() throws Exception {
        Run run;
        try (Serving serving = new Serving("--keep", "1")) {
            serving.ask("k");
            serving.ask("k");
            run = serving.end();
        }

        assertThat(run.err()).contains("older ones, not kept").contains("2 requests · 2 generations");
    }

    @Test
    void a_port_that_is_taken_is_told_with_the_way_out() {
        try (OpenRouterSimulator other = OpenRouterSimulator.start()) {
            Run run = Run.withProviders().run("simulate", "--port", Integer.toString(other.port()));

            assertThat(run.exitCode).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .startsWith("portolan: --port: " + other.port() + " is taken")
                    .contains("0 takes any that is free")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 70000 | --port must be 0 to 65535",
                "--port four | --port",
                "--host 192.0.2.1 | --host: '192.0.2.1' is no address of this machine",
                "--host=no.such.host.invalid | --host: 'no.such.host.invalid' is no address of this machine",
                "--keep 0 | --keep must be at least 1",
                "--key= | --key must not be blank",
                "--fault statu | --fault: ",
                "--fault-rate 2 | --fault-rate must be 0 to 1",
                "--seed 1 | --seed goes with --fault-rate",
                "--clock soon | --clock: 'soon' is not a time",
                "--chunk-delay 5 | not a time",
                "extra | Unmatched argument"
            })
    void a_wrong_option_is_told_in_one_line(String options, String message) {
        Run run = Run.withProviders().run(("simulate " + options).split(" "));

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("portolan: ").contains(message).hasLineCount(1);
    }

    @Test
    void the_help_tells_options_exit_codes_and_the_desk() {
        Run run = Run.withProviders().run("help", "simulate");

        assertThat(run.exitCode).isZero();
        assertThat(run.out())
                .contains("--port", "--host", "--key", "--quiet", "--clock", "--fault-rate", "--seed", "--keep")
                .contains("Exit codes:", "/simulator/faults", "/simulator/bill", "/simulator/reset", "Examples:")
                .doesNotContain("%n");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    /** SIGTERM, or Ctrl-C, is how it ends: its exit code is no failure, and the bill is printed. */
    @Test
    void a_process_that_is_told_to_end_prints_the_bill_and_ends_well() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "simulate",
                        "--port=0")
                .start();
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> exports = exports(() -> {
                try {
                    return Objects.requireNonNull(out.readLine());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            String baseUrl = Objects.requireNonNull(exports.get("OPENAI_BASE_URL"));
            assertThat(ask(baseUrl, "k", SKY).statusCode()).isEqualTo(200);

            process.toHandle().destroy(); // which leaves its streams open

            assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("1 request · 1 generation · $0.");
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Standard output, line by line. */
    private static final class Lines extends OutputStream {
        private final BlockingQueue<String> lines;
        private final StringBuilder line = new StringBuilder();

        Lines(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void write(int b) {
            if (b == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else {
                line.append((char) b);
            }
        }
    }
}
