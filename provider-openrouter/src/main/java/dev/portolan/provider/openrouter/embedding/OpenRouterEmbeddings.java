package dev.portolan.provider.openrouter.embedding;

import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.OpenRouterClient;
import dev.portolan.provider.openrouter.wire.WireCall;
import dev.portolan.transport.retrofit.Answer;

/** The embedding port over {@code POST /embeddings}; sends all inputs in one request. */
public final class OpenRouterEmbeddings implements EmbeddingPort {
    private final OpenRouterClient client;

    /** With this client. */
    public OpenRouterEmbeddings(OpenRouterClient client) {
        this.client = client;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        WireCall call = EmbeddingRequestMapper.map(request);
        try (Answer answer = client.send(call, request.call(), OpenRouterApi::embeddings)) {
            EmbeddingReplyDecoder decoder =
                    new EmbeddingReplyDecoder(answer, request.inputs().size(), call.warnings());
            return answer.json(decoder::decode);
        }
    }
}
