package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.Warning;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.transport.retrofit.Answer;
import java.util.List;

/** The embedding port over {@code POST /embeddings}; sends all inputs in one request, once. Thread-safe. */
public final class OpenAiEmbeddings implements EmbeddingPort {
    private final OpenAiClient<?> client;
    private final EmbeddingDialect dialect;

    /** With this client, in this dialect. */
    public OpenAiEmbeddings(OpenAiClient<?> client, EmbeddingDialect dialect) {
        this.client = client;
        this.dialect = dialect;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        WireCall call = dialect.map(request);
        try (Answer answer = client.send(call, request.call(), OpenAiApi::embeddings)) {
            return read(answer, request.inputs().size(), call.warnings(), dialect.notes(answer));
        }
    }

    /**
     * Reads an answer.
     *
     * @param inputs how many vectors it must have
     */
    public static EmbeddingResponse read(Answer answer, int inputs, List<Warning> warnings, ReplyNotes notes) {
        return answer.json(new EmbeddingReplyDecoder(answer, inputs, warnings, notes)::decode);
    }
}
