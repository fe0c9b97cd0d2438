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
import dev.portolan.testkit.simulator.http.CrossOrigin;
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
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
 * <p>It serves, with the refusals and the exact costs of the real thing (OpenRouter reference: errors, routing):
 *
 * <ul>
 *   <li>{@code POST /chat/completions}, blocking and streamed, with tools, structured output, reasoning, images, log
 *       probabilities, server tools, model routing and response caching
 *       (OpenRouter reference: chat-completions, streaming). A blocking and a streamed answer to the same request say
 *       the same and cost the same.
 *   <li>{@code POST /embeddings}: texts that share words get vectors that are close, and a text has the same vector in
 *       every batch (OpenRouter reference: embeddings).
 *   <li>{@code POST /images}, streamed where the model can: real PNG, which shows a sea, hills or waves as the prompt
 *       suggests, or SVG. There is no encoder for JPEG and WebP, so requests for these get PNG and are told so by the
 *       media type (OpenRouter reference: images).
 *   <li>{@code POST /rerank}, by the likeness of the embeddings; {@code POST /audio/speech}, a tone for each word as PCM
 *       or, for want of an encoder, silence of the same length as MP3; {@code POST /audio/transcriptions}, which writes
 *       down what was spoken here and of other recordings tells the length.
 *   <li>The catalogue, whose prices are the very ones that are charged, and {@code /generation}, {@code /credits} and
 *       {@code /key} (OpenRouter reference: catalogue-and-account). The catalogue needs no key, but for {@code
 *       /models/user}.
 * </ul>
 *
 * <p>The replies are made up, say so, and are deterministic: the same sequence of requests gets the same answers, ids
 * included. An id has the number of its request, refused ones counted.
 *
 * <p>To make calls fail, script {@link #faults}. For answers that must be exact, {@link #enqueue} a {@link CannedResponse}.
 *
 * <p>Thread-safe. Each connection is served by a thread of its own; closing the simulator ends them all.
 */
public final class OpenRouterSimulator implements AutoCloseable {
    private static final String DEFAULT_KEY = "sk-or-v1-simulator";
    private static final String DEFAULT_HOST = "127.0.0.1";

    /** How long the bodies of the requests that are kept may be together. */
    private static final long MOST_CHARACTERS = 1 << 26;

    private static final System.Logger LOG = System.getLogger(OpenRouterSimulator.class.getName());

    private final LoopbackServer server;
    private final Supplier<Service> services;
    private final String host;
    private final Router control;
    private final FaultDesk faults;
    private final Consumer<ServedRequest> listener;
    private final Departures cancelledStreams = new Departures();
    private final Departures abandonedRequests = new Departures();
    private final String apiKey;
    private final NewestOf<SimulatorRequest> requests;
    private final Queue<CannedResponse> canned = new ConcurrentLinkedQueue<>();
    private volatile Service service;

    private OpenRouterSimulator(Builder builder) {
        services = new Services(builder);
        service = services.get();
        host = builder.host;
        listener = builder.listener;
        apiKey = builder.apiKey == null ? DEFAULT_KEY : builder.apiKey;
        requests = new NewestOf<>(
                builder.kept, MOST_CHARACTERS, request -> request.body().length());
        faults = new FaultDesk(new NewestOf<>(
                builder.kept,
                MOST_CHARACTERS,
                applied -> applied.request().body().length()));
        control = new Router(
                request -> request.pathBelow(ControlEndpoints.BASE_PATH), new ControlEndpoints(this).all(), null);
        server = new LoopbackServer(
                host,
                builder.port,
                builder.clock,
                cancelledStreams,
                abandonedRequests,
                (request, line) -> answer(request));
    }

    /** What answers, with its books and caches; another one after each {@link #reset()}. */
    private record Service(SimulatorState state, Router router) {}

    /** Makes them, all alike. */
    private static final class Services implements Supplier<Service> {
        private final Clock clock;
        private final Duration chunkDelay;
        private final SimulatedCatalog catalog;
        private final String generationPrefix;
        private final int asksUntilGenerationShown;
        private final int kept;
        private final boolean managementKey;
        private final @Nullable String onlyKey;

        Services(Builder builder) {
            clock = builder.clock;
            chunkDelay = builder.chunkDelay;
            catalog = new SimulatedCatalog(builder.models);
            generationPrefix = builder.generationPrefix;
            asksUntilGenerationShown = builder.asksUntilGenerationShown;
            kept = builder.kept;
            managementKey = builder.managementKey;
            onlyKey = builder.apiKey;
        }

        @Override
        public Service get() {
            SimulatorState state = new SimulatorState(
                    clock,
                    chunkDelay,
                    catalog,
                    new ModelRouting(catalog),
                    new GenerationIds(generationPrefix),
                    new Ledger(asksUntilGenerationShown, kept));
            List<Endpoint> endpoints = endpoints(state, managementKey);
            return new Service(state, new Router(SimulatorRequest::apiPath, endpoints, onlyKey));
        }
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
        long start = System.nanoTime();
        SimulatorRequest request = received.request();
        if (!request.pathBelow(ControlEndpoints.BASE_PATH).isEmpty()) {
            return ControlEndpoints.refusesPages(request) ? ControlEndpoints.noPages() : control.answer(received);
        } else if (CrossOrigin.isPreflight(request)) {
            return CrossOrigin.preflight(request);
        }
        CannedResponse next;
        Fault fault;
        Service current;
        String id;
        synchronized (requests) { // so that answers, faults and ids are taken in the order of the requests
            requests.add(request);
            next = canned.poll();
            fault = next == null ? faults.take(request) : null;
            current = service;
            id = current.state().ids().next();
        }
        Supplier<Answer> simulated = () -> current.router().answer(received.named(id));
        Answer answer;
        if (next != null) {
            answer = next.answer();
        } else if (fault == null) {
            answer = simulated.get();
        } else {
            answer = faults.apply(fault, request, current.state().ledger(), simulated);
        }
        Answer told = answer.telling(outcome -> tell(new ServedRequest(
                request,
                answer.status(),
                outcome,
                Optional.ofNullable(fault),
                Optional.ofNullable(current.state().ledger().entry(answer.generationId())),
                Duration.ofNanos(System.nanoTime() - start))));
        return CrossOrigin.isFromPage(request) ? CrossOrigin.open(told) : told;
    }

    private void tell(ServedRequest served) {
        try {
            listener.accept(served);
        } catch (RuntimeException broken) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The simulator's listener failed; the answer was sent all the same",
                    broken);
        }
    }

    /**
     * Where clients send their requests: the counterpart of {@code https://openrouter.ai/api/v1}. The same is at {@code
     * /v1}.
     *
     * @return {@code http://127.0.0.1:PORT/api/v1}, without a slash at the end; the host is the one of {@link
     *     Builder#host}, or 127.0.0.1 if that stands for all
     */
    public String baseUrl() {
        return root() + Router.BASE_PATH;
    }

    private String root() {
        String name = host.equals("0.0.0.0") || host.equals("::") ? DEFAULT_HOST : host;
        return "http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + port();
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
     * The requests received so far, answered or refused; without those to {@link #controlUrl()}. The newest {@link
     * Builder#kept} are kept, and of these so many that their bodies have no more than 64 million characters.
     *
     * @return a snapshot, in order of arrival
     */
    public List<SimulatorRequest> requests() {
        return requests.all();
    }

    /**
     * How many requests are no longer among {@link #requests()}, because newer ones took their place.
     *
     * @return 0 or more
     */
    public long droppedRequests() {
        return requests.dropped();
    }

    /**
     * What has been charged so far. A generation is billed before its usage is sent, so a client that has seen the
     * usage finds it here. The newest {@link Builder#kept} entries are kept; the total stays exact.
     *
     * @return a snapshot
     */
    public Bill bill() {
        return service.state().ledger().bill();
    }

    /**
     * Forgets all that was: requests, bill, generations, caches, canned answers, faults scripted and applied. Ids count from 1
     * again, so that the same requests get the same answers as after a start. Answers under way end as they would, on the old
     * bill, but a client that leaves one from now on counts from now on.
     */
    public void reset() {
        synchronized (requests) {
            requests.clear();
            canned.clear();
            faults.reset();
            cancelledStreams.reset();
            abandonedRequests.reset();
            service = services.get();
        }
    }

    /**
     * How many answers were left by their clients after the headers and before the end: streams, and bodies that came in
     * pieces or stalled, since the start or the last {@link #reset()}. Those that the simulator itself cut do not count.
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
     * @param count how many, in all since the start or the last {@link #reset()}
     * @param limit how long to wait at most
     * @return whether there are as many
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean awaitCancelledStreams(int count, Duration limit) throws InterruptedException {
        return cancelledStreams.await(count, limit);
    }

    /**
     * How many requests were given up by their clients while a {@link Fault} held back the headers of the answer, since the
     * start or the last {@link #reset()}. Each is noticed at once.
     *
     * @return 0 or more
     */
    public int abandonedRequests() {
        return abandonedRequests.count();
    }

    /**
     * Waits until so many requests were given up by their clients.
     *
     * @param count how many, in all since the start or the last {@link #reset()}
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
     *       mean {@link Fault#everyKind()}); and, to narrow it, {@code "method"}, {@code "path":"/chat/completions"}, {@code
     *       "model"}, {@code "stream":true}, {@code "header":{"X-Test":"a"}}, {@code "contains"} (a text of the body); {@code
     *       GET /faults} shows what is scripted and what was applied; {@code DELETE /faults} is {@link FaultDesk#clear()}.
     *   <li>{@code GET /requests}, with bodies, but without keys; {@code ?last=10} for the last ten.
     *   <li>{@code GET /bill}; {@code ?last=10} for the last ten entries and the total of all.
     *   <li>{@code GET /status}: how many requests, generations, cancelled streams, connections.
     *   <li>{@code POST /reset} is {@link #reset()}.
     * </ul>
     *
     * <p>It is for programs; a page in a browser gets 403.
     *
     * @return {@code http://127.0.0.1:PORT/simulator}, without a slash at the end
     */
    public String controlUrl() {
        return root() + ControlEndpoints.BASE_PATH;
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
        private String host = DEFAULT_HOST;
        private int port;
        private int kept = 10_000;
        private Consumer<ServedRequest> listener = served -> {};
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
         * Sets the address to listen on. Default: {@code 127.0.0.1}, so that only this machine reaches the simulator. Whoever
         * reaches it can read its request log, prompts included, and make calls fail.
         *
         * @param address the name or address of one of this machine's interfaces, or {@code 0.0.0.0} for all
         * @return this builder
         * @throws IllegalArgumentException if it is blank
         */
        public Builder host(String address) {
            if (address.isBlank()) {
                throw new IllegalArgumentException("the host must not be blank; take 127.0.0.1, or 0.0.0.0 for all");
            }
            host = address.strip();
            return this;
        }

        /**
         * Sets how many requests, bill entries, generations and applied faults are kept, the newest of each. Default: 10,000.
         *
         * @param count 1 or more
         * @return this builder
         * @throws IllegalArgumentException if the count is less than 1
         */
        public Builder kept(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("kept must be at least 1 but is " + count);
            }
            kept = count;
            return this;
        }

        /**
         * Tells this one of each request when its answer has gone out or will not any more; not of those to {@link
         * #controlUrl()}. It is called by the threads that serve, several at once. Default: nobody.
         *
         * @param consumer is told; what it throws is logged and changes nothing
         * @return this builder
         */
        public Builder listener(Consumer<ServedRequest> consumer) {
            listener = Objects.requireNonNull(consumer, "consumer");
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
         * (OpenRouter reference: catalogue-and-account §5). Default: they are normal keys, and get 403.
         *
         * @return this builder
         */
        public Builder managementKey() {
            managementKey = true;
            return this;
        }

        /**
         * Lets {@code GET /generation} know each generation only when it is asked for it the given time, and answer 404
         * before, as the real one may for some seconds (OpenRouter reference: catalogue-and-account §4). Default: 1, at
         * once.
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
         * generation id for the same. Default: {@code gen-sim-}; the number of its request follows, from 1.
         *
         * @param prefix visible ASCII characters, at least one, since ids are headers too
         * @return this builder
         * @throws IllegalArgumentException if the prefix is blank or has other characters
         */
        public Builder generationPrefix(String prefix) {
            if (prefix.isEmpty() || !prefix.chars().allMatch(character -> character > ' ' && character < 127)) {
                throw new IllegalArgumentException(
                        "the prefix of generation ids must be visible ASCII characters but is \"" + prefix + "\"");
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
         * @throws java.io.UncheckedIOException if it cannot listen there: the port is taken, or the host is not this machine
         */
        public OpenRouterSimulator start() {
            return new OpenRouterSimulator(this);
        }
    }
}
