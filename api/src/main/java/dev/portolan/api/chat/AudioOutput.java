package dev.portolan.api.chat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a model spoke (OpenRouter reference: chat-completions §2.3). OpenRouter sends sound only in streams.
 *
 * @param id by which a later message may refer to it, or {@code null}
 * @param data the sound in the format that was asked for; {@code null} if only the transcript came
 * @param transcript what is said, or {@code null}
 * @param expiresAt until when the provider knows the id, or {@code null}
 */
public record AudioOutput(
        @Nullable String id,
        Media.@Nullable Bytes data,
        @Nullable String transcript,
        @Nullable Instant expiresAt) {}
