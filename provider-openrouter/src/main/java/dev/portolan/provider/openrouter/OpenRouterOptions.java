package dev.portolan.provider.openrouter;

import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.CacheControl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request can ask of OpenRouter alone (OpenRouter reference: chat-completions §1.1, routing). {@code null} and,
 * where not said otherwise, empty mean not sent.
 *
 * <pre>{@code
 * OpenRouterOptions options = OpenRouterOptions.builder()
 *         .models("anthropic/claude-sonnet-4.5")
 *         .provider(ProviderPreferences.builder().only("openai", "anthropic").zdr(true).build())
 *         .sessionId("order-4711")
 *         .build();
 * }</pre>
 *
 * @param models models to fall back to, first to last, after the request's own, as OpenRouter names them; an empty list is sent as it is
 * @param route how to route among models; deprecated by OpenRouter in favour of {@link ProviderPreferences.Sort#partition()}
 * @param transforms transforms of the prompt; replaced by {@link Plugin#contextCompression()}, an empty list is sent as it is
 * @param providerPreferences which providers may serve
 * @param preset a preset of the account, by its slug
 * @param plugins plugins to use
 * @param imageConfig settings of image models, by their name on the wire (OpenRouter reference: images §3)
 * @param imageRoute by which route images are drawn; {@code null} for {@link ImageRoute#AUTO}
 * @param providerOptions settings of single providers behind OpenRouter, by their slug; for images, speech and
 *     transcription only
 * @param sessionId groups requests, and keeps them with one provider; at most 256 characters
 * @param cacheControl an automatic prompt-cache breakpoint on the last part that can be cached
 * @param promptCacheOptions explicit prompt caching of newer OpenAI models
 * @param responseCache use of OpenRouter's response cache
 * @param maxToolCalls how many steps OpenRouter's own tools may take, 1 to 30
 * @param stopServerToolsWhen when OpenRouter's own tools stop; overrides {@code maxToolCalls}
 * @param searchContextSize how much a model's own web search reads: {@code low medium high}
 * @param xSearchFilter what xAI's models search on X
 * @param structuredOutputs whether structured outputs are wanted; the response format says so too
 * @param includeReasoning older form of {@link dev.portolan.api.chat.Reasoning}; deprecated by OpenRouter
 * @param trace what a connected observability tool is told, such as {@code trace_id}
 * @param debug whether a stream tells what was sent to each provider; not for production
 * @param routerMetadata whether the reply tells how a provider was chosen
 * @param categories what kind of app this is, at most 2, for OpenRouter's rankings
 * @param anthropicBeta names of Anthropic's beta features
 */
public record OpenRouterOptions(
        @Nullable List<String> models,
        @Nullable String route,
        @Nullable List<String> transforms,
        @Nullable ProviderPreferences providerPreferences,
        @Nullable String preset,
        List<Plugin> plugins,
        Map<String, RawJson> imageConfig,
        @Nullable ImageRoute imageRoute,
        Map<String, RawJson> providerOptions,
        @Nullable String sessionId,
        @Nullable CacheControl cacheControl,
        @Nullable PromptCacheOptions promptCacheOptions,
        @Nullable ResponseCache responseCache,
        @Nullable Integer maxToolCalls,
        List<StopCondition> stopServerToolsWhen,
        @Nullable String searchContextSize,
        @Nullable XSearchFilter xSearchFilter,
        @Nullable Boolean structuredOutputs,
        @Nullable Boolean includeReasoning,
        Map<String, RawJson> trace,
        @Nullable Boolean debug,
        @Nullable Boolean routerMetadata,
        List<String> categories,
        List<String> anthropicBeta)
        implements ProviderOptions {
    /**
     * Checks the limits and copies the collections.
     *
     * @throws IllegalArgumentException if a value is out of its range; the message names the field and the range
     */
    public OpenRouterOptions {
        if (sessionId != null && sessionId.length() > 256) {
            throw new IllegalArgumentException(
                    "session_id must have at most 256 characters, found " + sessionId.length());
        }
        if (maxToolCalls != null && (maxToolCalls < 1 || maxToolCalls > 30)) {
            throw new IllegalArgumentException("max_tool_calls must be between 1 and 30, found " + maxToolCalls);
        }
        if (categories.size() > 2) {
            throw new IllegalArgumentException("A request takes at most 2 app categories, found " + categories.size());
        }
        models = models == null ? null : List.copyOf(models);
        transforms = transforms == null ? null : List.copyOf(transforms);
        plugins = List.copyOf(plugins);
        imageConfig = Collections.unmodifiableMap(new LinkedHashMap<>(imageConfig));
        providerOptions = Collections.unmodifiableMap(new LinkedHashMap<>(providerOptions));
        stopServerToolsWhen = List.copyOf(stopServerToolsWhen);
        trace = Collections.unmodifiableMap(new LinkedHashMap<>(trace));
        categories = List.copyOf(categories);
        anthropicBeta = List.copyOf(anthropicBeta);
    }

    /** Nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String provider() {
        return OpenRouterProviderFactory.NAME;
    }

    /** A builder that starts with all that these options have. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.models = models;
        builder.route = route;
        builder.transforms = transforms;
        builder.providerPreferences = providerPreferences;
        builder.preset = preset;
        builder.plugins.addAll(plugins);
        builder.imageConfig.putAll(imageConfig);
        builder.imageRoute = imageRoute;
        builder.providerOptions.putAll(providerOptions);
        builder.sessionId = sessionId;
        builder.cacheControl = cacheControl;
        builder.promptCacheOptions = promptCacheOptions;
        builder.responseCache = responseCache;
        builder.maxToolCalls = maxToolCalls;
        builder.stopServerToolsWhen.addAll(stopServerToolsWhen);
        builder.searchContextSize = searchContextSize;
        builder.xSearchFilter = xSearchFilter;
        builder.structuredOutputs = structuredOutputs;
        builder.includeReasoning = includeReasoning;
        builder.trace.putAll(trace);
        builder.debug = debug;
        builder.routerMetadata = routerMetadata;
        builder.categories = categories;
        builder.anthropicBeta = anthropicBeta;
        return builder;
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private @Nullable List<String> models;
        private @Nullable String route;
        private @Nullable List<String> transforms;
        private @Nullable ProviderPreferences providerPreferences;
        private @Nullable String preset;
        private final List<Plugin> plugins = new ArrayList<>();
        private final Map<String, RawJson> imageConfig = new LinkedHashMap<>();
        private @Nullable ImageRoute imageRoute;
        private final Map<String, RawJson> providerOptions = new LinkedHashMap<>();
        private @Nullable String sessionId;
        private @Nullable CacheControl cacheControl;
        private @Nullable PromptCacheOptions promptCacheOptions;
        private @Nullable ResponseCache responseCache;
        private @Nullable Integer maxToolCalls;
        private final List<StopCondition> stopServerToolsWhen = new ArrayList<>();
        private @Nullable String searchContextSize;
        private @Nullable XSearchFilter xSearchFilter;
        private @Nullable Boolean structuredOutputs;
        private @Nullable Boolean includeReasoning;
        private final Map<String, RawJson> trace = new LinkedHashMap<>();
        private @Nullable Boolean debug;
        private @Nullable Boolean routerMetadata;
        private List<String> categories = List.of();
        private List<String> anthropicBeta = List.of();

        private Builder() {}

        /** Sets models to fall back to, first to last. */
        public Builder models(String... values) {
            models = List.of(values);
            return this;
        }

        /** Sets the route, {@code fallback} or {@code sort}; deprecated by OpenRouter. */
        public Builder route(@Nullable String value) {
            route = value;
            return this;
        }

        /** Sets the transforms, such as {@code middle-out}; replaced by {@link Plugin#contextCompression()}. */
        public Builder transforms(String... values) {
            transforms = List.of(values);
            return this;
        }

        /** Sets which providers may serve. */
        public Builder provider(@Nullable ProviderPreferences value) {
            providerPreferences = value;
            return this;
        }

        /** Sets a preset of the account, by its slug. */
        public Builder preset(@Nullable String value) {
            preset = value;
            return this;
        }

        /** Adds a plugin. */
        public Builder plugin(Plugin value) {
            plugins.add(value);
            return this;
        }

        /** Adds a setting of image models, such as {@code aspect_ratio}. */
        public Builder imageConfig(String name, @Nullable Object value) {
            imageConfig.put(name, RawJson.of(value));
            return this;
        }

        /** Sets by which route images are drawn. */
        public Builder imageRoute(@Nullable ImageRoute value) {
            imageRoute = value;
            return this;
        }

        /** Adds the settings of one provider behind OpenRouter, by its slug; see {@link RawJson#of}. */
        public Builder providerOptions(String slug, @Nullable Object settings) {
            providerOptions.put(slug, RawJson.of(settings));
            return this;
        }

        /** Sets what groups requests and keeps them with one provider. */
        public Builder sessionId(@Nullable String value) {
            sessionId = value;
            return this;
        }

        /** Sets an automatic prompt-cache breakpoint. */
        public Builder cacheControl(@Nullable CacheControl value) {
            cacheControl = value;
            return this;
        }

        /** Sets explicit prompt caching of newer OpenAI models. */
        public Builder promptCacheOptions(@Nullable PromptCacheOptions value) {
            promptCacheOptions = value;
            return this;
        }

        /** Sets the use of OpenRouter's response cache. */
        public Builder responseCache(@Nullable ResponseCache value) {
            responseCache = value;
            return this;
        }

        /** Sets how many steps OpenRouter's own tools may take, 1 to 30. */
        public Builder maxToolCalls(@Nullable Integer value) {
            maxToolCalls = value;
            return this;
        }

        /** Adds a condition on which OpenRouter's own tools stop. */
        public Builder stopServerToolsWhen(StopCondition value) {
            stopServerToolsWhen.add(value);
            return this;
        }

        /** Sets how much a model's own web search reads: {@code low}, {@code medium} or {@code high}. */
        public Builder searchContextSize(@Nullable String value) {
            searchContextSize = value;
            return this;
        }

        /** Sets what xAI's models search on X. */
        public Builder xSearchFilter(@Nullable XSearchFilter value) {
            xSearchFilter = value;
            return this;
        }

        /** Sets whether structured outputs are wanted. */
        public Builder structuredOutputs(@Nullable Boolean value) {
            structuredOutputs = value;
            return this;
        }

        /** Sets whether reasoning is shown; deprecated by OpenRouter. */
        public Builder includeReasoning(@Nullable Boolean value) {
            includeReasoning = value;
            return this;
        }

        /** Adds what a connected observability tool is told, such as {@code trace_id}. */
        public Builder trace(String name, @Nullable Object value) {
            trace.put(name, RawJson.of(value));
            return this;
        }

        /** Sets whether a stream tells what was sent to each provider; not for production. */
        public Builder debug(@Nullable Boolean value) {
            debug = value;
            return this;
        }

        /** Sets whether the reply tells how a provider was chosen. */
        public Builder routerMetadata(@Nullable Boolean value) {
            routerMetadata = value;
            return this;
        }

        /** Sets what kind of app this is, at most 2 categories. */
        public Builder categories(String... values) {
            categories = List.of(values);
            return this;
        }

        /** Sets names of Anthropic's beta features. */
        public Builder anthropicBeta(String... values) {
            anthropicBeta = List.of(values);
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a value is out of its range
         */
        public OpenRouterOptions build() {
            return new OpenRouterOptions(
                    models,
                    route,
                    transforms,
                    providerPreferences,
                    preset,
                    plugins,
                    imageConfig,
                    imageRoute,
                    providerOptions,
                    sessionId,
                    cacheControl,
                    promptCacheOptions,
                    responseCache,
                    maxToolCalls,
                    stopServerToolsWhen,
                    searchContextSize,
                    xSearchFilter,
                    structuredOutputs,
                    includeReasoning,
                    trace,
                    debug,
                    routerMetadata,
                    categories,
                    anthropicBeta);
        }
    }
}
