package dev.portolan.api.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which models are wanted.
 *
 * @param text words that must all occur in the model's id or name, in any case; empty for all models
 * @param inputModalities what models must take, such as {@code image}; all of them
 * @param outputModalities what models must give, such as {@code text}; any of them. Empty for all models
 * @param parameters request parameters that models must support, such as {@code tools}; all of them
 * @param minContextLength the shortest context in tokens; 0 for any
 * @param order the order
 */
public record ModelQuery(
        String text,
        List<String> inputModalities,
        List<String> outputModalities,
        List<String> parameters,
        long minContextLength,
        Order order) {
    /** All models, in the provider's order. */
    public static final ModelQuery ALL = new ModelQuery("", List.of(), List.of(), List.of(), 0, Order.PROVIDER);

    /** Copies the lists. */
    public ModelQuery {
        inputModalities = List.copyOf(inputModalities);
        outputModalities = List.copyOf(outputModalities);
        parameters = List.copyOf(parameters);
    }

    /** In what order models come. */
    public enum Order {
        /** As the provider lists them. */
        PROVIDER,
        /** By id. */
        ID,
        /** Cheapest prompt first, then cheapest completion; models whose price varies or is unknown come last. */
        PRICE,
        /** Longest context first. */
        CONTEXT,
        /** Newest first. */
        NEWEST
    }

    /** The same for models with these words in id or name. */
    public ModelQuery withText(String words) {
        return new ModelQuery(words, inputModalities, outputModalities, parameters, minContextLength, order);
    }

    /** The same for models that take all of these. */
    public ModelQuery withInput(String... modalities) {
        return new ModelQuery(text, List.of(modalities), outputModalities, parameters, minContextLength, order);
    }

    /** The same for models that give any of these. */
    public ModelQuery withOutput(String... modalities) {
        return new ModelQuery(text, inputModalities, List.of(modalities), parameters, minContextLength, order);
    }

    /** The same for models that support all of these request parameters. */
    public ModelQuery withParameters(String... names) {
        return new ModelQuery(text, inputModalities, outputModalities, List.of(names), minContextLength, order);
    }

    /** The same for models with at least this context. */
    public ModelQuery withMinContextLength(long tokens) {
        return new ModelQuery(text, inputModalities, outputModalities, parameters, tokens, order);
    }

    /** The same in this order. */
    public ModelQuery orderedBy(Order newOrder) {
        return new ModelQuery(text, inputModalities, outputModalities, parameters, minContextLength, newOrder);
    }

    /** The models among these that the query asks for, in its order. */
    public List<ModelInfo> select(List<ModelInfo> models) {
        Comparator<ModelInfo> comparator = comparator();
        List<ModelInfo> selected = models.stream().filter(this::matches).toList();
        return comparator == null
                ? selected
                : selected.stream().sorted(comparator).toList();
    }

    private boolean matches(ModelInfo model) {
        String described = (model.id() + " " + model.name()).toLowerCase(Locale.ROOT);
        for (String word : text.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
            if (!described.contains(word)) {
                return false;
            }
        }
        Long context = model.contextLength();
        return model.inputModalities().containsAll(inputModalities)
                && (outputModalities.isEmpty()
                        || outputModalities.stream().anyMatch(model.outputModalities()::contains))
                && model.supportedParameters().containsAll(parameters)
                && (minContextLength == 0 || (context != null && context >= minContextLength));
    }

    private @Nullable Comparator<ModelInfo> comparator() {
        return switch (order) {
            case PROVIDER -> null;
            case ID -> Comparator.comparing(model -> model.id().toString());
            case PRICE ->
                Comparator.comparing(
                                (ModelInfo model) ->
                                        Pricing.known(model.pricing().prompt()),
                                Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(
                                model -> Pricing.known(model.pricing().completion()),
                                Comparator.nullsLast(Comparator.naturalOrder()));
            case CONTEXT ->
                Comparator.comparing(ModelInfo::contextLength, Comparator.nullsLast(Comparator.reverseOrder()));
            case NEWEST -> Comparator.comparing(ModelInfo::created, Comparator.nullsLast(Comparator.reverseOrder()));
        };
    }
}
