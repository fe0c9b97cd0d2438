package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One part of a message's content (OpenRouter reference: chat-completions §1.2). Put text before images: models read it
 * better that way.
 */
public sealed interface ContentPart {
    /**
     * Text.
     *
     * @param text the text; may be empty
     * @param cacheControl a prompt-cache breakpoint after this part, or {@code null}
     * @param promptCacheBreakpoint whether OpenAI's explicit breakpoint ({@code prompt_cache_breakpoint}) stands here
     */
    record Text(String text, @Nullable CacheControl cacheControl, boolean promptCacheBreakpoint)
            implements ContentPart {
        /** Checks that there is a text. */
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * An image: png, jpeg, webp or gif.
     *
     * @param image where it is, or its bytes
     * @param detail how closely the model should look; {@code null} for the provider's default
     */
    record Image(Media image, @Nullable Detail detail) implements ContentPart {
        /** How closely a model looks at an image. */
        public enum Detail {
            /** The provider chooses. */
            AUTO,
            /** A small version: fewer tokens. */
            LOW,
            /** Full tiles: more tokens. */
            HIGH,
            /** As it is; OpenRouter's own value. */
            ORIGINAL
        }
    }

    /**
     * Sound; always sent as bytes, no provider takes a URL here.
     *
     * @param data the file's bytes; handed over, not copied
     * @param format the file's format as the wire names it: {@code wav mp3 flac m4a ogg aiff aac pcm16 pcm24}
     */
    record Audio(Media.Bytes data, String format) implements ContentPart {}

    /**
     * A video: mp4, mpeg, mov or webm.
     *
     * @param video where it is, or its bytes
     */
    record Video(Media video) implements ContentPart {}

    /**
     * A document, such as a PDF.
     *
     * @param filename its name, shown to the model; or {@code null}
     * @param data where it is, or its bytes; {@code null} if {@code fileId} is given
     * @param fileId a file uploaded before; {@code null} if {@code data} is given
     */
    record File(
            @Nullable String filename,
            @Nullable Media data,
            @Nullable String fileId) implements ContentPart {
        /** Checks that there is content. */
        public File {
            if (data == null && fileId == null) {
                throw new IllegalArgumentException("A file part needs data or a file id");
            }
        }
    }

    /**
     * A part of a kind that has no class here yet; sent and kept as it is.
     *
     * @param json the whole part, an object with a {@code type}
     */
    record Raw(RawJson json) implements ContentPart {}

    /** Plain text. */
    static Text text(String text) {
        return new Text(text, null, false);
    }

    /** Text that ends at a prompt-cache breakpoint. */
    static Text text(String text, CacheControl cacheControl) {
        return new Text(text, cacheControl, false);
    }

    /** An image at an {@code https} or {@code data:} URL. */
    static Image image(String url) {
        return new Image(Media.url(url), null);
    }

    /** An image from its bytes. */
    static Image image(byte[] data) {
        return new Image(Media.bytes(data), null);
    }

    /**
     * An image read from a file, now.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    static Image image(Path file) {
        return new Image(Media.file(file), null);
    }

    /** Sound from its bytes, in a format such as {@code wav}. */
    static Audio audio(byte[] data, String format) {
        return new Audio(new Media.Bytes(data, "audio/" + format), format);
    }

    /** A video at an {@code https} or {@code data:} URL. */
    static Video video(String url) {
        return new Video(Media.url(url));
    }

    /** A document from its bytes. */
    static File file(String filename, byte[] data) {
        return new File(filename, Media.bytes(data), null);
    }

    /** A document at an {@code https} URL. */
    static File file(String filename, String url) {
        return new File(filename, Media.url(url), null);
    }

    /**
     * A document read from a file, now.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    static File file(Path file) {
        return new File(String.valueOf(file.getFileName()), Media.file(file), null);
    }
}
