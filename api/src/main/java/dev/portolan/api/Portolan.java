package dev.portolan.api;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
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
    private final Map<String, LazyProvider> providers;
    private final ChatPort chat;
    private volatile boolean closed;

    private Portolan(Map<String, LazyProvider> providers, List<PortDecorator> decorators) {
        this.providers = providers;
        ChatPort port = new RoutedChat();
        for (int i = decorators.size() - 1; i >= 0; i--) {
            port = decorators.get(i).decorate(port);
        }
        this.chat = port;
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

    /** The names of the providers there are, in the order in which they were found. */
    public Set<String> providers() {
        return providers.keySet();
    }

    /** Ends every provider that was made. Calls under way fail, later ones are refused. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        RuntimeException failure = null;
        for (LazyProvider provider : providers.values()) {
            try {
                provider.close();
            } catch (RuntimeException e) {
                failure = joined(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException joined(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private Provider provider(ModelId model) {
        if (closed) {
            throw new IllegalStateException("This Portolan is closed");
        }
        LazyProvider provider = providers.get(model.provider());
        if (provider == null) {
            throw new ConfigurationException(unknownProvider(model));
        }
        return provider.get();
    }

    private String unknownProvider(ModelId model) {
        String found = providers.isEmpty()
                ? "No provider was found; is one, such as portolan-provider-openrouter, on the class path?"
                : "Found: " + String.join(", ", providers.keySet()) + "; for example '"
                        + providers.keySet().iterator().next() + "/" + model + "'.";
        return "There is no provider named '" + model.provider() + "' (model id '" + model + "'). " + found;
    }

    private final class RoutedChat implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return port(request).complete(request);
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return port(request).stream(request);
        }

        private ChatPort port(ChatRequest request) {
            ModelId model = request.model();
            return provider(model)
                    .chat()
                    .orElseThrow(() -> new ConfigurationException(
                            "The provider '" + model.provider() + "' has no chat models (model id '" + model + "')"));
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
                throw new IllegalStateException("This Portolan is closed");
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

    /** Collects the parts of a {@link Portolan}. Not thread-safe. */
    public static final class Builder {
        private final List<ProviderFactory> factories = new ArrayList<>();
        private final List<PortDecorator> decorators = new ArrayList<>();
        private Settings settings = Settings.fromEnvironment();

        private Builder() {}

        /** Sets where providers find their configuration; by default system properties and the environment. */
        public Builder settings(Settings newSettings) {
            settings = newSettings;
            return this;
        }

        /** Adds a provider that is made when it is first used. */
        public Builder provider(ProviderFactory factory) {
            factories.add(factory);
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

        /** Adds every provider and decorator that {@link ServiceLoader} finds on the class path. */
        public Builder discover() {
            ServiceLoader.load(ProviderFactory.class).forEach(factories::add);
            ServiceLoader.load(PortDecorator.class).forEach(decorators::add);
            return this;
        }

        /**
         * The entry point to these parts.
         *
         * @throws ConfigurationException if two providers have one name, or a name is not valid
         */
        public Portolan build() {
            Map<String, LazyProvider> byName = new LinkedHashMap<>();
            for (ProviderFactory factory : factories) {
                if (!ModelId.isProviderName(factory.name())) {
                    throw new ConfigurationException(
                            "The provider " + factory.getClass().getName()
                                    + " has the name '" + factory.name()
                                    + "'; use lower-case letters, digits, '-', '_' and '.'");
                }
                if (byName.put(factory.name(), new LazyProvider(factory, settings)) != null) {
                    throw new ConfigurationException(
                            "Two providers are named '" + factory.name() + "'. Found: " + found() + ". Remove one.");
                }
            }
            List<PortDecorator> ordered = new ArrayList<>(decorators);
            ordered.sort(Comparator.comparingInt(PortDecorator::order));
            return new Portolan(java.util.Collections.unmodifiableMap(byName), ordered);
        }

        private static String className(ProviderFactory factory) {
            Object shown = factory instanceof GivenProvider given ? given.provider() : factory;
            return shown.getClass().getName();
        }

        private String found() {
            return factories.stream()
                    .map(factory -> factory.name() + " (" + className(factory) + ")")
                    .collect(java.util.stream.Collectors.joining(", "));
        }
    }
}
