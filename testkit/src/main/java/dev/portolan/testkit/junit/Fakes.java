package dev.portolan.testkit.junit;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.fake.FakeBilling;
import dev.portolan.testkit.fake.FakeCatalog;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.FakeProvider;
import dev.portolan.testkit.fake.ScriptedFake;
import java.util.List;
import java.util.Optional;

/** A fake of each port that a provider has. */
record Fakes(FakeChat chat, FakeEmbeddings embeddings, FakeImages images, FakeCatalog catalog, FakeBilling billing) {
    Fakes() {
        this(new FakeChat(), new FakeEmbeddings(), new FakeImages(), new FakeCatalog(), new FakeBilling());
    }

    /** Has them stand for the provider of this name. */
    Provider provider(String name) {
        return FakeProvider.of(chat)
                .with(embeddings)
                .with(images)
                .with(new ModelsOf(name, catalog))
                .with(billing);
    }

    /** Those that can stream. */
    List<ScriptedFake<?, ?, ?>> streaming() {
        return List.of(chat, images);
    }

    /** Ends the calls that are under way. */
    void endCalls() {
        FakeProvider.of(chat).with(embeddings).with(images).close();
    }

    void reset() {
        chat.reset();
        embeddings.reset();
        images.reset();
        catalog.reset();
        billing.reset();
    }

    /** Those models of a catalogue that one provider has, since it may be the catalogue of several. */
    private record ModelsOf(String provider, ModelCatalogPort all) implements ModelCatalogPort {
        @Override
        public List<ModelInfo> models(ModelQuery query) {
            return all.models(query).stream()
                    .filter(model -> model.id().provider().equals(provider))
                    .toList();
        }

        @Override
        public Optional<ModelInfo> model(ModelId id) {
            return all.model(id);
        }

        @Override
        public List<ModelEndpoint> endpoints(ModelId id) {
            return all.endpoints(id);
        }
    }
}
