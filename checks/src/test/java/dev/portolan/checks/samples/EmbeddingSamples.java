package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.PortolanException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The samples of {@code docs/embeddings.md}, each between two marks. */
public final class EmbeddingSamples {
    private EmbeddingSamples() {}

    public static void many(Portolan portolan, List<String> sentences) {
        // sample: embed_many
        EmbeddingResponse vectors = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(sentences) // ten, or ten thousand
                        .build());
        float[] ofTheFirst = vectors.embeddings().get(0).vector();
        System.out.println(vectors.embeddings().size() + " vectors of " + ofTheFirst.length + " numbers, "
                + vectors.usage().promptTokens() + " tokens, " + vectors.cost());
        // end
    }

    public static EmbeddingRequest batching(List<String> sentences) {
        // sample: embed_batching
        EmbeddingRequest request = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                .texts(sentences)
                .batching(new EmbeddingRequest.Batching(100, 50_000, 8)) // inputs, characters, requests at once
                .build();
        // end
        return request;
    }

    public static EmbeddingRequest options(List<String> sentences) {
        // sample: embed_options
        EmbeddingRequest request = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                .texts(sentences)
                .dimensions(256)
                .encoding(EmbeddingRequest.Encoding.BASE64)
                .inputType("search_document")
                .build();
        // end
        return request;
    }

    public static void search(Portolan portolan) {
        // sample: embed_search
        List<String> harbours = List.of(
                "Genoa has a lighthouse from the year 1543.",
                "Bread is baked at dawn.",
                "The pilot boards ships outside the harbour.");
        EmbeddingResponse stored = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(harbours)
                        .build());
        Embedding question = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .text("How old is the lighthouse of Genoa?")
                        .build())
                .embeddings()
                .get(0);
        Embedding nearest = stored.embeddings().stream()
                .max(Comparator.comparingDouble(question::cosineSimilarity))
                .orElseThrow();
        System.out.println(harbours.get(nearest.index()));
        // end
    }

    public static void kinds(Portolan portolan) {
        // sample: embed_kinds
        EmbeddingResponse ofTokens = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .tokens(9906, 1917) // split by your own tokenizer
                        .build());
        EmbeddingResponse ofPictures = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/google/gemini-embedding-2")
                        .content(ContentPart.text("a harbour"), ContentPart.image(Path.of("harbour.png"))) // one vector
                        .build());
        // end
        System.out.println(
                ofTokens.embeddings().size() + " " + ofPictures.embeddings().size());
    }

    public static List<Embedding> goOn(Portolan portolan, EmbeddingRequest request) {
        // sample: embed_go_on
        List<Embedding> vectors;
        try {
            vectors = portolan.embeddings().embed(request).embeddings();
        } catch (PortolanException e) {
            vectors = e.partial(EmbeddingResponse.class)
                    .map(EmbeddingResponse::embeddings)
                    .orElseThrow(() -> e);
            Set<Integer> done = vectors.stream().map(Embedding::index).collect(Collectors.toSet());
            List<EmbeddingInput> missing = new ArrayList<>();
            for (int i = 0; i < request.inputs().size(); i++) {
                if (!done.contains(i)) {
                    missing.add(request.inputs().get(i));
                }
            }
            System.out.println(done.size() + " done, " + missing.size() + " to do, cost so far: " + e.totalCost());
            // later: portolan.embeddings().embed(request.withInputs(missing))
        }
        // end
        return vectors;
    }
}
