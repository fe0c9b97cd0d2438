package dev.portolan.api.chat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Tells a media type from the first bytes of a file, or from its name. */
final class MediaTypes {
    static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> BY_SUFFIX = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("aac", "audio/aac"),
            Map.entry("aiff", "audio/aiff"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mpeg", "video/mpeg"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("webm", "video/webm"));

    private MediaTypes() {}

    static String sniff(byte[] data) {
        if (starts(data, 0, "\u0089PNG\r\n\u001a\n")) {
            return "image/png";
        } else if (starts(data, 0, "\u00ff\u00d8\u00ff")) {
            return "image/jpeg";
        } else if (starts(data, 0, "GIF87a") || starts(data, 0, "GIF89a")) {
            return "image/gif";
        } else if (starts(data, 0, "RIFF") && starts(data, 8, "WEBP")) {
            return "image/webp";
        } else if (starts(data, 0, "RIFF") && starts(data, 8, "WAVE")) {
            return "audio/wav";
        } else if (starts(data, 0, "%PDF-")) {
            return "application/pdf";
        } else if (starts(data, 0, "<svg")) {
            return "image/svg+xml";
        } else if (starts(data, 0, "ID3") || (data.length > 1 && data[0] == -1 && (data[1] & 0xE6) == 0xE2)) {
            return "audio/mpeg";
        } else if (starts(data, 0, "fLaC")) {
            return "audio/flac";
        } else if (starts(data, 0, "OggS")) {
            return "audio/ogg";
        } else if (starts(data, 4, "ftyp")) {
            return ofBrand(data);
        } else if (starts(data, 0, "\u001aE\u00df\u00a3")) {
            return "video/webm";
        }
        return UNKNOWN;
    }

    /** The relatives of MP4 say which they are in their first box. */
    private static String ofBrand(byte[] data) {
        if (starts(data, 8, "M4A")) {
            return "audio/mp4";
        } else if (starts(data, 8, "qt  ")) {
            return "video/quicktime";
        } else if (starts(data, 8, "avif") || starts(data, 8, "avis")) {
            return "image/avif";
        } else if (starts(data, 8, "hei") || starts(data, 8, "mif1")) {
            return "image/heic";
        }
        return "video/mp4";
    }

    static String ofFileName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.lastIndexOf('.') < 1) {
            return UNKNOWN;
        }
        return BY_SUFFIX.getOrDefault(name.substring(name.lastIndexOf('.') + 1), UNKNOWN);
    }

    private static boolean starts(byte[] data, int at, String magic) {
        byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
        if (data.length < at + bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (data[at + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
