package dev.portolan.cli;

import dev.portolan.api.ReplyStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends the call when the process is told to end, as by Ctrl-C, so that the model stops and no more is charged. */
final class Interruption implements AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 2;

    private final Thread caller = Thread.currentThread();
    private final Thread hook = new Thread(this::end, "portolan-interruption");
    private volatile @Nullable ReplyStream<?, ?> stream;
    private volatile boolean ended;
    private final CountDownLatch callEnded = new CountDownLatch(1);

    private Interruption() {}

    /** Watches over the calls of this thread. */
    static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** From now on this is what has to be ended. */
    <S extends ReplyStream<?, ?>> S watch(S newStream) {
        stream = newStream;
        if (ended) {
            newStream.cancel();
        }
        return newStream;
    }

    private void end() {
        ended = true;
        ReplyStream<?, ?> open = stream;
        if (open != null) {
            open.cancel();
        } else {
            caller.interrupt();
        }
        awaitTheRecord();
    }

    /** The ledger is told of the call by the thread that made it, which has to come so far before the process is gone. */
    @SuppressWarnings("ReturnValueIgnored") // the process ends either way
    private void awaitTheRecord() {
        try {
            callEnded.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        callEnded.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The process ends now; whatever this thread would still say is about that and of no use.
            waitForTheEnd();
        }
    }

    private static void waitForTheEnd() {
        while (true) {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException again) {
                // the JVM halts without waiting for this thread
            }
        }
    }
}
