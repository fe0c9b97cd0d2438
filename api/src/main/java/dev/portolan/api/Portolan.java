package dev.portolan.api;

import dev.portolan.api.catalog.CheckedChat;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Unsupported;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.ProviderSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entry point: finds providers, makes them from settings when they are first needed, and routes every call by the
 * first segment of its model id.
 *
 * <pre>{@code
 * try (Portolan portolan = Portolan.load()) {
 *     ChatResponse reply = portolan.chat().complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
 *             .user("Why is the sky blue?")
 *             .build());
 *     System.out.println(reply.text() + " (" + reply.cost() + ")");
 * }
 * }</pre>
 *
 * <p>Thread-safe; make one and keep it. Closing it ends every thread and connection of its providers.
 */
public final class Portolan implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Portolan.class.getName());

    private final Map<String, LazyProvider> providers;
    private final List<ProviderSource> sources;
    private final ChatPort chat;
    private final EmbeddingPort embeddings;
    private final ImagePort images;
    private final ModelCatalogPort catalog = new JoinedCatalog();
    private final BillingPort billing = (model, generationId) ->
            port(model, Provider::billing, "books that can be read").find(model, generationId);
    private final Bookkeeping books;
    private final OwnSinks ownSinks;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Portolan(
            Map<String, LazyProvider> providers,
            List<ProviderSource> sources,
            List<PortDecorator> decorators,
            Books given,
            @Nullable Unsupported unsupported) {
        this.providers = providers;
        this.sources = sources;
        this.ownSinks = given.own();
        this.books = given.open(new CostSinkFactory.Sources(catalog, billing), this::checkOpen);
        ChatPort routed = books.decorate(new RoutedChat());
        ChatPort chats = unsupported == null ? routed : new CheckedChat(routed, catalog, unsupported);
        EmbeddingPort embedders = books.decorate((EmbeddingPort) request ->
                port(request.model(), Provider::embeddings, "embedding models").embed(request));
        ImagePort painters = books.decorate(new RoutedImages());
        for (int i = decorators.size() - 1; i >= 0; i--) {
            PortDecorator decorator = decorators.get(i);
            chats = decorator.decorate(chats);
            embedders = decorator.decorate(embedders);
            painters = decorator.decorate(painters);
        }
        this.chat = chats;
        this.embeddings = embedders;
        this.images = painters;
    }

    /**
     * With every provider and decorator on the class path, and settings from system properties and the environment.
     *
     * @throws ConfigurationException if two providers have one name
     */
    public static Portolan load() {
        return load(Settings.fromEnvironment());
    }

    /**
     * With every provider and decorator on the class path, and these settings.
     *
     * @throws ConfigurationException if two providers have one name
     */
    public static Portolan load(Settings settings) {
        return builder().settings(settings).discover().build();
    }

    /** With explicit parts. */
    public static Builder builder() {
        return new Builder();
    }

    /** The chat port of all providers; always the same one. */
    public ChatPort chat() {
        return chat;
    }

    /** The embedding port of all providers; always the same one. */
    public EmbeddingPort embeddings() {
        return embeddings;
    }

    /** The image port of all providers; always the same one. */
    public ImagePort images() {
        return images;
    }

    /**
     * The catalogues of all providers that have one, as one; always the same one. A list of models leaves out those of a
     * provider that is not configured, which is logged once, unless none is: then it is a {@link ConfigurationException}.
     */
    public ModelCatalogPort catalog() {
        return catalog;
    }

    /** What past calls were billed for, by the books of their providers; always the same one. */
    public BillingPort billing() {
        return billing;
    }

    /**
     * A provider itself, for what only it can do.
     *
     * @param name the first segment of its models' ids
     * @param type its public type, for example {@code OpenRouter}
     * @throws ConfigurationException if there is no such provider, it is of another type, or it cannot be made
     */
    public <T extends Provider> T provider(String name, Class<T> type) {
        Provider found = provider(name, "asked for by name", "…");
        if (!type.isInstance(found)) {
            throw new ConfigurationException(
                    "The provider '" + name + "' is a " + found.getClass().getName() + ", not a " + type.getName());
        }
        return type.cast(found);
    }

    /**
     * The ports for the models of one provider; models of others are refused. The provider is made when it is first used.
     *
     * @param provider the first segment of its models' ids
     * @throws ConfigurationException if there is no such provider
     */
    public ProviderPorts ports(String provider) {
        if (!providers.containsKey(provider)) {
            throw new ConfigurationException(unknownProvider(provider, "asked for by name", "…"));
        }
        return new ProviderPorts(this, provider);
    }

    /** The names of the providers there are, in the order in which they were found. */
    public Set<String> providers() {
        return providers.keySet();
    }

    /**
     * How many records of calls a sink or a guard did not take, because it threw; each is logged with its call's id. Zero in
     * a healthy system.
     */
    public long failedRecords() {
        return books.failedRecords();
    }

    /**
     * Ends every provider that was made, then every sink that was found. Calls under way fail with a
     * {@link CallCancelledException}, and so does every later one. With sinks or guards this waits up to a second until they
     * have been told of those calls; a stream that is still open then is told as cancelled. Closing again does nothing.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        RuntimeException failure = null;
        for (LazyProvider provider : providers.values()) {
            try {
                provider.close();
            } catch (RuntimeException e) {
                failure = joined(failure, e);
            }
        }
        books.close();
        failure = ownSinks.closed(failure);
        if (failure != null) {
            throw failure;
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw isClosed();
        }
    }

    private static CallCancelledException isClosed() {
        return new CallCancelledException(
                "This Portolan is closed, and makes no more calls. Make another one, or close it later.",
                false,
                ErrorDetails.NONE,
                null);
    }

    private static RuntimeException joined(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    List<ModelInfo> models(String provider, ModelQuery query) {
        return provider(provider, "listing models", "…")
                .catalog()
                .orElseThrow(
                        () -> new ConfigurationException("The provider '" + provider + "' has no catalogue of models"))
                .models(query);
    }

    private Provider provider(String name, String context, String modelName) {
        checkOpen();
        LazyProvider provider = providers.get(name);
        if (provider == null) {
            throw new ConfigurationException(unknownProvider(name, context, modelName));
        }
        return provider.get();
    }

    private <P> P port(ModelId model, Function<Provider, Optional<P>> port, String what) {
        return port.apply(provider(model.provider(), "model id '" + model + "'", model.toString()))
                .orElseThrow(() -> new ConfigurationException(
                        "The provider '" + model.provider() + "' has no " + what + " (model id '" + model + "')"));
    }

    private String unknownProvider(String name, String context, String modelName) {
        String found = providers.isEmpty()
                ? "No provider was found; is one, such as portolan-provider-openrouter, on the class path?"
                : "Found: " + String.join(", ", providers.keySet()) + "; for example '"
                        + providers.keySet().iterator().next() + "/" + modelName + "'.";
        String other = ModelId.isProviderName(name)
                ? sources.stream().map(source -> " " + source.howToAdd(name)).collect(Collectors.joining())
                : "";
        return "There is no provider named '" + name + "' (" + context + "). " + found + other;
    }

    private final class RoutedChat implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return at(request.model()).complete(request);
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return at(request.model()).stream(request);
        }

        private ChatPort at(ModelId model) {
            return port(model, Provider::chat, "chat models");
        }
    }

    private final class RoutedImages implements ImagePort {
        @Override
        public ImageResponse generate(ImageRequest request) {
            return at(request.model()).generate(request);
        }

        @Override
        public ImageStream stream(ImageRequest request) {
            return at(request.model()).stream(request);
        }

        private ImagePort at(ModelId model) {
            return port(model, Provider::images, "image models");
        }
    }

    private final class JoinedCatalog implements ModelCatalogPort {
        private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

        @Override
        public List<ModelInfo> models(ModelQuery query) {
            List<ModelInfo> all = new ArrayList<>();
            Map<String, ConfigurationException> failures = new LinkedHashMap<>();
            boolean read = false;
            for (String name : providers.keySet()) {
                try {
                    Optional<ModelCatalogPort> one =
                            provider(name, "listing models", "…").catalog();
                    if (one.isPresent()) {
                        all.addAll(one.get().models(query));
                        read = true;
                    }
                } catch (ConfigurationException e) {
                    failures.put(name, e);
                }
            }
            if (!read && !failures.isEmpty()) {
                throw failures.values().stream()
                        .reduce((first, next) -> {
                            first.addSuppressed(next);
                            return first;
                        })
                        .orElseThrow();
            }
            failures.forEach(this::warnOnce);
            return query.select(all);
        }

        private void warnOnce(String name, ConfigurationException failure) {
            if (leftOut.add(name)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "The models of the provider ''{0}'' are left out of the catalogue: {1}",
                        name,
                        failure.getMessage());
            }
        }

        @Override
        public Optional<ModelInfo> model(ModelId id) {
            return at(id).model(id);
        }

        @Override
        public List<ModelEndpoint> endpoints(ModelId id) {
            return at(id).endpoints(id);
        }

        private ModelCatalogPort at(ModelId id) {
            return port(id, Provider::catalog, "catalogue of models");
        }
    }

    /** Makes its provider when it is first asked for, and no more once it is closed. */
    private static final class LazyProvider {
        private final ProviderFactory factory;
        private final Settings settings;
        private volatile @Nullable Provider provider;
        private boolean closed;

        LazyProvider(ProviderFactory factory, Settings settings) {
            this.factory = factory;
            this.settings = settings;
        }

        Provider get() {
            Provider made = provider;
            return made != null ? made : make();
        }

        private synchronized Provider make() {
            if (closed) {
                throw isClosed();
            }
            Provider made = provider;
            if (made == null) {
                made = factory.create(settings);
                provider = made;
            }
            return made;
        }

        synchronized void close() {
            Provider made = factory instanceof GivenProvider given ? given.provider() : provider;
            if (made != null && !closed) {
                closed = true;
                made.close();
            }
            closed = true;
        }
    }

    /** A provider that was made elsewhere. */
    private record GivenProvider(String name, Provider provider) implements ProviderFactory {
        @Override
        public Provider create(Settings ignored) {
            return provider;
        }
    }

    /** One that a source has found: its text says which setting named it. */
    private record NamedBySettings(ProviderFactory factory) implements ProviderFactory {
        @Override
        public String name() {
            return factory.name();
        }

        @Override
        public Provider create(Settings settings) {
            return factory.create(settings);
        }
    }

    /** The sinks that were made here, and are closed here. */
    private record OwnSinks(List<AutoCloseable> sinks) {
        /** Closes them all. Returns the failure with those of this, or {@code null} if there is none. */
        @Nullable RuntimeException closed(@Nullable RuntimeException failure) {
            RuntimeException all = failure;
            for (AutoCloseable sink : sinks) {
                try {
                    sink.close();
                } catch (Exception e) {
                    all = joined(all, e instanceof RuntimeException r ? r : new IllegalStateException(e));
                }
            }
            return all;
        }
    }

    /**
     * Who keeps the books, as far as it is given.
     *
     * @param own gets the sinks that are made here
     */
    private record Books(
            Settings settings,
            List<SpendingGuard> guards,
            List<CostSink> sinks,
            List<CostSinkFactory> factories,
            OwnSinks own) {
        Bookkeeping open(CostSinkFactory.Sources sources, Runnable checkOpen) {
            List<CostSink> allSinks = new ArrayList<>(sinks);
            List<SpendingGuard> allGuards = new ArrayList<>(guards);
            for (CostSinkFactory factory : factories) {
                factory.create(settings, sources).ifPresent(sink -> {
                    allSinks.add(sink);
                    if (sink instanceof SpendingGuard guard) {
                        allGuards.add(guard);
                    }
                    if (sink instanceof AutoCloseable closeable) {
                        own.sinks().add(closeable);
                    }
                });
            }
            return new Bookkeeping(allGuards, allSinks, checkOpen);
        }
    }

    /** Collects the parts of a {@link Portolan}. Not thread-safe. */
    public static final class Builder {
        private final List<ProviderFactory> factories = new ArrayList<>();
        private final List<ProviderSource> sources = new ArrayList<>();
        private final Set<String> given = new HashSet<>();
        private final List<PortDecorator> decorators = new ArrayList<>();
        private final List<CostSinkFactory> sinkFactories = new ArrayList<>();
        private final List<CostSinkFactory> foundSinkFactories = new ArrayList<>();
        private final List<CostSink> sinks = new ArrayList<>();
        private final List<SpendingGuard> guards = new ArrayList<>();
        private Settings settings = Settings.fromEnvironment();
        private @Nullable Unsupported unsupported;

        private Builder() {}

        /** Sets where providers find their configuration; by default system properties and the environment. */
        public Builder settings(Settings newSettings) {
            settings = newSettings;
            return this;
        }

        /**
         * Adds a provider that is made when it is first used; in place of one of its name that the settings name for a
         * {@link ProviderSource}.
         */
        public Builder provider(ProviderFactory factory) {
            factories.add(factory);
            given.add(factory.name());
            return this;
        }

        /** Adds a source of providers, asked when the {@code Portolan} is made. */
        public Builder providerSource(ProviderSource source) {
            sources.add(source);
            return this;
        }

        /** Adds a provider that is there already, under a name of your choice. It is closed with the {@code Portolan}. */
        public Builder provider(String name, Provider provider) {
            return provider(new GivenProvider(name, provider));
        }

        /** Adds a decorator around all ports. */
        public Builder decorator(PortDecorator decorator) {
            decorators.add(decorator);
            return this;
        }

        /** Adds a sink, told of every call that has ended. It is not closed with the {@code Portolan}. */
        public Builder sink(CostSink sink) {
            sinks.add(sink);
            return this;
        }

        /**
         * Adds a sink that is made from the settings; in place of those of its {@linkplain CostSinkFactory#name() name} that
         * {@link #discover()} finds.
         */
        public Builder sinkFactory(CostSinkFactory factory) {
            sinkFactories.add(factory);
            return this;
        }

        /** Adds a guard, asked before every call. Several are asked in this order. */
        public Builder guard(SpendingGuard guard) {
            guards.add(guard);
            return this;
        }

        /**
         * Has chat requests held against the catalogue before they are sent; without this they are sent as they are.
         *
         * @param policy what happens to a request that asks for more than its model can do
         */
        public Builder unsupported(Unsupported policy) {
            unsupported = policy;
            return this;
        }

        /**
         * Adds every provider, decorator and sink that {@link ServiceLoader} finds on the class path, and the providers that the
         * settings name.
         */
        public Builder discover() {
            ServiceLoader.load(ProviderFactory.class).forEach(factories::add);
            ServiceLoader.load(ProviderSource.class).forEach(sources::add);
            ServiceLoader.load(PortDecorator.class).forEach(decorators::add);
            ServiceLoader.load(CostSinkFactory.class).forEach(foundSinkFactories::add);
            return this;
        }

        /**
         * The entry point to these parts. If a part cannot be made, the sinks that were made already are closed.
         *
         * @throws ConfigurationException if two providers have one name, or a name is not valid
         */
        public Portolan build() {
            List<ProviderFactory> all = new ArrayList<>(factories);
            sources.stream()
                    .flatMap(source -> source.find(settings).stream())
                    .filter(found -> !given.contains(found.name()))
                    .map(NamedBySettings::new)
                    .forEach(all::add);
            Map<String, LazyProvider> byName = new LinkedHashMap<>();
            for (ProviderFactory factory : all) {
                if (!ModelId.isProviderName(factory.name())) {
                    throw new ConfigurationException("The provider " + shown(factory)
                            + " has the name '" + factory.name()
                            + "'; use lower-case letters, digits, '-', '_' and '.'");
                }
                if (byName.put(factory.name(), new LazyProvider(factory, settings)) != null) {
                    throw new ConfigurationException(
                            "Two providers are named '" + factory.name() + "'. Found: " + found(all) + ". Remove one.");
                }
            }
            List<CostSinkFactory> makers = new ArrayList<>(sinkFactories);
            foundSinkFactories.stream()
                    .filter(found -> sinkFactories.stream()
                            .noneMatch(given -> given.name().equals(found.name())))
                    .forEach(makers::add);
            List<PortDecorator> ordered = new ArrayList<>(decorators);
            ordered.sort(Comparator.comparingInt(PortDecorator::order));
            OwnSinks own = new OwnSinks(new ArrayList<>());
            try {
                return new Portolan(
                        java.util.Collections.unmodifiableMap(byName),
                        List.copyOf(sources),
                        ordered,
                        new Books(settings, guards, sinks, makers, own),
                        unsupported);
            } catch (RuntimeException | Error e) {
                RuntimeException notClosed = own.closed(null);
                if (notClosed != null) {
                    e.addSuppressed(notClosed);
                }
                throw e;
            }
        }

        private static String shown(ProviderFactory factory) {
            if (factory instanceof NamedBySettings named) {
                return named.factory().toString();
            }
            Object shown = factory instanceof GivenProvider provider ? provider.provider() : factory;
            return shown.getClass().getName();
        }

        private static String found(List<ProviderFactory> factories) {
            return factories.stream()
                    .map(factory -> factory.name() + " (" + shown(factory) + ")")
                    .collect(Collectors.joining(", "));
        }
    }
}
