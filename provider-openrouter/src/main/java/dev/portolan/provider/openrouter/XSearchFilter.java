package dev.portolan.provider.openrouter;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What xAI's models search on X (OpenRouter reference: chat-completions §1.8).
 *
 * @param allowedHandles only these accounts, at most 20; not together with {@code excludedHandles}
 * @param excludedHandles all but these accounts, at most 20
 * @param from the first day; {@code null} for no limit
 * @param to the last day; {@code null} for no limit
 * @param imageUnderstanding whether images are looked at; {@code null} for the default
 * @param videoUnderstanding whether videos are looked at; {@code null} for the default
 */
public record XSearchFilter(
        List<String> allowedHandles,
        List<String> excludedHandles,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        @Nullable Boolean imageUnderstanding,
        @Nullable Boolean videoUnderstanding) {
    /**
     * Checks the accounts, because the server drops a bad filter without a word.
     *
     * @throws IllegalArgumentException if both lists are given, or one is too long
     */
    public XSearchFilter {
        allowedHandles = List.copyOf(allowedHandles);
        excludedHandles = List.copyOf(excludedHandles);
        if (!allowedHandles.isEmpty() && !excludedHandles.isEmpty()) {
            throw new IllegalArgumentException("x_search_filter takes allowed or excluded handles, not both");
        }
        if (allowedHandles.size() > 20 || excludedHandles.size() > 20) {
            throw new IllegalArgumentException("x_search_filter takes at most 20 handles");
        }
    }
}
