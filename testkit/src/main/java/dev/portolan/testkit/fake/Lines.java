package dev.portolan.testkit.fake;

import dev.portolan.testkit.simulator.text.Tokens;
import java.util.ArrayList;
import java.util.List;

/** How texts are shown in messages, and cut into pieces. */
final class Lines {
    private static final int SHOWN = 60;

    private Lines() {}

    /** In quotation marks, on one line, shortened. */
    static String preview(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return "\"" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "\"";
    }

    /** Word by word, each with the blank before it. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Tokens.words(Tokens.split(text)).forEach(word -> words.add(String.join("", word)));
        return words;
    }
}
