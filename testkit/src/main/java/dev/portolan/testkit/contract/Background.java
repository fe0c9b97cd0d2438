package dev.portolan.testkit.contract;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Work on a thread of its own that can be watched, interrupted and waited for, but not for ever. */
final class Background<T> {
    /** Long enough for a slow machine; what hangs would hang for ever. */
    private static final Duration PROMPTLY = Duration.ofSeconds(30);

    /** Who stands at one and the same place of the system for so long is taken for waiting. */
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final FutureTask<T> task;
    private final Thread thread;

    private Background(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = new Thread(task, "portolan-contract");
        thread.setDaemon(true);
        thread.start();
    }

    static <T> Background<T> of(Callable<T> work) {
        return new Background<>(work);
    }

    void interrupt() {
        thread.interrupt();
    }

    /**
     * Makes sure that the work waits for something, and has got as far as that.
     *
     * @param situation what it should wait in
     */
    void assertWaits(Situation situation) {
        long deadline = System.nanoTime() + PROMPTLY.toNanos();
        List<StackTraceElement> before = List.of();
        while (System.nanoTime() < deadline) {
            assertGoesOn(situation);
            List<StackTraceElement> now = List.of(thread.getStackTrace());
            if (now.equals(before) && !now.isEmpty() && now.get(0).isNativeMethod()) {
                return;
            }
            before = now;
        }
    }

    private void assertGoesOn(Situation situation) {
        try {
            T result = task.get(A_MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("In " + situation + " the call must go on waiting, but it ended with " + result);
        } catch (TimeoutException waits) {
            return;
        } catch (ExecutionException e) {
            throw new AssertionError("In " + situation + " the call must go on waiting, but it failed", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What the work came to. */
    T result() {
        try {
            return task.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Error error
                    ? error
                    : new AssertionError("It failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw hangs();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What the work failed with; {@code null} if it did not. */
    @Nullable Throwable failure() {
        try {
            T ignored = task.get(PROMPTLY.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            throw hangs();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Shows where. */
    private AssertionError hangs() {
        AssertionError error =
                new AssertionError("Still not done after " + PROMPTLY + "; it stands where the cause says");
        Throwable where = new Throwable("where it hangs");
        where.setStackTrace(thread.getStackTrace());
        error.initCause(where);
        thread.interrupt();
        return error;
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("The test was interrupted", e);
    }
}
