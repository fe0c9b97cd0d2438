package dev.portolan.api.chat;

import dev.portolan.api.RawJson;

/** Whether and what the model must call (OpenRouter reference: chat-completions §1.4). */
public sealed interface ToolChoice {
    /** The model decides; the default when there are tools. */
    ToolChoice AUTO = Mode.AUTO;

    /** No calls. */
    ToolChoice NONE = Mode.NONE;

    /** At least one call. */
    ToolChoice REQUIRED = Mode.REQUIRED;

    /** The choices that name no tool. */
    enum Mode implements ToolChoice {
        /** The model decides. */
        AUTO,
        /** No calls. */
        NONE,
        /** At least one call. */
        REQUIRED
    }

    /**
     * This function must be called.
     *
     * @param name the function's name
     */
    record Function(String name) implements ToolChoice {}

    /**
     * This tool of the provider must be used.
     *
     * @param type the tool's name on the wire, for example {@code openrouter:web_search}
     */
    record Server(String type) implements ToolChoice {}

    /**
     * A choice that has no class here; sent as it is.
     *
     * @param json a string or an object
     */
    record Raw(RawJson json) implements ToolChoice {}

    /** The function {@code name} must be called. */
    static ToolChoice function(String name) {
        return new Function(name);
    }
}
