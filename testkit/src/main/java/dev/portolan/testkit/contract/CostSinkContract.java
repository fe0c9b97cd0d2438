package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplayedStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link CostSink} does: it takes each event that a {@code Portolan} may tell it, from any thread, and has each once.
 * A test of a sink extends this, and is made anew for each test, as JUnit does.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class CostSinkContract {
    private static final ModelId MODEL = ModelId.parse("acme/small");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int THREADS = 8;
    private static final int CALLS = 25;

    /** For subclasses. */
    protected CostSinkContract() {}

    /** The sink under test, empty at the beginning of a test; the same one as long as a test runs. */
    protected abstract CostSink sink();

    /**
     * What the sink has of the calls so far, in any order; waits for what is still on its way.
     *
     * @return the events as far as the sink keeps them; of what it does not keep, see {@link #kept}
     */
    protected abstract List<CostEvent> recorded();

    /**
     * The part of an event that {@link #recorded()} gives back. By default all of it; a sink that keeps less leaves out the
     * rest here.
     */
    protected CostEvent kept(CostEvent event) {
        return event;
    }

    /** Whether an event with the id of one that was recorded changes nothing. By default it does not, as with a ledger. */
    protected boolean knowsCallsById() {
        return true;
    }

    @Test
    public void a_call_is_recorded_once() {
        CostEvent event = event("1", Cost.reported(new BigDecimal("0.0000123")), Usage.of(10, 5));

        sink().record(event);

        assertRecorded(event);
    }

    @Test
    public void calls_are_told_apart_by_their_ids_alone() {
        CostEvent one = event("1", Cost.NONE, Usage.of(1, 1));
        CostEvent other = event("2", Cost.NONE, Usage.of(1, 1));

        sink().record(one);
        sink().record(other);

        assertRecorded(one, other);
    }

    @Test
    public void a_call_that_is_told_again_changes_nothing() {
        assume(knowsCallsById(), "the sink does not know calls by their ids: knowsCallsById() is false");
        CostEvent event = event("1", Cost.reported(new BigDecimal("2")), Usage.of(10, 5));

        sink().record(event);
        sink().record(event);
        sink().record(event.withCost(Cost.reported(new BigDecimal("3"))));

        assertRecorded(event);
    }

    @Test
    public void an_unknown_cost_stays_unknown_and_is_not_zero() {
        CostEvent unknown = event("1", Cost.UNKNOWN, Usage.of(10, 5));
        CostEvent free = event("2", Cost.NONE, Usage.of(10, 5));

        sink().record(unknown);
        sink().record(free);

        assertRecorded(unknown, free);
    }

    @Test
    public void every_digit_of_an_amount_is_kept() {
        CostEvent tiny = event("1", Cost.reported(new BigDecimal("0.0000022500000000000003")), Usage.of(1, 1));
        CostEvent large = event("2", Cost.estimated(new BigDecimal("12345678901234567.89")), Usage.of(1, 1));
        CostEvent foreign = event("3", new Cost(new BigDecimal("0.10"), "EUR", Cost.Source.REPORTED), Usage.of(1, 1));

        sink().record(tiny);
        sink().record(large);
        sink().record(foreign);

        assertRecorded(tiny, large, foreign);
    }

    @Test
    public void usage_may_be_unknown_or_huge() {
        CostEvent nothing = event("1", Cost.UNKNOWN, Usage.NOT_REPORTED);
        CostEvent huge = event(
                "2",
                Cost.NONE,
                new Usage(
                        1L << 40,
                        1,
                        Long.MAX_VALUE,
                        new Usage.PromptDetails(4, 5, 6, 7),
                        new Usage.CompletionDetails(8, 9, 10, 11, 12),
                        RawJson.parse("{\"prompt_tokens\": 1, \"é\": [1.50]}")));

        sink().record(nothing);
        sink().record(huge);

        assertRecorded(nothing, huge);
    }

    @Test
    public void every_way_a_call_can_end_is_taken() {
        List<CostEvent> events = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            for (Outcome.Status status : Outcome.Status.values()) {
                String error = status == Outcome.Status.FAILED ? "RateLimitedException" : null;
                events.add(new CostEvent(
                        operation + "-" + status,
                        operation,
                        MODEL,
                        AnsweredBy.UNKNOWN,
                        Map.of(),
                        Usage.NOT_REPORTED,
                        Cost.UNKNOWN,
                        new Timing(NOON, Duration.ZERO, null),
                        new Outcome(status, error, 1)));
            }
        }

        events.forEach(sink()::record);

        assertRecorded(events.toArray(CostEvent[]::new));
    }

    @Test
    public void tags_and_names_may_hold_any_text() {
        String odd = "o'dd \"x\" \\ %_; -- <b> é🙂 \t\n";
        CostEvent event = new CostEvent(
                "1",
                Operation.CHAT,
                new ModelId("acme", "a/b:free 'x' é"),
                new AnsweredBy(odd, odd, List.of("gen-1", "gen-2")),
                Map.of("team", "search", odd, odd),
                Usage.of(1, 1),
                Cost.NONE,
                new Timing(NOON, Duration.ofNanos(1_234_567), Duration.ofMillis(3)),
                new Outcome(Outcome.Status.COMPLETED, null, 2));

        sink().record(event);

        assertRecorded(event);
    }

    @Test
    public void what_is_handed_over_is_not_changed() {
        CostEvent event = event("1", Cost.UNKNOWN, Usage.of(10, 5));
        CostEvent same = event("1", Cost.UNKNOWN, Usage.of(10, 5));

        sink().record(event);

        assertThat(event).isEqualTo(same);
    }

    @Test
    public void calls_that_end_at_once_are_all_recorded() {
        CostSink sink = sink();
        List<CostEvent> all = new ArrayList<>();
        List<Background<String>> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            List<CostEvent> own = new ArrayList<>();
            for (int call = 0; call < CALLS; call++) {
                own.add(event(thread + "-" + call, Cost.reported(new BigDecimal("0.1")), Usage.of(call, thread)));
            }
            all.addAll(own);
            threads.add(Background.of(() -> {
                own.forEach(sink::record);
                return "done";
            }));
        }
        threads.forEach(Background::result);

        assertRecorded(all.toArray(CostEvent[]::new));
    }

    @Test
    public void one_call_that_many_threads_tell_is_recorded_once() {
        assume(knowsCallsById(), "the sink does not know calls by their ids: knowsCallsById() is false");
        CostSink sink = sink();
        CostEvent event = event("1", Cost.reported(new BigDecimal("0.1")), Usage.of(1, 1));
        List<Background<String>> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            threads.add(Background.of(() -> {
                sink.record(event);
                return "done";
            }));
        }
        threads.forEach(Background::result);

        assertRecorded(event);
    }

    @Test
    public void behind_a_portolan_it_has_each_call_once_however_it_ended() {
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider("acme", new Echo())
                .sink(sink())
                .build()) {
            ChatRequest request = ChatRequest.builder(MODEL).user("Hello").build();
            portolan.chat().complete(request);
            try (ChatStream left = portolan.chat().stream(request)) {
                assertThat(left.next()).isNotNull();
            }
            try {
                portolan.chat()
                        .complete(ChatRequest.builder("acme/busy").user("Hello").build());
            } catch (RateLimitedException expected) {
                assertThat(expected).hasMessage("Busy");
            }

            assertThat(recorded())
                    .extracting(event -> event.outcome().status())
                    .containsExactlyInAnyOrder(
                            Outcome.Status.COMPLETED, Outcome.Status.CANCELLED, Outcome.Status.FAILED);
            assertThat(portolan.failedRecords()).isZero();
        }
    }

    private void assertRecorded(CostEvent... events) {
        List<CostEvent> expected = new ArrayList<>();
        for (CostEvent event : events) {
            expected.add(kept(event));
        }
        assertThat(recorded()).as("what the sink has").containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void assume(boolean holds, String reasonIfNot) {
        Assumptions.assumeTrue(holds, "Not tested: " + reasonIfNot);
    }

    private static CostEvent event(String callId, Cost cost, Usage usage) {
        return new CostEvent(
                callId,
                Operation.CHAT,
                MODEL,
                new AnsweredBy("small-1", null, List.of()),
                Map.of("team", "search"),
                usage,
                cost,
                new Timing(NOON, Duration.ofMillis(1_234), null),
                new Outcome(Outcome.Status.COMPLETED, null, 1));
    }

    /** Answers with what it was asked; one of its models is always busy. */
    private static final class Echo implements Provider, ChatPort {
        @Override
        public Optional<ChatPort> chat() {
            return Optional.of(this);
        }

        @Override
        public ChatResponse complete(ChatRequest request) {
            if (request.model().name().equals("busy")) {
                throw new RateLimitedException("Busy", ErrorDetails.NONE.withModel(request.model()));
            }
            return answer(request).finish();
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ReplayedStream.of(answer(request));
        }

        private static ChatAssembler answer(ChatRequest request) {
            ChatAssembler reply = new ChatAssembler();
            reply.model(request.model().name());
            reply.text(0, request.messages().get(0).text());
            reply.finishReason(0, "stop");
            return reply;
        }

        @Override
        public void close() {}
    }
}
