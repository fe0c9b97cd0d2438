package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.portolan.api.Attempt;
import dev.portolan.api.CallOptions;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a call is made again and how long it waits before: told by waits that take no time. */
@Timeout(30)
class RetriesTest {
    private static final RetryPolicy FIVE = RetryPolicy.DEFAULT.withMaxAttempts(5);

    private final FakeWaits waits = new FakeWaits();

    /** A wait moves the clock on and is over at once. */
    private static final class FakeWaits extends Waits {
        private final List<Duration> waited = new ArrayList<>();
        private Duration now = Duration.ofDays(-1);
        private boolean interrupted;
        private boolean ended;

        @Override
        long nanoTime() {
            return now.toNanos();
        }

        @Override
        boolean await(Duration time) throws InterruptedException {
            if (interrupted) {
                throw new InterruptedException();
            }
            waited.add(time);
            now = now.plus(time);
            return !ended;
        }
    }

    private static PortolanException unavailable() {
        return new ProviderUnavailableException("down", ErrorDetails.NONE);
    }

    private static PortolanException rateLimited(@Nullable Boolean retryable, @Nullable Duration retryAfter) {
        return new RateLimitedException(
                "slow down",
                new ErrorDetails(
                        null,
                        429,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        retryable,
                        retryAfter,
                        List.of(),
                        null,
                        null,
                        List.of()));
    }

    private static PortolanException cutOff() {
        return new ConnectionException("cut off", true, ErrorDetails.NONE, null);
    }

    private Retries retries(RetryPolicy policy, @Nullable Duration limit) {
        return new Retries(waits, policy, limit);
    }

    /** How many attempts there are when each fails with this. */
    private int attempts(RetryPolicy policy, @Nullable Duration limit, PortolanException failure) {
        Retries retries = retries(policy, limit);
        int attempts = 1;
        while (true) {
            try {
                Duration waited = retries.after(failure);
                assertThat(waited).isEqualTo(waits.waited.get(waits.waited.size() - 1));
                attempts++;
            } catch (PortolanException last) {
                assertThat(last).isSameAs(failure);
                return attempts;
            }
        }
    }

