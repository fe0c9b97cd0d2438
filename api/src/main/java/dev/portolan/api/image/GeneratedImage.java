package dev.portolan.api.image;

import dev.portolan.api.chat.Media;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image that was drawn.
 *
 * @param image its bytes, or where it is
 * @param revisedPrompt the description that was really used; {@code null} if not told
 */
public record GeneratedImage(Media image, @Nullable String revisedPrompt) {
    /** The bytes, unless only an address was given. */
    public Optional<Media.Bytes> bytes() {
        return image instanceof Media.Bytes bytes ? Optional.of(bytes) : Optional.empty();
    }

    /** The address, unless the bytes were given. */
    public Optional<String> url() {
        return image instanceof Media.Url url ? Optional.of(url.url()) : Optional.empty();
    }
}
