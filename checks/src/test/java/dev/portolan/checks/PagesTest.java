package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.checks.samples.CostSamples;
import dev.portolan.checks.samples.EchoProviderFactory;
import dev.portolan.checks.samples.FailureSamples;
import dev.portolan.checks.samples.ReadmeSamples;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.JdbcLedger;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import dev.portolan.provider.openrouter.OpenRouterProviderFactory;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The samples of the README and of the pages under docs are code that compiles, runs against the simulator and does what they say. */
class PagesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path SAMPLES = ROOT.resolve("checks/src/test/java/dev/portolan/checks/samples");
    private static final Pattern IN_PAGE =
            Pattern.compile("<!-- sample: (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_CODE = Pattern.compile("( *)// sample: (\\w+)\n(.*?)\\1// end\n", Pattern.DOTALL);
    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4YSMCRAwQCgAhfgRh5kKsPwAAAABJRU5ErkJggg==";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream standardOutput = System.out;
    private OpenRouterSimulator simulator;

    @BeforeEach
    void start() {
        simulator = OpenRouterSimulator.start();
        System.setProperty("OPENROUTER_API_KEY", simulator.apiKey());
        System.setProperty("OPENROUTER_API_BASE", simulator.baseUrl());
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(standardOutput);
        System.clearProperty("OPENROUTER_API_KEY");
        System.clearProperty("OPENROUTER_API_BASE");
        simulator.close();
    }

    @Test
    void the_samples_in_the_pages_are_the_ones_that_are_tested() throws IOException {
        Map<String, String> samples = samplesOf(Files.readString(ROOT.resolve("README.md")), IN_PAGE, 1, 2);
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                samples.putAll(samplesOf(Files.readString(page), IN_PAGE, 1, 2));
            }
        }

        assertThat(samples).hasSizeGreaterThanOrEqualTo(15).isEqualTo(testedSamples());
    }

    @Test
    void a_whole_answer_tells_its_tokens_and_cost() {
        ReadmeSamples.complete();

        assertThat(printed()).contains("tokens, $0.0001516");
    }

    @Test
    void a_stream_prints_text_as_it_comes_and_ends_with_its_reason() {
        run(ReadmeSamples::stream);

        assertThat(printed()).contains("STOP, $0.0000");
    }

    @Test
    void a_sink_is_told_who_spent_what() {
        ReadmeSamples.books();

        assertThat(printed())
                .isEqualToIgnoringNewLines("search: openrouter/openai/gpt-4o-mini, $"
                        + simulator.bill().total().toPlainString());
    }

    @Test
    void tools_are_called_and_answered() {
        run(ReadmeSamples::tools);

        assertThat(printed()).contains("get_weather{\"city\":\"Zürich\"}").contains("21");
    }

    @Test
    void images_go_in_as_files_and_as_addresses() throws IOException {
        Files.write(Path.of("chart.png"), Base64.getDecoder().decode(PIXEL));

        run(ReadmeSamples::images);

        assertThat(simulator.requests().get(0).body())
                .contains("data:image/png;base64," + PIXEL)
                .contains("https://example.com/harbour.jpg");
    }

    @Test
    void options_of_openrouter_reach_the_wire_and_its_metadata_come_back() {
        run(ReadmeSamples::options);

        assertThat(simulator.requests().get(0).body())
                .contains("\"models\":[\"anthropic/claude-sonnet-4.5\"]")
                .contains("\"provider\":{\"data_collection\":\"deny\",\"sort\":\"throughput\"}")
                .contains("\"session_id\":\"order-4711\"")
                .contains("\"brand_new_option\":true");
        assertThat(printed()).contains("stop");
    }

    @Test
    void texts_that_mean_the_same_lie_close_together() {
        run(ReadmeSamples::embeddings);

        assertThat(printed()).startsWith("true").contains("tokens, $0.0000");
    }

    @Test
    void an_image_is_drawn_and_saved() throws IOException {
        try (Portolan portolan = Portolan.load()) {
            ReadmeSamples.painting(portolan);
        }

        assertThat(printed()).contains("image/png, $");
        assertThat(Path.of("sunset.png")).isNotEmptyFile();
    }

    @Test
    void models_are_listed_with_their_prices() {
        run(ReadmeSamples::catalog);

        assertThat(printed())
                .contains("openrouter/openai/gpt-4o-mini 128000 1.5E-7")
                .contains("~$0.00027");
    }

    @Test
    void the_simulators_bill_is_what_the_reply_says() {
        ReadmeSamples.simulator();

        assertThat(printed()).isEqualToIgnoringNewLines("true");
    }

    @Test
    void a_failure_is_decided_upon_by_its_class() {
        simulator.faults().always(Fault.rateLimited(Duration.ofHours(2)));

        run(portolan -> FailureSamples.deciding(portolan, hello()));

        assertThat(printed()).isEqualToIgnoringNewLines("Later: PT2H");
    }

    @Test
    void a_reply_shows_the_attempts_it_took() {
        simulator.faults().next(2, Fault.rateLimited(Duration.ZERO));

        run(FailureSamples::retries);

        assertThat(printed()).contains("after PT0S: answered").hasLineCount(3);
    }

    @Test
    void a_broken_stream_has_what_had_arrived() {
        simulator.faults().next(Fault.cutAfterEvents(4));

        run(portolan -> FailureSamples.broken(portolan, hello()));

        assertThat(printed()).containsPattern("Broke after [1-9]\\d* characters; cost: unknown");
    }

    @Test
    void the_simulator_fails_as_it_is_told() {
        run(portolan -> FailureSamples.faults(portolan, simulator, hello()));

        assertThat(printed()).isEqualToIgnoringNewLines("2");
    }

    @Test
    void a_future_brings_the_answer_and_a_publisher_its_events() {
        run(portolan -> FailureSamples.cancelling(portolan, hello(), Runnable::run));

        assertThat(printed()).isEqualToIgnoringNewLines("false true");
    }

    @Test
    void another_model_answers_when_the_first_cannot() {
        simulator
                .faults()
                .on(request -> request.model().orElse("").equals("openai/gpt-4o"))
                .always(Fault.status(402));

        try (Portolan portolan = FailureSamples.fallback().build()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o")
                            .user("Hello")
                            .build());

            assertThat(reply.attempts())
                    .extracting(attempt -> attempt.model().name())
                    .containsExactly("openai/gpt-4o", "anthropic/claude-sonnet-4.5");
            assertThat(reply.totalCost()).isEqualTo(reply.cost());
        }
    }

    private static ChatRequest hello() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .build();
    }

    @Test
    void a_ledger_budgets_and_prices_are_set_together_and_added_up() throws IOException {
        for (String left : List.of("costs.db", "costs.db-wal", "costs.db-shm", "costs.db.pending")) {
            Files.deleteIfExists(Path.of(left));
        }

        CostSamples.tracking();

        assertThat(printed())
                .isEqualToIgnoringNewLines(
                        "search: 1 calls, $" + simulator.bill().total().toPlainString());
        try (Ledger ledger = JdbcLedger.builder("jdbc:sqlite:costs.db").build()) {
            assertThat(ledger.budgets().states(Instant.now()))
                    .singleElement()
                    .satisfies(state -> assertThat(state.spent())
                            .isEqualByComparingTo(simulator.bill().total()));
        }
    }

    @Test
    void a_refused_call_tells_what_is_left() {
        Ledger ledger = new InMemoryLedger();
        ledger.budgets().set(Budget.of("all", "0.0000001", Period.DAY));
        try (Portolan portolan = Portolan.builder()
                .provider(new OpenRouterProviderFactory())
                .sinkFactory(CostTracking.builder().ledger(ledger).build())
                .build()) {
            CostSamples.refused(
                    portolan,
                    ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(printed()).startsWith("$0.0000001 left of 'all' until 20");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void a_report_is_printed_and_drawn_and_open_costs_are_asked_for() throws IOException {
        Ledger ledger = new InMemoryLedger();
        try (Portolan portolan = Portolan.builder()
                .provider(new OpenRouterProviderFactory())
                .sinkFactory(CostTracking.builder()
                        .ledger(ledger)
                        .withoutReconciliation()
                        .build())
                .build()) {
            try (ChatStream left = portolan.chat().stream(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                    .user("Tell me about the harbour of Genoa.")
                    .build())) {
                left.next();
            }
            CostSamples.report(ledger);
            CostSamples.reconcile(portolan, ledger);
        }

        assertThat(printed())
                .contains("openrouter/openai/gpt-4o-mini $0 and 1 calls of unknown cost")
                .contains("1 settled, 0 open");
        assertThat(Files.readString(Path.of("week.html"))).startsWith("<!DOCTYPE html>");
    }

    @Test
    void calls_are_shown_to_monitoring() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Portolan portolan = CostSamples.signals(registry, OpenTelemetry.noop())) {
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .build());
        }

        assertThat(registry.get("gen_ai.client.operation.duration").timer().count())
                .isEqualTo(1);
    }

    @Test
    void the_sample_provider_is_used_by_its_prefix() {
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider(new EchoProviderFactory())
                .build()) {
            String text = portolan.chat()
                    .complete(ChatRequest.builder("echo/anything").user("Ahoy").build())
                    .text();

            assertThat(text).isEqualTo("Ahoy");
        }
    }

    private static void run(Consumer<Portolan> sample) {
        try (Portolan portolan = Portolan.load()) {
            sample.accept(portolan);
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static Map<String, String> testedSamples() throws IOException {
        Map<String, String> samples = new TreeMap<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.toList()) {
                samples.putAll(samplesOf(Files.readString(file), IN_CODE, 2, 3));
            }
        }
        return samples;
    }

    private static Map<String, String> samplesOf(String text, Pattern pattern, int name, int code) {
        Map<String, String> samples = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            samples.put(matcher.group(name), matcher.group(code).stripTrailing().stripIndent());
        }
        return samples;
    }
}
