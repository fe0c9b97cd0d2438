package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.SecretNames;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Headers;

/**
 * The headers that go into a cassette; all others stay out, since nobody knows what they tell.
 *
 * @param more names that the user wants, in lower case
 */
record KeptHeaders(Set<String> more) {
    private static final Set<String> OF_REQUESTS = Set.of("accept", "content-type");

    private static final Set<String> OF_ANSWERS = Set.of(
            "allow",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-type",
            "etag",
            "last-modified",
            "link",
            "location",
            "request-id",
            "retry-after",
            "retry-after-ms",
            "x-generation-id",
            "x-request-id",
            "x-should-retry");

    /** How names of further headers of answers begin that providers of models send. */
    private static final Set<String> OF_ANSWERS_BEGIN =
            Set.of("x-openrouter-", "x-ratelimit-", "anthropic-ratelimit-", "ratelimit-");

    KeptHeaders {
        more = Set.copyOf(more);
    }

    Set<String> ofRequests() {
        return Stream.concat(OF_REQUESTS.stream(), more.stream()).collect(Collectors.toSet());
    }

    Map<String, String> ofAnswer(Headers headers, Scrubber scrubber) {
        Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < headers.size(); i++) {
            if (keeps(headers.name(i).toLowerCase(Locale.ROOT))) {
                String value =
                        SecretNames.besideBody(headers.name(i)) ? Scrubber.MARK : scrubber.text(headers.value(i));
                kept.merge(headers.name(i), value, (one, other) -> one + ", " + other);
            }
        }
        return new LinkedHashMap<>(kept);
    }

    private boolean keeps(String name) {
        return OF_ANSWERS.contains(name)
                || more.contains(name)
                || OF_ANSWERS_BEGIN.stream().anyMatch(name::startsWith);
    }
}
