package dev.portolan.benchmarks.stub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client: what it has sent of a request, and what it has not taken of the reply. */
final class Connection {
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final byte[] LAST_CHUNK = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Deque<ByteBuffer> out = new ArrayDeque<>();
    private byte[] in = new byte[4_096];
    private int length;

    Connection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** Takes what has come; {@code false} at the end of the connection. */
    boolean read(ByteBuffer shared) throws IOException {
        shared.clear();
        int count = channel.read(shared);
        if (count < 0) {
            return false;
        }
        if (length + count > in.length) {
            in = Arrays.copyOf(in, Math.max(in.length * 2, length + count));
        }
        shared.flip().get(in, length, count);
        length += count;
        return true;
    }

    /** The path of a request that is all there, which is dropped; {@code null} if more has to come. */
    @Nullable String request() {
        int headEnd = indexOf(HEAD_END, 0);
        if (headEnd < 0) {
            return null;
        }
        String head = new String(in, 0, headEnd, StandardCharsets.ISO_8859_1);
        int end = bodyEnd(head.toLowerCase(Locale.ROOT), headEnd + HEAD_END.length);
        if (end < 0 || end > length) {
            return null;
        }
        System.arraycopy(in, end, in, 0, length - end);
        length -= end;
        return head.substring(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
    }

    private int bodyEnd(String head, int start) {
        int at = head.indexOf("content-length:");
        if (at >= 0) {
            int lineEnd = head.indexOf('\r', at);
            String value = head.substring(at + 15, lineEnd < 0 ? head.length() : lineEnd);
            return start + Integer.parseInt(value.strip());
        }
        if (head.contains("transfer-encoding: chunked")) {
            int last = indexOf(LAST_CHUNK, start - 2);
            return last < 0 ? -1 : last + LAST_CHUNK.length;
        }
        return start;
    }

    private int indexOf(byte[] wanted, int from) {
        for (int i = from; i <= length - wanted.length; i++) {
            if (Arrays.equals(in, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    void send(byte[] bytes) throws IOException {
        out.add(ByteBuffer.wrap(bytes));
        write();
    }

    void write() throws IOException {
        ByteBuffer next = out.peek();
        while (next != null) {
            channel.write(next);
            if (next.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            out.remove();
            next = out.peek();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    boolean isOpen() {
        return key.isValid();
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException ignored) {
            // The client has gone.
        }
    }
}
