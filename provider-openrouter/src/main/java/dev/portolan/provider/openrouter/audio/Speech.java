package dev.portolan.provider.openrouter.audio;

import dev.portolan.api.chat.Media;
import org.jspecify.annotations.Nullable;

/**
 * A text that was spoken. What it cost is not in the answer: ask {@code generation(id)} for it.
 *
 * @param sound the bytes; {@code audio/pcm} is 16-bit little-endian samples without a header
 * @param generationId the generation's id; {@code null} if not told
 */
public record Speech(Media.Bytes sound, @Nullable String generationId) {}
