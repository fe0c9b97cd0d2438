package dev.portolan.api.catalog;

import dev.portolan.api.RawJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Someone who runs a model.
 *
 * @param provider who, for people
 * @param tag the word by which routing preferences name it, such as {@code openai/priority}; {@code null} if it cannot be
 *     named
 * @param contextLength the most tokens, going in and coming out together; {@code null} if not told
 * @param maxPromptTokens the most tokens going in; {@code null} if not told
 * @param maxCompletionTokens the most tokens coming out; {@code null} if not told
 * @param quantization the number format, such as {@code fp8}; {@code null} if not told
 * @param supportedParameters the request parameters that it knows
 * @param pricing what it costs
 * @param extras further members by their name on the wire: uptime, latency, status
 */
public record ModelEndpoint(
        String provider,
        @Nullable String tag,
        @Nullable Long contextLength,
        @Nullable Long maxPromptTokens,
        @Nullable Long maxCompletionTokens,
        @Nullable String quantization,
        List<String> supportedParameters,
        Pricing pricing,
        Map<String, RawJson> extras) {
    /** Copies the collections. */
    public ModelEndpoint {
        supportedParameters = List.copyOf(supportedParameters);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }
}
