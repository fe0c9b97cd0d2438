package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ClientLine;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Passes requests on to the provider and its answers back, and writes both down. */
final class Recorder implements Side {
    /** These belong to a connection, or are set anew for the next one. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "http2-settings",
            "content-length",
            "accept-encoding");

    private final OkHttpClient http;
    private final HttpUrl provider;
    private final Clock clock;
    private final Scrubber scrubber;
    private final KeptHeaders kept;
    private final Consumer<CassetteContent> file;
    private final Instant started;
    private final List<Exchange> exchanges = new ArrayList<>();

    Recorder(HttpUrl provider, Clock clock, Scrubber scrubber, KeptHeaders kept, Consumer<CassetteContent> file) {
        this.provider = provider;
        this.clock = clock;
        this.scrubber = scrubber;
        this.kept = kept;
        this.file = file;
        this.started = clock.instant();
        Dispatcher dispatcher = new Dispatcher(
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "portolan-cassette");
                    thread.setDaemon(true);
                    return thread;
                }));
        dispatcher.setMaxRequests(Integer.MAX_VALUE);
        dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
        http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .readTimeout(Duration.ZERO) // the client has clocks of its own, and its leaving ends the call
                .writeTimeout(Duration.ZERO)
                .build();
    }

    @Override
    public Answer answer(ReceivedRequest received, ClientLine line) throws IOException {
        if (!received.request().path().startsWith("/")) {
            return refusal(400, "The cassette is no proxy: give the client the cassette's baseUrl() as its base URL.");
        }
        scrubber.learn(received);
        Exchange exchange;
        synchronized (exchanges) {
            exchange = new Exchange(received, http.newCall(request(received)), clock);
            exchanges.add(exchange);
        }
        Exchange.Head head = exchange.head(line);
        return head == null ? unreachable(exchange) : exchange.answer(head);
    }

    private Request request(ReceivedRequest received) {
        String method = received.request().method();
        boolean empty = received.bytes().size() == 0;
        boolean mustHaveBody = Set.of("POST", "PUT", "PATCH").contains(method);
        boolean mayHaveBody = !Set.of("GET", "HEAD").contains(method);
        return new Request.Builder()
                .url(address(received.request().path()))
                .headers(headers(received))
                .method(method, mustHaveBody || (mayHaveBody && !empty) ? new SentOnce(received.bytes()) : null)
                .build();
    }

    /** At the provider's host, whatever the target: one such as {@code //host/path} would resolve to another. */
    private HttpUrl address(String target) {
        return provider.newBuilder()
                .encodedPath(target.split("[?#]", 2)[0])
                .encodedQuery(target.contains("?") ? Scrubber.queryOf(target) : null)
                .fragment(null)
                .build();
    }

    private static Headers headers(ReceivedRequest received) {
        Headers.Builder passedOn = new Headers.Builder();
        received.request().headers().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> passedOn.addUnsafeNonAscii(name, value));
            }
        });
        return passedOn.set("Accept-Encoding", "identity").build(); // a cassette is to be read by people
    }

    /** OkHttp would send a request again after some answers, without a word; what is recorded is what the client asked. */
    private static final class SentOnce extends RequestBody {
        private final ByteString bytes;

        SentOnce(ByteString bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null; // the client's header says it
        }

        @Override
        public long contentLength() {
            return bytes.size();
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }

    private Answer unreachable(Exchange exchange) {
        return refusal(
                502,
                "The cassette cannot reach " + shownProvider() + " to record it: " + scrubber.text(exchange.failure())
                        + ". Nothing was recorded of this call.");
    }

    private static Answer refusal(int status, String message) {
        return Answer.json(
                status,
                new JsonObject()
                        .put("error", new JsonObject().put("code", status).put("message", message)));
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public void finish() {
        List<Exchange> all;
        synchronized (exchanges) {
            all = List.copyOf(exchanges);
        }
        all.forEach(Exchange::cancel);
        List<Interaction> interactions = new ArrayList<>();
        for (Exchange exchange : all) {
            Interaction interaction = exchange.interaction(scrubber, kept);
            if (interaction != null) {
                interactions.add(interaction);
            }
        }
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
        if (!interactions.isEmpty()) {
            file.accept(new CassetteContent(started.truncatedTo(ChronoUnit.SECONDS), shownProvider(), interactions));
        }
    }

    /** The provider's address, without who asks there. */
    private String shownProvider() {
        String url = provider.newBuilder()
                .username("")
                .password("")
                .query(null)
                .build()
                .toString();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
}
