package dev.portolan.cli;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Provider;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Embeds a text as its length and 0.1, and remembers what it was asked. */
final class FakeEmbeddings implements Provider, EmbeddingPort {
    final List<EmbeddingRequest> asked = Collections.synchronizedList(new ArrayList<>());
    private String failingAt = "";
    private @Nullable Supplier<PortolanException> failure;

    /** The batch that has this text fails. */
    FakeEmbeddings failingAt(String text, Supplier<PortolanException> newFailure) {
        failingAt = text;
        failure = newFailure;
        return this;
    }

    @Override
    public Optional<EmbeddingPort> embeddings() {
        return Optional.of(this);
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        asked.add(request);
        List<Embedding> embeddings = new ArrayList<>();
        for (EmbeddingInput input : request.inputs()) {
            String text = ((EmbeddingInput.Text) input).text();
            if (failure != null && text.equals(failingAt)) {
                throw failure.get();
            }
            embeddings.add(new Embedding(embeddings.size(), new float[] {text.length(), 0.1f}));
        }
        return new EmbeddingResponse(
                List.of("gen-" + asked.size()),
                "acme/embed",
                "Acme",
                embeddings,
                Usage.of(embeddings.size(), 0),
                Cost.reported(new BigDecimal("0.00000002").multiply(BigDecimal.valueOf(embeddings.size()))),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    @Override
    public void close() {}
}
