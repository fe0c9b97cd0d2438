package dev.portolan.checks.samples;

import com.squareup.moshi.Moshi;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portolan.api.RawJson;
import dev.portolan.testkit.contract.Situation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The model server of a house that does not exist: repeats what it is told, and misbehaves on demand. */
final class HarbourServer implements AutoCloseable {
    static final String KEY = "harbour-0123456789abcdef";

    private static final Set<Situation> BREAK =
            EnumSet.of(Situation.STREAM_CUT, Situation.STREAM_ERROR, Situation.SILENT_STREAM);

    private static final Map<Situation, Refusal> REFUSALS = new EnumMap<>(Map.of(
            Situation.RATE_LIMITED, new Refusal(429, "", "Too many at once"),
            Situation.NO_CREDIT, new Refusal(402, "", "Nothing is left on the account"),
            Situation.PROMPT_TOO_LONG, new Refusal(400, "context_length_exceeded", "That is too long"),
            Situation.PROMPT_REFUSED, new Refusal(400, "content_policy_violation", "Nobody talks about that"),
            Situation.INVALID_REQUEST, new Refusal(422, "", "The turns make no sense"),
            Situation.SERVER_FAILS, new Refusal(500, "", "Out of order")));

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger answers = new AtomicInteger();
    private volatile Situation situation;
    private volatile String asked = "";

    HarbourServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/talk", this::talk);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** From now on. */
    void misbehave(Situation newSituation) {
        situation = newSituation;
    }

    /** The body that came last. */
    String asked() {
        return asked;
    }

    private void talk(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<?, ?> body = (Map<?, ?>)
                    new Moshi.Builder().build().adapter(Object.class).fromJson(text);
            asked = text;
            Refusal refusal = REFUSALS.get(situation);
            if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                refuse(exchange, new Refusal(401, "", "This key is not known"));
            } else if (String.valueOf(body.get("model")).startsWith("nobody/")) {
                refuse(exchange, new Refusal(404, "", "There is no such model"));
            } else if (refusal != null) {
                refuse(exchange, refusal);
            } else if (situation == Situation.SILENT_ANSWER) {
                closed.await();
            } else {
                answer(exchange, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Refusal(int status, String code, String why) {}

    private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        if (refusal.status() == 429) {
            exchange.getResponseHeaders().set("Retry-After", "" + Situation.WAIT.toSeconds());
        }
        Map<String, String> error = Map.of("message", refusal.why(), "code", refusal.code());
        send(exchange, refusal.status(), "application/json", Map.of("error", error));
    }

    private void answer(HttpExchange exchange, Map<?, ?> body) throws IOException, InterruptedException {
        String text = "You said: " + lastOf(body);
        String id = "talk-" + answers.incrementAndGet();
        Map<String, Object> bill = Map.of("in", text.length(), "out", text.length(), "usd", "0.0000010");
        if (body.get("live") != Boolean.TRUE) {
            Map<String, Object> whole =
                    Map.of("id", id, "model", "small-1", "says", text, "ended", "stop", "bill", bill);
            send(exchange, 200, "application/json", situation == Situation.NO_USAGE ? without(whole) : whole);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            event(out, Map.of("id", id, "model", "small-1", "says", "You "));
            event(out, Map.of("says", "said: "));
            if (BREAK.contains(situation)) {
                breakOff(exchange, out);
                return;
            }
            event(out, Map.of("says", text.substring("You said: ".length())));
            event(out, Map.of("ended", "stop", "bill", bill));
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void breakOff(HttpExchange exchange, OutputStream out) throws IOException, InterruptedException {
        if (situation == Situation.STREAM_ERROR) {
            event(out, Map.of("error", Map.of("message", "The model has crashed", "code", 502)));
        } else if (situation == Situation.SILENT_STREAM) {
            closed.await();
        }
        exchange.close();
    }

    private static Object lastOf(Map<?, ?> body) {
        List<?> turns = (List<?>) body.get("turns");
        return ((Map<?, ?>) turns.get(turns.size() - 1)).get("says");
    }

    private static Map<String, Object> without(Map<String, Object> whole) {
        Map<String, Object> rest = new HashMap<>(whole);
        rest.remove("bill");
        return rest;
    }

    /** As many servers do, writes members that are not set as {@code null}. */
    private static void event(OutputStream out, Map<String, Object> event) throws IOException {
        Map<String, Object> members = new HashMap<>(event);
        List.of("id", "model", "says", "ended", "bill", "error").forEach(name -> members.putIfAbsent(name, null));
        out.write(("data: " + RawJson.of(members).text() + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void send(HttpExchange exchange, int status, String type, Map<String, ?> json) throws IOException {
        byte[] bytes = RawJson.of(json).text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
