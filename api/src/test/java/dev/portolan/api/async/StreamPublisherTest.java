package dev.portolan.api.async;

import static dev.portolan.api.async.BlockingChat.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of Reactive Streams, by their numbers where they have one, and what becomes of stream and thread. */
class StreamPublisherTest {
    private final OneThread executor = new OneThread();

    @AfterEach
    void the_thread_is_free_and_no_interrupt_has_gone_astray() throws Exception {
        executor.awaitIdle();
        assertThat(executor.strayInterrupts()).isZero();
        executor.close();
    }

    private Flow.Publisher<ChatEvent> publisher(ChatPort port) {
        return AsyncChat.of(port, executor).stream(REQUEST);
    }

    @Test
    void all_events_come_in_order_and_then_the_end() {
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(Long.MAX_VALUE);

        assertThat(reader.failure()).isNull();
        assertThat(reader.events)
                .startsWith(
                        new ChatEvent.TextDelta(0, "piece 1"),
                        new ChatEvent.TextDelta(0, "piece 2"),
                        new ChatEvent.TextDelta(0, "piece 3"))
                .hasSize(4)
                .last()
                .isInstanceOf(ChatEvent.ResponseFinished.class);
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void nothing_is_sent_before_the_first_event_is_asked_for() throws Exception {
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream));
        executor.awaitIdle();
        assertThat(stream.opened).hasValue(0);

        reader.asking(1).awaiting(1);

