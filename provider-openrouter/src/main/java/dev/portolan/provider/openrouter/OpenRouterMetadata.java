package dev.portolan.provider.openrouter;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What OpenRouter alone tells about a reply: {@code response.metadata(OpenRouterMetadata.class)}.
 *
 * @param nativeFinishReason why the answer ended, in the upstream provider's own word; or {@code null}
 * @param byok whether the caller's own provider key was used
 * @param charged what OpenRouter charges, in USD; with the caller's own key only its fee. {@code null} if not told
 * @param upstreamCost what the provider charges, or its list price, in USD; already inside {@code charged} unless
 *     {@code byok} (OpenRouter reference: routing §8). {@code null} if not told
 * @param upstreamPromptCost the part of {@code upstreamCost} for the prompt; or {@code null}
 * @param upstreamCompletionCost the part of {@code upstreamCost} for the completion; or {@code null}
 * @param serverToolUse how often OpenRouter's own tools were used; {@code null} if not told
 * @param cache what OpenRouter's response cache did; {@code null} if it was not asked
 * @param routing how a provider was chosen; {@code null} unless {@link OpenRouterOptions.Builder#routerMetadata} asked
 * @param debug what was sent to each provider; empty unless {@link OpenRouterOptions.Builder#debug} asked
 */
public record OpenRouterMetadata(
        @Nullable String nativeFinishReason,
        boolean byok,
        @Nullable BigDecimal charged,
        @Nullable BigDecimal upstreamCost,
        @Nullable BigDecimal upstreamPromptCost,
        @Nullable BigDecimal upstreamCompletionCost,
        @Nullable ServerToolUse serverToolUse,
        @Nullable CacheUse cache,
        @Nullable Routing routing,
        List<RawJson> debug)
        implements ProviderMetadata {
    /** Copies the list. */
    public OpenRouterMetadata {
        debug = List.copyOf(debug);
    }

    @Override
    public String provider() {
        return OpenRouterProviderFactory.NAME;
    }

    /**
     * How often OpenRouter's own tools were used. The counts overlap: do not add them up.
     *
     * @param toolCallsRequested calls that the model wanted
     * @param toolCallsExecuted calls that were carried out
     * @param webSearchRequests searches of the web
     */
    public record ServerToolUse(long toolCallsRequested, long toolCallsExecuted, long webSearchRequests) {}

    /**
     * What the response cache did (OpenRouter reference: routing §6). A hit costs nothing and reports no tokens.
     *
     * @param hit whether the reply came from the cache
     * @param age how old it is; {@code null} on a miss
     * @param ttl how long it stays; {@code null} if not told
     * @param sourceId the generation that was stored; {@code null} on a miss
     */
    public record CacheUse(
            boolean hit,
            @Nullable Duration age,
            @Nullable Duration ttl,
            @Nullable String sourceId) {}

    /**
     * How OpenRouter chose a provider (OpenRouter reference: chat-completions §2.7). Every part may be missing.
     *
     * @param requested the model that was asked
     * @param strategy for example {@code direct}, {@code auto}, {@code fallback}
     * @param region where, for example {@code iad}
     * @param summary in words
     * @param attempt which attempt succeeded, from 1; 0 if none reached a provider
     * @param endpoints who could have answered
     * @param attempts who was asked, in order
     * @param raw all of it, with the pipeline
     */
    public record Routing(
            @Nullable String requested,
            @Nullable String strategy,
            @Nullable String region,
            @Nullable String summary,
            int attempt,
            List<Endpoint> endpoints,
            List<Attempt> attempts,
            RawJson raw) {
        /** Copies the lists. */
        public Routing {
            endpoints = List.copyOf(endpoints);
            attempts = List.copyOf(attempts);
        }

        /**
         * Someone who could have answered.
         *
         * @param provider the upstream provider
         * @param model the model there
         * @param selected whether it was chosen
         */
        public record Endpoint(
                @Nullable String provider, @Nullable String model, boolean selected) {}

        /**
         * Someone who was asked.
         *
         * @param provider the upstream provider
         * @param model the model there
         * @param status the HTTP status that came back
         */
        public record Attempt(
                @Nullable String provider, @Nullable String model, int status) {}
    }
}
