package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.async.AsyncChat;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Futures and publishers over a real connection: what ends them closes it, as the simulator sees. */
class AsyncTest {
    private static final ChatRequest REQUEST = ChatRequest.builder("openrouter/google/gemini-2.5-flash")
            .user("Tell me about the sea.")
            .build();
    /** Nothing ends the stalls by itself, so that it does not matter how long a slow machine takes to notice. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private OpenRouterSimulator simulator;
    private Portolan portolan;
    private AsyncChat chat;

    @BeforeEach
    void start() throws Exception {
        simulator = OpenRouterSimulator.start();
        portolan = Portolan.load(Settings.of(Map.of(
                "OPENROUTER_API_KEY", simulator.apiKey(),
                "OPENROUTER_API_BASE", simulator.baseUrl())));
        chat = AsyncChat.of(portolan.chat(), executor);
        // The first call loads what the limits on time are not about.
        chat.complete(REQUEST).get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        portolan.close();
        simulator.close();
    }

    @Test
    void cancelling_a_future_before_the_first_byte_closes_the_connection_at_once() throws Exception {
        simulator.faults().next(Fault.stall());
        CompletableFuture<ChatResponse> future = chat.complete(REQUEST);
        awaitFaultApplied();

        future.cancel(true);

        assertThat(simulator.awaitAbandonedRequests(1, SOON)).isTrue();
        assertThat(future).isCancelled();
        assertTheThreadIsFree();
    }

    @Test
    void cancelling_a_subscription_before_the_first_byte_closes_the_connection_at_once() throws Exception {
        simulator.faults().next(Fault.stall());
        Listener listener = new Listener(1);
        chat.stream(REQUEST).subscribe(listener);
        awaitFaultApplied();

        listener.subscription.cancel();

        assertThat(simulator.awaitAbandonedRequests(1, SOON)).isTrue();
        assertTheThreadIsFree();
        assertThat(listener.events).isEmpty();
    }

    @Test
    void cancelling_a_subscription_in_mid_stream_closes_the_connection_at_once() throws Exception {
        simulator.faults().next(Fault.stallAfterEvents(3));
        Listener listener = new Listener(1);
        chat.stream(REQUEST).subscribe(listener);
        assertThat(listener.begun.await(10, TimeUnit.SECONDS)).isTrue();

        listener.subscription.cancel();

        assertThat(simulator.awaitCancelledStreams(1, SOON)).isTrue();
        assertTheThreadIsFree();
        assertThat(listener.ended.getCount()).isOne();
    }

    @Test
    void a_subscriber_gets_the_whole_answer_last() throws Exception {
        Listener listener = new Listener(Long.MAX_VALUE);
        chat.stream(REQUEST).subscribe(listener);

        assertThat(listener.ended.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(listener.failures).isEmpty();
        assertThat(listener.events)
                .last()
                .isInstanceOfSatisfying(
                        ChatEvent.ResponseFinished.class,
                        last -> assertThat(last.response().text()).isNotEmpty());
        assertThat(simulator.cancelledStreams()).isZero();
    }

    private void awaitFaultApplied() {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (simulator.faults().applied().isEmpty() && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        assertThat(simulator.faults().applied()).hasSize(1);
    }

    private void assertTheThreadIsFree() throws Exception {
        assertThat(executor.submit(() -> Thread.currentThread().isInterrupted()).get(10, TimeUnit.SECONDS))
                .isFalse();
        assertThat(chat.complete(REQUEST).get(10, TimeUnit.SECONDS).text()).isNotEmpty();
    }

    /** Asks for some events at once, and then for one after each. */
    private static final class Listener implements Flow.Subscriber<ChatEvent> {
        private final List<ChatEvent> events = new CopyOnWriteArrayList<>();
        private final List<Throwable> failures = new CopyOnWriteArrayList<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final long first;
        private volatile Flow.Subscription subscription;

        Listener(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(first);
        }

        @Override
        public void onNext(ChatEvent event) {
            events.add(event);
            begun.countDown();
            subscription.request(1);
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
            ended.countDown();
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }
    }
}
