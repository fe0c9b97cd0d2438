package dev.portolan.api.image;

import dev.portolan.api.Attempt;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The images that were drawn.
 *
 * @param id the provider's name for this generation; {@code null} if it gave none
 * @param model the model that drew; the one asked, if the provider does not tell
 * @param provider who ran the model; {@code null} if not told
 * @param created when; {@code null} if not told
 * @param images the images, in order
 * @param text what the model said beside them; empty if nothing
 * @param usage the tokens used
 * @param cost what it cost
 * @param warnings what could not be honoured as asked
 * @param attempts the attempts it took, the last of which answered; empty if the provider does not tell
 * @param metadata what only the provider tells
 * @param extras further members of the reply by their name on the wire
 */
public record ImageResponse(
        @Nullable String id,
        String model,
        @Nullable String provider,
        @Nullable Instant created,
        List<GeneratedImage> images,
        String text,
        Usage usage,
        Cost cost,
        List<Warning> warnings,
        List<Attempt> attempts,
        List<ProviderMetadata> metadata,
        Map<String, RawJson> extras)
        implements Reply {
    /** Copies the collections. */
    public ImageResponse {
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
        attempts = List.copyOf(attempts);
        metadata = List.copyOf(metadata);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    @Override
    public ImageResponse withAttempts(List<Attempt> newAttempts) {
        return new ImageResponse(
                id, model, provider, created, images, text, usage, cost, warnings, newAttempts, metadata, extras);
    }

    /** The first image. */
    public GeneratedImage image() {
        return images.get(0);
    }

    /** Tokens going in. */
    public long inputTokens() {
        return usage.promptTokens();
    }

    /** Tokens of the images, where the provider counts them apart; otherwise all tokens coming out. */
    public long outputTokens() {
        long imageTokens = usage.completion().imageTokens();
        return imageTokens > 0 ? imageTokens : usage.completionTokens();
    }

    /** All tokens. */
    public long totalTokens() {
        return usage.totalTokens();
    }
}
