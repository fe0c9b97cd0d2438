package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.text.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The provider's prompt cache (OpenRouter reference: routing §7). Only explicit breakpoints fill it: a cache that works
 * by itself would give the same request another usage each time.
 */
final class PromptCache {
    private static final int MINIMUM_TOKENS = 1024;
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int MOST = 10_000;

    private final Clock clock;
    private final Map<String, Instant> expiries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST;
        }
    };

    PromptCache(Clock clock) {
        this.clock = clock;
    }

    synchronized PromptUse use(ChatCall call, RoutedModel routed, int promptTokens) {
        int images = PromptUse.images(call);
        List<JsonObject> prefix = prefixUpToBreakpoint(call);
        int prefixTokens = Math.min(
                promptTokens, prefix.stream().mapToInt(PromptUse::count).sum());
        if (prefixTokens < MINIMUM_TOKENS || routed.model().pricing().cacheRead() == null) {
            return new PromptUse(promptTokens, 0, 0, images);
        }
        String key = routed.id() + Digest.hex(JsonArray.of(prefix).toString());
        Instant now = clock.instant();
        Instant expiry = expiries.get(key);
        expiries.put(key, now.plus(LIFE));
        return expiry != null && now.isBefore(expiry)
                ? new PromptUse(promptTokens, prefixTokens, 0, images)
                : new PromptUse(promptTokens, 0, prefixTokens, images);
    }

    /** The messages, and of the last of them the parts, before and with the last breakpoint. */
    private static List<JsonObject> prefixUpToBreakpoint(ChatCall call) {
        List<JsonObject> messages = call.messages();
        if (call.body().object("cache_control") != null) {
            return messages;
        }
        for (int i = messages.size() - 1; i >= 0; i--) {
            List<JsonObject> parts = messages.get(i).array("content").objects();
            for (int j = parts.size() - 1; j >= 0; j--) {
                if (parts.get(j).object("cache_control") != null) {
                    List<JsonObject> prefix = new ArrayList<>(messages.subList(0, i));
                    prefix.add(new JsonObject()
                            .put("role", messages.get(i).get("role"))
                            .put("content", JsonArray.of(parts.subList(0, j + 1))));
                    return prefix;
                }
            }
        }
        return List.of();
    }
}
