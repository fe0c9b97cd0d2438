package dev.portolan.wiring.guice;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.Unsupported;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.ProviderFactory;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The life of an injector's {@link Portolan}: made when it or one of its ports is first asked for, and closed here. Guice does
 * not tell anybody when an injector is done with, so the application does:
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new PortolanModule());
 * try (PortolanLifecycle life = injector.getInstance(PortolanLifecycle.class)) {
 *     injector.getInstance(ChatService.class).run();
 * }
 * }</pre>
 *
 * <p>Getting it makes nothing. Thread-safe.
 */
@Singleton
public final class PortolanLifecycle implements AutoCloseable {
    private final Provider<Set<ProviderFactory>> factories;
    private final Provider<Set<CostSinkFactory>> sinkFactories;
    private final Provider<Set<CostSink>> sinks;
    private final Provider<Set<SpendingGuard>> guards;
    private final Provider<Set<PortDecorator>> decorators;
    private @Nullable Provider<Settings> settings;
    private @Nullable Provider<Unsupported> unsupported;
    private @Nullable Portolan portolan;
    private boolean closed;

    @Inject
    PortolanLifecycle(
            Provider<Set<ProviderFactory>> factories,
            Provider<Set<CostSinkFactory>> sinkFactories,
            Provider<Set<CostSink>> sinks,
            Provider<Set<SpendingGuard>> guards,
            Provider<Set<PortDecorator>> decorators) {
        this.factories = factories;
        this.sinkFactories = sinkFactories;
        this.sinks = sinks;
        this.guards = guards;
        this.decorators = decorators;
    }

    @Inject(optional = true)
    void useSettings(Provider<Settings> bound) {
        settings = bound;
    }

    @Inject(optional = true)
    void useUnsupported(Provider<Unsupported> bound) {
        unsupported = bound;
    }

    /**
     * Closes the {@code Portolan}, with every thread and connection of its providers; see {@link Portolan#close}. If none was
     * made, none will be: ports that are asked for later are an error. Closing again does nothing.
     */
    @Override
    public void close() {
        Portolan made;
        synchronized (this) {
            closed = true;
            made = portolan;
        }
        if (made != null) {
            made.close();
        }
    }

    synchronized Portolan portolan() {
        if (portolan == null) {
            if (closed) {
                throw new IllegalStateException(
                        "This injector's PortolanLifecycle is closed, and makes no Portolan any "
                                + "more. Close it later, or create another injector.");
            }
            portolan = make();
        }
        return portolan;
    }

    private Portolan make() {
        Portolan.Builder builder = Portolan.builder();
        if (settings != null) {
            builder.settings(settings.get());
        }
        if (unsupported != null) {
            builder.unsupported(unsupported.get());
        }
        builder.discover();
        factories.get().forEach(builder::provider);
        sinkFactories.get().forEach(builder::sinkFactory);
        sinks.get().forEach(builder::sink);
        guards.get().forEach(builder::guard);
        decorators.get().forEach(builder::decorator);
        Portolan made = builder.build();
        if (made.providers().isEmpty()) {
            made.close();
            throw new ConfigurationException(
                    "There is no provider. Put one, such as portolan-provider-openrouter, on the "
                            + "class path, or bind one: PortolanModule.provider(binder(), \"name\").to(…)");
        }
        return made;
    }
}