    @Nested
    class Attempts {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 10})
        void there_are_as_many_as_the_policy_says(int most) {
            assertThat(attempts(RetryPolicy.DEFAULT.withMaxAttempts(most), null, unavailable()))
                    .isEqualTo(most);
            assertThat(waits.waited).hasSize(most - 1);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void attempts_whose_wait_the_server_sets_count_the_same(int most) {
            assertThat(attempts(
                            RetryPolicy.DEFAULT.withMaxAttempts(most), null, rateLimited(null, Duration.ofSeconds(1))))
                    .isEqualTo(most);
        }

        @Test
        void no_retries_means_one_attempt_and_no_wait() {
            assertThat(attempts(RetryPolicy.NONE, null, unavailable())).isEqualTo(1);
            assertThat(waits.waited).isEmpty();
        }

        @Test
        void what_cannot_succeed_without_a_change_is_not_tried_again() {
            assertThat(attempts(FIVE, null, new AuthenticationException("no key", ErrorDetails.NONE)))
                    .isEqualTo(1);
        }

        @Test
        void the_providers_own_word_beats_the_class_of_the_error() {
            assertThat(attempts(FIVE, null, rateLimited(false, null))).isEqualTo(1);
            assertThat(attempts(FIVE, null, rateLimited(true, null))).isEqualTo(5);
        }

        @Test
        void what_may_have_been_charged_is_tried_again_only_if_the_caller_says_so() {
            assertThat(attempts(FIVE, null, cutOff())).isEqualTo(1);
            assertThat(attempts(FIVE.evenIfCharged(true), null, cutOff())).isEqualTo(5);
        }

        @Test
        void a_request_that_was_never_sent_is_tried_again() {
            assertThat(attempts(FIVE, null, new ConnectionException("refused", false, ErrorDetails.NONE, null)))
                    .isEqualTo(5);
        }

        @Test
        void a_failure_that_is_not_to_be_repeated_ends_a_call_that_was_repeated_before() {
            Retries retries = retries(FIVE, null);
            retries.after(unavailable());
            PortolanException last = cutOff();

            assertThatThrownBy(() -> retries.after(last)).isSameAs(last);
        }
    }

    @Nested
    class Delays {
        @Test
        void the_wait_grows_by_half_each_time_and_varies_by_a_quarter() {
            for (int i = 0; i < 300; i++) {
                waits.waited.clear();
                attempts(FIVE, null, unavailable());
                double expected = 500;
                for (Duration wait : waits.waited) {
                    assertThat(wait.toNanos() / 1e6).isBetween(expected * 0.75, expected * 1.25);
                    expected *= 1.5;
                }
            }
        }

        @Test
        void the_wait_varies_from_call_to_call_in_both_directions_from_the_first_on() {
            List<Duration> first = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                first.add(retries(FIVE, null).after(unavailable()));
            }

            assertThat(first).anyMatch(wait -> wait.toMillis() < 420).anyMatch(wait -> wait.toMillis() > 580);
            assertThat(new HashSet<>(first)).as("two may be equal by chance").hasSizeGreaterThan(290);
        }

        @Test
        void no_wait_is_longer_than_the_longest_allowed() {
            RetryPolicy policy = RetryPolicy.DEFAULT
                    .withMaxAttempts(12)
                    .withMaxTotal(Duration.ZERO)
                    .withDelays(Duration.ofMillis(500), Duration.ofSeconds(2));
            for (int i = 0; i < 100; i++) {
                assertThat(attempts(policy, null, unavailable())).isEqualTo(12);
            }

            assertThat(waits.waited).allMatch(wait -> wait.compareTo(policy.maxDelay()) <= 0);
        }

        @Test
        void the_first_wait_may_be_the_longest_and_varies_too() {
            RetryPolicy policy = FIVE.withDelays(Duration.ofSeconds(2), Duration.ofSeconds(2));
            for (int i = 0; i < 50; i++) {
                attempts(policy, null, unavailable());
            }

            assertThat(waits.waited)
                    .allMatch(wait -> wait.toMillis() >= 1500 && wait.toMillis() <= 2000)
                    .anyMatch(wait -> wait.toMillis() < 1900);
        }

        @Test
        void a_first_wait_beyond_the_longest_is_cut_to_it() {
            attempts(FIVE.withDelays(Duration.ofSeconds(9), Duration.ofSeconds(2)), null, unavailable());

            assertThat(waits.waited).hasSize(4).allMatch(wait -> wait.compareTo(Duration.ofSeconds(2)) <= 0);
        }

        @Test
        void a_policy_may_do_without_waits() {
            assertThat(attempts(FIVE.withDelays(Duration.ZERO, Duration.ZERO), null, unavailable()))
                    .isEqualTo(5);
            assertThat(attempts(FIVE.withDelays(Duration.ZERO, Duration.ofSeconds(1)), null, unavailable()))
                    .isEqualTo(5);
            assertThat(attempts(FIVE.withDelays(Duration.ofSeconds(1), Duration.ZERO), null, unavailable()))
                    .isEqualTo(5);
            assertThat(waits.waited).hasSize(12).allMatch(Duration::isZero);
        }

        @Test
        void the_longest_wait_may_be_forever() {
            Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
            RetryPolicy policy = FIVE.withDelays(Duration.ofMillis(1), forever).withMaxTotal(forever);

            assertThat(attempts(policy, forever, unavailable())).isEqualTo(5);
            assertThat(attempts(FIVE.withDelays(forever, forever), null, unavailable()))
                    .isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1, 999, 1000, 59_999, 60_000})
        void what_the_server_asks_for_is_waited_exactly(long millis) {
            Duration asked = Duration.ofMillis(millis);
            RetryPolicy policy = FIVE.withMaxTotal(Duration.ZERO);

            assertThat(attempts(policy, null, rateLimited(null, asked))).isEqualTo(5);
            assertThat(waits.waited).hasSize(4).allMatch(asked::equals);
        }

        @Test
        void a_server_that_asks_for_more_than_the_longest_wait_is_not_asked_again() {
            assertThat(attempts(FIVE, null, rateLimited(null, Duration.ofMillis(60_001))))
                    .isEqualTo(1);
            assertThat(attempts(FIVE, null, rateLimited(true, Duration.ofDays(1))))
                    .isEqualTo(1);
            assertThat(waits.waited).isEmpty();
        }

        @Test
        void what_the_server_asked_for_once_does_not_hold_for_the_next_wait() {
            Retries retries = retries(FIVE, null);

            assertThat(retries.after(rateLimited(null, Duration.ofSeconds(7)))).isEqualTo(Duration.ofSeconds(7));
            assertThat(retries.after(unavailable())).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Nested
    class Limits {
        @Test
        void no_attempt_begins_after_the_callers_deadline() {
            PortolanException failure = rateLimited(null, Duration.ofSeconds(4));

            assertThat(attempts(FIVE, Duration.ofSeconds(9), failure)).isEqualTo(3);
            assertThat(waits.waited).hasSize(2);
        }

        @Test
        void a_wait_that_would_end_with_the_deadline_is_not_begun() {
            PortolanException failure = rateLimited(null, Duration.ofSeconds(4));

            assertThat(attempts(FIVE, Duration.ofSeconds(4), failure)).isEqualTo(1);
            assertThat(attempts(FIVE, Duration.ofMillis(4001), failure)).isEqualTo(2);
        }

        @Test
        void the_time_of_the_attempts_counts() {
            Retries retries = retries(FIVE, Duration.ofSeconds(10));
            waits.now = waits.now.plusSeconds(9);
            PortolanException failure = rateLimited(null, Duration.ofSeconds(1));

            assertThatThrownBy(() -> retries.after(failure)).isSameAs(failure);
        }

        @Test
        void each_further_attempt_gets_what_is_left() {
            Retries retries = retries(FIVE, Duration.ofSeconds(10));
            CallOptions options =
                    CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(10)).withHeader("X-Title", "kept");

            assertThat(retries.remaining(options)).isEqualTo(options);
            waits.now = waits.now.plusSeconds(3);
            retries.after(rateLimited(null, Duration.ofSeconds(2)));
            assertThat(retries.remaining(options)).isEqualTo(options.withTimeout(Duration.ofSeconds(5)));
            retries.after(rateLimited(null, Duration.ofSeconds(4)));
            assertThat(retries.remaining(options)).isEqualTo(options.withTimeout(Duration.ofSeconds(1)));
        }

        /** Zero would stand for no limit. */
        @Test
        void an_attempt_that_gets_no_time_is_not_given_all_of_it() {
            Retries retries = retries(FIVE, Duration.ofSeconds(1));
            waits.now = waits.now.plusSeconds(2);

            assertThat(retries.remaining(CallOptions.DEFAULT).timeout())
                    .isPositive()
                    .isLessThan(Duration.ofMillis(1));
        }

        @Test
        void without_a_deadline_an_attempt_keeps_its_options() {
            CallOptions options = CallOptions.DEFAULT.withHeader("X-Title", "kept");

            assertThat(retries(FIVE, null).remaining(options)).isSameAs(options);
            assertThat(retries(FIVE, Duration.ZERO).remaining(options)).isSameAs(options);
            assertThat(attempts(FIVE, Duration.ZERO, unavailable())).isEqualTo(5);
        }

        @Test
        void the_policy_limits_all_attempts_together() {
            RetryPolicy policy = FIVE.withMaxTotal(Duration.ofSeconds(9));

            assertThat(attempts(policy, null, rateLimited(null, Duration.ofSeconds(4))))
                    .isEqualTo(3);
            assertThat(retries(policy, null).remaining(CallOptions.DEFAULT).timeout())
                    .as("an attempt that has begun may end")
                    .isNull();
        }

        @Test
        void zero_is_no_limit_for_all_attempts_together() {
            assertThat(attempts(FIVE.withMaxTotal(Duration.ZERO), null, rateLimited(null, Duration.ofSeconds(60))))
                    .isEqualTo(5);
        }
    }

    @Nested
    class Ending {
        @Test
        void an_interrupt_ends_the_wait_and_stays() {
            waits.interrupted = true;
            PortolanException failure = unavailable();
            Throwable cancelled;
            boolean stillInterrupted;
            try {
                cancelled = catchThrowable(() -> retries(FIVE, null).after(failure));
            } finally {
                stillInterrupted = Thread.interrupted();
            }

            assertThat(cancelled)
                    .isExactlyInstanceOf(CallCancelledException.class)
                    .hasMessage("The call was cancelled while it waited to be tried again")
                    .hasCause(failure);
            assertThat(stillInterrupted).isTrue();
            assertThat(((PortolanException) cancelled).retryable()).isFalse();
        }

        @Test
        void the_end_of_all_waits_ends_the_call_without_an_interrupt() {
            waits.ended = true;

            assertThatThrownBy(() -> retries(FIVE, null).after(unavailable()))
                    .isExactlyInstanceOf(CallCancelledException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        /** Even if the provider's last word was that trying again can help. */
        @Test
        void a_cancelled_wait_is_not_to_be_repeated() {
            waits.ended = true;
            PortolanException cancelled =
                    Loopback.failure(() -> retries(FIVE, null).after(rateLimited(true, Duration.ofSeconds(1))));

            assertThat(cancelled).isExactlyInstanceOf(CallCancelledException.class);
            assertThat(cancelled.retryable()).isFalse();
        }

        @Test
        void closing_the_transport_ends_a_wait() throws Exception {
            CountDownLatch waiting = new CountDownLatch(1);
            Waits real = new Waits() {
                @Override
                boolean await(Duration time) throws InterruptedException {
                    waiting.countDown();
                    return super.await(Loopback.FOREVER);
                }
            };
            HttpTransport transport =
                    new HttpTransport(HttpConfig.of("P", URI.create("https://p"), Map.of()), Clock.systemUTC(), real);
            Thread closer = new Thread(() -> {
                awaitQuietly(waiting);
                transport.close();
            });
            closer.start();

            assertThatThrownBy(() -> transport.retrying(CallOptions.DEFAULT, options -> {
                        throw unavailable();
                    }))
                    .isExactlyInstanceOf(CallCancelledException.class);
            closer.join();
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Test
        void no_wait_begins_once_they_have_ended() throws Exception {
            Waits real = new Waits();
            real.close();

            assertThat(real.await(Loopback.FOREVER)).isFalse();
            assertThat(real.await(Duration.ofSeconds(Long.MAX_VALUE))).isFalse();
        }
    }

    @Nested
    class Policies {
        private final HttpConfig config = HttpConfig.of("P", URI.create("https://p"), Map.of());

        private int attempts(HttpConfig client, CallOptions options) {
            int[] attempts = {0};
            try (HttpTransport transport = new HttpTransport(client, Clock.systemUTC(), waits)) {
                assertThatThrownBy(() -> transport.retrying(options, current -> {
                            attempts[0]++;
                            throw unavailable();
                        }))
                        .isInstanceOf(ProviderUnavailableException.class);
            }
            return attempts[0];
        }

        @Test
        void three_attempts_are_the_default() {
            assertThat(attempts(config, CallOptions.DEFAULT)).isEqualTo(3);
        }

        @Test
        void the_clients_policy_holds_for_calls_that_say_nothing() {
            assertThat(attempts(config.withRetries(RetryPolicy.NONE), CallOptions.DEFAULT))
                    .isEqualTo(1);
        }

        @Test
        void the_requests_policy_beats_the_clients() {
            assertThat(attempts(config.withRetries(RetryPolicy.NONE), CallOptions.DEFAULT.withRetries(FIVE)))
                    .isEqualTo(5);
            assertThat(attempts(config.withRetries(FIVE), CallOptions.DEFAULT.withRetries(RetryPolicy.NONE)))
                    .isEqualTo(1);
        }

        @Test
        void a_call_behind_no_port_gets_what_is_left_too() {
            List<Duration> given = new ArrayList<>();
            CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(10));
            try (HttpTransport transport = new HttpTransport(config, Clock.systemUTC(), waits)) {
                assertThatThrownBy(() -> transport.retrying(options, current -> {
                            given.add(current.timeout());
                            throw rateLimited(null, Duration.ofSeconds(4));
                        }))
                        .isInstanceOf(RateLimitedException.class);
            }

            assertThat(given).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6), Duration.ofSeconds(2));
        }

        @Test
        void a_call_behind_no_port_tells_its_attempts_and_the_waits_between_them() {
            try (HttpTransport transport = new HttpTransport(config, Clock.systemUTC(), waits)) {
                assertThatThrownBy(() -> transport.retrying(CallOptions.DEFAULT, current -> {
                            throw new RateLimitedException(
                                    "busy",
                                    ErrorDetails.NONE.withModel(Loopback.MODEL).withRetryAfter(Duration.ofSeconds(4)));
                        }))
                        .hasMessage("busy This was attempt 3.")
                        .asInstanceOf(InstanceOfAssertFactories.type(PortolanException.class))
                        .extracting(
                                e -> e.attempts().stream().map(Attempt::delay).toList())
                        .isEqualTo(List.of(Duration.ZERO, Duration.ofSeconds(4), Duration.ofSeconds(4)));
            }
        }

        @Test
        void the_clients_own_time_limit_counts_as_well() {
            List<Duration> given = new ArrayList<>();
            HttpConfig limited =
                    config.withTimeouts(new dev.portolan.api.Timeouts(null, null, null, Duration.ofSeconds(5)));
            try (HttpTransport transport = new HttpTransport(limited, Clock.systemUTC(), waits)) {
                assertThatThrownBy(() -> transport.retrying(CallOptions.DEFAULT, current -> {
                            given.add(current.timeout());
                            throw rateLimited(null, Duration.ofSeconds(4));
                        }))
                        .isInstanceOf(RateLimitedException.class);
            }

            assertThat(given).containsExactly(null, Duration.ofSeconds(1));
        }
    }
}
