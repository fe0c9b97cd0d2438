package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that the model may call (OpenRouter reference: chat-completions §1.3). Tools are sent again with every turn
 * that needs them.
 */
public sealed interface Tool {
    /**
     * A function of the caller's own.
     *
     * @param name at most 64 of {@code A-Z a-z 0-9 _ -}
     * @param description what it does and when to use it, for the model; or {@code null}
     * @param parameters JSON schema of the arguments; {@code null} for a function without any
     * @param strict whether the arguments must fit the schema exactly; {@code null} for the provider's default
     * @param cacheControl a prompt-cache breakpoint after this tool, or {@code null}
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable RawJson parameters,
            @Nullable Boolean strict,
            @Nullable CacheControl cacheControl)
            implements Tool {
        /**
         * Checks the name.
         *
         * @throws IllegalArgumentException if the name is empty, too long or has other characters
         */
        public Function {
            if (name.isEmpty() || name.length() > 64 || !name.chars().allMatch(Function::isNameCharacter)) {
                throw new IllegalArgumentException(
                        "Bad tool name '" + name + "'; use 1 to 64 of the characters A-Z, a-z, 0-9, '_' and '-'");
            }
        }

        private static boolean isNameCharacter(int c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        }

        /** The same, with arguments that must fit the schema exactly, or need not. */
        public Function withStrict(boolean newStrict) {
            return new Function(name, description, parameters, newStrict, cacheControl);
        }

        /** The same, with a prompt-cache breakpoint after it. */
        public Function withCacheControl(CacheControl newCacheControl) {
            return new Function(name, description, parameters, strict, newCacheControl);
        }
    }

    /**
     * A tool that the provider runs itself, such as {@code openrouter:web_search}.
     *
     * @param type the tool's name on the wire
     * @param parameters its settings, an object; {@code null} for the defaults
     */
    record Server(String type, @Nullable RawJson parameters) implements Tool {
        /** Checks that the type is not blank. */
        public Server {
            if (type.isBlank()) {
                throw new IllegalArgumentException("A server tool needs a type, such as 'openrouter:web_search'");
            }
        }
    }

    /**
     * A tool of a shape that has no class here; sent as it is.
     *
     * @param json the whole tool, an object with a {@code type}
     */
    record Raw(RawJson json) implements Tool {}

    /**
     * A function of the caller's own.
     *
     * @param parameters JSON schema of the arguments, for example from {@link RawJson#parse} or {@link RawJson#of}
     * @throws IllegalArgumentException if the name is not valid
     */
    static Function function(String name, String description, RawJson parameters) {
        return new Function(name, description, parameters, null, null);
    }

    /** A tool of the provider with its default settings. */
    static Server server(String type) {
        return new Server(type, null);
    }

    /** A tool of the provider with settings by their name on the wire. */
    static Server server(String type, Map<String, ?> parameters) {
        return new Server(type, RawJson.of(parameters));
    }
}
