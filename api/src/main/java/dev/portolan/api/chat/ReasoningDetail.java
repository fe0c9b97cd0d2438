package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a model's reasoning in the provider's own form (OpenRouter reference: chat-completions §2.4). It must be
 * sent back unchanged and in order with the message that it came in; that is what {@link AssistantMessage} does.
 *
 * <p>{@code extras} of each kind holds further members by name, and members that came as {@code null}, so that nothing is
 * lost on the way back.
 */
public sealed interface ReasoningDetail {
    /** What all kinds have, apart from {@link Raw}. */
    record Origin(
            @Nullable String id,
            @Nullable String format,
            @Nullable Long index,
            Map<String, RawJson> extras) {
        /** Nothing known. */
        public static final Origin NONE = new Origin(null, null, null, Map.of());

        /** Copies the map. */
        public Origin {
            extras = Contents.orderedCopy(extras);
        }
    }

    /**
     * Reasoning in plain text, with the signature by which the provider knows it again.
     *
     * @param text the text; {@code null} if only the signature came
     * @param signature opaque; {@code null} if there is none
     * @param origin id, format and place
     */
    record Text(@Nullable String text, @Nullable String signature, Origin origin) implements ReasoningDetail {}

    /**
     * A summary of reasoning that is not shown.
     *
     * @param summary the text
     * @param origin id, format and place
     */
    record Summary(String summary, Origin origin) implements ReasoningDetail {}

    /**
     * Reasoning that only the provider can read.
     *
     * @param data opaque
     * @param origin id, format and place
     */
    record Encrypted(String data, Origin origin) implements ReasoningDetail {}

    /**
     * A tool that OpenRouter itself ran while the model was reasoning.
     *
     * @param toolName the tool, for example {@code openrouter:datetime}
     * @param arguments what it was called with, usually JSON text
     * @param result what it answered
     * @param toolCallId the call's id, or {@code null}
     * @param origin id, format and place
     */
    record ServerToolCall(
            String toolName,
            @Nullable String arguments,
            @Nullable String result,
            @Nullable String toolCallId,
            Origin origin)
            implements ReasoningDetail {
        /** Checks that the tool is named. */
        public ServerToolCall {
            Objects.requireNonNull(toolName, "toolName");
        }
    }

    /**
     * A piece of a kind that has no class here.
     *
     * @param json the whole piece as it came
     */
    record Raw(RawJson json) implements ReasoningDetail {}
}
