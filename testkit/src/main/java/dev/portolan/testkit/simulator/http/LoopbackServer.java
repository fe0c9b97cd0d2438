package dev.portolan.testkit.simulator.http;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1, on loopback unless told otherwise: the only class that knows MockWebServer. */
public final class LoopbackServer implements AutoCloseable {
    /** Held here, since the logging framework holds loggers, and so their levels, only weakly. */
    private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

    private static final System.Logger LOG = System.getLogger(LoopbackServer.class.getName());

    private final MockWebServer server = new MockWebServer();
    private final ClientConnections connections = new ClientConnections();
    private final Clock clock;
    private final Departures cancelledStreams;
    private final Departures abandonedRequests;
    private final Responder responder;
    private volatile boolean closing;

    public LoopbackServer(
            String host,
            int port,
            Clock clock,
            Departures cancelledStreams,
            Departures abandonedRequests,
            Responder responder) {
        this.clock = clock;
        this.cancelledStreams = cancelledStreams;
        this.abandonedRequests = abandonedRequests;
        this.responder = responder;
        if (CHATTER.getLevel() == null) {
            CHATTER.setLevel(Level.SEVERE);
        }
        server.setServerSocketFactory(connections);
        server.setDispatcher(new AnswerDispatcher());
        try {
            server.start(InetAddress.getByName(host), port);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "Cannot listen on " + host + " port " + port + "; port 0 takes any free one", failure);
        }
    }

    public int port() {
        return server.getPort();
    }

    public int openConnections() {
        return connections.count();
    }

    public boolean awaitOpenConnections(int atMost, Duration limit) throws InterruptedException {
        return connections.awaitAtMost(atMost, limit);
    }

    @Override
    public void close() {
        closing = true;
        try {
            server.close();
        } catch (
                AssertionError
                        busy) { // MockWebServer waits five seconds for what still answers, and has closed all sockets
            LOG.log(System.Logger.Level.DEBUG, "The server was closed while it answered", busy);
        }
    }

    private final class AnswerDispatcher extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest recorded) throws InterruptedException {
            server.takeRequest(0, TimeUnit.NANOSECONDS); // MockWebServer keeps every request for a reader it has not
            ClientConnection client = connections.get(recorded.getConnectionIndex());
            try {
                Answer answer = opened(recorded, client);
                if (answer != null) {
                    return response(answer, client, recorded.getMethod().equals("HEAD"));
                }
            } catch (RuntimeException defect) { // MockWebServer would leave the client waiting
                LOG.log(System.Logger.Level.WARNING, "A request got no answer, and its connection was closed", defect);
                if (client != null) {
                    client.closeQuietly();
                }
            }
            return new MockResponse.Builder().build(); // to a socket that is closed
        }

        private MockResponse response(Answer answer, @Nullable ClientConnection client, boolean headOnly) {
            MockResponse.Builder response =
                    new MockResponse.Builder().status("HTTP/1.1 " + answer.status() + " " + phrase(answer.status()));
            if (answer.body() instanceof Answer.Whole whole) {
                response.body(new WholeBody(headOnly ? ByteString.EMPTY : whole.bytes(), answer.closing()));
                response.setHeader("Content-Length", whole.bytes().size());
            } else if (answer.body() instanceof Answer.Streamed streamed) {
                Long length = streamed.length();
                response.body(
                        headOnly
                                ? new WholeBody(ByteString.EMPTY, answer.closing())
                                : new StreamedBody(streamed, answer.closing(), client));
                response.removeHeader("Content-Length"); // which MockWebServer sets, to -1
                if (length != null) {
                    response.setHeader("Content-Length", length);
                } else if (!headOnly) {
                    response.setHeader("Transfer-Encoding", "chunked");
                }
            }
            answer.headers()
                    .forEach((name, value) -> response.removeHeader(name).addHeaderLenient(name, value));
            return response.build();
        }

        /** The answer, when its first byte may go out; null if it never may. */
        private @Nullable Answer opened(RecordedRequest recorded, @Nullable ClientConnection client) {
            ClientLine line = new Line(client);
            Answer answer = null;
            try {
                answer = responder.answer(request(recorded), line);
                if (client != null) { // or else it closed between its request and our answer, which nobody will read
                    answer.opening().before(line);
                }
                return answer;
            } catch (IOException broken) {
                if (broken instanceof ClientGone) {
                    abandonedRequests.increment();
                }
                if (client != null) {
                    client.closeQuietly();
                }
                if (answer != null) {
                    answer.closing().ended(outcome(broken));
                }
                return null;
            }
        }

        private static String phrase(int status) {
            return switch (status) {
                case 200 -> "OK";
                case 400 -> "Bad Request";
                case 401 -> "Unauthorized";
                case 402 -> "Payment Required";
                case 403 -> "Forbidden";
                case 404 -> "Not Found";
                case 405 -> "Method Not Allowed";
                case 408 -> "Request Timeout";
                case 413 -> "Payload Too Large";
                case 422 -> "Unprocessable Entity";
                case 429 -> "Too Many Requests";
                case 500 -> "Internal Server Error";
                case 502 -> "Bad Gateway";
                case 503 -> "Service Unavailable";
                case 504 -> "Gateway Timeout";
                default -> "Status";
            };
        }

        private ReceivedRequest request(RecordedRequest recorded) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            Headers received = recorded.getHeaders();
            for (int i = 0; i < received.size(); i++) {
                headers.computeIfAbsent(received.name(i), name -> new ArrayList<>())
                        .add(received.value(i));
            }
            ByteString sent = recorded.getBody();
            ByteString body = sent == null ? ByteString.EMPTY : sent;
            SimulatorRequest request = new SimulatorRequest(
                    recorded.getMethod(), recorded.getTarget(), headers, body.utf8(), clock.instant());
            return new ReceivedRequest(request, body, "");
        }
    }

    private static BillEntry.Outcome outcome(IOException failure) {
        return failure instanceof ClientGone ? BillEntry.Outcome.CANCELLED : BillEntry.Outcome.CUT;
    }

    private record WholeBody(ByteString bytes, Answer.Closing closing) implements MockResponseBody {
        @Override
        public long getContentLength() {
            return bytes.size();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            BillEntry.Outcome outcome = BillEntry.Outcome.CANCELLED;
            try {
                sink.write(bytes);
                sink.flush();
                outcome = BillEntry.Outcome.DELIVERED;
            } finally {
                closing.ended(outcome);
            }
        }
    }

    /** Writes piece by piece. MockWebServer leaves the socket open when a body fails, so this closes it. */
    private final class StreamedBody implements MockResponseBody {
        private final Answer.Streamed body;
        private final Answer.Closing closing;
        private final @Nullable ClientConnection connection;

        StreamedBody(Answer.Streamed body, Answer.Closing closing, @Nullable ClientConnection connection) {
            this.body = body;
            this.closing = closing;
            this.connection = connection;
        }

        @Override
        public long getContentLength() {
            return -1;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            BillEntry.Outcome outcome = BillEntry.Outcome.CUT;
            try {
                writePiecesTo(sink);
                outcome = BillEntry.Outcome.DELIVERED;
            } catch (IOException failure) {
                outcome = outcome(failure);
                throw failure;
            } finally {
                closing.ended(outcome);
            }
        }

        private void writePiecesTo(BufferedSink sink) throws IOException {
            ClientConnection client = connection;
            if (client == null) {
                throw new ClientGone(null); // closed between its request and our answer
            }
            try {
                boolean chunked = body.length() == null;
                body.pieces().writeTo(new PieceStream(sink, client, chunked));
                if (chunked) {
                    sink.writeUtf8("0\r\n"); // MockWebServer adds the empty line that ends the trailers
                }
            } catch (ClientGone gone) {
                cancelledStreams.increment();
                client.close();
                throw gone;
            } catch (IOException | RuntimeException failure) {
                client.close();
                throw failure;
            }
        }
    }

    private class Line implements ClientLine {
        private final @Nullable ClientConnection connection;

        Line(@Nullable ClientConnection connection) {
            this.connection = connection;
        }

        @Override
        public void pause(Duration length) throws IOException {
            if (!length.isZero() && client().hungUpWithin(length)) {
                throw gone(null);
            }
        }

        @Override
        public void stall() throws IOException {
            client().awaitHangUp();
            throw gone(null);
        }

        @Override
        public void disconnect() throws IOException {
            client().close();
            throw new IOException("disconnected on purpose");
        }

        @Override
        public void reset() throws IOException {
            client().reset();
            throw new IOException("reset on purpose");
        }

        private ClientConnection client() throws IOException {
            ClientConnection client = connection;
            if (client == null) {
                throw gone(null); // it closed as soon as its request was sent
            }
            return client;
        }

        IOException gone(@Nullable IOException cause) {
            return closing ? new IOException("the server is closing", cause) : new ClientGone(cause);
        }
    }

    private final class PieceStream extends Line implements AnswerStream {
        private final BufferedSink sink;
        private final boolean chunked;

        PieceStream(BufferedSink sink, ClientConnection client, boolean chunked) {
            super(client);
            this.sink = sink;
            this.chunked = chunked;
        }

        @Override
        public void send(byte[] piece) throws IOException {
            if (piece.length == 0) {
                return; // an empty chunk would end the body
            }
            try {
                if (chunked) {
                    sink.writeHexadecimalUnsignedLong(piece.length).writeUtf8("\r\n");
                    sink.write(piece).writeUtf8("\r\n");
                } else {
                    sink.write(piece);
                }
                sink.flush();
            } catch (IOException failure) {
                throw gone(failure);
            }
        }
    }
}
