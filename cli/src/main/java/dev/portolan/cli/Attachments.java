package dev.portolan.cli;

import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns files and addresses from the command line into parts of a message, or says what is wrong with them. */
final class Attachments {
    private static final Set<String> IMAGE_TYPES = Set.of("image/png", "image/jpeg", "image/webp", "image/gif");

    /** Media type to the wire's name of the format (OpenRouter reference: chat-completions §1.2). */
    private static final Map<String, String> AUDIO_FORMATS = Map.of(
            "audio/wav", "wav",
            "audio/mpeg", "mp3",
            "audio/flac", "flac",
            "audio/mp4", "m4a",
            "audio/ogg", "ogg",
            "audio/aiff", "aiff",
            "audio/aac", "aac");

    private static final Set<String> RAW_AUDIO_FORMATS = Set.of("pcm16", "pcm24");

    private Attachments() {}

    static List<ContentPart> of(PromptOptions options) {
        List<ContentPart> parts = new ArrayList<>();
        options.images.forEach(image -> parts.add(
                new ContentPart.Image(picture(image, "give documents with --file, sounds with --audio"), null)));
        options.files.forEach(file -> parts.add(file(file)));
        options.audio.forEach(audio -> parts.add(audio(audio)));
        return parts;
    }

    /**
     * A picture that {@code --image} names.
     *
     * @param otherwise what to do with a file that is none
     */
    static Media picture(String fileOrUrl, String otherwise) {
        if (isUrl(fileOrUrl)) {
            return Media.url(fileOrUrl);
        }
        Media.Bytes image = read("--image", fileOrUrl);
        if (!IMAGE_TYPES.contains(image.mediaType())) {
            throw new IllegalArgumentException("--image: " + fileOrUrl
                    + " is not a png, jpeg, webp or gif image (it looks like " + image.mediaType() + "); " + otherwise);
        }
        return image;
    }

    private static ContentPart file(String fileOrUrl) {
        if (isUrl(fileOrUrl)) {
            return new ContentPart.File(fileName(fileOrUrl), Media.url(fileOrUrl), null);
        }
        Media.Bytes data = read("--file", fileOrUrl);
        return new ContentPart.File(String.valueOf(Path.of(fileOrUrl).getFileName()), data, null);
    }

    private static ContentPart audio(String file) {
        if (isUrl(file)) {
            throw new IllegalArgumentException(
                    "--audio: sounds are sent as bytes, not by URL; download " + file + " first");
        }
        Media.Bytes data = read("--audio", file);
        String suffix = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        String format = RAW_AUDIO_FORMATS.contains(suffix) ? suffix : AUDIO_FORMATS.get(data.mediaType());
        if (format == null) {
            throw new IllegalArgumentException("--audio: " + file + " is not a sound in a known format (it looks like "
                    + data.mediaType() + "); use wav, mp3, flac, m4a, ogg, aiff, aac, pcm16 or pcm24");
        }
        return new ContentPart.Audio(data, format);
    }

    private static Media.Bytes read(String option, String file) {
        try {
            Media.Bytes data = (Media.Bytes) Media.file(Path.of(file));
            if (data.size() == 0) {
                throw new IllegalArgumentException(option + ": " + file + " is empty");
            }
            return data;
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    private static boolean isUrl(String text) {
        String start = text.substring(0, Math.min(8, text.length())).toLowerCase(Locale.ROOT);
        return start.startsWith("https://") || start.startsWith("http://") || start.startsWith("data:");
    }

    /** The last part of a URL's path: models are told the name of a document. */
    private static @Nullable String fileName(String url) {
        try {
            String path = URI.create(url).getPath();
            String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
            return name.isEmpty() ? null : name;
        } catch (IllegalArgumentException notAUri) {
            return null;
        }
    }
}
