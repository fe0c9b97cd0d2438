package dev.portolan.cost.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookTest {
    private static final Logger LOG = Logger.getLogger(PriceBook.class.getName());
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final RuntimeException DEAD = new ConnectionException("no route to host", ErrorDetails.NONE);

    private final AtomicLong now = new AtomicLong();
    private final FakeCatalog catalog =
            new FakeCatalog().with("p/asked", "2", "10").with("p/answered", "3", "30");

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void speak_and_let_go() {
        LOG.setLevel(null);
        catalog.answers.countDown();
    }

    private PriceBook.Builder book(Duration patience) {
        return PriceBook.builder().catalog(catalog).patience(patience).nanoTime(now::get);
    }

    private static CostEvent event(String model, String answeredBy, Cost cost, Usage usage) {
        return new CostEvent(
                "call",
                CostEvent.Operation.CHAT,
                ModelId.parse(model),
                new CostEvent.AnsweredBy(answeredBy, null, List.of()),
                Map.of(),
                usage,
                cost,
                new CostEvent.Timing(Instant.parse("2026-03-01T12:00:00Z"), Duration.ofSeconds(1), null),
                new CostEvent.Outcome(CostEvent.Outcome.Status.COMPLETED, null, 1));
    }

    private static CostEvent unpriced(String model, String answeredBy) {
        return event(model, answeredBy, Cost.UNKNOWN, Usage.of(100, 10));
    }

    private static ModelId id(String text) {
        return ModelId.parse(text);
    }

    @ParameterizedTest
    @CsvSource({
        // asked, answered, dollars: at 2/10 for the one asked, 3/30 for the one that answered
        "p/asked, answered, 600",
        "p/asked, asked, 300",
        "p/asked, nobody-knows, 300",
        "p/asked, '', 300",
        "p/asked, ' odd ', 300",
        "p/alias, answered, 600"
    })
    void the_model_that_answered_sets_the_price_and_if_it_is_not_known_the_one_that_was_asked(
            String asked, String answered, BigDecimal dollars) {
        Cost cost = book(LONG).build().priced(unpriced(asked, answered)).cost();

        assertThat(cost.amount()).isEqualByComparingTo(dollars);
        assertThat(cost.source()).isEqualTo(Cost.Source.ESTIMATED);
    }

    @Test
    void what_is_not_known_stays_unknown_and_is_never_0() {
        CostEvent event = unpriced("p/new", "newer");

        assertThat(book(LONG).build().priced(event)).isEqualTo(event);
        assertThat(PriceBook.builder().build().priced(event)).isEqualTo(event);
    }

    @Test
    void what_the_provider_reported_stands_even_if_it_is_0() {
        CostEvent free = event("p/asked", "asked", Cost.NONE, Usage.of(100, 10));

        assertThat(book(LONG).build().priced(free)).isEqualTo(free);
        assertThat(catalog.asks).hasValue(0);
    }

    @Test
    void a_call_without_usage_is_not_estimated() {
        CostEvent broken = event("p/asked", "asked", Cost.UNKNOWN, Usage.NOT_REPORTED);
        CostEvent uncounted = event(
                "p/asked",
                "asked",
                Cost.UNKNOWN,
                new Usage(
                        0,
                        0,
                        0,
                        Usage.PromptDetails.NONE,
                        Usage.CompletionDetails.NONE,
                        RawJson.parse("{\"cost\":null}")));

        assertThat(book(LONG).build().priced(broken).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(book(LONG).build().priced(uncounted).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"server_tool_use_details\":{\"tool_calls_executed\":3,\"web_search_requests\":2}} | 2",
                "{\"server_tool_use\" : { \"web_search_requests\" : 4 }} | 4",
                "{\"server_tool_use\":{\"web_search_requests\":9},\"server_tool_use_details\":{\"web_search_requests\":1}} | 1",
                "{\"server_tool_use_details\":{\"web_search_requests\":null}} | 0",
                "{\"server_tool_use_details\":null} | 0",
                "{\"server_tool_use_details\":{},\"web_search_requests\":5} | 0",
                "{\"note\":\"say \\\"server_tool_use\\\":{\\\"web_search_requests\\\":7}\"} | 0"
            })
    void searches_of_the_web_are_paid_for(String raw, int searches) {
        Pricing pricing = new Pricing(
                BigDecimal.ONE,
                BigDecimal.ONE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal("100"),
                null,
                List.of());
        Usage usage = new Usage(1, 1, 2, Usage.PromptDetails.NONE, Usage.CompletionDetails.NONE, RawJson.parse(raw));

        Cost cost = PriceBook.builder()
                .price(id("p/searcher"), pricing)
                .build()
                .priced(event("p/searcher", "", Cost.UNKNOWN, usage))
                .cost();

        assertThat(cost.amount()).isEqualByComparingTo(BigDecimal.valueOf(2 + 100L * searches));
    }

    @Test
    void ones_own_prices_come_before_those_of_the_catalogue_and_need_none() {
        PriceBook book = book(LONG)
                .price("p/asked", Pricing.perMillion("1000000", "0"))
                .price("inhouse/llama", Pricing.perMillion("0.20", "0.60"))
                .build();

        assertThat(book.priced(unpriced("p/asked", "asked")).cost().amount()).isEqualByComparingTo("100");
        assertThat(book.priced(unpriced("inhouse/llama", "")).cost().amount()).isEqualByComparingTo("0.000026");
        assertThat(catalog.asks).hasValue(0);
        assertThat(book.model(id("p/asked")).orElseThrow().contextLength()).isEqualTo(1000L);
        assertThat(book.model(id("p/asked")).orElseThrow().pricing().prompt()).isEqualByComparingTo("1");
        ModelInfo unlisted = book.model(id("inhouse/llama")).orElseThrow();
        assertThat(unlisted.contextLength()).isNull();
        assertThat(unlisted.pricing().completion()).isEqualByComparingTo("0.0000006");
    }

    @Test
    void ones_own_price_holds_when_the_answer_has_the_models_permanent_name() {
        catalog.with("p/asked-20260101", "p/asked", Pricing.of(BigDecimal.TEN, BigDecimal.TEN));
        PriceBook book =
                book(LONG).price("p/asked", Pricing.perMillion("1000000", "0")).build();

        assertThat(book.priced(unpriced("p/asked", "asked-20260101")).cost().amount())
                .isEqualByComparingTo("100");
    }

    @Test
    void a_fallback_model_is_not_charged_at_ones_own_price_of_another() {
        PriceBook book =
                book(LONG).price("p/asked", Pricing.perMillion("1000000", "0")).build();

        assertThat(book.priced(unpriced("p/asked", "answered")).cost().amount()).isEqualByComparingTo("600");
    }

    @Test
    void the_catalogue_is_asked_once_for_a_model_until_what_it_said_is_old() {
        PriceBook book = book(LONG).timeToLive(Duration.ofHours(1)).build();
        book.model(id("p/asked"));
        now.addAndGet(Duration.ofMinutes(59).toNanos());
        catalog.with("p/asked", "7", "7");
        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");
        assertThat(catalog.asks).hasValue(1);

        now.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("7");
        assertThat(catalog.asks).hasValue(2);
    }

    @Test
    void a_catalogue_that_fails_is_left_alone_for_a_minute_and_what_it_said_before_is_used() {
        PriceBook book = book(LONG).timeToLive(Duration.ofSeconds(1)).build();
        book.model(id("p/asked"));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        catalog.failure = DEAD;

        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");
        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");
        assertThat(book.pricing(id("p/answered"))).isEqualTo(Pricing.UNKNOWN);
        assertThat(catalog.asks).hasValue(2);
        book.model(id("q/other"));
        assertThat(catalog.asks).as("another provider is not to blame").hasValue(3);

        catalog.failure = null;
        now.addAndGet(CatalogCopy.LEFT_ALONE.toNanos());
        assertThat(book.pricing(id("p/answered")).prompt()).isEqualByComparingTo("3");
    }

    @Test
    void a_catalogue_with_a_bug_hurts_no_call() {
        catalog.failure = new IllegalStateException("a bug");

        assertThat(book(LONG).build().model(id("p/asked"))).isEmpty();
        assertThat(catalog.asks).hasValue(1);
    }

    @Test
    void a_provider_without_a_catalogue_is_not_asked_again() {
        catalog.failure = new ConfigurationException("no catalogue");
        PriceBook book = book(LONG).build();

        assertThat(book.model(id("p/asked"))).isEmpty();
        now.addAndGet(CatalogCopy.LEFT_ALONE.toNanos());
        assertThat(book.model(id("p/asked"))).isEmpty();
        assertThat(catalog.asks).hasValue(1);
    }

    @Test
    void a_catalogue_that_does_not_answer_is_not_waited_for_and_its_late_answer_is_used() throws Exception {
        catalog.answers = new CountDownLatch(1);
        PriceBook book = book(SHORT).build();

        assertThat(book.priced(unpriced("p/asked", "asked")).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(book.priced(unpriced("p/asked", "answered")).cost())
                .as("no more than one look-up is under way")
                .isEqualTo(Cost.UNKNOWN);
        assertThat(catalog.asked.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(catalog.asks).hasValue(1);
        catalog.answers.countDown();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (book.model(id("p/asked")).isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(book.priced(unpriced("p/asked", "asked")).cost().amount()).isEqualByComparingTo("300");
        assertThat(catalog.asks).hasValue(1);
    }

    @Test
    void who_would_rather_wait_than_not_know_gets_the_answer_that_others_did_not_wait_for() throws Exception {
        catalog.answers = new CountDownLatch(1);
        PriceBook book = book(SHORT).build();
        assertThat(book.model(id("p/asked"))).isEmpty();

        CompletableFuture<Optional<ModelInfo>> patient =
                CompletableFuture.supplyAsync(() -> book.model(id("p/asked"), Duration.ofSeconds(20)));
        assertThat(book.model(id("p/asked"))).isEmpty();
        catalog.answers.countDown();

        assertThat(patient.get(20, TimeUnit.SECONDS)).isPresent();
        assertThat(catalog.asks).hasValue(1);
    }

    @Test
    void a_catalogue_that_failed_is_left_alone_by_the_patient_too() {
        catalog.failure = DEAD;
        PriceBook book = book(LONG).build();

        assertThat(book.model(id("p/asked"), Duration.ofSeconds(20))).isEmpty();
        assertThat(book.model(id("p/asked"), Duration.ofSeconds(20))).isEmpty();
        assertThat(catalog.asks).hasValue(1);
    }

    @Test
    void an_interrupted_caller_stays_interrupted_and_gets_what_is_known() {
        catalog.answers = new CountDownLatch(1);
        PriceBook book = book(LONG).build();
        Thread.currentThread().interrupt();

        assertThat(book.priced(unpriced("p/asked", "asked")).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(Thread.interrupted()).isTrue();

        catalog.answers.countDown();
        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");
        Thread.currentThread().interrupt();
        assertThat(book.pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void threads_that_want_the_same_model_share_one_look_up_on_a_daemon_thread() throws Exception {
        catalog.answers = new CountDownLatch(1);
        PriceBook book = book(LONG).build();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Pricing>> prices = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                prices.add(threads.submit(() -> book.pricing(id("p/asked"))));
            }
            catalog.answers.countDown();
            for (Future<Pricing> price : prices) {
                assertThat(price.get(10, TimeUnit.SECONDS).prompt()).isEqualByComparingTo("2");
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(catalog.asks).hasValue(1);
        assertThat(catalog.askedOn.isDaemon()).isTrue();
        assertThat(catalog.askedOn.getName()).isEqualTo("portolan-prices-p");
    }

    @Test
    void who_looked_just_before_another_was_answered_has_that_answer_and_asks_no_more() {
        catalog.failure = DEAD;
        AtomicReference<PriceBook> book = new AtomicReference<>();
        AtomicBoolean looking = new AtomicBoolean();
        book.set(book(LONG)
                .nanoTime(() -> {
                    if (looking.compareAndSet(true, false)) {
                        book.get().model(id("p/asked"));
                    }
                    return now.get();
                })
                .build());
        book.get().model(id("p/asked"));
        catalog.failure = null;
        now.addAndGet(CatalogCopy.LEFT_ALONE.toNanos());

        // The next to read the clock has seen that nothing is known; before it asks, another asks and is answered.
        looking.set(true);
        assertThat(book.get().pricing(id("p/asked")).prompt()).isEqualByComparingTo("2");

        assertThat(looking).isFalse();
        assertThat(catalog.asks).as("one that failed, one that was answered").hasValue(2);
    }
}
