package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** The server's end of one connection; can tell, while an answer is being written, that the client hung up. */
final class ClientConnection extends Socket {
    private static final int FOREVER = 0; // what SO_TIMEOUT calls it

    /** How much a client may send ahead of its answer; one that sends more is taken for gone. */
    private static final int LOOK_AHEAD = 1 << 16;

    private final Runnable onClose;
    private @Nullable PushbackInputStream input;

    ClientConnection(Runnable onClose) {
        this.onClose = onClose;
    }

    /** One and the same stream for everyone, since a byte looked at here must be read there. */
    private synchronized PushbackInputStream input() throws IOException {
        PushbackInputStream current = input;
        if (current == null) {
            current = new PushbackInputStream(super.getInputStream(), LOOK_AHEAD);
            input = current;
        }
        return current;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return input();
    }

    /** Waits for the given time, but no longer than until the client hangs up; true if it did. */
    boolean hungUpWithin(Duration time) {
        int millis = (int) Math.max(1, Math.min(time.toMillis(), Integer.MAX_VALUE));
        return hungUp(millis);
    }

    /** Waits until the client hangs up. */
    void awaitHangUp() {
        hungUp(FOREVER);
    }

    private boolean hungUp(int timeoutMillis) {
        Buffer ahead = new Buffer(); // requests sent ahead must not end the wait
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            int left = timeoutMillis;
            while (ahead.size() < LOOK_AHEAD) {
                setSoTimeout(left);
                int next = input().read();
                if (next < 0) {
                    return true;
                }
                ahead.writeByte(next);
                if (timeoutMillis != FOREVER) {
                    left = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
                }
            }
            return true;
        } catch (SocketTimeoutException stillThere) {
            return !putBack(ahead);
        } catch (IOException reset) {
            return true;
        } finally {
            try {
                setSoTimeout(FOREVER);
            } catch (IOException closedMeanwhile) {
                // nothing to restore
            }
        }
    }

    private boolean putBack(Buffer ahead) {
        try {
            input().unread(ahead.readByteArray());
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        super.close();
        onClose.run();
    }

    void closeQuietly() {
        try {
            close();
        } catch (IOException closedAlready) {
            // as it should be
        }
    }

    void reset() throws IOException {
        setSoLinger(true, 0);
        close();
    }
}
