package dev.portolan.testkit.simulator.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for the models' tokenizers: a token is a run of up to eight letters or three digits with the space before
 * it, any other single sign, or a blank. The tokens of a text joined are the text.
 */
public final class Tokens {
    private static final Pattern TOKEN =
            Pattern.compile(" ?\\p{L}[\\p{L}\\p{M}]{0,7}| ?\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]|\\s");

    private Tokens() {}

    public static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    public static int count(String text) {
        int count = 0;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            count++;
        }
        return count;
    }

    /** Groups tokens to words, each with the blank before it. */
    public static List<List<String>> words(List<String> tokens) {
        List<List<String>> words = new ArrayList<>();
        for (String token : tokens) {
            if (words.isEmpty() || Character.isWhitespace(token.charAt(0))) {
                words.add(new ArrayList<>());
            }
            words.get(words.size() - 1).add(token);
        }
        return words;
    }
}
