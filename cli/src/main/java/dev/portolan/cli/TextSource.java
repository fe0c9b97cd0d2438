package dev.portolan.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text that an option names: a file, or standard input. */
final class TextSource {
    private TextSource() {}

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException if it cannot be read or is not UTF-8; the message names option and file
     */
    static String file(String option, String file) {
        Path path = Path.of(file);
        try {
            return Terminal.text(Files.readAllBytes(path));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(option + ": " + file + " is not UTF-8 text", e);
        } catch (IOException e) {
            String why = !Files.exists(path)
                    ? "no such file"
                    : Files.isDirectory(path)
                            ? "it is a folder"
                            : Files.isReadable(path) ? "" + e.getMessage() : "no permission";
            throw new IllegalArgumentException(option + ": cannot read " + file + ": " + why, e);
        }
    }
}
