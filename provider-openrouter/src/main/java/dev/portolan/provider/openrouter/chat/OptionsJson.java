package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.RawJson;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.Plugin;
import dev.portolan.provider.openrouter.PromptCacheOptions;
import dev.portolan.provider.openrouter.ProviderPreferences;
import dev.portolan.provider.openrouter.StopCondition;
import dev.portolan.provider.openrouter.XSearchFilter;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.json.Members;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes {@link OpenRouterOptions} out of a request written as JSON. An object with a member that has no field stays whole,
 * and so becomes an extra.
 */
public final class OptionsJson {
    private final Members body;
    private final OpenRouterOptions.Builder builder = OpenRouterOptions.builder();
    private boolean found;

    private OptionsJson(Members body) {
        this.body = body;
    }

    /** The options that the body has; empty if it has none. */
    public static Optional<OpenRouterOptions> read(Members body) {
        OptionsJson reader = new OptionsJson(body);
        reader.readAll();
        return reader.found ? Optional.of(reader.builder.build()) : Optional.empty();
    }

    private void readAll() {
        lists();
        if (has("route")) {
            builder.route(body.text("route"));
        }
        whole("provider", OptionsJson::provider, builder::provider);
        if (has("preset")) {
            builder.preset(body.text("preset"));
        }
        if (has("plugins")) {
            for (RawJson plugin : orEmpty(body.elements("plugins"))) {
                builder.plugin(plugin(plugin));
            }
        }
        if (has("image_config")) {
            body.map("image_config", value -> value).forEach(builder::imageConfig);
        }
        if (has("session_id")) {
            builder.sessionId(body.text("session_id"));
        }
        if (has("cache_control")) {
            builder.cacheControl(ChatMessageJson.cacheControl(body));
        }
        whole("prompt_cache_options", OptionsJson::promptCacheOptions, builder::promptCacheOptions);
        if (has("max_tool_calls")) {
            builder.maxToolCalls(body.smallWhole("max_tool_calls"));
        }
        if (has("stop_server_tools_when")) {
            orEmpty(body.elements("stop_server_tools_when"))
                    .forEach(condition -> builder.stopServerToolsWhen(new StopCondition(condition)));
        }
        whole("web_search_options", options -> options.text("search_context_size"), builder::searchContextSize);
        whole("x_search_filter", OptionsJson::xSearchFilter, builder::xSearchFilter);
        if (has("structured_outputs")) {
            builder.structuredOutputs(body.bool("structured_outputs"));
        }
        if (has("include_reasoning")) {
            builder.includeReasoning(body.bool("include_reasoning"));
        }
        if (has("trace")) {
            body.map("trace", value -> value).forEach(builder::trace);
        }
        whole("debug", debug -> debug.bool("echo_upstream_body"), builder::debug);
    }

    private void lists() {
        List<String> models = has("models") ? body.texts("models") : null;
        if (models != null) {
            builder.models(models.toArray(new String[0]));
        }
        List<String> transforms = has("transforms") ? body.texts("transforms") : null;
        if (transforms != null) {
            builder.transforms(transforms.toArray(new String[0]));
        }
    }

    private boolean has(String name) {
        boolean has = body.has(name);
        found |= has;
        return has;
    }

    private interface Read<T> {
        @Nullable T from(Members members);
    }

    private interface Set<T> {
        Object to(T value);
    }

    /** Takes an object, unless it has a member that the reader does not know: then it stays in the body. */
    private <T> void whole(String name, Read<T> read, Set<T> set) {
        RawJson json = body.left().get(name);
        if (json == null || json.isNull()) {
            return;
        }
        Members members = Members.of(json, body.path(name)).withoutNulls();
        T value = read.from(members);
        if (value != null && members.left().isEmpty()) {
            found = true;
            body.raw(name);
            set.to(value);
        }
    }

    private static ProviderPreferences provider(Members members) {
        ProviderPreferences.Builder builder = ProviderPreferences.builder()
                .order(texts(members, "order"))
                .only(texts(members, "only"))
                .ignore(texts(members, "ignore"))
                .allowFallbacks(members.bool("allow_fallbacks"))
                .requireParameters(members.bool("require_parameters"))
                .dataCollection(members.constant("data_collection", ProviderPreferences.DataCollection.class))
                .zdr(members.bool("zdr"))
                .enforceDistillableText(members.bool("enforce_distillable_text"))
                .quantizations(texts(members, "quantizations"))
                .preferredMinThroughput(threshold(members, "preferred_min_throughput"))
                .preferredMaxLatency(threshold(members, "preferred_max_latency"));
        builder.sort(sort(members));
        builder.maxPrice(maxPrice(members));
        return builder.build();
    }

