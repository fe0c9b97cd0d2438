package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Accepts the connections and keeps hold of them by their number, in order of acceptance, from 0. */
final class ClientConnections extends ServerSocketFactory {
    private static final int BACKLOG = 4096; // MockWebServer's own 50 makes a burst of clients wait for seconds

    private final Map<Integer, ClientConnection> open = new HashMap<>();

    synchronized @Nullable ClientConnection get(int number) {
        return open.get(number);
    }

    synchronized int count() {
        return open.size();
    }

    synchronized boolean awaitAtMost(int count, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (open.size() > count) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private synchronized void add(int number, ClientConnection connection) {
        open.put(number, connection);
    }

    private synchronized void remove(int number) {
        open.remove(number);
        notifyAll();
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new Listener();
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return bound(new InetSocketAddress(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return bound(new InetSocketAddress(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return bound(new InetSocketAddress(address, port));
    }

    private ServerSocket bound(InetSocketAddress address) throws IOException {
        ServerSocket socket = createServerSocket();
        socket.bind(address);
        return socket;
    }

    private final class Listener extends ServerSocket {
        private int accepted;

        Listener() throws IOException {}

        @Override
        public void bind(SocketAddress endpoint, int backlog) throws IOException {
            super.bind(endpoint, BACKLOG);
        }

        @Override
        public Socket accept() throws IOException {
            int number = accepted;
            ClientConnection connection = new ClientConnection(() -> remove(number));
            implAccept(connection);
            accepted++;
            connection.sendPiecesAtOnce();
            add(number, connection);
            return connection;
        }
    }
}
