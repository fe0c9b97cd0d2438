package dev.portolan.provider.openrouter.audio;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech that was written down.
 *
 * @param text what is said
 * @param language the language; {@code null} if not told
 * @param seconds how long the sound is; {@code null} if not told
 * @param segments pieces with their times; empty unless asked for
 * @param words words with their times; empty unless asked for
 * @param usage the tokens used
 * @param cost what it cost
 * @param generationId the generation's id; {@code null} if not told
 * @param raw all that was told
 */
public record Transcription(
        String text,
        @Nullable String language,
        @Nullable BigDecimal seconds,
        List<Span> segments,
        List<Span> words,
        Usage usage,
        Cost cost,
        @Nullable String generationId,
        RawJson raw) {
    /** Copies the lists. */
    public Transcription {
        segments = List.copyOf(segments);
        words = List.copyOf(words);
    }

    /**
     * A piece of the text, and when it is said.
     *
     * @param text the piece
     * @param start from when on, in seconds
     * @param end until when, in seconds
     */
    public record Span(String text, BigDecimal start, BigDecimal end) {}
}
