package dev.portolan.api.async;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that stands for a call, or depends on one: whoever completes it from outside, be it by cancelling or by a
 * timeout, ends the call.
 */
final class CallFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    private final Call<?> call;

    private CallFuture(Call<?> call) {
        this.call = call;
    }

    /** Has the port called by the executor. */
    static <R> CompletableFuture<R> of(Supplier<R> port, Executor executor) {
        Call<R> call = new Call<>(port);
        try {
            executor.execute(call);
        } catch (RuntimeException e) {
            call.future.completeExceptionally(e);
        }
        return call.future;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return super.cancel(mayInterruptIfRunning);
        }
        // The call is stopped before the dependents are told, who may take their time; the others are told last, so
        // that
        // this future is cancelled in its own right.
        call.work.stop();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        call.giveUp();
        return cancelled;
    }

    @Override
    public boolean complete(T value) {
        if (isDone()) {
            return false;
        }
        call.work.stop();
        boolean completed = super.complete(value);
        call.giveUp();
        return completed;
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        if (isDone()) {
            return false;
        }
        call.work.stop();
        boolean completed = super.completeExceptionally(failure);
        call.giveUp();
        return completed;
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CallFuture<>(call);
    }

    /** A future that cannot end the call, for those who are only to know of it. */
    @Override
    public CompletableFuture<T> copy() {
        return minimalCompletionStage().toCompletableFuture();
    }

    private void succeed(T value) {
        super.complete(value);
    }

    private void fail(Throwable failure) {
        super.completeExceptionally(failure);
    }

    private void abandon() {
        super.cancel(true);
    }

    private static final class Call<R> implements Runnable {
        private final Supplier<R> port;
        private final InterruptibleWork work = new InterruptibleWork();
        private final CallFuture<R> future = new CallFuture<>(this);

        Call(Supplier<R> port) {
            this.port = port;
        }

        @Override
        public void run() {
            if (!work.begin()) {
                return;
            }
            R reply = null;
            Throwable failure = null;
            try {
                reply = port.get();
            } catch (Throwable e) {
                failure = e;
            }
            if (!work.end()) {
                return;
            }
            if (reply != null) {
                future.succeed(reply);
            } else {
                future.fail(failure != null ? failure : new NullPointerException("The port gave no reply"));
            }
        }

        /** Cancels the call's own future, which may have been waited for beside the one that was completed. */
        void giveUp() {
            future.abandon();
        }
    }
}
