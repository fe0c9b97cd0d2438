package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Prints vectors as JSON lines on standard output. */
final class VectorPrinter {
    private final Terminal terminal;
    private final EmbedOutputOptions options;
    private final List<String> texts;

    /** Prints the vectors of these texts. */
    VectorPrinter(Terminal terminal, EmbedOutputOptions options, List<String> texts) {
        this.terminal = terminal;
        this.options = options;
        this.texts = texts;
    }

    void print(EmbeddingResponse response) {
        StringBuilder line = new StringBuilder();
        for (Embedding embedding : response.embeddings()) {
            line.setLength(0);
            line.append("{\"index\":").append(embedding.index());
            if (options.withText) {
                line.append(",\"text\":")
                        .append(RawJson.of(texts.get(embedding.index())).text());
            }
            line.append(",\"embedding\":");
            if (options.base64) {
                line.append('"').append(base64(embedding.vector())).append('"');
            } else {
                appendNumbers(line, embedding.vector());
            }
            terminal.out(line.append("}\n").toString());
        }
    }

    private static void appendNumbers(StringBuilder line, float[] vector) {
        char separator = '[';
        for (float number : vector) {
            FloatText.append(line.append(separator), number);
            separator = ',';
        }
        line.append(separator == '[' ? "[]" : "]");
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
