package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.SecretNames;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Takes secrets out of what goes into a file or a message. Thread-safe. */
final class Scrubber {
    static final String MARK = "[scrubbed]";

    /** A shorter credential, such as {@code ollama}, is no secret but a word that occurs elsewhere. */
    private static final int SHORTEST_SECRET = 8;

    /** Shapes of keys, also of those that nobody sent, and of keys that are shown in part. */
    private static final List<Pattern> KEY_SHAPES = Stream.of(
                    "sk-[A-Za-z0-9_-]{20,}",
                    "sk-[A-Za-z0-9_-]*\\.\\.\\.[A-Za-z0-9]+",
                    "AIza[A-Za-z0-9_-]{35}",
                    "(?:gsk_|xai-|hf_|gh[oprsu]_)[A-Za-z0-9]{20,}",
                    "github_pat_[A-Za-z0-9_]{20,}",
                    "(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
                    "xox[a-z]-[A-Za-z0-9-]{10,}",
                    "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}") // a JSON Web Token
            .map(shape -> Pattern.compile("(?<![A-Za-z0-9])" + shape))
            .toList();

    /** A member of text, as far as its value begins, in what is not or not wholly JSON. */
    private static final Pattern MEMBER = Pattern.compile("\"([^\"\\\\]{1,100})\"\\s*:\\s*\"");

    /** Who the account or the end user is. */
    private static final Set<String> ACCOUNT_MEMBERS = Set.of(
            "user_id", "creator_user_id", "account_id", "organization_id", "org_id", "workspace_id", "external_user");

    private record Range(int start, int end) {}

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final List<Pattern> patterns;
    private final Set<String> members;

    Scrubber(Set<String> secrets, List<Pattern> patterns, Set<String> members) {
        this.secrets.addAll(secrets);
        this.patterns = List.copyOf(patterns);
        this.members = Set.copyOf(members);
    }

    /** One that knows what this one knows now, and does not learn with it. */
    Scrubber copy() {
        return new Scrubber(secrets, patterns, members);
    }

