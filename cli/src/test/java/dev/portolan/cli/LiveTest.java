package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls to a server with a key, as to OpenRouter: in this process, and as a process of its own. */
@Timeout(60)
class LiveTest {
    /** The beginning of an answer, in the shape of the OpenRouter reference (streaming §2). */
    private static final String BEGINNING = "data: {\"id\":\"gen-1\",\"provider\":\"Acme\",\"model\":\"acme/one\","
            + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"The sky is\"},"
            + "\"finish_reason\":null}]}\n\n";

    private final OpenRouterSimulator server = OpenRouterSimulator.start();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    private Run run(String... args) {
        return Run.withProviders()
                .setting("OR_API_KEY", server.apiKey())
                .setting("OPENROUTER_API_BASE", server.baseUrl())
                .run(args);
    }

    @Test
    void with_a_key_the_call_goes_to_the_base_url_without_a_notice() {
        Run run = run("chat", "--header", "X-Team=blue", "Hello");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err()).hasLineCount(1);
        assertThat(server.requests()).hasSize(1);
        assertThat(server.requests().get(0).body())
                .contains("\"model\":\"google/gemini-2.5-flash\"", "\"stream\":true");
        assertThat(server.requests().get(0).headers()).containsEntry("X-Team", List.of("blue"));
    }

    @Test
    void a_stream_that_breaks_off_leaves_what_came_on_standard_output() {
        server.enqueue(CannedResponse.sse(BEGINNING).thenDisconnect());

        Run run = run("chat", "Hello");

        assertThat(run.exitCode).as(run.err()).isEqualTo(10);
        assertThat(run.out()).isEqualTo("The sky is\n");
        assertThat(run.err()).startsWith("portolan: ").contains("incomplete").hasLineCount(1);
    }

    @Test
    void a_rate_limit_is_told_with_the_time_to_wait() {
        server.enqueue(CannedResponse.json(
                        429,
                        "{\"error\":{\"code\":429,\"message\":\"Slow down\",\"metadata\":"
                                + "{\"error_type\":\"rate_limit_exceeded\"}}}")
                .header("Retry-After", "40"));

        Run run = run("chat", "--json", "Hello");

        assertThat(run.exitCode).isEqualTo(8);
        assertThat(run.errorJson())
                .containsEntry("type", "rate_limited")
                .containsEntry("status", 429.0)
                .containsEntry("errorType", "rate_limit_exceeded")
                .containsEntry("retryable", true)
                .containsEntry("retryAfter", 40.0);
    }

    @Test
    void what_may_succeed_in_a_moment_is_tried_again_unless_told_otherwise() {
        server.faults().next(Fault.rateLimited(Duration.ZERO));
        Run patient = run("chat", "Hello");
        server.faults().next(Fault.rateLimited(Duration.ZERO));
        Run hasty = run("chat", "--retries", "0", "--json", "Hello");

        assertThat(patient.exitCode).as(patient.err()).isZero();
        assertThat(hasty.exitCode).isEqualTo(8);
        assertThat(hasty.errorJson()).containsEntry("attempts", 1.0);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void the_first_byte_has_a_clock_of_its_own() {
        server.faults().next(Fault.stall());

        Run run = run("chat", "--first-byte-timeout", "150ms", "Hello");

        assertThat(run.err()).contains("did not begin to answer within 150 ms");
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (server.requests().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(server.requests()).as("it may have been charged").hasSize(1);
    }

    @Test
    void a_wrong_key_is_told_without_showing_it() {
        server.enqueue(
                CannedResponse.json(401, "{\"error\":{\"code\":401,\"message\":\"No auth credentials found\"}}"));

        Run run = run("chat", "-v", "Hello");

        assertThat(run.exitCode).isEqualTo(3);
        assertThat(run.err()).doesNotContain(server.apiKey());
    }

    @Test
    void every_field_of_a_request_in_json_goes_out_again() {
        Run run = Run.withProviders()
                .setting("OPENROUTER_API_KEY", server.apiKey())
                .typing("{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                        + "\"top_k\":40,\"brand_new\":{\"a\":[1,2.50]},\"provider\":{\"zdr\":true}}")
                .run("chat", "--base-url", server.baseUrl(), "--request", "-", "--temperature", "0.5");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(server.requests().get(0).body())
                .contains("\"model\":\"openai/gpt-4o-mini\"", "\"top_k\":40", "\"brand_new\":{\"a\":[1,2.50]}")
                .contains("\"provider\":{\"zdr\":true}", "\"temperature\":0.5")
                .doesNotContain("\"stream\":true");
    }

    @Test
    void a_process_reads_its_prompt_from_a_pipe_and_writes_utf_8_whatever_the_locale() throws Exception {
        Process process = start("chat");
        process.getOutputStream().write("Grüezi 🌍".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();

        assertThat(text(process)).contains("Grüezi 🌍");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void a_process_that_is_told_to_end_closes_its_stream() throws Exception {
        server.enqueue(CannedResponse.sse(BEGINNING).thenStall());
        Process process = start("chat", "Hello");
        byte[] seen = process.getInputStream().readNBytes("The sky is".length());
        assertThat(new String(seen, StandardCharsets.UTF_8)).isEqualTo("The sky is");

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143); // 130 for Ctrl-C: the JVM adds the signal's number to 128
        assertThat(server.awaitCancelledStreams(1, Duration.ofSeconds(10))).isTrue();
        assertThat(Run.withProviders()
                        .in(folder)
                        .run("costs", "--open", "--csv")
                        .out())
                .as("what it cost can be asked for later")
                .contains(",cancelled,", ",gen-1\r\n");
    }

    @Test
    void a_process_whose_reader_has_gone_ends_quietly() throws Exception {
        Process process = start("help", "chat");
        process.getInputStream().close();

        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(PORTOLAN|OR)_.*|(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS"));
        builder.environment()
                .putAll(Map.of(
                        "OPENROUTER_API_KEY", server.apiKey(),
                        "OPENROUTER_API_BASE", server.baseUrl(),
                        "PORTOLAN_DATA_DIR", folder.toString(),
                        "LC_ALL", "C"));
        return builder.start();
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
