package dev.portolan.provider.openrouter.embedding;

import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OpenRouterNotes;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.EmbeddingDialect;
import dev.portolan.transport.retrofit.openai.EmbeddingFields;
import dev.portolan.transport.retrofit.openai.ReplyNotes;
import dev.portolan.transport.retrofit.openai.WireCall;

/** Embeddings as OpenRouter has them (OpenRouter reference: embeddings §1). */
public final class OpenRouterEmbeddingDialect implements EmbeddingDialect {
    /** There is only one. */
    public static final OpenRouterEmbeddingDialect INSTANCE = new OpenRouterEmbeddingDialect();

    private OpenRouterEmbeddingDialect() {}

    @Override
    public WireCall map(EmbeddingRequest request) {
        WireCall call = ModelNames.callOf(request.model());
        EmbeddingFields.put(call, request);
        request.options(OpenRouterOptions.class).ifPresent(options -> OptionsMapper.mapShared(options, call));
        call.ignored(request.options(), OpenRouterOptions.class);
        call.extras(request.extras());
        return call;
    }

    @Override
    public ReplyNotes notes(Answer answer) {
        return new OpenRouterNotes(answer);
    }
}
