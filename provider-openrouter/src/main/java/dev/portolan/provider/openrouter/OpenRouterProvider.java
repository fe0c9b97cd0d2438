package dev.portolan.provider.openrouter;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.spi.BatchedEmbeddings;
import dev.portolan.api.spi.RecoveringPorts;
import dev.portolan.provider.openrouter.account.Credits;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.account.KeyInfo;
import dev.portolan.provider.openrouter.account.UpstreamProvider;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.Transcription;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.catalog.OpenRouterCatalog;
import dev.portolan.provider.openrouter.chat.OpenRouterDialect;
import dev.portolan.provider.openrouter.embedding.OpenRouterEmbeddingDialect;
import dev.portolan.provider.openrouter.endpoint.AccountEndpoints;
import dev.portolan.provider.openrouter.endpoint.AudioEndpoints;
import dev.portolan.provider.openrouter.endpoint.RerankEndpoint;
import dev.portolan.provider.openrouter.image.OpenRouterImages;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.provider.openrouter.rerank.RerankResponse;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.openai.OpenAiChat;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.OpenAiEmbeddings;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** OpenRouter behind the ports, and beside them. */
final class OpenRouterProvider implements OpenRouter {
    private final HttpTransport transport;
    private final ChatPort chat;
    private final EmbeddingPort embeddings;
    private final ImagePort images;
    private final ModelCatalogPort catalog;
    private final BillingPort billing = this::bill;
    private final RerankEndpoint rerank;
    private final AudioEndpoints audio;
    private final AccountEndpoints account;

    OpenRouterProvider(OpenRouterSettings settings) {
        this.transport = new HttpTransport(settings.http());
        OpenAiClient<OpenRouterApi> client = new OpenAiClient<>(transport, OpenRouterApi.class);
        this.chat = RecoveringPorts.chat(
                new OpenAiChat(client, OpenRouterDialect.INSTANCE), transport.retries(ChatRequest::withCall));
        this.embeddings = new BatchedEmbeddings(
                RecoveringPorts.embeddings(
                        new OpenAiEmbeddings(client, OpenRouterEmbeddingDialect.INSTANCE),
                        transport.retries(EmbeddingRequest::withCall)),
                transport.helpers());
        this.images = RecoveringPorts.images(new OpenRouterImages(client), transport.retries(ImageRequest::withCall));
        this.catalog =
                new OpenRouterCatalog(client, settings.catalogTimeToLive(), settings.savedCatalog(), Clock.systemUTC());
        this.rerank = new RerankEndpoint(client);
        this.audio = new AudioEndpoints(client);
        this.account = new AccountEndpoints(client);
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
    public Optional<BillingPort> billing() {
        return Optional.of(billing);
    }

    @Override
    public RerankResponse rerank(RerankRequest request) {
        return rerank.rerank(request);
    }

    @Override
    public Speech speak(SpeechRequest request) {
        return audio.speak(request);
    }

    @Override
    public Transcription transcribe(TranscriptionRequest request) {
        return audio.transcribe(request);
    }

    @Override
    public Generation generation(String id) {
        return account.generation(id);
    }

    private Optional<BillingPort.Bill> bill(ModelId ignored, String generationId) {
        try {
            Generation generation = generation(generationId);
            return Optional.of(new BillingPort.Bill(generation.cost(), generation.usage()));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    @Override
    public Credits credits() {
        return account.credits();
    }

    @Override
    public KeyInfo key() {
        return account.key();
    }

    @Override
    public List<UpstreamProvider> providers() {
        return account.providers();
    }

    @Override
    public void close() {
        transport.close();
    }
}
