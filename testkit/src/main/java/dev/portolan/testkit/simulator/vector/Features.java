package dev.portolan.testkit.simulator.vector;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a vector is made of: words, pairs of words and pieces of words, with their weights. Texts that share many of them
 * get vectors that are close; the sense of a word the simulator does not know.
 */
public final class Features {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    private static final int LENGTH_OF_PIECES = 3;
    private static final double WORD_WEIGHT = 1;
    private static final double PIECES_WEIGHT = 0.7;
    private static final double PAIR_WEIGHT = 0.25;
    private static final double TEXT_WEIGHT = 0.05;
    private static final double MEDIUM_WEIGHT = 2;

    /** Words that say little count little. */
    private static final double LITTLE = 0.15;

    private static final Set<String> SAY_LITTLE = Set.of(
            "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has", "have", "how",
            "i", "in", "is", "it", "its", "me", "my", "of", "on", "or", "that", "the", "this", "to", "was", "we",
            "what", "when", "where", "which", "who", "why", "will", "with", "you", "your");

    private final Map<String, Double> weights = new LinkedHashMap<>();

    Map<String, Double> weights() {
        return weights;
    }

    public Features addText(String text) {
        List<String> words = words(text);
        String last = "";
        for (String word : words) {
            double weight = SAY_LITTLE.contains(word) ? LITTLE : 1;
            add("word " + word, WORD_WEIGHT * weight);
            addPieces(word, PIECES_WEIGHT * weight);
            if (!last.isEmpty()) {
                add("pair " + last + " " + word, PAIR_WEIGHT * weight);
            }
            last = word;
        }
        add("text " + text, TEXT_WEIGHT); // so that no two texts have quite the same vector
        return this;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private void addPieces(String word, double weight) {
        String marked = "^" + word + "$";
        int count = marked.length() - LENGTH_OF_PIECES + 1;
        for (int i = 0; i < count; i++) {
            add("piece " + marked.substring(i, i + LENGTH_OF_PIECES), weight / Math.sqrt(count));
        }
    }

    public Features addTokens(List<String> tokens) {
        String last = "";
        for (String token : tokens) {
            add("token " + token, WORD_WEIGHT);
            add("tokens " + last + " " + token, PAIR_WEIGHT);
            last = token;
        }
        return this;
    }

    /** An image, a recording, a video or a file: like itself, unlike all others. */
    public Features addMedium(String kind, String data) {
        return add("medium " + kind + " " + data, MEDIUM_WEIGHT);
    }

    private Features add(String feature, double weight) {
        weights.merge(feature, weight, Double::sum);
        return this;
    }
}
