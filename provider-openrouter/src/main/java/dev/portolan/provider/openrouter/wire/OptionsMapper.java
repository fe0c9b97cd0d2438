package dev.portolan.provider.openrouter.wire;

import static dev.portolan.transport.retrofit.openai.WireCall.put;
import static dev.portolan.transport.retrofit.openai.WireCall.word;

import dev.portolan.api.Warning;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.Plugin;
import dev.portolan.provider.openrouter.PromptCacheOptions;
import dev.portolan.provider.openrouter.ProviderPreferences;
import dev.portolan.provider.openrouter.ResponseCache;
import dev.portolan.provider.openrouter.StopCondition;
import dev.portolan.provider.openrouter.XSearchFilter;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps {@link OpenRouterOptions} to members of the body and to headers
 * (OpenRouter reference: chat-completions §1.1 and §1.9).
 */
public final class OptionsMapper {
    private OptionsMapper() {}

    /** All that a chat request takes. */
    public static void map(OpenRouterOptions options, WireCall call) {
        Map<String, Object> body = call.body();
        put(body, "models", options.models());
        put(body, "route", options.route());
        put(body, "transforms", options.transforms());
        if (options.providerPreferences() != null) {
            body.put("provider", provider(options.providerPreferences()));
        }
        put(body, "preset", options.preset());
        if (!options.plugins().isEmpty()) {
            body.put(
                    "plugins",
                    options.plugins().stream().map(OptionsMapper::plugin).toList());
        }
        put(body, "image_config", options.imageConfig().isEmpty() ? null : options.imageConfig());
        put(body, "session_id", options.sessionId());
        promptCache(options.promptCacheOptions(), body);
        put(body, "max_tool_calls", options.maxToolCalls());
        if (!options.stopServerToolsWhen().isEmpty()) {
            body.put(
                    "stop_server_tools_when",
                    options.stopServerToolsWhen().stream()
                            .map(StopCondition::json)
                            .toList());
        }
        if (options.searchContextSize() != null) {
            body.put("web_search_options", Map.of("search_context_size", options.searchContextSize()));
        }
        if (options.xSearchFilter() != null) {
            body.put("x_search_filter", xSearchFilter(options.xSearchFilter()));
        }
        put(body, "structured_outputs", options.structuredOutputs());
        put(body, "include_reasoning", options.includeReasoning());
        put(body, "trace", options.trace().isEmpty() ? null : options.trace());
        if (options.debug() != null) {
            body.put("debug", Map.of("echo_upstream_body", options.debug()));
        }
        call.headers().putAll(headers(options));
        if (!options.providerOptions().isEmpty()) {
            call.warnings()
                    .add(new Warning("providerOptions", "Chat does not take settings of single providers; not sent"));
        }
    }

    /**
     * What every endpoint takes: routing preferences and headers, the session among them
     * (OpenRouter reference: routing §6).
     */
    public static void mapShared(OpenRouterOptions options, WireCall call) {
        if (options.providerPreferences() != null) {
            call.put("provider", provider(options.providerPreferences()));
        }
        call.headers().putAll(headers(options));
        if (options.sessionId() != null) {
            call.headers().put("x-session-id", options.sessionId());
        }
    }

