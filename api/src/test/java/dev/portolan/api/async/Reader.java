package dev.portolan.api.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** A subscriber that asks when told to, remembers all that came, and what was against the rules. */
final class Reader<E> implements Flow.Subscriber<E> {
    final List<E> events = Collections.synchronizedList(new ArrayList<>());
    final List<String> offences = new CopyOnWriteArrayList<>();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final BiConsumer<Flow.Subscription, E> onEvent;
    private volatile Flow.Subscription subscription;
    private volatile Throwable failure;

    Reader(Flow.Publisher<E> publisher) {
        this(publisher, (subscription, event) -> {});
    }

    Reader(Flow.Publisher<E> publisher, BiConsumer<Flow.Subscription, E> onEvent) {
        this.onEvent = onEvent;
        publisher.subscribe(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        alone(() -> {
            note(subscription != null, "subscribed twice");
            subscription = given;
        });
    }

    @Override
    public void onNext(E event) {
        alone(() -> {
            note(subscription == null, "not subscribed yet");
            events.add(event);
            arrived.release();
            onEvent.accept(subscription, event);
        });
    }

    @Override
    public void onError(Throwable problem) {
        alone(() -> {
            failure = problem;
            ended.countDown();
        });
    }

    @Override
    public void onComplete() {
        alone(ended::countDown);
    }

    private void alone(Runnable work) {
        note(!signalled.compareAndSet(false, true), "two signals at once");
        note(ended.getCount() == 0, "a signal after the last one");
        try {
            work.run();
        } finally {
            signalled.set(false);
        }
    }

    private void note(boolean offence, String what) {
        if (offence) {
            offences.add(what);
        }
    }

    Flow.Subscription subscription() {
        return subscription;
    }

    Reader<E> asking(long events) {
        subscription.request(events);
        return this;
    }

    Reader<E> awaiting(int count) throws InterruptedException {
        assertThat(arrived.tryAcquire(count, 10, TimeUnit.SECONDS))
                .as("%s events have arrived", count)
                .isTrue();
        return this;
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** Waits for the end, and gives what it failed with; {@code null} if it is complete. */
    Throwable failure() {
        try {
            assertThat(ended.await(10, TimeUnit.SECONDS))
                    .as("the stream has ended")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(offences).isEmpty();
        return failure;
    }
}
