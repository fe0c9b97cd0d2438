package dev.portolan.cli;

import java.util.ArrayList;
import java.util.List;

/** Puts a prompt together from the arguments and standard input. */
final class Prompt {
    private static final String STANDARD_INPUT = "-";

    private Prompt() {}

    /**
     * The arguments joined with spaces, or standard input if there are none. An argument {@code -} is a paragraph of its
     * own with what comes on standard input, which is not touched otherwise.
     */
    static String read(List<String> arguments, Terminal terminal) {
        if (arguments.isEmpty()) {
            return standardInput(terminal);
        }
        if (arguments.indexOf(STANDARD_INPUT) != arguments.lastIndexOf(STANDARD_INPUT)) {
            throw new IllegalArgumentException("Standard input can be read once; give one '-' only");
        }
        List<String> paragraphs = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(STANDARD_INPUT)) {
                paragraphs.add(String.join(" ", words));
                paragraphs.add(standardInput(terminal));
                words.clear();
            } else {
                words.add(argument);
            }
        }
        paragraphs.add(String.join(" ", words));
        paragraphs.removeIf(String::isBlank);
        return String.join("\n\n", paragraphs);
    }

    private static String standardInput(Terminal terminal) {
        return terminal.readAll("Type your prompt").stripTrailing();
    }
}
