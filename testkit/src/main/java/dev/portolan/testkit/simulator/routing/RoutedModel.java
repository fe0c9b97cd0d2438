package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.catalog.ServedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model that answers a request, and how it was found.
 *
 * @param requested the slug of the request
 * @param strategy the word of {@code openrouter_metadata.strategy}
 * @param variants the suffixes of the slug
 * @param unavailable the slugs that were tried before and could not answer
 */
public record RoutedModel(
        String requested, ServedModel model, String strategy, List<String> variants, List<String> unavailable) {
    /**
     * The answer's {@code model}. Of the variants only the free one has a name of its own
     * (OpenRouter reference: routing §2).
     */
    public String id() {
        return free() ? model.id() + ":free" : model.id();
    }

    /** The router that chose the model, or null if the request named it. */
    public @Nullable String router() {
        return requested.startsWith("openrouter/") ? requested : null;
    }

    public boolean free() {
        return variants.contains("free");
    }

    public boolean online() {
        return variants.contains("online");
    }

    /** Anthropic's models dropped this variant (OpenRouter reference: routing §2). */
    public boolean thinking() {
        return variants.contains("thinking") && !model.author().equals("anthropic");
    }

    RoutedModel after(List<String> unavailableBefore) {
        String how = unavailableBefore.isEmpty() ? strategy : "fallback";
        return new RoutedModel(requested, model, how, variants, List.copyOf(unavailableBefore));
    }
}
