package dev.portolan.typed;

import dev.portolan.api.chat.ChatStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What goes on for one reader, and any thread may stop: pieces of work, and a stream of the model. */
final class Stoppable {
    /** Makes what is thrown once it was stopped. */
    interface Refusal {
        /**
         * Makes it.
         *
         * @param begun whether a request may have been sent that is not answered yet
         * @param cause what it came from, or {@code null}
         */
        RuntimeException of(boolean begun, @Nullable Throwable cause);
    }

    private final Refusal refusal;
    private final Object lock = new Object();
    private final Set<FutureTask<?>> running = new LinkedHashSet<>(); // guarded by lock
    private @Nullable ChatStream stream; // guarded by lock
    private boolean stopped; // guarded by lock

    /** With nothing going on. */
    Stoppable(Refusal refusal) {
        this.refusal = refusal;
    }

    /** Throws if it was stopped. */
    void check() {
        synchronized (lock) {
            if (stopped) {
                throw refusal.of(stream != null, null);
            }
        }
    }

    /** Runs something in this thread, which is interrupted if it is stopped. */
    <R> R run(Callable<R> work) {
        FutureTask<R> task = new FutureTask<>(work);
        enter(task);
        try {
            task.run();
        } finally {
            leave(task);
        }
        if (task.isCancelled()) {
            Thread.interrupted(); // it was meant for this piece of work only
        }
        return outcomeOf(task);
    }

    /** Opens a stream, as {@link #run} does, and keeps it to be closed. If it is too late for it, it is closed at once. */
    ChatStream open(Supplier<ChatStream> opening) {
        return run(() -> {
            ChatStream opened = opening.get();
            synchronized (lock) {
                if (!stopped) {
                    stream = opened;
                    return opened;
                }
            }
            opened.close();
            throw refusal.of(true, null);
        });
    }

    /** The stream that is open, or {@code null}. */
    @Nullable ChatStream stream() {
        synchronized (lock) {
            return stream;
        }
    }

    /** Closes the stream, which has been read. */
    void closeStream() {
        ChatStream read;
        synchronized (lock) {
            read = stream;
            stream = null;
        }
        if (read != null) {
            read.close();
        }
    }

    /** Keeps a task that is about to run, to cancel it. */
    void enter(FutureTask<?> task) {
        synchronized (lock) {
            check();
            running.add(task);
        }
    }

    /** Forgets a task that has ended. */
    void leave(FutureTask<?> task) {
        synchronized (lock) {
            running.remove(task);
        }
    }

    /** What a task brought that has ended. */
    <R> R outcomeOf(FutureTask<R> task) {
        try {
            return task.get();
        } catch (CancellationException e) {
            throw refusal.of(true, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("The task has ended", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException("A port threw a checked exception", e.getCause());
        }
    }

    /** Interrupts what runs, closes the stream, and lets nothing more begin. Doing so again does nothing. */
    void stop() {
        List<FutureTask<?>> tasks;
        ChatStream open;
        synchronized (lock) {
            stopped = true;
            tasks = List.copyOf(running);
            open = stream;
        }
        tasks.forEach(task -> task.cancel(true));
        if (open != null) {
            open.close();
        }
    }
}
