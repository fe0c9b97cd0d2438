package dev.portolan.api;

import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A factory that remembers how often, and with which settings, it was asked. */
final class FakeFactory implements ProviderFactory {
    final List<Settings> asked = new CopyOnWriteArrayList<>();
    private final String name;
    private final Supplier<Provider> providers;

    FakeFactory(String name, Supplier<Provider> providers) {
        this.name = name;
        this.providers = providers;
    }

    FakeFactory(String name, Provider provider) {
        this(name, () -> provider);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provider create(Settings settings) {
        asked.add(settings);
        return providers.get();
    }
}
