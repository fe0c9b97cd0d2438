package dev.portolan.wiring.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Provides;
import com.google.inject.binder.LinkedBindingBuilder;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.ProviderSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Binds {@link ChatPort}, {@link EmbeddingPort}, {@link ImagePort}, {@link ModelCatalogPort}, {@link BillingPort} and
 * {@link Portolan} itself, made from everything that {@link ServiceLoader} finds and that the application binds.
 *
 * <pre>{@code
 * Injector injector = Guice.createInjector(new PortolanModule(), binder -> {
 *     binder.bind(Settings.class).toInstance(Settings.fromEnvironment().with("OR_APP_NAME", "shop"));
 *     Multibinder.newSetBinder(binder, CostSink.class).addBinding().to(MySink.class);
 * });
 * }</pre>
 *
 * <p>There is one {@code Portolan} for an injector, in any stage made only when it or a port is first asked for, and its
 * providers only when they are first called: no key is needed before that. {@link PortolanLifecycle} closes it.
 *
 * <p>The application may bind
 *
 * <ul>
 *   <li>{@link Settings}, unless they are given here; without either, system properties and the environment;
 *   <li>{@link dev.portolan.api.catalog.Unsupported}, as for {@link Portolan.Builder#unsupported};
 *   <li>elements of sets, by {@link Multibinder}: {@link CostSink}, {@link SpendingGuard}, {@link PortDecorator},
 *       {@link CostSinkFactory} and {@link ProviderFactory}. As with {@link Portolan.Builder}, a sink is not closed with the
 *       {@code Portolan}.
 * </ul>
 *
 * <p>{@code @Named("openrouter") ChatPort}, and so for the other ports, is the one for the models of that provider only, as
 * {@link Portolan#ports} gives it; {@code Named} may be Jakarta's or Guice's. There is one for each provider that
 * {@code ServiceLoader} finds, for those that are named by the settings given here, else by the environment, and for those
 * that {@link #provider} and {@link #ports} name.
 *
 * <p>Two providers of one name are an error when the injector is created, or, if a name is known no earlier, when the
 * {@code Portolan} is made. The module may be installed several times.
 */
public final class PortolanModule extends AbstractModule {
    private final @Nullable Settings settings;

    /** With the settings that the application binds, else system properties and the environment. */
    public PortolanModule() {
        this.settings = null;
    }

    /** With these settings, which it binds: the providers that they name are known by name as well. */
    public PortolanModule(Settings settings) {
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * Binds one more provider, and its ports by name.
     *
     * @param name the name of the provider, as {@link ProviderFactory#name()} tells it
     * @return says what makes it, as in {@code PortolanModule.provider(binder(), "local").to(LocalFactory.class)}
     */
    public static LinkedBindingBuilder<ProviderFactory> provider(Binder binder, String name) {
        Binder own = binder.skipSources(PortolanModule.class);
        Key<ProviderFactory> key = Key.get(ProviderFactory.class, Names.named(name));
        Multibinder.newSetBinder(own, ProviderFactory.class).addBinding().to(key);
        ports(own, name);
        return own.bind(key);
    }

    /**
     * Binds the ports of providers by name whose names are not known before the {@code Portolan} is made, such as those in a
     * set of {@link ProviderFactory} or in settings that the application binds. A name that no provider has then is an error when such a port is asked for.
     *
     * @param names the names of the providers
     */
    public static void ports(Binder binder, String... names) {
        Binder own = binder.skipSources(PortolanModule.class, PortSource.class);
        for (String name : names) {
            if (ModelId.isProviderName(name)) {
                PortSource.bindAll(own, name);
            } else {
                own.addError("No provider can be named '%s'; use lower-case letters, digits, '-', '_' and '.'", name);
            }
        }
    }

    @Override
    protected void configure() {
        bind(PortolanLifecycle.class);
        if (settings != null) {
            bind(Settings.class).toInstance(settings);
        }
        Multibinder.newSetBinder(binder(), ProviderFactory.class);
        Multibinder.newSetBinder(binder(), CostSinkFactory.class);
        Multibinder.newSetBinder(binder(), CostSink.class);
        Multibinder.newSetBinder(binder(), SpendingGuard.class);
        Multibinder.newSetBinder(binder(), PortDecorator.class);
        Map<String, String> found = found();
        ports(binder(), found.keySet().toArray(String[]::new));
        ports(binder(), namedBySettings());
        requestInjection(new NameCheck(found));
    }

    /** The names that need no injector, each with the class that has it. */
    private Map<String, String> found() {
        Map<String, String> found = new LinkedHashMap<>();
        try {
            for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class)) {
                String other = found.put(factory.name(), factory.getClass().getName());
                if (other != null) {
                    addError(
                            "Two providers are named '%s': %s, and %s. Remove one.",
                            factory.name(), other, factory.getClass().getName());
                }
            }
        } catch (ServiceConfigurationError e) {
            addError("A provider on the class path cannot be loaded: %s", e.getMessage());
        }
        return found;
    }

    /** Without settings of its own only those of the environment can be looked at: others are not known yet. */
    private String[] namedBySettings() {
        Settings known = settings == null ? Settings.fromEnvironment() : settings;
        List<String> names = new ArrayList<>();
        try {
            for (ProviderSource source : ServiceLoader.load(ProviderSource.class)) {
                source.find(known).forEach(factory -> names.add(factory.name()));
            }
        } catch (ServiceConfigurationError e) {
            addError("A provider on the class path cannot be loaded: %s", e.getMessage());
        } catch (ConfigurationException e) {
            if (settings != null) {
                addError("%s", e.getMessage());
            } // else it is told when the Portolan is made, if those are its settings
        }
        return names.toArray(String[]::new);
    }

    @Provides
    Portolan portolan(PortolanLifecycle lifecycle) {
        return lifecycle.portolan();
    }

    @Provides
    ChatPort chat(Portolan portolan) {
        return portolan.chat();
    }

    @Provides
    EmbeddingPort embeddings(Portolan portolan) {
        return portolan.embeddings();
    }

    @Provides
    ImagePort images(Portolan portolan) {
        return portolan.images();
    }

    @Provides
    ModelCatalogPort catalog(Portolan portolan) {
        return portolan.catalog();
    }

    @Provides
    BillingPort billing(Portolan portolan) {
        return portolan.billing();
    }

    /** All with the same settings are equal: Guice installs one of them. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PortolanModule module && Objects.equals(settings, module.settings);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(settings);
    }
}
