package dev.portolan.testkit.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenRouter's own cache of answers, used where the request asks for it (routing.md §6). */
final class ResponseCache {
    private static final long DEFAULT_TTL = 300;
    private static final long LONGEST_TTL = 86_400;

    /** What is stored of an answer. */
    record Entry(ChatReply reply, String generationId, Instant storedAt, Instant expiresAt) {}

    /** The cache as one request sees it: switched on, under a key, with a time to live in seconds. */
    record Slot(String key, long ttl, boolean refresh) {}

    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();

    ResponseCache(Clock clock) {
        this.clock = clock;
    }

    /** Null if the request does not ask for caching. */
    static @Nullable Slot slot(SimulatorRequest request, ChatCall call, RoutedModel routed) {
        if (!isTrue(request, "X-OpenRouter-Cache")) {
            return null;
        }
        // written anew, so that whitespace does not count and the order of properties does
        String key = String.join(
                "\n",
                Router.bearerToken(request),
                routed.id(),
                "chat",
                String.valueOf(call.stream()),
                Digest.hex(call.body().toString()));
        return new Slot(key, ttl(request), isTrue(request, "X-OpenRouter-Cache-Clear"));
    }

    private static boolean isTrue(SimulatorRequest request, String header) {
        return request.header(header).map(String::trim).orElse("").equalsIgnoreCase("true");
    }

    private static long ttl(SimulatorRequest request) {
        Optional<String> header = request.header("X-OpenRouter-Cache-TTL");
        try {
            long seconds =
                    header.isEmpty() ? DEFAULT_TTL : Long.parseLong(header.get().trim());
            return Math.max(1, Math.min(LONGEST_TTL, seconds));
        } catch (NumberFormatException notANumber) {
            return DEFAULT_TTL;
        }
    }

    synchronized @Nullable Entry find(Slot slot) {
        Entry entry = slot.refresh() ? null : entries.get(slot.key());
        return entry != null && clock.instant().isBefore(entry.expiresAt()) ? entry : null;
    }

    synchronized void store(Slot slot, ChatReply reply, String generationId) {
        Instant now = clock.instant();
        entries.put(slot.key(), new Entry(reply, generationId, now, now.plusSeconds(slot.ttl())));
    }

    Answer missed(Answer answer, Slot slot) {
        return answer.header("X-OpenRouter-Cache-Status", "MISS")
                .header("X-OpenRouter-Cache-TTL", String.valueOf(slot.ttl()));
    }

    Answer hit(Answer answer, Entry entry) {
        Instant now = clock.instant();
        return answer.header("X-OpenRouter-Cache-Status", "HIT")
                .header("X-OpenRouter-Cache-Age", seconds(entry.storedAt(), now))
                .header("X-OpenRouter-Cache-TTL", seconds(now, entry.expiresAt()))
                .header("X-OpenRouter-Cache-Source-Id", entry.generationId());
    }

    private static String seconds(Instant from, Instant to) {
        return String.valueOf(Math.max(0, Duration.between(from, to).toSeconds()));
    }
}
