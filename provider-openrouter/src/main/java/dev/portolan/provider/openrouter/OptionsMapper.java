package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.ChatRequestMapper.put;
import static dev.portolan.provider.openrouter.ChatRequestMapper.wire;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Maps {@link OpenRouterOptions} to members of the body and to headers (chat-completions.md §1.1 and §1.9). */
final class OptionsMapper {
    private final Map<String, Object> body;

    OptionsMapper(Map<String, Object> body) {
        this.body = body;
    }

    void map(OpenRouterOptions options) {
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
        promptCache(options.promptCacheOptions());
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
    }

    static Map<String, String> headers(OpenRouterOptions options) {
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

    private void promptCache(@Nullable PromptCacheOptions options) {
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

    static Map<String, Object> provider(ProviderPreferences preferences) {
        Map<String, Object> out = new LinkedHashMap<>();
        putList(out, "order", preferences.order());
        putList(out, "only", preferences.only());
        putList(out, "ignore", preferences.ignore());
        put(out, "allow_fallbacks", preferences.allowFallbacks());
        put(out, "require_parameters", preferences.requireParameters());
        put(out, "data_collection", wire(preferences.dataCollection()));
        put(out, "zdr", preferences.zdr());
        put(out, "enforce_distillable_text", preferences.enforceDistillableText());
        putList(out, "quantizations", preferences.quantizations());
        put(out, "sort", preferences.sort() == null ? null : sort(preferences.sort()));
        put(out, "preferred_min_throughput", threshold(preferences.preferredMinThroughput()));
        put(out, "preferred_max_latency", threshold(preferences.preferredMaxLatency()));
        put(out, "max_price", preferences.maxPrice() == null ? null : maxPrice(preferences.maxPrice()));
        return out;
    }

    private static @Nullable Object sort(ProviderPreferences.Sort sort) {
        if (sort.partition() == null) {
            return wire(sort.by());
        }
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "by", wire(sort.by()));
        put(out, "partition", wire(sort.partition()));
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
