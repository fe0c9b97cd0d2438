package dev.portolan.benchmarks.stub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server that costs next to nothing: one thread that answers any request with bytes made beforehand, chosen by the first
 * segment of the path. {@code /drip/15/2000/…} is a stream of 15 chunks, one every 2,000 ms, each with the time at which it was
 * sent. Prints its port and runs until it is killed.
 */
public final class StubServer {
    private final Map<String, byte[]> replies = Replies.all();
    private final byte[] streamHead = Replies.streamHead();
    private final byte[] streamEnd = Replies.streamEnd();
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final PriorityQueue<Drip> drips = new PriorityQueue<>();
    private final ByteBuffer shared = ByteBuffer.allocateDirect(65_536);

    private StubServer(int port) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4_096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Takes the port; any free one without. */
    public static void main(String[] arguments) throws IOException {
        StubServer stub = new StubServer(arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]));
        System.out.println(((InetSocketAddress) stub.server.getLocalAddress()).getPort());
        stub.run();
    }

    /** A slow stream. */
    private record Drip(Connection connection, long due, long periodNanos, int left) implements Comparable<Drip> {
        @Override
        public int compareTo(Drip other) {
            return Long.compare(due, other.due);
        }
    }

    private void run() throws IOException {
        while (true) {
            wait(drips.peek());
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isValid() && key.isAcceptable()) {
                    accept();
                } else if (key.isValid()) {
                    serve(key);
                }
            }
            selector.selectedKeys().clear();
            for (Drip drip = drips.peek(); drip != null && drip.due <= System.nanoTime(); drip = drips.peek()) {
                drip(drips.remove());
            }
        }
    }

    private void wait(@org.jspecify.annotations.Nullable Drip next) throws IOException {
        if (next == null) {
            selector.select();
            return;
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(next.due - System.nanoTime());
        if (millis <= 0) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = client.register(selector, SelectionKey.OP_READ);
            key.attach(new Connection(client, key));
        }
    }

    private void serve(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.write();
            }
            if (key.isReadable() && !connection.read(shared)) {
                connection.close();
                return;
            }
            for (String path = connection.request(); path != null; path = connection.request()) {
                answer(connection, path.split("/"));
            }
        } catch (IOException gone) {
            connection.close();
        }
    }

    private void answer(Connection connection, String[] path) throws IOException {
        if (path[1].equals("drip")) {
            connection.send(streamHead);
            long period = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(path[3]));
            drips.add(new Drip(connection, System.nanoTime() + period, period, Integer.parseInt(path[2])));
            return;
        }
        byte[] reply = replies.get(path[1]);
        if (reply == null) {
            throw new IOException("Nothing at " + String.join("/", path));
        }
        connection.send(reply);
    }

    private void drip(Drip drip) {
        if (!drip.connection.isOpen()) {
            return;
        }
        try {
            drip.connection.send(Replies.event(Replies.stamped(System.nanoTime())));
            if (drip.left > 1) {
                drips.add(new Drip(drip.connection, drip.due + drip.periodNanos, drip.periodNanos, drip.left - 1));
            } else {
                drip.connection.send(streamEnd);
            }
        } catch (IOException gone) {
            drip.connection.close();
        }
    }
}
