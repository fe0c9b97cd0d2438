package dev.portolan.cost.signal;

import static dev.portolan.cost.signal.ToyModels.aChat;
import static dev.portolan.cost.signal.ToyModels.anEmbedding;
import static dev.portolan.cost.signal.ToyModels.anImage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageStream;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostMetersTest {
    private static final String DURATION = "gen_ai.client.operation.duration";
    private static final String FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
    private static final String TOKENS = "gen_ai.client.token.usage";
    private static final Outcome COMPLETED = new Outcome(Outcome.Status.COMPLETED, null, 1);
    private static final Cost CHEAP = Cost.reported(new BigDecimal("0.5"));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CostMeters meters = CostMeters.in(registry);

    private static CostEvent event(Operation operation, Usage usage, Cost cost, Outcome outcome) {
        return new CostEvent(
                "call-1",
                operation,
                ToyModels.MODEL,
                new AnsweredBy("large-2026", "Acme", List.of("gen-1")),
                Map.of("team", "search", "user", "u-17"),
                usage,
                cost,
                new Timing(Instant.EPOCH, Duration.ofMillis(1500), null),
                outcome);
    }

    private static CostEvent chat(Cost cost, Outcome outcome) {
        return event(Operation.CHAT, Usage.of(30, 12), cost, outcome);
    }

    private static CostEvent answeredBy(String model) {
        CostEvent chat = chat(CHEAP, COMPLETED);
        return new CostEvent(
                chat.callId(),
                chat.operation(),
                chat.model(),
                new AnsweredBy(model, null, List.of()),
                chat.tags(),
                chat.usage(),
                chat.cost(),
                chat.timing(),
                chat.outcome());
    }

    private DistributionSummary tokens(String type) {
        return registry.get(TOKENS).tag("gen_ai.token.type", type).summary();
    }

    private Set<String> values(String tag) {
        Set<String> values = new HashSet<>();
        for (Meter meter : registry.getMeters()) {
            String value = meter.getId().getTag(tag);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    @Test
    void tokens_going_in_and_coming_out_are_counted_apart_and_per_call() {
        meters.record(event(Operation.CHAT, Usage.of(30, 12), CHEAP, COMPLETED));
        meters.record(event(Operation.CHAT, Usage.of(5, 0), CHEAP, COMPLETED));

        assertThat(tokens("input").totalAmount()).isEqualTo(35);
        assertThat(tokens("output").totalAmount()).isEqualTo(12);
        assertThat(tokens("output").count()).isEqualTo(2);
    }

    @Test
    void tokens_that_nobody_told_are_not_counted_as_none() {
        meters.record(event(Operation.CHAT, Usage.NOT_REPORTED, Cost.UNKNOWN, COMPLETED));

        assertThat(registry.find(TOKENS).meters()).isEmpty();
    }

    @Test
    void embeddings_have_no_tokens_coming_out() {
        meters.record(event(Operation.EMBEDDING, Usage.of(7, 0), CHEAP, COMPLETED));

        assertThat(values("gen_ai.token.type")).containsExactly("input");
    }

    @Test
    void every_meter_tells_what_was_asked_of_whom_and_who_answered() {
        meters.record(chat(CHEAP, COMPLETED));

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getTags())
                        .contains(
                                Tag.of("gen_ai.operation.name", "chat"),
                                Tag.of("gen_ai.provider.name", "toy"),
                                Tag.of("gen_ai.request.model", "large"),
                                Tag.of("gen_ai.response.model", "large-2026")));
    }

    @Test
    void operations_have_the_names_of_the_convention() {
        for (Operation operation : Operation.values()) {
            meters.record(event(operation, Usage.of(1, 1), CHEAP, COMPLETED));
        }

        assertThat(values("gen_ai.operation.name")).containsExactlyInAnyOrder("chat", "embeddings", "generate_content");
    }

    @Test
    void errors_are_counted_by_their_class_and_a_cancelled_call_is_none() {
        meters.record(chat(Cost.NONE, new Outcome(Outcome.Status.FAILED, "RateLimitedException", 3)));
        meters.record(chat(Cost.UNKNOWN, new Outcome(Outcome.Status.FAILED, "", 1)));
        meters.record(chat(Cost.UNKNOWN, new Outcome(Outcome.Status.CANCELLED, "CallCancelledException", 1)));
        meters.record(chat(CHEAP, COMPLETED));

        assertThat(calls("failed", "RateLimitedException")).isOne();
        assertThat(calls("failed", "_OTHER")).isOne();
        assertThat(calls("cancelled", "none")).isOne();
        assertThat(calls("completed", "none")).isOne();
        assertThat(values("error.type")).doesNotContain("CallCancelledException");
    }

    private long calls(String outcome, String error) {
        return registry.get(DURATION)
                .tag("portolan.outcome", outcome)
                .tag("error.type", error)
                .timer()
                .count();
    }

    @Test
    void the_buckets_are_those_of_the_convention() {
        meters.record(chat(CHEAP, COMPLETED));

        Timer duration = registry.get(DURATION).timer();
        assertThat(duration.totalTime(TimeUnit.SECONDS)).isEqualTo(1.5);
        assertThat(Arrays.stream(duration.takeSnapshot().histogramCounts())
                        .map(bucket -> bucket.bucket(TimeUnit.SECONDS)))
                .containsExactly(
                        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
        assertThat(Arrays.stream(tokens("input").takeSnapshot().histogramCounts())
                        .filter(bucket -> bucket.count() > 0)
                        .mapToDouble(CountAtBucket::bucket)
                        .min())
                .hasValue(64);
    }

    @Test
    void costs_are_added_up_by_currency_and_by_who_says_so() {
        meters.record(chat(Cost.reported(new BigDecimal("0.125")), COMPLETED));
        meters.record(chat(Cost.reported(new BigDecimal("0.25")), COMPLETED));
        meters.record(chat(Cost.estimated(new BigDecimal("2")), COMPLETED));
        meters.record(chat(new Cost(BigDecimal.TEN, "EUR", Cost.Source.REPORTED), COMPLETED));

        assertThat(cost("USD", "reported")).isEqualTo(0.375);
        assertThat(cost("USD", "estimated")).isEqualTo(2);
        assertThat(cost("EUR", "reported")).isEqualTo(10);
    }

    private double cost(String currency, String source) {
        return registry.get("portolan.cost")
                .tag("portolan.cost.currency", currency)
                .tag("portolan.cost.source", source)
                .counter()
                .count();
    }

    @Test
    void an_unknown_cost_is_counted_apart_and_never_as_zero() {
        meters.record(chat(Cost.UNKNOWN, COMPLETED));

        assertThat(registry.get("portolan.cost.unknown").counter().count()).isEqualTo(1);
        assertThat(registry.find("portolan.cost").meters()).isEmpty();
    }

    @Test
    void a_counter_of_money_never_goes_down() {
        meters.record(chat(CHEAP, COMPLETED));
        meters.record(chat(Cost.reported(new BigDecimal("-0.25")), COMPLETED));

        assertThat(cost("USD", "reported")).isEqualTo(0.5);
    }

    @Test
    void only_tags_that_are_named_become_tags_of_meters() {
        CostMeters named =
                CostMeters.builder(registry).tag("team").tag("tenant").build();
        named.record(chat(CHEAP, COMPLETED));

        assertThat(values("team")).containsExactly("search");
        assertThat(values("tenant")).containsExactly("none");
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .doesNotContain("u-17", "call-1", "gen-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "team", "gen_ai.request.model", "error.type"})
    void a_tag_cannot_be_blank_named_twice_or_one_that_is_there_anyway(String name) {
        CostMeters.Builder builder = CostMeters.builder(registry).tag("team");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tag(name))
                .withMessageContaining("'" + name + "'");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxValues(0));
    }

    @Test
    void models_without_end_make_few_series_and_no_call_is_lost() {
        CostMeters few = CostMeters.builder(registry).maxValues(3).tag("team").build();
        for (int i = 0; i < 50; i++) {
            few.record(answeredBy("model-" + i));
        }
        few.record(answeredBy("model-1"));
        few.record(answeredBy(""));

        assertThat(values("gen_ai.response.model"))
                .containsExactlyInAnyOrder("model-0", "model-1", "model-2", "_OTHER", "none");
        assertThat(registry.get(DURATION).timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(52);
        assertThat(registry.get(DURATION)
                        .tag("gen_ai.response.model", "model-1")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void many_threads_lose_no_call() throws Exception {
        CostMeters few = CostMeters.builder(registry).maxValues(4).build();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int first = thread;
            running.add(threads.submit(() -> {
                for (int i = 0; i < 1000; i++) {
                    few.record(answeredBy("model-" + (first + i) % 8));
                }
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        threads.shutdown();

        assertThat(registry.get(DURATION).timers()).hasSize(5);
        assertThat(registry.get(DURATION).timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(8000);
        assertThat(registry.get("portolan.cost").counters().stream()
                        .mapToDouble(counter -> counter.count())
                        .sum())
                .isEqualTo(4000);
        assertThat(registry.get(TOKENS).summaries().stream()
                        .mapToDouble(DistributionSummary::totalAmount)
                        .sum())
                .isEqualTo(8000 * 42);
    }

    @Test
    void calls_of_every_port_are_metered() {
        ToyModels toy = new ToyModels();
        try (Portolan portolan = toy.portolan().sink(meters).build()) {
            portolan.chat().complete(aChat().build());
            assertThat(registry.find(FIRST_CHUNK).meters()).isEmpty();
            try (ChatStream stream = portolan.chat().stream(aChat().build())) {
                stream.response();
            }
            portolan.embeddings().embed(anEmbedding().build());
            portolan.images().generate(anImage().build());
            try (ImageStream stream = portolan.images().stream(anImage().build())) {
                stream.next();
            }
            toy.failures.add(new RateLimitedException("busy", ErrorDetails.NONE.withModel(ToyModels.MODEL)));
            assertThatThrownBy(() -> portolan.chat().complete(aChat().build()))
                    .isInstanceOf(RateLimitedException.class);
            assertThat(portolan.failedRecords()).isZero();
        }

        assertThat(registry.get(DURATION).timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(6);
        assertThat(registry.get(FIRST_CHUNK).timers()).extracting(Timer::count).containsExactlyInAnyOrder(1L, 1L);
        assertThat(calls("failed", "RateLimitedException")).isOne();
        assertThat(calls("cancelled", "none")).isOne();
        assertThat(registry.get("portolan.cost.unknown").counter().count()).isEqualTo(1);
        assertThat(registry.get("portolan.cost")
                        .tag("gen_ai.operation.name", "embeddings")
                        .counter()
                        .count())
                .isEqualTo(0.25);
    }

    @Test
    void models_of_one_name_at_two_providers_are_told_apart() {
        CostEvent one = chat(CHEAP, COMPLETED);
        meters.record(one);
        meters.record(new CostEvent(
                "call-2",
                one.operation(),
                ModelId.parse("other/large"),
                one.answeredBy(),
                Map.of(),
                one.usage(),
                one.cost(),
                one.timing(),
                one.outcome()));

        assertThat(registry.get(DURATION).timers()).hasSize(2);
    }
}
