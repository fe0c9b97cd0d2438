package dev.portolan.testkit.simulator.http;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketException;
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
            current = new Ahead(new Received(super.getInputStream()));
            input = current;
        }
        return current;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return input();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Sent(super.getOutputStream());
    }

    /** Gives what was put back without waiting for more, which may never come. */
    private static final class Ahead extends PushbackInputStream {
        Ahead(InputStream in) {
            super(in, LOOK_AHEAD);
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int ahead = buf.length - pos;
            return super.read(bytes, offset, ahead > 0 ? Math.min(ahead, count) : count);
        }
    }

    /** Closes the socket once the client has gone: MockWebServer leaves it open if that happens in mid-request. */
    private final class Received extends FilterInputStream {
        Received(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            try {
                int read = in.read(bytes, offset, count);
                if (read < 0) {
                    closeQuietly();
                }
                return read;
            } catch (SocketTimeoutException stillThere) {
                throw stillThere;
            } catch (IOException gone) {
                closeQuietly();
                throw gone;
            }
        }
    }

    /** Closes the socket once the client has gone: MockWebServer leaves it open if that happens in mid-answer. */
    private final class Sent extends FilterOutputStream {
        Sent(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                out.write(bytes, offset, count);
            } catch (IOException gone) {
                closeQuietly();
                throw gone;
            }
        }
    }

    /** Keeps small pieces from waiting for the acknowledgement of the last one. */
    void sendPiecesAtOnce() {
        try {
            setTcpNoDelay(true);
        } catch (SocketException resetAlready) {
            // what reading finds out; thrown out of accept it would end the server (macOS)
        }
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
