package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Departures;
import dev.portolan.testkit.simulator.http.LoopbackServer;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.Responder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A provider that answers whatever a test wants. */
final class Upstream implements AutoCloseable {
    final List<ReceivedRequest> received = new CopyOnWriteArrayList<>();
    final Departures left = new Departures();
    private final LoopbackServer server;

    Upstream(Responder responder) {
        server = new LoopbackServer("127.0.0.1", 0, Clock.systemUTC(), left, left, (request, line) -> {
            received.add(request);
            return responder.answer(request, line);
        });
    }

    static Upstream json(String body) {
        return of("application/json", body);
    }

    static Upstream of(String contentType, String body) {
        return new Upstream((request, line) ->
                Answer.bytes(contentType, okio.ByteString.encodeUtf8(body)).header("X-Generation-Id", "gen-1"));
    }

    static Upstream stream(Answer.Pieces pieces) {
        return new Upstream((request, line) -> Answer.eventStream(pieces));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.port() + "/v1";
    }

    boolean awaitLeft(int count) throws InterruptedException {
        return left.await(count, Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        server.close();
    }
}