    private static ProviderPreferences.@Nullable Sort sort(Members members) {
        ProviderPreferences.Sort.By simple = members.constant("sort", ProviderPreferences.Sort.By.class);
        if (simple != null) {
            return new ProviderPreferences.Sort(simple, null);
        }
        RawJson json = members.left().get("sort");
        if (json == null || !json.text().startsWith("{")) {
            return null;
        }
        Members sort = Members.of(json, members.path("sort")).withoutNulls();
        ProviderPreferences.Sort.By by = sort.constant("by", ProviderPreferences.Sort.By.class);
        ProviderPreferences.Sort.Partition partition =
                sort.constant("partition", ProviderPreferences.Sort.Partition.class);
        if (by == null || !sort.left().isEmpty()) {
            return null;
        }
        members.raw("sort");
        return new ProviderPreferences.Sort(by, partition);
    }

    private static ProviderPreferences.@Nullable Threshold threshold(Members members, String name) {
        RawJson json = members.left().get(name);
        if (json == null || !json.text().startsWith("{")) {
            Double value = members.real(name);
            return value == null ? null : ProviderPreferences.Threshold.of(value);
        }
        Members percentiles = Members.of(json, members.path(name)).withoutNulls();
        ProviderPreferences.Threshold threshold = ProviderPreferences.Threshold.percentiles(
                percentiles.real("p50"), percentiles.real("p75"), percentiles.real("p90"), percentiles.real("p99"));
        if (!percentiles.left().isEmpty()) {
            return null;
        }
        members.raw(name);
        return threshold;
    }

    private static ProviderPreferences.@Nullable MaxPrice maxPrice(Members members) {
        RawJson json = members.left().get("max_price");
        if (json == null) {
            return null;
        }
        Map<String, RawJson> prices =
                Members.of(json, members.path("max_price")).withoutNulls().left();
        boolean asText = prices.values().stream().anyMatch(Members::isText);
        boolean known = java.util.Set.of("prompt", "completion", "request", "image", "audio")
                .containsAll(prices.keySet());
        boolean uniform = prices.values().stream().allMatch(price -> Members.isText(price) == asText);
        boolean exact = prices.values().stream().allMatch(price -> JsonTree.value(price, Lenient::decimal) != null);
        if (!known || !uniform || !exact) {
            return null;
        }
        members.raw("max_price");
        return new ProviderPreferences.MaxPrice(
                JsonTree.value(prices.get("prompt"), Lenient::decimal),
                JsonTree.value(prices.get("completion"), Lenient::decimal),
                JsonTree.value(prices.get("request"), Lenient::decimal),
                JsonTree.value(prices.get("image"), Lenient::decimal),
                JsonTree.value(prices.get("audio"), Lenient::decimal),
                asText);
    }

    private static Plugin plugin(RawJson json) {
        Members plugin = Members.of(json, "plugins").withoutNulls();
        return new Plugin(plugin.requiredText("id"), plugin.left());
    }

    private static @Nullable PromptCacheOptions promptCacheOptions(Members members) {
        return "explicit".equals(members.text("mode")) ? new PromptCacheOptions(members.text("ttl")) : null;
    }

    private static XSearchFilter xSearchFilter(Members members) {
        return new XSearchFilter(
                List.of(texts(members, "allowed_x_handles")),
                List.of(texts(members, "excluded_x_handles")),
                date(members, "from_date"),
                date(members, "to_date"),
                members.bool("enable_image_understanding"),
                members.bool("enable_video_understanding"));
    }

    private static @Nullable LocalDate date(Members members, String name) {
        String text = members.text(name);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(members.path(name) + " must be a date such as 2026-01-31", e);
        }
    }

    private static String[] texts(Members members, String name) {
        List<String> texts = members.texts(name);
        return texts == null ? new String[0] : texts.toArray(new String[0]);
    }

    private static List<RawJson> orEmpty(@Nullable List<RawJson> elements) {
        return elements == null ? List.of() : elements;
    }
}
