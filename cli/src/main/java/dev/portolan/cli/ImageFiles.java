package dev.portolan.cli;

import dev.portolan.api.chat.Media;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files that images are written to. What can be known before the request is checked before it, since images are paid
 * for; what comes up only afterwards never costs an image or an existing file.
 */
final class ImageFiles {
    private static final int NAME_LENGTH = 40;
    private static final int NAME_WORDS = 5;

    /** Media type to the usual ends of file names, the first being ours. */
    private static final Map<String, List<String>> SUFFIXES = Map.of(
            "image/png", List.of("png"),
            "image/jpeg", List.of("jpg", "jpeg", "jpe", "jfif"),
            "image/webp", List.of("webp"),
            "image/svg+xml", List.of("svg"),
            "image/gif", List.of("gif"),
            "image/avif", List.of("avif"));

    private final Path folder;
    private final String stem;
    private final @Nullable String suffix;
    private final boolean numbered;
    private final boolean force;

    private ImageFiles(Path folder, String stem, @Nullable String suffix, boolean numbered, boolean force) {
        this.folder = folder;
        this.stem = stem;
        this.suffix = suffix;
        this.numbered = numbered;
        this.force = force;
    }

    /**
     * The files for so many images.
     *
     * @throws IllegalArgumentException if one exists and may not be overwritten, or the folder is missing
     */
    static ImageFiles plan(ImageFileOptions options, String prompt, @Nullable String format, int count) {
        ImageFiles files = options.file == null
                ? new ImageFiles(Path.of(""), stemOf(prompt), null, count > 1, options.force)
                : named(options.file, count > 1, options.force);
        files.check(format, count);
        return files;
    }

    private static ImageFiles named(String file, boolean numbered, boolean force) {
        Path path = Path.of(file);
        Path name = path.getFileName();
        if (name == null || name.toString().isBlank() || name.toString().equals("-")) {
            throw new IllegalArgumentException("-o: '" + file + "' is not a file name; give one such as sunset.png");
        } else if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    "-o: " + file + " is a folder; give a file in it, such as " + path.resolve("sunset.png"));
        }
        String text = name.toString();
        int dot = text.lastIndexOf('.');
        String stem = dot < 1 ? text : text.substring(0, dot);
        Path parent = path.getParent();
        return new ImageFiles(
                parent == null ? Path.of("") : parent, stem, dot < 1 ? "" : text.substring(dot + 1), numbered, force);
    }

    /** For example {@code a-sunset-over-a-calm}. */
    private static String stemOf(String prompt) {
        StringBuilder stem = new StringBuilder();
        int words = 0;
        for (String word : prompt.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            if (words == NAME_WORDS || (words > 0 && stem.length() + 1 + word.length() > NAME_LENGTH)) {
                break;
            }
            stem.append(words++ == 0 ? "" : "-").append(word);
        }
        if (stem.codePointCount(0, stem.length()) > NAME_LENGTH) {
            stem.setLength(stem.offsetByCodePoints(0, NAME_LENGTH));
        }
        return stem.isEmpty() ? "image" : stem.toString();
    }

    private void check(@Nullable String format, int count) {
        Path where = folder.toAbsolutePath();
        if (!Files.isDirectory(where)) {
            throw new IllegalArgumentException("-o: there is no folder " + folder + "; make it first");
        } else if (!Files.isWritable(where)) {
            throw new IllegalArgumentException("-o: the folder " + where + " cannot be written to");
        }
        for (int i = 0; i < count; i++) {
            for (String end : possibleSuffixes(format)) {
                Path file = file(numbered ? i + 1 : 0, end);
                if (Files.exists(file) && !force) {
                    throw new IllegalArgumentException(file + " exists; --force overwrites it, -o gives another name");
                } else if (Files.exists(file) && !(Files.isRegularFile(file) && Files.isWritable(file))) {
                    throw new IllegalArgumentException(file + " exists and cannot be overwritten");
                }
            }
        }
    }

    private List<String> possibleSuffixes(@Nullable String format) {
        if (suffix != null) {
            return List.of(suffix);
        }
        List<String> suffixes = new ArrayList<>();
        SUFFIXES.forEach((type, ends) -> {
            if (format == null || type.startsWith("image/" + format)) {
                suffixes.add(ends.get(0));
            }
        });
        return suffixes;
    }

    /**
     * Writes an image; under a name that is free if somebody else has taken its own meanwhile.
     *
     * @param index its place among the images, from 0
     * @throws OutputFailed if it cannot be written
     */
    Path write(int index, Media.Bytes image) {
        String end = suffix != null
                ? suffix
                : SUFFIXES.getOrDefault(image.mediaType(), List.of("bin")).get(0);
        int number = numbered || index > 0 ? index + 1 : 0;
        for (Path file = file(number, end); ; file = file(++number, end)) {
            try {
                return force
                        ? Files.write(file, image.data())
                        : Files.write(file, image.data(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException taken) {
                // the next number, then
            } catch (IOException e) {
                throw new OutputFailed(file.toString(), e);
            }
        }
    }

    private Path file(int number, String end) {
        return folder.resolve(stem + (number == 0 ? "" : "-" + number) + (end.isEmpty() ? "" : "." + end));
    }

    /** Whether a file's name says that it is of another type than it is. */
    static boolean isMisnamed(Path file, String mediaType) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        List<String> usual = SUFFIXES.get(mediaType);
        int dot = name.lastIndexOf('.');
        return usual != null && dot > 0 && !usual.contains(name.substring(dot + 1));
    }
}
