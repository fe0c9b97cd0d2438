package dev.portolan.api.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An executor of one thread that notices every interrupt outside of a task, and what stays of one after it; those of the
 * JDK clear them away before the next task.
 */
final class OneThread implements Executor, AutoCloseable {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger strayInterrupts = new AtomicInteger();
    private final Thread thread = new Thread(this::work, "one-thread");
    private volatile boolean closed;

    OneThread() {
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        while (!closed) {
            try {
                tasks.take().run();
                if (Thread.interrupted()) {
                    strayInterrupts.incrementAndGet();
                }
            } catch (InterruptedException e) {
                strayInterrupts.incrementAndGet();
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    Thread thread() {
        return thread;
    }

    /** Waits until all that was to be done before is done, which it is only if nothing holds the thread. */
    void awaitIdle() throws InterruptedException {
        CountDownLatch idle = new CountDownLatch(1);
        execute(idle::countDown);
        assertThat(idle.await(10, TimeUnit.SECONDS)).as("the thread is free").isTrue();
    }

    int strayInterrupts() {
        return strayInterrupts.get();
    }

    @Override
    public void close() {
        execute(() -> closed = true);
    }
}
