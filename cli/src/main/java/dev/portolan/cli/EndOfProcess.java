package dev.portolan.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits until the process is told to end, as by Ctrl-C: for a server that is no failure, but how it ends. */
final class EndOfProcess implements AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 10;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "portolan-end");

    private EndOfProcess() {}

    /** Listens from now on. */
    static EndOfProcess listen() {
        EndOfProcess end = new EndOfProcess();
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** Waits for it; a thread that is interrupted is told the same. */
    void await() {
        try {
            told.await();
        } catch (InterruptedException toldHere) {
            // Nothing waits any more; what follows are the last words.
        }
    }

    private void end() {
        told.countDown();
        boolean inTime = false;
        try {
            inTime = done.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Or the exit code would be that of a signal that nobody was prepared for.
        Runtime.getRuntime().halt(inTime ? ExitCode.OK.code() : ExitCode.UNEXPECTED.code());
    }

    /** The last words are said. */
    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook ends the process now.
        }
    }
}
