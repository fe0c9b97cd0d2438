package dev.portolan.wiring.guice;

import com.google.inject.Binder;
import com.google.inject.Key;
import com.google.inject.Provider;
import com.google.inject.name.Names;
import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderPorts;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A port of one provider. Two of the same are equal, so that Guice takes the two bindings for one. */
final class PortSource<T> implements Provider<T> {
    private final Provider<Portolan> portolan;
    private final String provider;
    private final Class<T> port;
    private final Function<ProviderPorts, T> choice;

    private PortSource(Provider<Portolan> portolan, String provider, Class<T> port, Function<ProviderPorts, T> choice) {
        this.portolan = portolan;
        this.provider = provider;
        this.port = port;
        this.choice = choice;
    }

    static void bindAll(Binder binder, String provider) {
        bind(binder, provider, ChatPort.class, ProviderPorts::chat);
        bind(binder, provider, EmbeddingPort.class, ProviderPorts::embeddings);
        bind(binder, provider, ImagePort.class, ProviderPorts::images);
        bind(binder, provider, ModelCatalogPort.class, ProviderPorts::catalog);
        bind(binder, provider, BillingPort.class, ProviderPorts::billing);
    }

    private static <T> void bind(Binder binder, String provider, Class<T> port, Function<ProviderPorts, T> choice) {
        binder.bind(Key.get(port, Names.named(provider)))
                .toProvider(new PortSource<>(binder.getProvider(Portolan.class), provider, port, choice));
    }

    @Override
    public T get() {
        return choice.apply(portolan.get().ports(provider));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PortSource<?> source && source.port == port && source.provider.equals(provider);
    }

    @Override
    public int hashCode() {
        return provider.hashCode() * 31 + port.hashCode();
    }

    @Override
    public String toString() {
        return port.getSimpleName() + " of " + provider;
    }
}
