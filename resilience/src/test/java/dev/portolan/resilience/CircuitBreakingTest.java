package dev.portolan.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.resilience.CircuitBreaking.State;
import dev.portolan.resilience.CircuitBreaking.StateChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class CircuitBreakingTest {
    private static final ChatRequest REQUEST = FakeModels.chat("one/a");
    private static final ErrorDetails DETAILS = FakeModels.details("one/a");
    private static final ProviderUnavailableException DOWN = new ProviderUnavailableException("down", DETAILS);

    private final FakeModels models = new FakeModels();
    private final List<StateChange> changes = new ArrayList<>();
    private final CircuitBreaking quick = CircuitBreaking.builder()
            .failures(1, 1)
            .delay(Duration.ofMillis(1))
            .onStateChange(changes::add)
            .build();
    private final CircuitBreaking lasting =
            CircuitBreaking.builder().failures(2, 2).delay(Duration.ofHours(1)).build();

    private ChatPort with(CircuitBreaking breaking) {
        return breaking.decorate((ChatPort) models);
    }

    private void fail(ChatPort port, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> port.complete(REQUEST)).isInstanceOf(PortolanException.class);
        }
    }

    /** Reads the breaker's clock by asking, which changes nothing while it is open. */
    private static ChatStream streamOnceHalfOpen(ChatPort port) {
        while (true) {
            try {
                return port.stream(REQUEST);
            } catch (ProviderUnavailableException open) {
                assertThat(open).hasMessageContaining("nothing was sent");
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void five_failures_of_the_last_ten_calls_open_it_by_default() {
        CircuitBreaking defaults = CircuitBreaking.withDefaults();
        ChatPort port = with(defaults);
        models.failing("one/a", DOWN);
        fail(port, 4);
        models.well("one/a");
        port.complete(REQUEST);
        models.failing("one/a", DOWN);

        assertThat(defaults.state(REQUEST)).isEqualTo(State.CLOSED);
        fail(port, 1);
        assertThat(defaults.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @Test
    void while_it_is_open_nothing_is_sent_and_the_refusal_tells_how_long() {
        ChatPort port = with(lasting);
        models.failing("one/a", DOWN);
        fail(port, 2);

        assertThatExceptionOfType(ProviderUnavailableException.class)
                .isThrownBy(() -> port.stream(REQUEST))
                .withMessageContainingAll("one/a", "is open", "nothing was sent")
                .satisfies(e -> {
                    assertThat(e.retryAfter())
                            .hasValueSatisfying(
                                    left -> assertThat(left).isBetween(Duration.ofMinutes(50), Duration.ofHours(1)));
                    assertThat(e.cost()).isEqualTo(Cost.NONE);
                });
        assertThat(models.requests).hasSize(2);
        assertThat(port.complete(FakeModels.chat("one/b")).text()).isEqualTo("one/b");
    }

    static Stream<PortolanException> failures() {
        return Stream.of(
                DOWN,
                new ConnectionException("", DETAILS),
                new BrokenStreamException("", DETAILS),
                new CallTimeoutException("", CallTimeoutException.Clock.FIRST_BYTE, DETAILS, null),
                new CallTimeoutException("", CallTimeoutException.Clock.IDLE, DETAILS, null));
    }

    static Stream<RuntimeException> no_failures() {
        return Stream.of(
                new InvalidRequestException("", DETAILS),
                new ContextTooLongException("", DETAILS),
                new AuthenticationException("", DETAILS),
                new RateLimitedException("", DETAILS),
                new CallCancelledException("", DETAILS),
                new CallTimeoutException("", CallTimeoutException.Clock.CALL, DETAILS, null),
                new IllegalStateException("closed"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void what_says_that_the_model_is_unavailable_opens_it(PortolanException failure) {
        models.failing("one/a", failure);
        fail(with(lasting), 2);

        assertThat(lasting.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @ParameterizedTest
    @MethodSource("no_failures")
    void what_is_the_callers_mistake_or_wish_does_not(RuntimeException failure) {
        ChatPort port = with(lasting);
        models.failing("one/a", failure);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> port.complete(REQUEST)).isSameAs(failure);
        }

        assertThat(lasting.state(REQUEST)).isEqualTo(State.CLOSED);
    }

    @Test
    void too_many_requests_count_if_asked_to_but_not_those_that_a_limit_of_this_client_refused() {
        CircuitBreaking strict = CircuitBreaking.builder()
                .failures(1, 1)
                .failOn(e -> e instanceof RateLimitedException)
                .build();
        ConcurrencyLimit limit =
                ConcurrencyLimit.atMost(1).maxWait(Duration.ZERO).build();
        ChatPort port = strict.decorate(limit.decorate((ChatPort) models));
        try (ChatStream holding = port.stream(REQUEST)) {
            fail(port, 1);
            assertThat(strict.state(REQUEST)).isEqualTo(State.CLOSED);
        }
        models.failing("one/a", new RateLimitedException("", DETAILS));
        fail(port, 1);
        assertThat(strict.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @Test
    void a_stream_that_fails_while_it_is_read_counts_and_one_that_is_closed_early_does_not() {
        ChatPort port = with(lasting);
        models.failingOnReading("one/a", new BrokenStreamException("", DETAILS));
        for (int i = 0; i < 3; i++) {
            try (ChatStream stream = port.stream(REQUEST)) {
                stream.next();
            }
        }
        assertThat(lasting.state(REQUEST)).isEqualTo(State.CLOSED);

        for (int i = 0; i < 2; i++) {
            try (ChatStream stream = port.stream(REQUEST)) {
                assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(stream::response);
            }
        }
        assertThat(lasting.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @Test
    void a_trial_that_succeeds_closes_it_and_meanwhile_others_are_refused() {
        ChatPort port = with(quick);
        models.failing("one/a", DOWN);
        fail(port, 1);
        models.well("one/a");

        try (ChatStream trial = streamOnceHalfOpen(port)) {
            assertThatExceptionOfType(ProviderUnavailableException.class)
                    .isThrownBy(() -> port.complete(REQUEST))
                    .withMessageContaining("half-open")
                    .satisfies(e -> assertThat(e.retryAfter()).isEmpty());
            trial.response();
        }
        assertThat(port.complete(REQUEST).text()).isEqualTo("one/a");
        assertThat(changes)
                .containsExactly(
                        change(State.CLOSED, State.OPEN),
                        change(State.OPEN, State.HALF_OPEN),
                        change(State.HALF_OPEN, State.CLOSED));
    }

    private static StateChange change(State from, State to) {
        return new StateChange(ModelId.parse("one/a"), from, to);
    }

    @Test
    void a_trial_that_fails_opens_it_again() {
        ChatPort port = with(quick);
        models.failing("one/a", DOWN);
        fail(port, 1);
        models.well("one/a").failingOnReading("one/a", new BrokenStreamException("", DETAILS));

        try (ChatStream trial = streamOnceHalfOpen(port)) {
            assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(trial::response);
        }
        assertThat(changes).last().isEqualTo(change(State.HALF_OPEN, State.OPEN));
    }

    @Test
    void trials_that_say_nothing_do_not_leave_it_half_open_for_ever() {
        ChatPort port = with(quick);
        models.failing("one/a", DOWN);
        fail(port, 1);
        models.well("one/a");

        for (int i = 0; i < 3; i++) {
            streamOnceHalfOpen(port).close();
            assertThat(changes).last().isEqualTo(change(State.HALF_OPEN, State.OPEN));
        }
        try (ChatStream trial = streamOnceHalfOpen(port)) {
            trial.response();
        }
        assertThat(quick.state(REQUEST)).isEqualTo(State.CLOSED);
    }

    @Test
    void a_call_from_before_it_opened_does_not_close_it() {
        ChatPort port = with(lasting);
        ChatStream old = port.stream(REQUEST);
        models.failing("one/a", DOWN);
        fail(port, 2);

        old.response();
        assertThat(lasting.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @Test
    void what_a_listener_throws_is_logged_and_the_call_ends_as_it_would() {
        List<LogRecord> logged = new ArrayList<>();
        Logger logger = Logger.getLogger(CircuitBreaking.class.getName());
        logger.setUseParentHandlers(false);
        logger.setFilter(entry -> {
            logged.add(entry);
            return false;
        });
        IllegalStateException broken = new IllegalStateException("listener");
        CircuitBreaking noisy = CircuitBreaking.builder()
                .failures(1, 1)
                .onStateChange(change -> {
                    throw broken;
                })
                .build();
        models.failing("one/a", DOWN);

        assertThatThrownBy(() -> with(noisy).complete(REQUEST)).isSameAs(DOWN);
        assertThat(noisy.state(REQUEST)).isEqualTo(State.OPEN);
        assertThat(logged).extracting(LogRecord::getThrown).containsExactly(broken);
    }

    @Test
    void a_test_of_failures_that_throws_leaves_no_trial_under_way() {
        CircuitBreaking broken = CircuitBreaking.builder()
                .failures(1, 1)
                .delay(Duration.ofMillis(1))
                .failOn(e -> {
                    if (e instanceof ConnectionException) {
                        throw new IllegalStateException("test");
                    }
                    return true;
                })
                .build();
        ConnectionException unreachable = new ConnectionException("", DETAILS);
        models.failing("one/a", DOWN);
        fail(with(broken), 1);
        models.well("one/a").failingOnReading("one/a", unreachable);
        try (ChatStream trial = streamOnceHalfOpen(with(broken))) {
            assertThatThrownBy(trial::response).isSameAs(unreachable);
        }

        assertThat(unreachable.getSuppressed()).hasSize(1);
        assertThat(broken.state(REQUEST)).isEqualTo(State.OPEN);
    }

    @Test
    void numbers_must_make_sense() {
        CircuitBreaking.Builder builder = CircuitBreaking.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.failures(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.failures(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.trials(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.delay(Duration.ZERO));
    }
}
