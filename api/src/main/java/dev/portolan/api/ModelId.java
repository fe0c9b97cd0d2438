package dev.portolan.api;

import java.util.Objects;

/**
 * Which model of which provider: {@code openrouter/google/gemini-2.5-flash} is the model {@code google/gemini-2.5-flash}
 * of the provider {@code openrouter}.
 *
 * <p>The first segment names the provider, all the rest is the provider's own name for the model and is handed on
 * unread. A text is parsed once, here; nothing strips a prefix again later.
 *
 * @param provider the name under which the provider is registered; lower-case letters, digits, {@code -}, {@code _} and
 *     {@code .}, starting with a letter or digit
 * @param name the model as the provider knows it; not blank, without control characters or white space at its ends
 */
public record ModelId(String provider, String name) {
    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if either is not as described
     */
    public ModelId {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(name, "name");
        if (!isProviderName(provider)) {
            throw new IllegalArgumentException("Bad provider name '" + provider
                    + "' in a model id; expected lower-case letters, digits, '-', '_' or '.', as in "
                    + "'openrouter/google/gemini-2.5-flash'");
        }
        if (name.isBlank() || !name.equals(name.strip()) || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("Bad model name '" + name + "' for provider '" + provider
                    + "'; expected something like 'google/gemini-2.5-flash'");
        }
    }

    /**
     * Parses {@code <provider>/<model>}.
     *
     * @throws IllegalArgumentException if there is no slash, or a part is not valid; the message shows the form expected
     */
    public static ModelId parse(String text) {
        Objects.requireNonNull(text, "model id");
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new IllegalArgumentException("Bad model id '" + text
                    + "'; expected <provider>/<model>, for example 'openrouter/google/gemini-2.5-flash'");
        }
        return new ModelId(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Whether {@code text} can name a provider: see {@link #provider()}. */
    public static boolean isProviderName(String text) {
        if (text.isEmpty() || !isLowerOrDigit(text.charAt(0))) {
            return false;
        }
        return text.chars().allMatch(c -> isLowerOrDigit(c) || c == '-' || c == '_' || c == '.');
    }

    private static boolean isLowerOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    /** The text that {@link #parse} reads: {@code <provider>/<model>}. */
    @Override
    public String toString() {
        return provider + "/" + name;
    }
}