        assertThat(stream.opened).hasValue(1);
    }

    @Test
    void no_more_is_read_than_was_asked_for_and_no_thread_waits_meanwhile() throws Exception {
        FakeStream stream = FakeStream.stallingAfter(5);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(2).awaiting(2);

        executor.awaitIdle();
        assertThat(stream.reads).hasValue(2);
        reader.asking(1).awaiting(1).asking(1).awaiting(1);
        executor.awaitIdle();
        assertThat(stream.reads).hasValue(4);
        assertThat(stream.opened).hasValue(1);
        reader.subscription().cancel();
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void the_end_of_a_chat_need_not_be_asked_for() {
        Reader<ChatEvent> reader = new Reader<>(publisher(FakeStream.of(3))).asking(4);

        assertThat(reader.failure()).isNull();
        assertThat(reader.events).hasSize(4);
    }

    @Test
    void the_end_of_any_other_stream_is_found_by_asking_for_more() throws Exception {
        Reader<ChatEvent> reader =
                new Reader<>(StreamPublisher.<ChatEvent>of(() -> FakeStream.of(3), executor)).asking(4);
        reader.awaiting(4);
        executor.awaitIdle();
        assertThat(reader.hasEnded()).isFalse();

        assertThat(reader.asking(1).failure()).isNull();
    }

    @Test
    void each_subscriber_makes_a_call_of_its_own() {
        AtomicInteger calls = new AtomicInteger();
        Flow.Publisher<ChatEvent> publisher = StreamPublisher.of(
                () -> {
                    calls.incrementAndGet();
                    return ReplyBuilder.saying("hello").stream();
                },
                executor);

        for (int i = 1; i <= 3; i++) {
            Reader<ChatEvent> reader = new Reader<>(publisher).asking(100);
            assertThat(reader.failure()).isNull();
            assertThat(reader.events).hasSize(3);
            assertThat(calls).hasValue(i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void rule_3_9_asking_for_less_than_one_event_is_an_error(long n) {
        FakeStream stream = FakeStream.of(3);

        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(n);

        assertThat(reader.failure())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one event, but asked for " + n);
        assertThat(stream.opened).hasValue(0);
    }

    @Test
    void rule_3_9_holds_while_the_stream_waits_and_closes_it() throws Exception {
        FakeStream stream = FakeStream.stallingAfter(1);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(2);
        stream.awaitWaiting();

        assertThat(reader.asking(0).failure()).isInstanceOf(IllegalArgumentException.class);
        assertThat(stream.closed.get()).isPositive();
    }

    @Test
    void rule_3_9_holds_while_the_stream_is_opened() throws Exception {
        BlockingChat chat = new BlockingChat();
        Reader<ChatEvent> reader = new Reader<>(publisher(chat)).asking(2);
        chat.awaitBegun();

        assertThat(reader.asking(0).failure()).isInstanceOf(IllegalArgumentException.class);
        chat.awaitInterrupted();
    }

    @Test
    void rule_3_9_holds_in_the_midst_of_the_last_event() {
        Reader<ChatEvent> reader =
                new Reader<>(publisher(FakeStream.of(0)), (subscription, event) -> subscription.request(0)).asking(1);

        assertThat(reader.failure()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cancelling_while_the_stream_is_opened_interrupts_that_and_nothing_else() throws Exception {
        BlockingChat chat = new BlockingChat();
        Reader<ChatEvent> reader = new Reader<>(publisher(chat)).asking(1);
        chat.awaitBegun();

        reader.subscription().cancel();

        chat.awaitInterrupted();
        executor.awaitIdle();
        assertThat(reader.events).isEmpty();
        assertThat(reader.hasEnded()).isFalse();
    }

    @Test
    void cancelling_while_the_next_event_is_awaited_closes_the_stream_and_frees_the_thread() throws Exception {
        FakeStream stream = FakeStream.stallingAfter(1);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(5).awaiting(1);
        stream.awaitWaiting();

        reader.subscription().cancel();

        executor.awaitIdle();
        assertThat(stream.closed.get()).isPositive();
        assertThat(stream.interrupted).hasValue(0);
        assertThat(reader.events).hasSize(1);
        assertThat(reader.hasEnded()).isFalse();
    }

    @Test
    void rule_3_6_after_cancelling_nothing_happens_any_more() throws Exception {
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream));

        reader.subscription().cancel();
        reader.subscription().cancel();
        reader.asking(1).asking(0);

        executor.awaitIdle();
        assertThat(stream.opened).hasValue(0);
        assertThat(reader.hasEnded()).isFalse();
    }

    @Test
    void a_task_that_waits_for_its_turn_does_nothing_once_cancelled() {
        List<Runnable> queue = new ArrayList<>();
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader = new Reader<>(StreamPublisher.of(stream, REQUEST, queue::add)).asking(1);

        reader.subscription().cancel();
        queue.forEach(Runnable::run);

        assertThat(stream.opened).hasValue(0);
    }

    @Test
    void rule_3_5_cancelling_in_the_midst_of_an_event_ends_it_there() throws Exception {
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader =
                new Reader<>(publisher(stream), (subscription, event) -> subscription.cancel()).asking(100);

        reader.awaiting(1);
        executor.awaitIdle();
        assertThat(reader.events).hasSize(1);
        assertThat(reader.hasEnded()).isFalse();
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void rule_3_3_asking_in_the_midst_of_an_event_does_not_pile_up_the_stack() {
        FakeStream stream = FakeStream.of(100_000);
        AtomicInteger seen = new AtomicInteger();
        AtomicBoolean complete = new AtomicBoolean();

        StreamPublisher.of(stream, REQUEST, Runnable::run).subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
                subscription = given;
                subscription.request(1);
            }

            @Override
            public void onNext(ChatEvent event) {
                seen.incrementAndGet();
                subscription.request(1);
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {
                complete.set(true);
            }
        });

        assertThat(seen).hasValue(100_001);
        assertThat(complete).isTrue();
    }

    @Test
    void rule_1_3_no_event_comes_before_the_subscriber_is_done_with_subscribing() {
        Queue<Runnable> queue = new ArrayDeque<>();
        List<Boolean> waited = new ArrayList<>();

        StreamPublisher.of(FakeStream.of(1), REQUEST, queue::add).subscribe(new Silent() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(2);
                waited.add(queue.isEmpty());
            }
        });

        assertThat(waited).containsExactly(true);
        assertThat(queue).hasSize(1);
    }

    @Test
    void rule_1_3_signals_never_overlap_whoever_asks() throws Exception {
        int threads = 4;
        int each = 5_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Reader<ChatEvent> reader =
                    new Reader<>(StreamPublisher.of(FakeStream.of(threads * each - 1), REQUEST, pool));
            CountDownLatch start = new CountDownLatch(1);
            for (int i = 0; i < threads; i++) {
                Thread asker = new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    for (int n = 0; n < each; n++) {
                        reader.subscription().request(1);
                    }
                });
                asker.setDaemon(true);
                asker.start();
            }
            start.countDown();

            assertThat(reader.failure()).isNull();
            assertThat(reader.events).hasSize(threads * each);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void rule_2_13_what_a_subscriber_throws_closes_the_stream_and_is_reported() throws Exception {
        AtomicReference<Throwable> reported = new AtomicReference<>();
        executor.thread().setUncaughtExceptionHandler((thread, e) -> reported.set(e));
        IllegalStateException mine = new IllegalStateException("a bug of mine");
        FakeStream stream = FakeStream.of(3);

        Reader<ChatEvent> reader = new Reader<>(publisher(stream), (subscription, event) -> {
                    throw mine;
                })
                .asking(2);
        reader.awaiting(1);
        executor.awaitIdle();

        assertThat(reported).hasValue(mine);
        assertThat(stream.closed).hasValue(1);
        assertThat(reader.events).hasSize(1);
        assertThat(reader.hasEnded()).isFalse();
    }

    @Test
    void rule_2_13_holds_for_the_first_and_the_last_signal() throws Exception {
        List<Throwable> reported = new ArrayList<>();
        FakeStream stream = FakeStream.of(0);
        IllegalStateException mine = new IllegalStateException("a bug of mine");
        Thread subscriber = new Thread(() -> {
            StreamPublisher.of(stream, REQUEST, Runnable::run).subscribe(new Silent() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    throw mine;
                }
            });
            StreamPublisher.of(stream, REQUEST, Runnable::run).subscribe(new Silent() {
                @Override
                public void onComplete() {
                    throw mine;
                }
            });
        });
        subscriber.setUncaughtExceptionHandler((thread, e) -> reported.add(e));
        subscriber.start();
        subscriber.join(TimeUnit.SECONDS.toMillis(10));

        assertThat(reported).containsExactly(mine, mine);
        assertThat(stream.opened).hasValue(1);
    }

    @Test
    void rule_3_17_demand_without_bounds_stays_so() {
        FakeStream stream = FakeStream.of(10);
        Reader<ChatEvent> reader = new Reader<>(publisher(stream), (subscription, event) -> {
                    subscription.request(Long.MAX_VALUE);
                    subscription.request(Long.MAX_VALUE - 1);
                })
                .asking(1);

        assertThat(reader.failure()).isNull();
        assertThat(reader.events).hasSize(11);
    }

    @Test
    void rule_1_9_a_subscriber_must_be_there() {
        assertThatNullPointerException()
                .isThrownBy(() -> publisher(FakeStream.of(1)).subscribe(null))
                .withMessage("subscriber");
    }

    @Test
    void a_stream_that_breaks_fails_the_subscriber_with_its_very_exception() {
        BrokenStreamException broken = new BrokenStreamException("cut off", ErrorDetails.NONE);
        FakeStream stream = FakeStream.breakingAfter(2, broken);

        Reader<ChatEvent> reader = new Reader<>(publisher(stream)).asking(100);

        assertThat(reader.failure()).isSameAs(broken);
        assertThat(reader.events).hasSize(2);
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void a_stream_that_cannot_be_opened_fails_the_subscriber() {
        AssertionError error = new AssertionError("a bug");

        assertThat(new Reader<>(StreamPublisher.<ChatEvent>of(
                                () -> {
                                    throw error;
                                },
                                executor))
                        .asking(1)
                        .failure())
                .isSameAs(error);
        assertThat(new Reader<>(StreamPublisher.<ChatEvent>of(() -> null, executor))
                        .asking(1)
                        .failure())
                .hasMessage("The port gave no stream");
    }

    @Test
    void an_executor_that_refuses_the_work_fails_the_subscriber_and_closes_the_stream() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        RejectedExecutionException refusal = new RejectedExecutionException("full");
        FakeStream stream = FakeStream.of(3);
        Reader<ChatEvent> reader = new Reader<>(StreamPublisher.of(stream, REQUEST, task -> {
            if (full.get()) {
                throw refusal;
            }
            task.run();
        }));
        reader.asking(1).awaiting(1);

        full.set(true);

        assertThat(reader.asking(1).failure()).isSameAs(refusal);
        assertThat(stream.closed).hasValue(1);
    }

    @Test
    void a_stream_is_closed_whenever_it_is_cancelled_and_no_interrupt_is_left() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            AtomicBoolean opening = new AtomicBoolean();
            FakeStream stream = FakeStream.stallingAfter(0);
            Reader<ChatEvent> reader = new Reader<>(StreamPublisher.<ChatEvent>of(
                            () -> {
                                opening.set(true);
                                return stream.stream(REQUEST);
                            },
                            executor))
                    .asking(1);
            while (i % 2 == 0 && !opening.get()) {
                Thread.onSpinWait();
            }
            reader.subscription().cancel();
            executor.awaitIdle();

            assertThat(stream.closed.get() > 0).as("closed, if opened").isEqualTo(stream.opened.get() > 0);
            assertThat(stream.interrupted).hasValue(0);
        }
    }

    /** Leaves a method or two to each test. */
    private static class Silent implements Flow.Subscriber<ChatEvent> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ChatEvent event) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
