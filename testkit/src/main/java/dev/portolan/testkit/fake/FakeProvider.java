package dev.portolan.testkit.fake;

import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.spi.Provider;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A provider of fakes, or of any other ports, to be put behind a whole {@code Portolan}:
 *
 * <pre>{@code
 * Portolan portolan = Portolan.builder()
 *         .provider("openrouter", FakeProvider.of(chat).with(embeddings))
 *         .build();
 * }</pre>
 *
 * <p>To close it ends the calls to fakes that are under way. Immutable.
 */
public final class FakeProvider implements Provider {
    private final @Nullable ChatPort chat;
    private final @Nullable EmbeddingPort embeddings;
    private final @Nullable ImagePort images;
    private final @Nullable ModelCatalogPort catalog;
    private final @Nullable BillingPort billing;

    private FakeProvider(
            @Nullable ChatPort chat,
            @Nullable EmbeddingPort embeddings,
            @Nullable ImagePort images,
            @Nullable ModelCatalogPort catalog,
            @Nullable BillingPort billing) {
        this.chat = chat;
        this.embeddings = embeddings;
        this.images = images;
        this.catalog = catalog;
        this.billing = billing;
    }

    /** A provider without ports. */
    public FakeProvider() {
        this(null, null, null, null, null);
    }

    /** A provider that chats. */
    public static FakeProvider of(ChatPort chat) {
        return new FakeProvider().with(chat);
    }

    /** A provider that embeds. */
    public static FakeProvider of(EmbeddingPort embeddings) {
        return new FakeProvider().with(embeddings);
    }

    /** A provider that draws. */
    public static FakeProvider of(ImagePort images) {
        return new FakeProvider().with(images);
    }

    /** The same with this chat port. */
    public FakeProvider with(ChatPort newChat) {
        return new FakeProvider(newChat, embeddings, images, catalog, billing);
    }

    /** The same with this embedding port. */
    public FakeProvider with(EmbeddingPort newEmbeddings) {
        return new FakeProvider(chat, newEmbeddings, images, catalog, billing);
    }

    /** The same with this image port. */
    public FakeProvider with(ImagePort newImages) {
        return new FakeProvider(chat, embeddings, newImages, catalog, billing);
    }

    /** The same with this catalogue. */
    public FakeProvider with(ModelCatalogPort newCatalog) {
        return new FakeProvider(chat, embeddings, images, newCatalog, billing);
    }

    /** The same with these books. */
    public FakeProvider with(BillingPort newBilling) {
        return new FakeProvider(chat, embeddings, images, catalog, newBilling);
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.ofNullable(chat);
    }

    @Override
    public Optional<EmbeddingPort> embeddings() {
        return Optional.ofNullable(embeddings);
    }

    @Override
    public Optional<ImagePort> images() {
        return Optional.ofNullable(images);
    }

    @Override
    public Optional<ModelCatalogPort> catalog() {
        return Optional.ofNullable(catalog);
    }

    @Override
    public Optional<BillingPort> billing() {
        return Optional.ofNullable(billing);
    }

    @Override
    public void close() {
        endCalls(chat);
        endCalls(embeddings);
        endCalls(images);
    }

    private static void endCalls(@Nullable Object port) {
        if (port instanceof ScriptedFake<?, ?, ?> fake) {
            fake.endCalls();
        }
    }
}
