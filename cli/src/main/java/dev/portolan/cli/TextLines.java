package dev.portolan.cli;

import java.util.ArrayList;
import java.util.List;

/** Collects the texts to embed from the arguments, a file and standard input. */
final class TextLines {
    private static final String STANDARD_INPUT = "-";

    private final TextOptions options;
    private final Terminal terminal;
    private final List<String> texts = new ArrayList<>();
    private boolean standardInputRead;

    private TextLines(TextOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    /**
     * The texts, in order; what comes on standard input if there are neither arguments nor a file.
     *
     * @throws IllegalArgumentException if there is none, one is blank, or the file cannot be read
     */
    static List<String> read(List<String> arguments, TextOptions options, Terminal terminal) {
        TextLines lines = new TextLines(options, terminal);
        arguments.forEach(lines::addArgument);
        if (options.input != null) {
            lines.addSource(options.input);
        } else if (arguments.isEmpty()) {
            lines.addSource(STANDARD_INPUT);
        }
        if (lines.texts.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no text to embed; give it as an argument, as in: portolan embed \"a calm sea\"");
        }
        return lines.texts;
    }

    private void addArgument(String argument) {
        if (argument.equals(STANDARD_INPUT)) {
            addSource(STANDARD_INPUT);
        } else if (!argument.isBlank()) {
            texts.add(argument);
        } else if (!options.skipBlank) {
            throw new IllegalArgumentException("A text to embed is blank; --skip-blank leaves such texts out");
        }
    }

    private void addSource(String source) {
        boolean standardInput = source.equals(STANDARD_INPUT);
        if (standardInput && standardInputRead) {
            throw new IllegalArgumentException("Standard input can be read once; give one '-' only");
        }
        standardInputRead |= standardInput;
        String text =
                standardInput ? terminal.readAll("Type your texts, one a line") : TextSource.file("--input", source);
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                texts.add(line);
            } else if (!options.skipBlank) {
                throw new IllegalArgumentException("Line " + number + " of "
                        + (standardInput ? "standard input" : source)
                        + " is blank; --skip-blank leaves such lines out");
            }
        }
    }
}
