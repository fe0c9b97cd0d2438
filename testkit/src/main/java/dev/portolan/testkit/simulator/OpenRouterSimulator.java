package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.account.CreditsEndpoint;
import dev.portolan.testkit.simulator.account.GenerationEndpoint;
import dev.portolan.testkit.simulator.account.KeyEndpoint;
import dev.portolan.testkit.simulator.audio.SpeechEndpoint;
import dev.portolan.testkit.simulator.audio.SpokenTexts;
import dev.portolan.testkit.simulator.audio.TranscriptionsEndpoint;
import dev.portolan.testkit.simulator.catalog.CatalogEndpoints;
import dev.portolan.testkit.simulator.catalog.SimulatedCatalog;
import dev.portolan.testkit.simulator.chat.ChatCompletionsEndpoint;
import dev.portolan.testkit.simulator.control.ControlEndpoints;
import dev.portolan.testkit.simulator.embedding.EmbeddingsEndpoint;
import dev.portolan.testkit.simulator.embedding.RerankEndpoint;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Departures;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.LoopbackServer;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.Router;
import dev.portolan.testkit.simulator.image.ImagesEndpoint;
import dev.portolan.testkit.simulator.routing.ModelRouting;
import dev.portolan.testkit.simulator.state.GenerationIds;
import dev.portolan.testkit.simulator.state.Ledger;
import dev.portolan.testkit.simulator.state.SimulatorState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server on loopback that behaves like OpenRouter, for tests and for work offline.
 *
 * <pre>{@code
 * try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
 *     callYourClient(simulator.baseUrl(), simulator.apiKey());
 *     assertEquals(new BigDecimal("0.0000123"), simulator.bill().total());
 * }
 * }</pre>
 *
 * <p>It serves, with the refusals and the exact costs of the real thing (errors.md, routing.md):
 *
 * <ul>
 *   <li>{@code POST /chat/completions}, blocking and streamed, with tools, structured output, reasoning, images, log
 *       probabilities, server tools, model routing and response caching (chat-completions.md, streaming.md). A blocking
 *       and a streamed answer to the same request say the same and cost the same.
 *   <li>{@code POST /embeddings}: texts that share words get vectors that are close, and a text has the same vector in
 *       every batch (embeddings.md).
 *   <li>{@code POST /images}, streamed where the model can: real PNG, which shows a sea, hills or waves as the prompt
 *       suggests, or SVG. There is no encoder for JPEG and WebP, so requests for these get PNG and are told so by the
 *       media type (images.md).
 *   <li>{@code POST /rerank}, by the likeness of the embeddings; {@code POST /audio/speech}, a tone for each word as PCM
 *       or, for want of an encoder, silence of the same length as MP3; {@code POST /audio/transcriptions}, which writes
 *       down what was spoken here and of other recordings tells the length.
 *   <li>The catalogue, whose prices are the very ones that are charged, and {@code /generation}, {@code /credits} and
 *       {@code /key} (catalogue-and-account.md). The catalogue needs no key, but for {@code /models/user}.
 * </ul>
 *
 * <p>The replies are made up, say so, and are deterministic: the same sequence of requests gets the same answers, ids
 * included.
 *
 * <p>To make calls fail, script {@link #faults}. For answers that must be exact, {@link #enqueue} a {@link CannedResponse}.
 *
 * <p>Thread-safe. Each connection is served by a thread of its own; closing the simulator ends them all.
 */
public final class OpenRouterSimulator implements AutoCloseable {
    private static final String DEFAULT_KEY = "sk-or-v1-simulator";

    private final LoopbackServer server;
    private final SimulatorState state;
    private final Router router;
    private final Router control;
    private final FaultDesk faults;
    private final Departures cancelledStreams = new Departures();
    private final Departures abandonedRequests = new Departures();
    private final String apiKey;
    private final List<SimulatorRequest> requests = new ArrayList<>();
    private final Queue<CannedResponse> canned = new ConcurrentLinkedQueue<>();

    private OpenRouterSimulator(Builder builder) {
        SimulatedCatalog catalog = new SimulatedCatalog(builder.models);
        state = new SimulatorState(
                builder.clock,
                builder.chunkDelay,
                catalog,
                new ModelRouting(catalog),
                new GenerationIds(builder.generationPrefix),
                new Ledger(builder.asksUntilGenerationShown));
        String onlyKey = builder.apiKey;
        apiKey = onlyKey == null ? DEFAULT_KEY : onlyKey;
        router = new Router(Router.BASE_PATH, endpoints(state, builder.managementKey), onlyKey, state.ids()::next);
        faults = new FaultDesk(state.ledger());
        ControlEndpoints controls = new ControlEndpoints(faults, this::requests, this::bill);
        control = new Router(ControlEndpoints.BASE_PATH, controls.all(), null, state.ids()::next);
        server = new LoopbackServer(builder.port, state.clock(), cancelledStreams, abandonedRequests, this::answer);
    }

    private static List<Endpoint> endpoints(SimulatorState state, boolean managementKey) {
        SpokenTexts spoken = new SpokenTexts();
        List<Endpoint> endpoints = new ArrayList<>(List.of(
                new ChatCompletionsEndpoint(state),
                new EmbeddingsEndpoint(state),
                new ImagesEndpoint(state),
                new RerankEndpoint(state),
                new SpeechEndpoint(state, spoken),
                new TranscriptionsEndpoint(state, spoken),
                new GenerationEndpoint(state),
                new CreditsEndpoint(state, managementKey),
                new KeyEndpoint(state, managementKey)));
        endpoints.addAll(new CatalogEndpoints(state.catalog()).all());
        return endpoints;
    }

    /**
     * Starts a simulator with the default settings on a free port.
     *
     * @return a running simulator, to be closed by the caller
     * @throws java.io.UncheckedIOException if it cannot listen on loopback
     */
    public static OpenRouterSimulator start() {
        return builder().start();
    }

    /**
     * Starts the settings of a simulator.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private Answer answer(ReceivedRequest received) {
        SimulatorRequest request = received.request();
        if (!request.pathBelow(ControlEndpoints.BASE_PATH).isEmpty()) {
            return control.answer(received);
        }
        CannedResponse next;
        Fault fault;
        synchronized (requests) { // so that answers and faults are taken in the order of the requests
            requests.add(request);
            next = canned.poll();
            fault = next == null ? faults.take(request) : null;
        }
        if (next != null) {
            return next.answer();
        }
        return fault == null ? router.answer(received) : faults.apply(fault, request, () -> router.answer(received));
    }

    /**
     * Where clients send their requests: the counterpart of {@code https://openrouter.ai/api/v1}.
     *
     * @return {@code http://127.0.0.1:PORT/api/v1}, without a slash at the end
     */
    public String baseUrl() {
        return "http://127.0.0.1:" + port() + Router.BASE_PATH;
    }

    /**
     * The port the simulator listens on.
     *
     * @return 1 to 65535
     */
    public int port() {
        return server.port();
    }

    /**
     * A key that the simulator accepts.
     *
     * @return the key of {@link Builder#apiKey}, or any key if none was set
     */
    public String apiKey() {
        return apiKey;
    }

    /**
     * The requests received so far, answered or refused; without those to {@link #controlUrl()}. They are kept until the
     * simulator is closed, bodies included, so one that runs for long grows.
     *
     * @return a snapshot, in order of arrival
     */
    public List<SimulatorRequest> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /**
     * What has been charged so far. A generation is billed before its usage is sent, so a client that has seen the
     * usage finds it here. All entries are kept until the simulator is closed.
     *
     * @return a snapshot
     */
    public Bill bill() {
        return state.ledger().bill();
    }

    /**
     * How many answers were left by their clients after the headers and before the end: streams, and bodies that came in
     * pieces or stalled. Those that the simulator itself cut do not count.
     *
     * <p>A client that leaves is noticed at once while the simulator waits, be it for a {@link Builder#chunkDelay} or for
     * a {@link Fault} that stalls or drips; else when the next bytes are due.
     *
     * @return 0 or more
     */
    public int cancelledStreams() {
        return cancelledStreams.count();
    }

    /**
     * Waits until so many streams were left by their clients. They are billed by then.
     *
     * @param count how many, in all since the start
     * @param limit how long to wait at most
     * @return whether there are as many
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitCancelledStreams(int count, Duration limit) throws InterruptedException {
        return cancelledStreams.await(count, limit);
    }

    /**
     * How many requests were given up by their clients while a {@link Fault} held back the headers of the answer. Each is
     * noticed at once.
     *
     * @return 0 or more
     */
    public int abandonedRequests() {
        return abandonedRequests.count();
    }

    /**
     * Waits until so many requests were given up by their clients.
     *
     * @param count how many, in all since the start
     * @param limit how long to wait at most
     * @return whether there are as many
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitAbandonedRequests(int count, Duration limit) throws InterruptedException {
        return abandonedRequests.await(count, limit);
    }

    /**
     * How many connections clients hold open now, in use or idle.
     *
     * @return 0 or more
     */
    public int openConnections() {
        return server.openConnections();
    }

    /**
     * Waits until clients hold so few connections open.
     *
     * @param atMost how many may be left
     * @param limit how long to wait at most
     * @return whether there are no more than that
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitOpenConnections(int atMost, Duration limit) throws InterruptedException {
        return server.awaitOpenConnections(atMost, limit);
    }

    /**
     * Where calls are made to fail.
     *
     * @return the desk, always the same
     */
    public FaultDesk faults() {
        return faults;
    }

    /**
     * Where other programs script faults and read the books, without a key:
     *
     * <ul>
     *   <li>{@code POST /faults} with {@code {"fault":"status 429 retry-after=2","times":3}} or {@code "always":true} in
     *       the place of {@code times}, or {@code "faults":[...]} with {@code "seed"} and {@code "probability"} (no faults
     *       mean {@link Fault#everyKind()}); and, to narrow it, {@code "path":"/chat/completions"}, {@code "model"}, {@code
     *       "stream"}; {@code GET /faults} shows what is scripted and what was applied; {@code DELETE /faults} is {@link
     *       FaultDesk#clear()}.
     *   <li>{@code GET /requests}, with bodies, but without keys.
     *   <li>{@code GET /bill}.
     * </ul>
     *
     * @return {@code http://127.0.0.1:PORT/simulator}, without a slash at the end
     */
    public String controlUrl() {
        return "http://127.0.0.1:" + port() + ControlEndpoints.BASE_PATH;
    }

    /**
     * Answers the next request that has no such answer yet with exactly this, whatever its path, method and key. Several
     * are served in the order in which they were enqueued; after the last, the simulator answers by itself again.
     *
     * @param response the answer
     * @return this simulator
     */
    public OpenRouterSimulator enqueue(CannedResponse response) {
        canned.add(Objects.requireNonNull(response, "response"));
        return this;
    }

    /** Closes all connections and frees the port. Streams under way are cut. Closing twice does nothing. */
    @Override
    public void close() {
        server.close();
    }

    /** Names the address only. */
    @Override
    public String toString() {
        return "OpenRouterSimulator[" + baseUrl() + "]";
    }

    /** The settings of a simulator. Not thread-safe. */
    public static final class Builder {
        private final List<SimulatedModel> models = new ArrayList<>();
        private int port;
        private @Nullable String apiKey;
        private Duration chunkDelay = Duration.ZERO;
        private Clock clock = Clock.systemUTC();
        private boolean managementKey;
        private int asksUntilGenerationShown = 1;
        private String generationPrefix = "gen-sim-";

        private Builder() {}

        /**
         * Sets the port. Default: 0, any free port.
         *
         * @param number 0 to 65535
         * @return this builder
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder port(int number) {
            if (number < 0 || number > 65_535) {
                throw new IllegalArgumentException("port must be 0 to 65535 but is " + number);
            }
            port = number;
            return this;
        }

        /**
         * Accepts only this key; any other gets 401. Default: any bearer token that is not blank is accepted.
         *
         * @param key the key, not blank
         * @return this builder
         * @throws IllegalArgumentException if the key is blank
         */
        public Builder apiKey(String key) {
            if (key.isBlank()) {
                throw new IllegalArgumentException("the key must not be blank");
            }
            apiKey = key;
            return this;
        }

        /**
         * Makes the keys that the simulator accepts management keys, for which alone {@code GET /credits} is open
         * (catalogue-and-account.md §5). Default: they are normal keys, and get 403.
         *
         * @return this builder
         */
        public Builder managementKey() {
            managementKey = true;
            return this;
        }

        /**
         * Lets {@code GET /generation} know each generation only when it is asked for it the given time, and answer 404
         * before, as the real one may for some seconds (catalogue-and-account.md §4). Default: 1, at once.
         *
         * @param count 1 or more
         * @return this builder
         * @throws IllegalArgumentException if the count is less than 1
         */
        public Builder generationShownAtAsk(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("generationShownAtAsk must be at least 1 but is " + count);
            }
            asksUntilGenerationShown = count;
            return this;
        }

        /**
         * Begins the ids of generations with this, so that those of several simulators differ: a ledger takes two calls with one
         * generation id for the same. Default: {@code gen-sim-}; a number follows that counts up from 1.
         *
         * @param prefix not blank
         * @return this builder
         * @throws IllegalArgumentException if the prefix is blank
         */
        public Builder generationPrefix(String prefix) {
            if (prefix.isBlank()) {
                throw new IllegalArgumentException("the prefix of generation ids must not be blank");
            }
            generationPrefix = prefix;
            return this;
        }

        /**
         * Adds a model to the standard catalogue, or replaces the one of the same id.
         *
         * @param model the model
         * @return this builder
         */
        public Builder model(SimulatedModel model) {
            models.add(Objects.requireNonNull(model, "model"));
            return this;
        }

        /**
         * Waits before each chunk of a stream but the first. Default: zero.
         *
         * @param delay zero or more, counted in whole milliseconds
         * @return this builder
         * @throws IllegalArgumentException if the delay is negative
         */
        public Builder chunkDelay(Duration delay) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("chunkDelay must not be negative but is " + delay);
            }
            chunkDelay = delay;
            return this;
        }

        /**
         * Sets the clock of {@code created}, of the caches and of the tool {@code openrouter:datetime}. Default: the
         * system's. Delays are real whatever the clock says.
         *
         * @param source the clock
         * @return this builder
         */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Starts the simulator.
         *
         * @return a running simulator, to be closed by the caller
         * @throws java.io.UncheckedIOException if it cannot listen on the port
         */
        public OpenRouterSimulator start() {
            return new OpenRouterSimulator(this);
        }
    }
}
