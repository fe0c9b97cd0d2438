package dev.portolan.transport.retrofit;

import com.squareup.moshi.JsonDataException;
import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An error as a server wrote it, in any of the shapes of the OpenRouter reference (errors §1); whatever is missing or
 * of an odd type is simply not there. Reading one never fails.
 *
 * @param message what the server says; empty if nothing
 * @param code its code, a number or a word, as text
 * @param type its word for the kind of error
 * @param status the HTTP status that it names, or 0
 * @param availability its code for why no provider can answer, for example {@code capacity_exhausted}
 * @param retryable whether it says that trying again can help
 * @param retryAfter how long it asks to wait
 * @param fallbackModels other models that it suggests
 * @param upstream who ran the model and failed
 * @param upstreamCode that provider's own code
 * @param rateLimitReset when a limit of the server's own renews, as it wrote it: epoch seconds or milliseconds
 * @param requestId the name of the request in the server's log
 * @param raw the error object as it came; of a body that is no such object its beginning, as a JSON string
 */
record WireError(
        String message,
        @Nullable String code,
        @Nullable String type,
        int status,
        @Nullable String availability,
        @Nullable Boolean retryable,
        @Nullable Duration retryAfter,
        List<String> fallbackModels,
        @Nullable String upstream,
        @Nullable String upstreamCode,
        @Nullable String rateLimitReset,
        @Nullable String requestId,
        @Nullable RawJson raw) {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_RAW = 2000;
    private static final List<String> READ_BESIDE = List.of("message", "detail", "code", "error_type", "request_id");

    /** An error of which nothing is known but a text. */
    static WireError ofText(String text) {
        return ofText(text, null);
    }

    private static WireError ofText(String text, @Nullable RawJson raw) {
        return new WireError(text, null, null, 0, null, null, null, List.of(), null, null, null, null, raw);
    }

    /** Reads the whole body of a failed answer, which may be anything. */
    static WireError ofBody(String body) {
        Object tree = parse(body);
        Object first = tree instanceof List<?> list && !list.isEmpty() ? list.get(0) : tree; // Gemini's are in a list
        if (!(first instanceof Map<?, ?> map)) {
            return ofText("", beginning(body));
        }
        Object error = map.get("error") != null ? map.get("error") : map.get("errors");
        return ofTree(error != null ? error : map, map, rawOf(body));
    }

    /**
     * Reads the value of an {@code error} member.
     *
     * @param beside the members that it stands beside
     */
    static WireError ofValue(RawJson error, Map<String, RawJson> beside) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        for (String name : READ_BESIDE) {
            RawJson value = beside.get(name);
            envelope.put(name, value == null ? null : parse(value.text()));
        }
        Object tree = parse(error.text());
        return tree == null ? ofText("") : ofTree(tree, envelope, error);
    }

    /** Whether the API itself says what is wrong, and not a web server that knows nothing of it. */
    boolean isOfApi() {
        return !message.isEmpty() && !message.equalsIgnoreCase("Not Found");
    }

    /** The same without the secrets, wherever the server repeats them. */
    WireError without(Secrets secrets) {
        return new WireError(
                secrets.without(message),
                secrets.removedFrom(code),
                secrets.removedFrom(type),
                status,
                secrets.removedFrom(availability),
                retryable,
                retryAfter,
                fallbackModels.stream().map(secrets::without).toList(),
                secrets.removedFrom(upstream),
                secrets.removedFrom(upstreamCode),
                rateLimitReset,
                secrets.removedFrom(requestId),
                secrets.removedFrom(raw));
    }

    private static @Nullable RawJson rawOf(String body) {
        try {
            return RawJson.parse(body);
        } catch (IllegalArgumentException tooDeep) {
            return null;
        }
    }

    private static @Nullable RawJson beginning(String body) {
        String text = body.strip();
        if (text.isEmpty()) {
            return null;
        }
        int end = Math.min(text.length(), MAX_RAW);
        return RawJson.of(text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end));
    }

    private static @Nullable Object parse(String json) {
        if (json.length() > MAX_CHARACTERS) {
            return null;
        }
        try (JsonReader reader = JsonReader.of(new Buffer().writeUtf8(json))) {
            return tree(reader);
        } catch (IOException | JsonDataException notJson) {
            return null;
        }
    }

    /** As plain values; of members of one name the last counts, and numbers may be too large. */
    private static @Nullable Object tree(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                reader.beginObject();
                while (reader.hasNext()) {
                    members.put(reader.nextName(), tree(reader));
                }
                reader.endObject();
                return members;
            }
            case BEGIN_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                reader.beginArray();
                while (reader.hasNext()) {
                    elements.add(tree(reader));
                }
                reader.endArray();
                return elements;
            }
            case NUMBER -> {
                return Double.valueOf(reader.nextString());
            }
            default -> {
                return reader.readJsonValue();
            }
        }
    }

    private static WireError ofTree(Object error, Map<?, ?> envelope, @Nullable RawJson raw) {
        if (!(error instanceof Map<?, ?> map)) {
            return new WireError(
                    words(error, envelope),
                    text(envelope.get("code")),
                    text(envelope.get("error_type")),
                    0,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    text(envelope.get("request_id")),
                    raw);
        }
        Map<?, ?> metadata = object(map.get("metadata"));
        Map<?, ?> availability = object(map.get("availability"));
        Map<?, ?> headers = object(metadata.get("headers"));
        return new WireError(
                words(null, map),
                text(map.get("code")),
                firstOrNull(
                        text(map.get("error_type")),
                        text(metadata.get("error_type")),
                        text(map.get("type")),
                        text(envelope.get("error_type"))),
                status(map.get("http_status")),
                text(availability.get("code")),
                availability.get("retryable") instanceof Boolean retryable ? retryable : null,
                seconds(availability.get("retry_after")),
                texts(availability.get("fallback_models")),
                text(metadata.get("provider_name")),
                firstOrNull(text(metadata.get("provider_code")), upstreamCode(metadata.get("raw"))),
                text(headers.get("X-RateLimit-Reset")),
                text(envelope.get("request_id")),
                raw);
    }

    private static String words(@Nullable Object error, Map<?, ?> envelope) {
        String words = firstOrNull(words(error), words(envelope.get("message")), words(envelope.get("detail")));
        return words == null ? "" : words;
    }

    /**
     * A text, or those inside. FastAPI lists what does not fit, each with where it is; what was sent is in there too, and is not
     * repeated.
     */
    private static @Nullable String words(@Nullable Object value) {
        if (value instanceof List<?> items) {
            String all = items.stream()
                    .map(WireError::words)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("; "));
            return all.isEmpty() ? null : all;
        }
        if (value instanceof Map<?, ?> map) {
            String words = firstOrNull(
                    words(map.get("msg")),
                    words(map.get("detail")),
                    words(map.get("error")),
                    words(map.get("message")));
            return words == null ? null : place(map.get("loc")) + words;
        }
        return text(value);
    }

    private static String place(@Nullable Object loc) {
        if (!(loc instanceof List<?> steps)) {
            return "";
        }
        return steps.stream().map(WireError::text).filter(Objects::nonNull).collect(Collectors.joining(".")) + ": ";
    }

    /** The older shape carries the upstream provider's whole body, as JSON text or as an object. */
    private static @Nullable String upstreamCode(@Nullable Object raw) {
        Object tree = raw instanceof String text ? parse(text) : raw;
        Map<?, ?> error = object(object(tree).get("error"));
        return firstOrNull(text(error.get("code")), text(error.get("type")));
    }

    private static Map<?, ?> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text.isBlank() ? null : text;
        }
        if (value instanceof Double number) {
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString(number.longValue())
                    : number.toString();
        }
        return null;
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof List<?> items
                ? items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private static int status(@Nullable Object value) {
        String text = text(value);
        return text != null && text.matches("[1-9]\\d\\d") ? Integer.parseInt(text) : 0;
    }

    private static @Nullable Duration seconds(@Nullable Object value) {
        if (!(value instanceof Double seconds) || !(seconds >= 0) || seconds > 1e9) {
            return null;
        }
        return Duration.ofMillis(
                new BigDecimal(seconds.toString()).movePointRight(3).longValue());
    }

    private static @Nullable String firstOrNull(@Nullable String... texts) {
        for (String text : texts) {
            if (text != null) {
                return text;
            }
        }
        return null;
    }
}
