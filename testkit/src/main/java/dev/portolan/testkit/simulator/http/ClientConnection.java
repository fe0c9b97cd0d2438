package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The server's end of one connection; can tell, while an answer is being written, that the client hung up. */
final class ClientConnection extends Socket {
    private static final int FOREVER = 0; // what SO_TIMEOUT calls it

    private final Runnable onClose;
    private @Nullable PushbackInputStream input;

    ClientConnection(Runnable onClose) {
        this.onClose = onClose;
    }

    /** One and the same stream for everyone, since a byte looked at here must be read there. */
    private synchronized PushbackInputStream input() throws IOException {
        PushbackInputStream current = input;
        if (current == null) {
            current = new PushbackInputStream(super.getInputStream(), 1);
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
        try {
            setSoTimeout(timeoutMillis);
            int next = input().read();
            if (next < 0) {
                return true;
            }
            input().unread(next); // a request sent ahead: the client is there and waits for its turn
            return false;
        } catch (SocketTimeoutException stillThere) {
            return false;
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

    @Override
    public synchronized void close() throws IOException {
        super.close();
        onClose.run();
    }

    void reset() throws IOException {
        setSoLinger(true, 0);
        close();
    }
}
