package dev.portolan.cli;

import dev.portolan.api.ModelId;

/** Reads the name of a model. */
final class ModelOption {
    private ModelOption() {}

    /**
     * The model of that name.
     *
     * @param source where the name comes from, such as {@code --model}
     * @throws IllegalArgumentException if it is not {@code <provider>/<model>}; the message names the source
     */
    static ModelId parse(String source, String text) {
        try {
            return ModelId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }
}
