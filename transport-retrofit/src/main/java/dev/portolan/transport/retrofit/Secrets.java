package dev.portolan.transport.retrofit;

import dev.portolan.api.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What a server may repeat of a request and nobody may read: the key that was sent, and what looks like another. */
record Secrets(List<String> sent) {
    private static final Pattern KEY = Pattern.compile("\\bsk-[A-Za-z0-9_-]{8,}");
    private static final Pattern HEADERS = Pattern.compile("auth|key|token|secret|password|cookie");
    private static final int SHORTEST = 4;

    /** So much of the beginning of a secret is one too: a server may have cut it off. */
    private static final int BEGINNING = 8;

    /** The secrets of this request. */
    static Secrets of(Request request) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < request.headers().size(); i++) {
            String name = request.headers().name(i).toLowerCase(Locale.ROOT);
            if (HEADERS.matcher(name).find()) {
                add(name, request.headers().value(i).strip(), sent);
            }
        }
        return new Secrets(List.copyOf(sent));
    }

    /** Without the word before a key, such as {@code Bearer}, and the names of cookies. */
    private static void add(String name, String value, List<String> sent) {
        String[] parts = name.contains("cookie")
                ? value.split(";\\s*(?:[^=;]*=)?|^[^=;]*=", -1)
                : new String[] {value.substring(value.indexOf(' ') + 1).strip()};
        for (String part : parts) {
            if (part.length() >= SHORTEST) {
                sent.add(part);
            }
        }
    }

    @Nullable String removedFrom(@Nullable String text) {
        return text == null ? null : without(text);
    }

    String without(String text) {
        String clean = text;
        for (String secret : sent) {
            clean = without(secret, clean);
        }
        return KEY.matcher(clean).replaceAll("sk-…");
    }

    /** The JSON without them; {@code null} if it is none any more, as when a secret is a number. */
    @Nullable RawJson removedFrom(@Nullable RawJson json) {
        if (json == null) {
            return null;
        }
        String clean = without(json.text());
        if (clean.equals(json.text())) {
            return json;
        }
        try {
            return RawJson.parse(clean);
        } catch (IllegalArgumentException notJson) {
            return null;
        }
    }

    /** The same headers without them. */
    Headers removedFrom(Headers headers) {
        Headers.Builder clean = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            clean.addUnsafeNonAscii(headers.name(i), without(headers.value(i)));
        }
        return clean.build();
    }

    private static String without(String secret, String text) {
        StringBuilder clean = new StringBuilder();
        int kept = 0;
        for (int at = 0; at < text.length(); at++) {
            boolean inBackslashes = at > 0 && text.charAt(at) == '\\' && text.charAt(at - 1) == '\\';
            int end = inBackslashes ? -1 : endOf(secret, text, at);
            if (end > at) {
                clean.append(text, kept, at).append(secret.startsWith("sk-") ? "sk-…" : "…");
                kept = end;
                at = end - 1;
            }
        }
        return kept == 0 ? text : clean.append(text, kept, text.length()).toString();
    }

    /** Where the secret that begins here ends, or its beginning; -1 if none begins here. */
    private static int endOf(String secret, String text, int from) {
        int at = from;
        for (int i = 0; i < secret.length(); i++) {
            int next = skip(secret.charAt(i), text, at);
            if (next < 0 && secret.startsWith("\\\\", i - 1)) {
                continue; // one step takes any number of backslashes
            }
            if (next < 0) {
                return i >= BEGINNING ? endOfWord(text, at) : -1;
            }
            at = next;
        }
        return at;
    }

    /** What follows may be the rest of another key that begins in the same way. */
    private static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "-_*".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at;
    }

    /** Where the text goes on behind this character, which JSON may have escaped, also JSON inside JSON; -1 if it is another. */
    private static int skip(char c, String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '\\') {
            at++;
        }
        boolean same = at < text.length() && text.charAt(at) == c;
        if (at == from) {
            return same ? at + 1 : -1;
        }
        String number = String.format(Locale.ROOT, "u%04x", (int) c);
        if (text.regionMatches(true, at, number, 0, number.length())) {
            return at + number.length();
        }
        if (same) {
            return at + 1;
        }
        return c == '\\' ? at : -1;
    }

    /** How many there are, not which. */
    @Override
    public String toString() {
        return "Secrets[" + sent.size() + "]";
    }
}
