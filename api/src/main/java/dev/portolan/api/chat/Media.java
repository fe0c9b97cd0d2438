package dev.portolan.api.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An image, a sound, a video or a document: where it is, or its bytes. */
public sealed interface Media {
    /**
     * A medium by its address.
     *
     * @param url an {@code https} URL, or a {@code data:} URL
     */
    record Url(String url) implements Media {
        /** Checks that the address is not blank. */
        public Url {
            if (url.isBlank()) {
                throw new IllegalArgumentException("A media URL must not be blank");
            }
        }

        /** Shows the type and length of a data URL, not its content; of a long address the beginning. */
        @Override
        public String toString() {
            int shown = url.startsWith("data:") ? url.indexOf(',') + 1 : Math.min(url.length(), 60);
            return shown == url.length()
                    ? "Url[" + url + "]"
                    : "Url[" + url.substring(0, shown) + "…, " + url.length() + " characters]";
        }
    }

    /**
     * A medium by its content. The array is handed over, not copied: nobody may change it afterwards.
     *
     * @param data the bytes of the file
     * @param mediaType for example {@code image/png}; {@code application/octet-stream} if it is not known
     */
    @SuppressWarnings("ArrayRecordComponent") // large media must not be copied; equals and hashCode are by content
    record Bytes(byte[] data, String mediaType) implements Media {
        /** Checks that both parts are there. */
        public Bytes {
            Objects.requireNonNull(data, "data");
            Objects.requireNonNull(mediaType, "mediaType");
        }

        /** The number of bytes. */
        public int size() {
            return data.length;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bytes bytes && Arrays.equals(bytes.data, data) && bytes.mediaType.equals(mediaType);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(data) + mediaType.hashCode();
        }

        @Override
        public String toString() {
            return "Bytes[" + mediaType + ", " + data.length + " bytes]";
        }
    }

    /** A medium at an {@code https} or {@code data:} URL. */
    static Media url(String url) {
        return new Url(url);
    }

    /** A medium from its bytes; the type is told from the first of them. */
    static Media bytes(byte[] data) {
        return new Bytes(data, MediaTypes.sniff(data));
    }

    /** A medium from its bytes, of a known type such as {@code image/png}. */
    static Media bytes(byte[] data, String mediaType) {
        return new Bytes(data, mediaType);
    }

    /**
     * A medium read from a file, now; the type is told from its first bytes, else from the file name.
     *
     * @throws UncheckedIOException if the file cannot be read; the message names it
     */
    static Media file(Path file) {
        try {
            byte[] data = Files.readAllBytes(file);
            String sniffed = MediaTypes.sniff(data);
            return new Bytes(data, sniffed.equals(MediaTypes.UNKNOWN) ? MediaTypes.ofFileName(file) : sniffed);
        } catch (IOException e) {
            String why =
                    Files.exists(file) ? Files.isDirectory(file) ? "it is a folder" : e.getMessage() : "no such file";
            throw new UncheckedIOException("Cannot read " + file + ": " + why, e);
        }
    }
}
