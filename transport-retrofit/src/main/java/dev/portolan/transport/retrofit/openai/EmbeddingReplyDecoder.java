package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a reply to {@code /embeddings} (OpenRouter reference: embeddings §2). */
final class EmbeddingReplyDecoder {
    private static final JsonReader.Options NAMES =
            JsonReader.Options.of("id", "model", "provider", "object", "data", "usage", "error");
    private static final JsonReader.Options ITEM_NAMES = JsonReader.Options.of("index", "embedding", "object");

    private final Answer answer;
    private final int inputs;
    private final List<Warning> warnings;
    private final ReplyNotes notes;
    private final VectorDecoder vectors = new VectorDecoder();
    private final List<Embedding> embeddings;

    EmbeddingReplyDecoder(Answer answer, int inputs, List<Warning> warnings, ReplyNotes notes) {
        this.answer = answer;
        this.inputs = inputs;
        this.warnings = warnings;
        this.notes = notes;
        this.embeddings = new ArrayList<>(inputs);
    }

    EmbeddingResponse decode(JsonReader reader) throws IOException {
        String id = null;
        String model = null;
        String provider = null;
        RawJson usage = null;
        RawJson error = null;
        Map<String, RawJson> extras = new LinkedHashMap<>();
        if (Lenient.beginObject(reader)) {
            while (reader.hasNext()) {
                switch (reader.selectName(NAMES)) {
                    case 0 -> id = Lenient.text(reader);
                    case 1 -> model = Lenient.text(reader);
                    case 2 -> provider = Lenient.text(reader);
                    case 3 -> reader.skipValue();
                    case 4 -> data(reader);
                    case 5 -> usage = Lenient.isNull(reader) ? usage : Lenient.raw(reader);
                    case 6 -> error = Lenient.error(reader);
                    default -> extras.put(reader.nextName(), Lenient.raw(reader));
                }
            }
            reader.endObject();
        }
        String unique = notes.id(id);
        if (id != null && unique == null) {
            extras.put("id", RawJson.of(id));
        }
        String generationId = unique != null ? unique : answer.header("X-Generation-Id");
        if (error != null) {
            throw answer.error(error, extras, generationId, null);
        }
        if (!isComplete()) {
            throw answer.malformed(embeddings.size() + " vectors for " + inputs + " inputs", generationId, null);
        }
        Tally tally = notes.tally(usage);
        return new EmbeddingResponse(
                generationId == null ? List.of() : List.of(generationId),
                model == null ? "" : model,
                provider,
                embeddings,
                tally.usage(),
                tally.cost(),
                warnings,
                List.of(),
                notes.metadata(),
                extras);
    }

    /** Each input has one vector, in whatever order they came; some proxies number all of a batch 0. */
    private boolean isComplete() {
        if (embeddings.stream().allMatch(embedding -> embedding.index() == 0)) {
            for (int i = 0; i < embeddings.size(); i++) {
                embeddings.set(i, new Embedding(i, embeddings.get(i).vector()));
            }
        }
        embeddings.sort(Comparator.comparingInt(Embedding::index));
        for (int i = 0; i < embeddings.size(); i++) {
            if (embeddings.get(i).index() != i) {
                return false;
            }
        }
        return embeddings.size() == inputs;
    }

    private void data(JsonReader reader) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            item(reader);
        }
        reader.endArray();
    }

    private void item(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        Integer index = null;
        float @Nullable [] vector = null;
        while (reader.hasNext()) {
            switch (reader.selectName(ITEM_NAMES)) {
                case 0 -> index = Lenient.smallWhole(reader);
                case 1 -> vector = vectors.decode(reader);
                case 2 -> reader.skipValue();
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
        if (vector != null) {
            embeddings.add(new Embedding(index == null ? embeddings.size() : index, vector));
        }
    }
}
