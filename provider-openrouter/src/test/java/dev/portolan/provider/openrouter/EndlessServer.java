package dev.portolan.provider.openrouter;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** A server on loopback whose answer has a beginning and no end, sent as fast as its reader takes it. */
final class EndlessServer implements AutoCloseable {
    /** Nothing could be sent for as long as this: the reader does not read. */
    private static final long STUCK_MILLIS = 300;

    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final AtomicLong sent = new AtomicLong();
    private final Semaphore stuck = new Semaphore(0);
    private final Thread thread;

    /**
     * Serves one request.
     *
     * @param start sent once, after the headers
     * @param rest sent again and again
     */
    EndlessServer(String start, String rest) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        thread = new Thread(() -> serve(start, rest), "endless-server");
        thread.setDaemon(true);
        thread.start();
    }

    String baseUrl() throws IOException {
        return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** How many bytes the system has taken, which are on their way or received. */
    long sent() {
        return sent.get();
    }

    /** Waits until the reader has taken nothing for a while. */
    void awaitStuck() throws InterruptedException {
        stuck.drainPermits();
        stuck.acquire();
    }

    private void serve(String start, String rest) {
        try (SocketChannel client = server.accept()) {
            client.read(ByteBuffer.allocate(1 << 16));
            client.configureBlocking(false);
            try (Selector selector = Selector.open()) {
                client.register(selector, SelectionKey.OP_WRITE);
                String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
                send(client, selector, ByteBuffer.wrap((head + start).getBytes(StandardCharsets.UTF_8)));
                ByteBuffer more = ByteBuffer.wrap(rest.getBytes(StandardCharsets.UTF_8));
                while (true) {
                    send(client, selector, more.rewind());
                }
            }
        } catch (IOException left) {
            stuck.release();
        }
    }

    private void send(SocketChannel client, Selector selector, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (selector.select(STUCK_MILLIS) == 0) {
                stuck.release();
            }
            selector.selectedKeys().clear();
            sent.addAndGet(client.write(bytes));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        thread.interrupt();
    }
}
