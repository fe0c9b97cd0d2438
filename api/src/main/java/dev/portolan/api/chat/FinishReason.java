package dev.portolan.api.chat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why an answer ended (OpenRouter reference: chat-completions §2.2).
 *
 * @param unified the reason, in words that are the same for all providers
 * @param raw the reason as it came; {@code null} if none came
 */
public record FinishReason(Unified unified, @Nullable String raw) {
    /** No reason was given: nothing was generated, or the server left it out. */
    public static final FinishReason UNKNOWN = new FinishReason(Unified.UNKNOWN, null);

    /** The reasons that all providers share. */
    public enum Unified {
        /** The model had said all, or came to a stop text. */
        STOP,
        /** The limit of tokens was reached: the answer is cut. */
        LENGTH,
        /** The model wants tools called. */
        TOOL_CALLS,
        /** The provider held back the rest. */
        CONTENT_FILTER,
        /** The provider failed. */
        ERROR,
        /** A reason that this library does not know; see {@link FinishReason#raw()}. */
        OTHER,
        /** No reason was given. */
        UNKNOWN
    }

    /**
     * Reads a reason as it stands on the wire of OpenRouter and OpenAI, or as servers write it that pass on a model's own word.
     */
    public static FinishReason of(@Nullable String raw) {
        if (raw == null || raw.isBlank()) {
            return UNKNOWN;
        }
        Unified unified = switch (raw.toLowerCase(Locale.ROOT)) {
            case "stop", "eos", "eos_token", "stop_sequence", "end_turn" -> Unified.STOP;
            case "length", "model_length", "max_tokens" -> Unified.LENGTH;
            case "tool_calls", "function_call", "tool_use" -> Unified.TOOL_CALLS;
            case "content_filter", "safety" -> Unified.CONTENT_FILTER;
            case "error", "insufficient_system_resource" -> Unified.ERROR;
            default -> Unified.OTHER;
        };
        return new FinishReason(unified, raw);
    }

    /** Whether the answer ended as it should: not cut, withheld, failed or unknown. */
    public boolean isComplete() {
        return unified == Unified.STOP || unified == Unified.TOOL_CALLS;
    }
}
