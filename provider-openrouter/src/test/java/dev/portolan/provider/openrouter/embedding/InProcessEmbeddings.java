package dev.portolan.provider.openrouter.embedding;

import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.provider.openrouter.wire.OpenRouterNotes;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.OpenAiEmbeddings;
import java.util.List;

/** Decodes bytes as if they were the answer of {@code /embeddings}. */
public final class InProcessEmbeddings {
    private InProcessEmbeddings() {}

    public static EmbeddingResponse embed(byte[] bytes, int inputs) {
        try (Answer answer = InProcess.answer("application/json", List.of(bytes))) {
            return OpenAiEmbeddings.read(answer, inputs, List.of(), new OpenRouterNotes(answer));
        }
    }
}
