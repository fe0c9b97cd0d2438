package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard.Reservation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplayedStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BookkeepingTest {
    private static final Logger LOG = Logger.getLogger(Portolan.class.getName());
    private static final ModelId MODEL = ModelId.parse("toy/large");

    private final List<CostEvent> told = new ArrayList<>();
    private final List<CostEvent> settled = new ArrayList<>();
    private int sent;

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        LOG.setLevel(null);
    }

    private static ChatAssembler answer() {
        ChatAssembler answer = new ChatAssembler();
        answer.id("gen-1");
        answer.model("large-2026");
        answer.provider("Acme");
        answer.start();
        answer.text(0, "Ahoy");
        answer.finishReason(0, "stop");
        answer.usage(Usage.of(3, 1), Cost.reported(new BigDecimal("0.00012")));
        return answer;
    }

    private static ChatRequest request() {
        return ChatRequest.builder(MODEL).user("Hi").tag("team", "search").build();
    }

    private Portolan.Builder portolan(Supplier<ChatAssembler> answers) {
        ChatPort chat = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                sent++;
                return answers.get().finish();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                sent++;
                return ReplayedStream.of(answers.get());
            }
        };
        return portolan(chat);
    }

    private static Portolan.Builder portolan(ChatPort chat) {
        return Portolan.builder().settings(Settings.of(Map.of())).provider("toy", new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(chat);
            }

            @Override
            public void close() {}
        });
    }

    private static ChatPort answering(ChatResponse reply) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return reply;
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw new AssertionError("not asked for");
            }
        };
    }

    private CostEvent only() {
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @Test
    void a_completed_call_is_told_with_who_what_and_how_much() {
        try (Portolan portolan =
                portolan(BookkeepingTest::answer).sink(told::add).build()) {
            portolan.chat().complete(request());
        }

        CostEvent event = only();
        assertThat(event.callId()).isNotBlank();
        assertThat(event.operation()).isEqualTo(CostEvent.Operation.CHAT);
        assertThat(event.model()).isEqualTo(MODEL);
        assertThat(event.answeredBy()).isEqualTo(new CostEvent.AnsweredBy("large-2026", "Acme", List.of("gen-1")));
        assertThat(event.tags()).containsExactly(Map.entry("team", "search"));
        assertThat(event.usage()).isEqualTo(Usage.of(3, 1));
        assertThat(event.cost()).isEqualTo(Cost.reported(new BigDecimal("0.00012")));
        assertThat(event.outcome()).isEqualTo(new CostEvent.Outcome(Status.COMPLETED, null, 1));
        assertThat(event.timing().firstToken()).isNull();
        assertThat(event.timing().latency()).isPositive();
    }

    @Test
    void a_stream_is_told_once_when_it_has_ended() {
        try (Portolan portolan =
                        portolan(BookkeepingTest::answer).sink(told::add).build();
                ChatStream stream = portolan.chat().stream(request())) {
            assertThat(told).isEmpty();
            stream.response();
        }

        assertThat(only().outcome().status()).isEqualTo(Status.COMPLETED);
        assertThat(only().cost().amount()).isEqualByComparingTo("0.00012");
        assertThat(only().timing().firstToken()).isPositive();
    }

    @Test
    void a_stream_that_is_left_is_cancelled_and_its_cost_unknown() {
        try (Portolan portolan =
                portolan(BookkeepingTest::answer).sink(told::add).build()) {
            try (ChatStream stream = portolan.chat().stream(request())) {
                stream.next();
                stream.next();
            }
        }

        assertThat(only().outcome().status()).isEqualTo(Status.CANCELLED);
        assertThat(only().cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(only().answeredBy().generationIds()).containsExactly("gen-1");
    }

    @Test
    void a_stream_without_content_has_no_first_piece_of_it() {
        Supplier<ChatAssembler> silent = () -> {
            ChatAssembler answer = new ChatAssembler();
            answer.id("gen-1");
            answer.start();
            answer.finishReason(0, "stop");
            return answer;
        };
        try (Portolan portolan = portolan(silent).sink(told::add).build();
                ChatStream stream = portolan.chat().stream(request())) {
            stream.response();
        }

        assertThat(only().timing().firstToken()).isNull();
    }

    @Test
    void a_stream_that_is_left_before_its_first_event_is_told_by_its_name_all_the_same() {
        try (Portolan portolan =
                portolan(BookkeepingTest::answer).sink(told::add).build()) {
            portolan.chat().stream(request()).close();
        }

        assertThat(only().answeredBy().generationIds()).containsExactly("gen-1");
    }

    private CostEvent failing(RuntimeException failure) {
        Supplier<ChatAssembler> answers = () -> {
            throw failure;
        };
        try (Portolan portolan = portolan(answers).sink(told::add).build()) {
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> portolan.chat().complete(request()))
                    .isSameAs(failure);
        }
        return only();
    }

    @Test
    void a_refused_call_costs_nothing() {
        CostEvent event = failing(new RateLimitedException("busy", ErrorDetails.NONE.withModel(MODEL)));

        assertThat(event.cost()).isEqualTo(Cost.NONE);
        assertThat(event.outcome()).isEqualTo(new CostEvent.Outcome(Status.FAILED, "RateLimitedException", 1));
    }

    @Test
    void of_a_broken_stream_what_had_arrived_is_told() {
        CostEvent event = failing(new BrokenStreamException(
                "broke", ErrorDetails.NONE.withModel(MODEL).withPartial(answer().snapshot())));

        assertThat(event.cost().amount()).isEqualByComparingTo("0.00012");
        assertThat(event.answeredBy().generationIds()).containsExactly("gen-1");
    }

    @Test
    void what_may_have_been_charged_has_an_unknown_cost_never_zero() {
        assertThat(failing(new BrokenStreamException("broke", ErrorDetails.NONE))
                        .cost())
                .isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void all_attempts_are_on_the_bill() {
        PortolanException broken = new BrokenStreamException(
                "broke", ErrorDetails.NONE.withModel(MODEL).withPartial(answer().snapshot()));
        Supplier<ChatAssembler> answers = BookkeepingTest::answer;
        ChatResponse reply = answers.get()
                .finish()
                .withAttempts(List.of(
                        new Attempt(MODEL, java.time.Duration.ZERO, broken),
                        new Attempt(MODEL, java.time.Duration.ZERO, null)));

        assertThat(reply.totalCost().amount()).isEqualByComparingTo("0.00024");
        assertThat(reply.generationIds()).containsExactly("gen-1");
    }

    @Test
    void a_reply_in_another_currency_than_what_its_failed_attempts_cost_is_not_lost() {
        Cost euros = new Cost(new BigDecimal("0.25"), "EUR", Cost.Source.REPORTED);
        PortolanException refused = new RateLimitedException("later", ErrorDetails.NONE);
        PortolanException charged =
                new BrokenStreamException("broke", ErrorDetails.NONE.withPartial(answer().snapshot()));
        for (PortolanException failure : List.of(refused, charged)) {
            ChatAssembler answer = answer();
            answer.usage(Usage.of(3, 1), euros);
            ChatResponse reply = answer.finish()
                    .withAttempts(List.of(
                            new Attempt(MODEL, java.time.Duration.ZERO, failure),
                            new Attempt(MODEL, java.time.Duration.ZERO, null)));
            try (Portolan portolan = portolan(answering(reply)).sink(told::add).build()) {
                assertThat(portolan.chat().complete(request())).isEqualTo(reply);
            }
        }

        assertThat(told).extracting(CostEvent::cost).containsExactly(euros, Cost.UNKNOWN);
    }

    @Test
    void the_generations_of_attempts_that_may_be_charged_are_known_too() {
        PortolanException broken = new BrokenStreamException(
                "broke", ErrorDetails.NONE.withModel(MODEL).withGenerationId("gen-0"));
        PortolanException refused = new RateLimitedException(
                "slow down", ErrorDetails.NONE.withModel(MODEL).withGenerationId("gen-x"));
        PortolanException nameless = new BrokenStreamException("broke early", ErrorDetails.NONE.withModel(MODEL));
        List<Attempt> attempts = List.of(
                new Attempt(MODEL, java.time.Duration.ZERO, refused),
                new Attempt(MODEL, java.time.Duration.ZERO, broken),
                new Attempt(MODEL, java.time.Duration.ZERO, null));
        ChatPort chat = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer().finish()
                        .withAttempts(
                                told.isEmpty()
                                        ? attempts
                                        : List.of(
                                                new Attempt(MODEL, java.time.Duration.ZERO, nameless),
                                                new Attempt(MODEL, java.time.Duration.ZERO, null)));
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw broken.withAttempts(attempts.subList(0, 2));
            }
        };
        try (Portolan portolan = Portolan.builder()
                .settings(Settings.of(Map.of()))
                .provider("toy", new Provider() {
                    @Override
                    public Optional<ChatPort> chat() {
                        return Optional.of(chat);
                    }

                    @Override
                    public void close() {}
                })
                .sink(told::add)
                .build()) {
            portolan.chat().complete(request());
            assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(() -> portolan.chat().stream(request()));
            portolan.chat().complete(request());
        }

        assertThat(told.get(0).answeredBy().generationIds()).containsExactly("gen-0", "gen-1");
        assertThat(told.get(0).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(told.get(1).answeredBy().generationIds()).containsExactly("gen-0");
        assertThat(told.get(2).answeredBy().generationIds())
                .as("what the nameless attempt cost cannot be asked for")
                .isEmpty();
        assertThat(told.get(2).answeredBy().model()).isEqualTo("large-2026");
    }

    @Test
    void a_sink_that_fails_hurts_neither_the_call_nor_another_sink() {
        CostSink broken = event -> {
            throw new IllegalStateException("disk full");
        };
        try (Portolan portolan =
                portolan(BookkeepingTest::answer).sink(broken).sink(told::add).build()) {
            assertThat(portolan.chat().complete(request()).text()).isEqualTo("Ahoy");
            assertThat(portolan.failedRecords()).isEqualTo(1);
        }

        assertThat(told).hasSize(1);
    }

    @Test
    void a_guard_refuses_a_call_before_it_is_sent_and_what_others_put_by_is_given_back() {
        try (Portolan portolan = portolan(BookkeepingTest::answer)
                .guard((callId, request) -> settled::add)
                .guard((callId, request) -> {
                    throw new BudgetExceededException("spent", ErrorDetails.NONE);
                })
                .sink(told::add)
                .build()) {
            assertThatExceptionOfType(BudgetExceededException.class)
                    .isThrownBy(() -> portolan.chat().complete(request()));
        }

        assertThat(sent).isZero();
        assertThat(told).as("there was no call").isEmpty();
        assertThat(settled).hasSize(1);
        assertThat(settled.get(0).cost()).isEqualTo(Cost.NONE);
    }

    @Test
    void a_guard_is_told_how_the_call_ended_under_the_name_it_was_asked_by() {
        List<String> asked = new ArrayList<>();
        try (Portolan portolan = portolan(BookkeepingTest::answer)
                .guard((callId, request) -> {
                    asked.add(callId);
                    return settled::add;
                })
                .guard((callId, request) -> Reservation.NONE)
                .build()) {
            portolan.chat().complete(request());
        }

        assertThat(settled).extracting(CostEvent::callId).isEqualTo(asked);
    }

    @Test
    void a_bad_request_that_never_left_costs_nothing() {
        assertThat(failing(new IllegalArgumentException("bad extra")).cost()).isEqualTo(Cost.NONE);
    }

    /** Made by a factory, and closed by whoever had it made. */
    private static final class OwnSink implements CostSink, AutoCloseable {
        private int closed;

        @Override
        public void record(CostEvent event) {}

        @Override
        public void close() {
            closed++;
            throw new IllegalStateException("will not close");
        }
    }

    @Test
    void sinks_that_were_made_are_closed_if_another_part_cannot_be_made() {
        List<OwnSink> made = new ArrayList<>();
        CostSinkFactory opening = (settings, sources) -> {
            made.add(new OwnSink());
            return Optional.of(made.get(made.size() - 1));
        };
        CostSinkFactory failing = (settings, sources) -> {
            throw new ConfigurationException("no such ledger");
        };
        PortDecorator broken = new PortDecorator() {
            @Override
            public EmbeddingPort decorate(EmbeddingPort port) {
                throw new IllegalStateException("cannot decorate");
            }
        };

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan(BookkeepingTest::answer)
                        .sinkFactory(opening)
                        .sinkFactory(failing)
                        .build())
                .withMessage("no such ledger")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> portolan(BookkeepingTest::answer)
                        .sinkFactory(opening)
                        .decorator(broken)
                        .build())
                .withMessage("cannot decorate");

        assertThat(made).hasSize(2).allMatch(sink -> sink.closed == 1);
    }

    @Test
    void neither_guards_nor_sinks_hear_of_a_call_after_the_end() {
        List<String> asked = new ArrayList<>();
        Portolan portolan = portolan(BookkeepingTest::answer)
                .guard((callId, request) -> {
                    asked.add(callId);
                    throw new BudgetExceededException("The ledger is closed", ErrorDetails.NONE);
                })
                .sink(told::add)
                .build();
        portolan.close();

        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> portolan.chat().complete(request()))
                .withMessageStartingWith("This Portolan is closed");
        assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> portolan.chat().stream(request()));
        assertThat(asked).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void a_sink_made_from_settings_is_told_and_closed_once() {
        class Ledger implements CostSink, AutoCloseable {
            private int closed;

            @Override
            public void record(CostEvent event) {
                told.add(event);
            }

            @Override
            public void close() {
                closed++;
            }
        }
        Ledger ledger = new Ledger();
        CostSinkFactory factory = (settings, sources) -> settings.get("LEDGER").map(ignored -> (CostSink) ledger);
        Portolan portolan = portolan(BookkeepingTest::answer)
                .settings(Settings.of(Map.of("LEDGER", "here")))
                .sinkFactory(factory)
                .build();
        portolan.chat().complete(request());
        portolan.close();
        portolan.close();

        assertThat(told).hasSize(1);
        assertThat(ledger.closed).isEqualTo(1);
    }

    @Test
    void a_reservation_hears_once_of_the_generation_as_soon_as_a_stream_is_there() {
        List<CostEvent.AnsweredBy> answered = new ArrayList<>();
        Reservation reservation = new Reservation() {
            @Override
            public void answered(CostEvent.AnsweredBy by) {
                answered.add(by);
            }

            @Override
            public void settle(CostEvent event) {
                settled.add(event);
            }
        };
        try (Portolan portolan = portolan(BookkeepingTest::answer)
                        .guard((callId, request) -> reservation)
                        .build();
                ChatStream stream = portolan.chat().stream(request())) {
            assertThat(answered).containsExactly(new CostEvent.AnsweredBy("", null, List.of("gen-1")));
            assertThat(settled).isEmpty();
            stream.response();
        }

        assertThat(answered).hasSize(1);
        assertThat(settled).hasSize(1);
    }

    @Test
    void a_reservation_that_cannot_hear_who_answers_is_counted_and_the_stream_goes_on() {
        Reservation deaf = new Reservation() {
            @Override
            public void answered(CostEvent.AnsweredBy by) {
                throw new IllegalStateException("full");
            }

            @Override
            public void settle(CostEvent event) {
                settled.add(event);
            }
        };
        try (Portolan portolan = portolan(BookkeepingTest::answer)
                        .guard((callId, request) -> deaf)
                        .build();
                ChatStream stream = portolan.chat().stream(request())) {
            assertThat(stream.response().text()).isEqualTo("Ahoy");
            assertThat(portolan.failedRecords()).isEqualTo(1);
        }

        assertThat(settled).hasSize(1);
    }

    @Test
    void a_sink_can_ask_for_prices_and_bills_of_the_providers() {
        BillingPort.Bill bill = new BillingPort.Bill(Cost.reported(new BigDecimal("0.5")), Usage.of(1, 2));
        List<CostSinkFactory.Sources> given = new ArrayList<>();
        Provider billed = new Provider() {
            @Override
            public Optional<BillingPort> billing() {
                return Optional.of((model, id) -> id.equals("gen-1") ? Optional.of(bill) : Optional.empty());
            }

            @Override
            public void close() {}
        };
        try (Portolan portolan = portolan(BookkeepingTest::answer)
                .provider("billed", billed)
                .sinkFactory((settings, sources) -> {
                    given.add(sources);
                    return Optional.empty();
                })
                .build()) {
            BillingPort billing = given.get(0).billing();
            ModelId model = ModelId.parse("billed/m");

            assertThat(billing.find(model, "gen-1")).contains(bill);
            assertThat(billing.find(model, "gen-2")).isEmpty();
            assertThat(billing).isSameAs(portolan.billing());
            assertThat(given.get(0).catalog()).isSameAs(portolan.catalog());
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> billing.find(MODEL, "gen-1"))
                    .withMessageContaining("'toy' has no books");
        }
    }

    @Test
    void a_stream_that_nobody_closed_is_told_as_cancelled_when_all_is_closed() {
        Portolan portolan = portolan(BookkeepingTest::answer).sink(told::add).build();
        ChatStream forgotten = portolan.chat().stream(request());
        forgotten.next();
        portolan.close();
        forgotten.close();

        assertThat(only().outcome().status()).isEqualTo(Status.CANCELLED);
        assertThat(only().cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_tag_goes_nowhere_but_to_the_books() {
        assertThat(request().call().tags()).containsExactly(Map.entry("team", "search"));
        assertThat(request().call().headers()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> request().call().withTag("team", " "));
    }
}
