package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.text.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenRouter's own cache of answers, used where the request asks for it (OpenRouter reference: routing §6). */
public final class ResponseCache<T> {
    private static final long DEFAULT_TTL = 300;
    private static final long LONGEST_TTL = 86_400;
    private static final int MOST = 1_000; // replies may hold pictures

    /** What is stored of an answer. */
    public record Entry<T>(T reply, String generationId, Instant storedAt, Instant expiresAt) {}

    /** The cache as one request sees it: switched on, under a key, with a time to live in seconds. */
    public record Slot(String key, long ttl, boolean refresh) {}

    private final Clock clock;
    private final Map<String, Entry<T>> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ResponseCache.Entry<T>> eldest) {
            return size() > MOST;
        }
    };

    public ResponseCache(Clock clock) {
        this.clock = clock;
    }

    /** Null if the request does not ask for caching. */
    public static @Nullable Slot slot(ReceivedRequest request, String kind, String model, JsonObject body) {
        if (!isTrue(request, "X-OpenRouter-Cache")) {
            return null;
        }
        // written anew, so that whitespace does not count and the order of properties does
        String key = String.join(
                "\n",
                request.bearerToken(),
                model,
                kind,
                String.valueOf(body.isTrue("stream")),
                Digest.hex(body.toString()));
        return new Slot(key, ttl(request), isTrue(request, "X-OpenRouter-Cache-Clear"));
    }

    private static boolean isTrue(ReceivedRequest request, String header) {
        return request.header(header).map(String::trim).orElse("").equalsIgnoreCase("true");
    }

    private static long ttl(ReceivedRequest request) {
        Optional<String> header = request.header("X-OpenRouter-Cache-TTL");
        try {
            long seconds =
                    header.isEmpty() ? DEFAULT_TTL : Long.parseLong(header.get().trim());
            return Math.max(1, Math.min(LONGEST_TTL, seconds));
        } catch (NumberFormatException notANumber) {
            return DEFAULT_TTL;
        }
    }

    public synchronized @Nullable Entry<T> find(Slot slot) {
        Entry<T> entry = slot.refresh() ? null : entries.get(slot.key());
        return entry != null && clock.instant().isBefore(entry.expiresAt()) ? entry : null;
    }

    public synchronized void store(Slot slot, T reply, String generationId) {
        Instant now = clock.instant();
        entries.put(slot.key(), new Entry<>(reply, generationId, now, now.plusSeconds(slot.ttl())));
    }

    public Answer missed(Answer answer, Slot slot) {
        return answer.header("X-OpenRouter-Cache-Status", "MISS")
                .header("X-OpenRouter-Cache-TTL", String.valueOf(slot.ttl()));
    }

    public Answer hit(Answer answer, Entry<T> entry) {
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