    /** Remembers the credentials that a request shows, so that they are found wherever they are repeated. */
    void learn(ReceivedRequest request) {
        request.request().headers().forEach((name, values) -> {
            if (SecretNames.besideBody(name)) {
                values.forEach(this::learnHeader);
            }
        });
        for (String pair : queryOf(request.request().path()).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && isSecretParameter(pair.substring(0, equals))) {
                learn(pair.substring(equals + 1));
                learn(decoded(pair.substring(equals + 1)));
            }
        }
    }

    private void learnHeader(String value) {
        String[] words = value.split("[;,\\s]+", -1);
        for (String word : words) {
            learn(word);
            learn(word.substring(word.indexOf('=') + 1)); // of a cookie
        }
        if (words.length == 2 && words[0].equalsIgnoreCase("Basic")) {
            ByteString login = ByteString.decodeBase64(words[1]);
            if (login != null) {
                learn(login.utf8().substring(login.utf8().indexOf(':') + 1));
            }
        }
    }

    private void learn(String secret) {
        if (secret.length() >= SHORTEST_SECRET) {
            secrets.add(secret);
        }
    }

    static String queryOf(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1).split("#", 2)[0];
    }

    static String decoded(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return part;
        }
    }

    private static boolean isSecretParameter(String name) {
        return SecretNames.besideBody(decoded(name));
    }

    /** The query, or the form, with the values left out of parameters that are named like a secret. */
    String query(String query) {
        List<String> pairs = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            pairs.add(
                    equals > 0 && isSecretParameter(pair.substring(0, equals))
                            ? pair.substring(0, equals + 1) + MARK
                            : text(pair));
        }
        return String.join("&", pairs);
    }

    String text(String text) {
        return replaced(List.of(text), merged(found(text, patterns))).get(0);
    }

    /** A text that was to be JSON and is not: it was cut, or is not quite right. */
    String brokenJson(String text) {
        return brokenJson(List.of(text)).get(0);
    }

    private List<String> brokenJson(List<String> bits) {
        String whole = String.join("", bits);
        List<Range> found = found(whole, patterns);
        found.addAll(membersIn(whole));
        return replaced(bits, merged(found));
    }

    /** What is not text, or not wholly: the user's patterns are for text, and could be anywhere in a picture. */
    ByteString bytes(ByteString bytes) {
        String text = bytes.string(StandardCharsets.ISO_8859_1);
        List<Range> found = found(text, List.of());
        found.addAll(membersIn(text));
        String safe = replaced(List.of(text), merged(found)).get(0);
        return safe.equals(text) ? bytes : ByteString.encodeString(safe, StandardCharsets.ISO_8859_1);
    }

    @Nullable Object tree(@Nullable Object tree) {
        return tree == null ? null : trees(List.of(tree)).get(0);
    }

    /**
     * Scrubs the trees of one stream, or what of it is no JSON. Texts that stand at the same place in several trees are read
     * as one, since a model says what it says in bits.
     */
    List<Object> trees(List<Object> trees) {
        Map<String, List<String>> texts = new HashMap<>();
        for (Object tree : trees) {
            gather("", tree, texts);
        }
        Map<String, Deque<String>> safe = new HashMap<>();
        texts.forEach(
                (place, bits) -> safe.put(place, new ArrayDeque<>(place.isEmpty() ? brokenJson(bits) : texts(bits))));
        List<Object> scrubbed = new ArrayList<>();
        for (Object tree : trees) {
            scrubbed.add(rebuilt("", tree, safe));
        }
        return scrubbed;
    }

    private static void gather(String place, @Nullable Object value, Map<String, List<String>> texts) {
        if (value instanceof String text) {
            texts.computeIfAbsent(place, first -> new ArrayList<>()).add(text);
        } else if (value instanceof JsonObject object) {
            object.names().forEach(name -> gather(place + "/" + name, object.get(name), texts));
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                gather(placeOf(place, array, i), array.items().get(i), texts);
            }
        }
    }

    /** Choices and tool calls of a stream tell by a member which one they continue. */
    private static String placeOf(String array, JsonArray items, int i) {
        Object item = items.items().get(i);
        return item instanceof JsonObject object && object.get("index") instanceof Number index
                ? array + "/#" + index + "/" + (repeated(items, i, index) ? i : "")
                : array + "/" + i;
    }

    private static boolean repeated(JsonArray items, int i, Number index) {
        return items.items().subList(0, i).stream()
                .anyMatch(item -> item instanceof JsonObject object
                        && object.get("index") instanceof Number other
                        && other.toString().equals(index.toString()));
    }

    private Object rebuilt(String place, Object value, Map<String, Deque<String>> safe) {
        if (value instanceof String) {
            return safe.getOrDefault(place, new ArrayDeque<>()).remove();
        } else if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            for (String name : object.names()) {
                Object member = object.get(name);
                Object kept = member == null ? null : rebuilt(place + "/" + name, member, safe);
                copy.put(
                        text(name),
                        isAccount(name) ? anonymous(kept) : isSecret(object, name) ? withoutTexts(kept) : kept);
            }
            return copy;
        } else if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                Object item = array.items().get(i);
                copy.add(item == null ? null : rebuilt(placeOf(place, array, i), item, safe));
            }
            return copy;
        }
        return value;
    }

    private boolean isAccount(String name) {
        return ACCOUNT_MEMBERS.contains(name) || members.contains(name);
    }

    private static boolean isSecret(JsonObject object, String name) {
        boolean ofText = object.has("logprob"); // where a token is a bit of text
        return SecretNames.inBody(name) || (name.equals("token") && !ofText);
    }

    /** What is no text is no credential but a count, a switch or a schema. */
    private static @Nullable Object withoutTexts(@Nullable Object value) {
        if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            array.items().forEach(item -> copy.add(withoutTexts(item)));
            return copy;
        }
        return value instanceof String ? MARK : value;
    }

    /** Another value of the same type; objects and arrays are schemas and the like. */
    private static @Nullable Object anonymous(@Nullable Object value) {
        return value instanceof String ? MARK : value instanceof Number ? new JsonLiteral("0") : value;
    }

    private List<String> texts(List<String> bits) {
        return replaced(bits, merged(found(String.join("", bits), patterns)));
    }

    private List<Range> found(String text, List<Pattern> more) {
        List<Range> found = new ArrayList<>();
        for (String secret : secrets) {
            for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
                found.add(new Range(at, at + secret.length()));
            }
        }
        for (Pattern shape : KEY_SHAPES) {
            addAll(shape.matcher(text), found);
        }
        for (Pattern shape : more) {
            addAll(shape.matcher(text), found);
        }
        Matcher parameter = SecretNames.PARAMETER.matcher(text);
        while (parameter.find()) {
            if (parameter.group(2).length() >= SHORTEST_SECRET && isSecretParameter(parameter.group(1))) {
                found.add(new Range(parameter.start(2), parameter.end(2)));
            }
        }
        return found;
    }

    private static void addAll(Matcher matcher, List<Range> found) {
        while (matcher.find()) {
            if (matcher.end() > matcher.start()) {
                found.add(new Range(matcher.start(), matcher.end()));
            }
        }
    }

    private List<Range> membersIn(String text) {
        List<Range> found = new ArrayList<>();
        Matcher member = MEMBER.matcher(text);
        while (member.find()) {
            String name = member.group(1);
            if (isAccount(name) || SecretNames.inBody(name)) {
                found.add(new Range(member.end(), endOfText(text, member.end())));
            }
        }
        return found;
    }

    private static int endOfText(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, text.length());
    }

    private static List<Range> merged(List<Range> found) {
        found.sort(Comparator.comparingInt(Range::start).thenComparingInt(Range::end));
        List<Range> merged = new ArrayList<>();
        for (Range range : found) {
            Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && range.start() < last.end()) {
                merged.set(merged.size() - 1, new Range(last.start(), Math.max(last.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /** Puts the mark where a secret begins, and leaves out the rest of it, also in the bits that follow. */
    private static List<String> replaced(List<String> bits, List<Range> ranges) {
        if (ranges.isEmpty()) {
            return bits;
        }
        List<String> safe = new ArrayList<>();
        int begin = 0;
        int next = 0;
        for (String bit : bits) {
            StringBuilder kept = new StringBuilder();
            int end = begin + bit.length();
            int at = begin;
            while (at < end) {
                while (next < ranges.size() && ranges.get(next).end() <= at) {
                    next++;
                }
                Range range = next < ranges.size() ? ranges.get(next) : null;
                if (range == null || range.start() >= end) {
                    kept.append(bit, at - begin, bit.length());
                    at = end;
                } else {
                    if (range.start() >= at) {
                        kept.append(bit, at - begin, range.start() - begin).append(MARK);
                    }
                    at = Math.min(end, range.end());
                }
            }
            safe.add(kept.toString());
            begin = end;
        }
        return safe;
    }
}
