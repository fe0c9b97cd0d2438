package dev.portolan.provider.openrouter;

import org.jspecify.annotations.Nullable;

/**
 * Explicit prompt caching of newer OpenAI models (OpenRouter reference: chat-completions §1.1): only what ends at a
 * {@linkplain dev.portolan.api.chat.ContentPart.Text#promptCacheBreakpoint() breakpoint} is cached.
 *
 * @param ttl how long, for example {@code 30m}; {@code null} for the provider's default
 */
public record PromptCacheOptions(@Nullable String ttl) {
    /** Kept for the provider's default time. */
    public static final PromptCacheOptions EXPLICIT = new PromptCacheOptions(null);
}
