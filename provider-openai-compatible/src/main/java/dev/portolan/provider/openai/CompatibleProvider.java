package dev.portolan.provider.openai;

import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.spi.BatchedEmbeddings;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.RecoveringPorts;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.openai.OpenAiChat;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.OpenAiEmbeddings;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A server behind the ports. */
final class CompatibleProvider implements Provider {
    private final HttpTransport transport;
    private final ChatPort chat;
    private final EmbeddingPort embeddings;
    private final ImagePort images;
    private final ModelCatalogPort catalog;

    CompatibleProvider(String name, HttpConfig http, Set<Quirk> quirks, Duration catalogTimeToLive) {
        this.transport = new HttpTransport(http);
        OpenAiClient<CompatibleApi> client = new OpenAiClient<>(transport, CompatibleApi.class);
        CompatibleDialect dialect = new CompatibleDialect(quirks);
        this.chat = RecoveringPorts.chat(new OpenAiChat(client, dialect), transport.retries(ChatRequest::withCall));
        this.embeddings = new BatchedEmbeddings(
                RecoveringPorts.embeddings(
                        new OpenAiEmbeddings(client, dialect), transport.retries(EmbeddingRequest::withCall)),
                transport.helpers());
        this.images = RecoveringPorts.images(new CompatibleImages(client), transport.retries(ImageRequest::withCall));
        this.catalog = new CompatibleCatalog(name, client, catalogTimeToLive, Clock.systemUTC());
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(chat);
    }

    @Override
    public Optional<EmbeddingPort> embeddings() {
        return Optional.of(embeddings);
    }

    @Override
    public Optional<ImagePort> images() {
        return Optional.of(images);
    }

    @Override
    public Optional<ModelCatalogPort> catalog() {
        return Optional.of(catalog);
    }

    @Override
    public void close() {
        transport.close();
    }
}