    public static Map<String, String> headers(OpenRouterOptions options) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (options.routerMetadata() != null) {
            headers.put("X-OpenRouter-Metadata", options.routerMetadata() ? "enabled" : "disabled");
        }
        ResponseCache cache = options.responseCache();
        if (cache != null) {
            headers.put("X-OpenRouter-Cache", Boolean.toString(cache.enabled()));
            if (cache.ttl() != null) {
                headers.put("X-OpenRouter-Cache-TTL", Long.toString(cache.ttl().toSeconds()));
            }
            if (cache.refresh()) {
                headers.put("X-OpenRouter-Cache-Clear", "true");
            }
        }
        if (!options.categories().isEmpty()) {
            headers.put("X-OpenRouter-Categories", String.join(",", options.categories()));
        }
        if (!options.anthropicBeta().isEmpty()) {
            headers.put("x-anthropic-beta", String.join(",", options.anthropicBeta()));
        }
        return headers;
    }

    private static void promptCache(@Nullable PromptCacheOptions options, Map<String, Object> body) {
        if (options != null) {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("mode", "explicit");
            put(out, "ttl", options.ttl());
            body.put("prompt_cache_options", out);
        }
    }

    private static Map<String, Object> plugin(Plugin plugin) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", plugin.id());
        out.putAll(plugin.options());
        return out;
    }

    public static Map<String, Object> provider(ProviderPreferences preferences) {
        Map<String, Object> out = new LinkedHashMap<>();
        putList(out, "order", preferences.order());
        putList(out, "only", preferences.only());
        putList(out, "ignore", preferences.ignore());
        put(out, "allow_fallbacks", preferences.allowFallbacks());
        put(out, "require_parameters", preferences.requireParameters());
        put(out, "data_collection", word(preferences.dataCollection()));
        put(out, "zdr", preferences.zdr());
        put(out, "enforce_distillable_text", preferences.enforceDistillableText());
        putList(out, "quantizations", preferences.quantizations());
        put(out, "sort", preferences.sort() == null ? null : sort(preferences.sort()));
        put(out, "preferred_min_throughput", threshold(preferences.preferredMinThroughput()));
        put(out, "preferred_max_latency", threshold(preferences.preferredMaxLatency()));
        put(out, "max_price", preferences.maxPrice() == null ? null : maxPrice(preferences.maxPrice()));
        return out;
    }

    /**
     * The routing object of endpoints that also take settings of single providers, but fewer fields of routing.
     *
     * @param known the routing fields that the endpoint takes; a warning is added for each other one
     * @return {@code null} if there is nothing to send
     */
    public static @Nullable Map<String, Object> providerWithOptions(
            OpenRouterOptions options, Set<String> known, List<Warning> warnings) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (options.providerPreferences() != null) {
            provider(options.providerPreferences()).forEach((name, value) -> {
                if (known.contains(name)) {
                    out.put(name, value);
                } else {
                    warnings.add(new Warning("provider." + name, "This endpoint does not take it; it was not sent"));
                }
            });
        }
        put(out, "options", options.providerOptions().isEmpty() ? null : options.providerOptions());
        return out.isEmpty() ? null : out;
    }

    private static @Nullable Object sort(ProviderPreferences.Sort sort) {
        if (sort.partition() == null) {
            return word(sort.by());
        }
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "by", word(sort.by()));
        put(out, "partition", word(sort.partition()));
        return out;
    }

    private static @Nullable Object threshold(ProviderPreferences.@Nullable Threshold threshold) {
        if (threshold == null || threshold.value() != null) {
            return threshold == null ? null : threshold.value();
        }
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "p50", threshold.p50());
        put(out, "p75", threshold.p75());
        put(out, "p90", threshold.p90());
        put(out, "p99", threshold.p99());
        return out;
    }

    private static Map<String, Object> maxPrice(ProviderPreferences.MaxPrice price) {
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "prompt", amount(price.prompt(), price.asText()));
        put(out, "completion", amount(price.completion(), price.asText()));
        put(out, "request", amount(price.request(), price.asText()));
        put(out, "image", amount(price.image(), price.asText()));
        put(out, "audio", amount(price.audio(), price.asText()));
        return out;
    }

    private static @Nullable Object amount(@Nullable BigDecimal amount, boolean asText) {
        return amount == null ? null : asText ? amount.toPlainString() : amount;
    }

    private static Map<String, Object> xSearchFilter(XSearchFilter filter) {
        Map<String, Object> out = new LinkedHashMap<>();
        putList(out, "allowed_x_handles", filter.allowedHandles());
        putList(out, "excluded_x_handles", filter.excludedHandles());
        put(out, "from_date", filter.from() == null ? null : filter.from().toString());
        put(out, "to_date", filter.to() == null ? null : filter.to().toString());
        put(out, "enable_image_understanding", filter.imageUnderstanding());
        put(out, "enable_video_understanding", filter.videoUnderstanding());
        return out;
    }

    private static void putList(Map<String, Object> out, String name, List<String> values) {
        if (!values.isEmpty()) {
            out.put(name, values);
        }
    }
}
