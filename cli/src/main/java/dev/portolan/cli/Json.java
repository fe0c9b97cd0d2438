package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the JSON of all commands has in common: members that every reply has, and how values are written. */
final class Json {
    private Json() {}

    /** What OpenRouter alone tells; {@code null} if another provider answered. */
    static @Nullable Object openRouter(Reply reply) {
        return reply.metadata(OpenRouterMetadata.class).map(Json::openRouter).orElse(null);
    }

    private static Object openRouter(OpenRouterMetadata metadata) {
        OpenRouterMetadata.ServerToolUse tools = metadata.serverToolUse();
        OpenRouterMetadata.CacheUse cache = metadata.cache();
        return object(
                "nativeFinishReason", metadata.nativeFinishReason(),
                "byok", metadata.byok(),
                "charged", plain(metadata.charged()),
                "upstreamCost", plain(metadata.upstreamCost()),
                "upstreamPromptCost", plain(metadata.upstreamPromptCost()),
                "upstreamCompletionCost", plain(metadata.upstreamCompletionCost()),
                "serverToolUse",
                        tools == null
                                ? null
                                : object(
                                        "toolCallsRequested", tools.toolCallsRequested(),
                                        "toolCallsExecuted", tools.toolCallsExecuted(),
                                        "webSearchRequests", tools.webSearchRequests()),
                "cache",
                        cache == null
                                ? null
                                : object(
                                        "hit", cache.hit(),
                                        "age", seconds(cache.age()),
                                        "ttl", seconds(cache.ttl()),
                                        "sourceId", cache.sourceId()),
                "routing",
                        metadata.routing() == null ? null : metadata.routing().raw(),
                "debug", metadata.debug());
    }

    static Object usage(Usage usage) {
        Usage.PromptDetails prompt = usage.prompt();
        Usage.CompletionDetails completion = usage.completion();
        Map<String, @Nullable Object> members = object(
                "promptTokens", usage.promptTokens(),
                "completionTokens", usage.completionTokens(),
                "totalTokens", usage.totalTokens(),
                "cachedTokens", prompt.cachedTokens(),
                "cacheWriteTokens", prompt.cacheWriteTokens(),
                "promptAudioTokens", prompt.audioTokens(),
                "promptVideoTokens", prompt.videoTokens(),
                "reasoningTokens", completion.reasoningTokens(),
                "imageTokens", completion.imageTokens(),
                "audioTokens", completion.audioTokens(),
                "acceptedPredictionTokens", completion.acceptedPredictionTokens(),
                "rejectedPredictionTokens", completion.rejectedPredictionTokens(),
                "raw", usage.raw());
        if (!usage.isReported()) {
            members.replaceAll((name, zero) -> null);
        }
        return members;
    }

    static Object cost(Cost cost) {
        return object(
                "amount", plain(cost.amount()),
                "currency", cost.currency(),
                "source", lower(cost.source()));
    }

    /** The digits without an exponent, which not every shell tool reads; unless that would be absurdly long. */
    static @Nullable RawJson plain(@Nullable BigDecimal amount) {
        return amount == null
                ? null
                : RawJson.parse(Math.abs(amount.scale()) <= 40 ? amount.toPlainString() : amount.toString());
    }

    private static @Nullable Long seconds(@Nullable Duration time) {
        return time == null ? null : time.toSeconds();
    }

    static Object warnings(List<Warning> warnings) {
        return each(warnings, warning -> object("subject", warning.subject(), "message", warning.message()));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static <T> List<Object> each(List<T> items, Function<T, Object> form) {
        return items.stream().map(form).toList();
    }

    static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members;
    }
}
