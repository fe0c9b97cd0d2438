package dev.portolan.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.spi.PortDecorator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitsTest {
    private static final ChatRequest REQUEST = FakeModels.chat("one/a");

    private final FakeModels models = new FakeModels();

    private ChatPort with(PortDecorator decorator) {
        return decorator.decorate((ChatPort) models);
    }

    private ChatPort oneAtOnce() {
        return with(ConcurrencyLimit.atMost(1).maxWait(Duration.ZERO).build());
    }

    private static void assertRefused(ChatPort port) {
        assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> port.complete(REQUEST));
        assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> port.stream(REQUEST));
    }

    private static Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void two_hundred_threads_are_never_more_than_eight_at_once() throws InterruptedException {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        ConcurrencyLimit limit = ConcurrencyLimit.atMost(8).build();
        ChatPort port = limit.decorate(new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                Thread.yield();
                underWay.decrementAndGet();
                return models.complete(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                ChatStream stream = models.stream(request);
                return new ClosingStream(stream, underWay);
            }
        });
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean streaming = i % 2 == 0;
            threads.add(started(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                if (streaming) {
                    try (ChatStream stream = port.stream(REQUEST)) {
                        stream.next();
                    }
                } else {
                    port.complete(REQUEST);
                }
                answered.incrementAndGet();
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(answered).hasValue(200);
        assertThat(most.get()).isBetween(1, 8);
        assertThat(limit.keys()).isZero();
    }

    /** Is under way until it is closed. */
    private record ClosingStream(ChatStream stream, AtomicInteger underWay) implements ChatStream {
        @Override
        public dev.portolan.api.chat.ChatEvent next() {
            return stream.next();
        }

        @Override
        public ChatResponse response() {
            return stream.response();
        }

        @Override
        public void close() {
            underWay.decrementAndGet();
            stream.close();
        }
    }

    @Test
    void a_call_without_a_place_is_refused_and_nothing_is_sent_or_charged() {
        ChatPort port = oneAtOnce();
        ChatStream holding = port.stream(REQUEST);

        assertThatExceptionOfType(RateLimitedException.class)
                .isThrownBy(() -> port.complete(REQUEST))
                .withMessageContainingAll("concurrency limit of 1", "all models", "nothing was sent", "raise the limit")
                .satisfies(e -> {
                    assertThat(e.mayBeCharged()).isFalse();
                    assertThat(e.cost()).isEqualTo(Cost.NONE);
                    assertThat(e.attempts()).hasSize(1);
                    assertThat(e)
                            .hasRootCauseMessage("refused by the concurrency limit of this client; nothing was sent");
                });
        assertThat(models.requests).hasSize(1);
        holding.close();
        assertThat(port.complete(REQUEST).text()).isEqualTo("one/a");
    }

    @Test
    void a_stream_gives_its_place_back_once_however_it_ends() {
        ChatPort port = oneAtOnce();

        ChatStream read = port.stream(REQUEST);
        read.response();
        ChatStream next = port.stream(REQUEST);
        read.close();
        assertRefused(port);
        next.close();
        next.close();

        models.failingOnReading("one/a", new BrokenStreamException("broke", ErrorDetails.NONE));
        ChatStream broken = port.stream(REQUEST);
        assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(broken::response);
        models.well("one/a");
        ChatStream last = port.stream(REQUEST);
        broken.close();
        assertRefused(port);
        last.close();
    }

    @Test
    void a_call_that_fails_at_once_gives_its_place_back() {
        ChatPort port = oneAtOnce();
        ProviderUnavailableException down = new ProviderUnavailableException("down", ErrorDetails.NONE);
        models.failing("one/a", down);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> port.stream(REQUEST)).isSameAs(down);
            assertThatThrownBy(() -> port.complete(REQUEST)).isSameAs(down);
        }
    }

    @Test
    void a_place_is_given_back_from_whatever_thread_closes_and_the_next_one_gets_it() throws InterruptedException {
        ChatPort port = with(ConcurrencyLimit.atMost(1).build());
        ChatStream holding = port.stream(REQUEST);
        AtomicReference<String> answer = new AtomicReference<>();
        Thread waiting = started(() -> answer.set(port.complete(REQUEST).text()));
        awaitWaiting(waiting);
        Thread closing = started(holding::close);
        closing.join();
        waiting.join();

        assertThat(answer).hasValue("one/a");
    }

    @Test
    void waits_that_ran_out_or_were_interrupted_cost_no_place() throws InterruptedException {
        ConcurrencyLimit limit =
                ConcurrencyLimit.atMost(1).maxWait(Duration.ofMillis(1)).build();
        ChatPort port = with(limit);
        try (ChatStream holding = port.stream(REQUEST)) {
            assertRefused(port);
            interruptedCallsAreCancelled(port);
        }

        assertThat(port.complete(REQUEST).text()).isEqualTo("one/a");
        assertThat(limit.keys()).isZero();
    }

    private static void interruptedCallsAreCancelled(ChatPort port) {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> port.complete(REQUEST))
                .withMessageContaining("nothing was sent");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_thread_that_is_interrupted_while_it_waits_is_cancelled_and_stays_interrupted() throws InterruptedException {
        ChatPort port = with(ConcurrencyLimit.atMost(1).build());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        try (ChatStream holding = port.stream(REQUEST)) {
            Thread waiting = started(() -> {
                try {
                    port.complete(REQUEST);
                } catch (CallCancelledException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            awaitWaiting(waiting);
            waiting.interrupt();
            waiting.join();
        }

        assertThat(thrown.get()).isInstanceOf(CallCancelledException.class);
        assertThat(flag).hasValue(true);
        assertThat(port.complete(REQUEST).text()).isEqualTo("one/a");
    }

    @Test
    void each_key_has_places_of_its_own() {
        ChatPort perModel = with(ConcurrencyLimit.atMost(1)
                .per(Scope.MODEL)
                .maxWait(Duration.ZERO)
                .build());
        ChatPort perProvider = with(ConcurrencyLimit.atMost(1)
                .per(Scope.PROVIDER)
                .maxWait(Duration.ZERO)
                .build());
        try (ChatStream first = perModel.stream(REQUEST);
                ChatStream second = perProvider.stream(REQUEST)) {
            assertThat(perModel.complete(FakeModels.chat("one/b")).text()).isEqualTo("one/b");
            assertThatExceptionOfType(RateLimitedException.class)
                    .isThrownBy(() -> perProvider.complete(FakeModels.chat("one/b")))
                    .withMessageContaining("for one is reached");
            assertThat(perProvider.complete(FakeModels.chat("two/b")).text()).isEqualTo("two/b");
        }
    }

    @Test
    void a_call_waits_no_longer_than_its_own_time_limit() {
        ChatPort port = with(
                ConcurrencyLimit.atMost(1).maxWait(Duration.ofDays(999_999)).build());
        try (ChatStream holding = port.stream(REQUEST)) {
            assertThatExceptionOfType(RateLimitedException.class)
                    .isThrownBy(
                            () -> port.complete(REQUEST.withCall(REQUEST.call().withTimeout(Duration.ofMillis(2)))))
                    .withMessageContaining("PT0.002S");
        }
    }

    @Test
    void the_limit_holds_for_embeddings_and_chat_together() {
        ConcurrencyLimit limit =
                ConcurrencyLimit.atMost(1).maxWait(Duration.ZERO).build();
        EmbeddingPort embeddings = limit.decorate((EmbeddingPort) models);
        try (ChatStream holding = with(limit).stream(REQUEST)) {
            assertThatExceptionOfType(RateLimitedException.class)
                    .isThrownBy(() -> embeddings.embed(
                            EmbeddingRequest.builder("one/a").text("a").build()));
        }
    }

    @Test
    void a_rate_is_a_number_of_calls_whatever_becomes_of_them() {
        ChatPort port = with(RateLimit.bursty(2, Duration.ofHours(1))
                .maxWait(Duration.ofMillis(1))
                .build());

        port.stream(REQUEST).close();
        port.complete(REQUEST);

        assertRefused(port);
        assertThatExceptionOfType(RateLimitedException.class)
                .isThrownBy(() -> port.complete(REQUEST))
                .withMessageContainingAll("rate limit of 2 per PT1H", "nothing was sent")
                .satisfies(e -> assertThat(e.mayBeCharged()).isFalse());
        assertThat(models.requests).hasSize(2);
    }

    @Test
    void a_smooth_rate_spreads_calls_and_each_key_has_its_own() {
        ChatPort port = with(RateLimit.smooth(60, Duration.ofHours(1))
                .per(Scope.MODEL)
                .maxWait(Duration.ZERO)
                .build());

        port.complete(REQUEST);
        assertRefused(port);
        assertThat(port.complete(FakeModels.chat("one/b")).text()).isEqualTo("one/b");
    }

    @Test
    void a_call_waits_for_its_turn() {
        ChatPort port = with(RateLimit.smooth(1000, Duration.ofSeconds(1)).build());

        for (int i = 0; i < 5; i++) {
            port.complete(REQUEST);
        }
        assertThat(models.requests).hasSize(5);
    }

    @Test
    void a_wait_for_ones_turn_ends_when_the_thread_is_interrupted() {
        ChatPort port = with(RateLimit.smooth(1, Duration.ofSeconds(20)).build());
        port.complete(REQUEST);

        interruptedCallsAreCancelled(port);
    }

    @Test
    void limits_must_make_sense() {
        assertThatIllegalArgumentException().isThrownBy(() -> ConcurrencyLimit.atMost(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConcurrencyLimit.atMost(1).maxWait(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.smooth(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimit.bursty(1, Duration.ZERO));
    }

    @Test
    void only_the_keys_used_last_are_remembered() {
        LatestKeys<Object> keys = new LatestKeys<>(2, key -> new Object());
        Object a = keys.get("a");
        Object b = keys.get("b");

        assertThat(keys.get("a")).isSameAs(a);
        keys.get("c");
        assertThat(keys.get("a")).isSameAs(a);
        assertThat(keys.get("b")).isNotSameAs(b);
    }
}
