package dev.portolan.api.catalog;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model: what it takes and gives, its limits, its prices.
 *
 * @param id by which requests name it
 * @param canonicalName the provider's permanent name for it; {@code null} if not told
 * @param name for people
 * @param description in words; empty if not told
 * @param created since when it is offered; {@code null} if not told
 * @param contextLength the most tokens, going in and coming out together; {@code null} if not told
 * @param maxCompletionTokens the most tokens coming out; {@code null} if not told
 * @param inputModalities what it takes: {@code text image file audio video} or newer words
 * @param outputModalities what it gives: {@code text image audio embeddings} or newer words
 * @param supportedParameters the request parameters that it knows, by their names on the wire
 * @param pricing what it costs; {@link Pricing#UNKNOWN} if not told
 * @param extras further members by their name on the wire
 */
public record ModelInfo(
        ModelId id,
        @Nullable String canonicalName,
        String name,
        String description,
        @Nullable Instant created,
        @Nullable Long contextLength,
        @Nullable Long maxCompletionTokens,
        List<String> inputModalities,
        List<String> outputModalities,
        List<String> supportedParameters,
        Pricing pricing,
        Map<String, RawJson> extras) {
    /** Copies the collections. */
    public ModelInfo {
        inputModalities = List.copyOf(inputModalities);
        outputModalities = List.copyOf(outputModalities);
        supportedParameters = List.copyOf(supportedParameters);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }
}
