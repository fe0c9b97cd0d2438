package dev.portolan.testkit.simulator.chat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values for the fields of a schema that a sensible model would take from the user's text. */
final class TextHints {
    private static final Pattern NAME =
            Pattern.compile("\\p{Lu}[\\p{L}\\p{M}'’-]*(?: \\p{Lu}[\\p{L}\\p{M}'’-]*)*", Pattern.UNICODE_CASE);
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.])-?\\d{1,15}(?:\\.\\d{1,10})?(?![\\w])");
    private static final Pattern ARITHMETIC = Pattern.compile("[\\d(][\\d\\s.+*/×÷^()-]*[\\d)]");

    private static final Pattern SENTENCE_START = Pattern.compile("(?:^|[.!?:\\n])\\s*$");

    /** Words that are capitalised at the start of a sentence without being a name. */
    private static final Set<String> OPENERS = Set.of(
            "a",
            "an",
            "and",
            "are",
            "at",
            "book",
            "can",
            "compare",
            "could",
            "do",
            "does",
            "find",
            "for",
            "from",
            "get",
            "give",
            "hello",
            "hey",
            "hi",
            "how",
            "i",
            "i'm",
            "if",
            "in",
            "is",
            "it",
            "let",
            "look",
            "make",
            "my",
            "name",
            "of",
            "on",
            "or",
            "please",
            "search",
            "send",
            "set",
            "show",
            "tell",
            "thanks",
            "that",
            "the",
            "then",
            "this",
            "to",
            "translate",
            "use",
            "was",
            "we",
            "what",
            "what's",
            "when",
            "where",
            "which",
            "who",
            "why",
            "will",
            "with",
            "write",
            "you");

    private static final Set<String> PLACES = Set.of(
            "city", "location", "place", "town", "country", "destination", "origin", "region", "address", "airport");
    private static final Set<String> PEOPLE =
            Set.of("name", "person", "recipient", "author", "customer", "company", "who", "title", "user");
    private static final Set<String> QUERIES =
            Set.of("query", "q", "question", "text", "prompt", "message", "input", "topic", "keywords", "search");
    private static final Set<String> ANSWERS = Set.of(
            "answer", "reply", "response", "summary", "description", "content", "explanation", "result", "reason");

    private final String userText;
    private final String replyText;
    private final List<String> names;
    private final List<BigDecimal> numbers;
    private int namesTaken;
    private int numbersTaken;

    TextHints(String userText, String replyText) {
        this.userText = userText.strip();
        this.replyText = replyText;
        this.names = names(userText);
        this.numbers = numbers(userText);
    }

    /** Capitalised words; those that start a sentence come last, since that may be all that capitalises them. */
    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        List<String> starts = new ArrayList<>();
        Matcher matcher = NAME.matcher(text.replace('\n', ' '));
        while (matcher.find()) {
            List<String> words = new ArrayList<>(List.of(matcher.group().split(" ", -1)));
            boolean startsSentence =
                    SENTENCE_START.matcher(text.substring(0, matcher.start())).find();
            while (!words.isEmpty() && isOpener(words.get(0))) {
                words.remove(0);
                startsSentence = false;
            }
            if (!words.isEmpty()) {
                (startsSentence ? starts : names).add(String.join(" ", words));
            }
        }
        names.addAll(starts);
        return names;
    }

    private static boolean isOpener(String word) {
        return OPENERS.contains(word.toLowerCase(Locale.ROOT).replace('’', '\''));
    }

    private static List<BigDecimal> numbers(String text) {
        List<BigDecimal> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.add(new BigDecimal(matcher.group()));
        }
        return numbers;
    }

    /** The next number of the text that fits, or null. */
    @Nullable BigDecimal number(Predicate<BigDecimal> fitting) {
        for (int i = numbersTaken; i < numbers.size(); i++) {
            if (fitting.test(numbers.get(i))) {
                numbersTaken = i + 1;
                return numbers.get(i);
            }
        }
        return null;
    }

    /** The alternative that the text names, or null. */
    @Nullable String mentioned(List<String> alternatives) {
        String lower = userText.toLowerCase(Locale.ROOT);
        return alternatives.stream()
                .filter(each -> !each.isEmpty() && lower.contains(each.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    String string(String property) {
        List<String> words = ToolPlanner.words(property);
        if (any(words, PLACES)) {
            return nextName("Paris");
        }
        if (words.contains("email")) {
            return "ada@example.com";
        }
        if (words.contains("url") || words.contains("link")) {
            return "https://example.com/";
        }
        if (words.contains("date") || words.contains("day")) {
            return "2026-01-15";
        }
        if (words.contains("expression") || words.contains("formula") || words.contains("calculation")) {
            Matcher arithmetic = ARITHMETIC.matcher(userText);
            return arithmetic.find() ? arithmetic.group().strip() : "1 + 1";
        }
        if (any(words, ANSWERS)) {
            return replyText.isEmpty() ? userText : replyText;
        }
        if (any(words, QUERIES)) {
            return userText.isEmpty() ? "portolan" : ReplyWriter.quote(userText);
        }
        if (any(words, PEOPLE)) {
            return nextName("Ada Lovelace");
        }
        return property.isEmpty() ? "example" : "example " + String.join(" ", words);
    }

    private static boolean any(List<String> words, Set<String> known) {
        return words.stream().anyMatch(known::contains);
    }

    /** Each name is taken once, so that origin and destination differ; the last one serves the rest. */
    private String nextName(String otherwise) {
        if (names.isEmpty()) {
            return otherwise;
        }
        String name = names.get(Math.min(namesTaken, names.size() - 1));
        namesTaken++;
        return name;
    }
}
