package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The form that the answer must have (OpenRouter reference: chat-completions §1.5). Not every model can keep to every
 * form.
 */
public sealed interface ResponseFormat {
    /** Any text: the default. */
    ResponseFormat TEXT = new Text();

    /** Some JSON object; say in the prompt which. */
    ResponseFormat JSON_OBJECT = new JsonObject();

    /** Any text. */
    record Text() implements ResponseFormat {}

    /** Some JSON object. */
    record JsonObject() implements ResponseFormat {}

    /**
     * JSON that fits a schema.
     *
     * @param name a name for the schema, at most 64 characters
     * @param description what it is, for the model; or {@code null}
     * @param schema the JSON schema; {@code null} if the name is enough for the model
     * @param strict whether the answer must fit exactly; {@code null} for the provider's default
     */
    record JsonSchema(
            String name,
            @Nullable String description,
            @Nullable RawJson schema,
            @Nullable Boolean strict) implements ResponseFormat {
        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if the name is blank or too long
         */
        public JsonSchema {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A JSON schema needs a name");
            }
            Ranges.checkLength("The name of a JSON schema", name, 64);
        }
    }

    /**
     * Text that a grammar accepts.
     *
     * @param grammar the grammar, in the provider's notation
     */
    record Grammar(String grammar) implements ResponseFormat {}

    /** A Python program. */
    record Python() implements ResponseFormat {}

    /**
     * A form that has no class here; sent as it is.
     *
     * @param json the whole object, with a {@code type}
     */
    record Raw(RawJson json) implements ResponseFormat {}

    /** JSON that must fit {@code schema} exactly. */
    static ResponseFormat jsonSchema(String name, RawJson schema) {
        return new JsonSchema(name, null, schema, true);
    }
}
