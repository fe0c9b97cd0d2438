package dev.portolan.typed;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Message;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.UnusableReplyException;
import dev.portolan.api.error.UnusableReplyException.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a reply: a value, or a failure.
 *
 * @param value the value, or {@code null}
 * @param failure why there is no value, or {@code null}
 * @param complaint what to tell the model so that it can do better, or {@code null} if that would not help
 */
record ReplyReading<T>(
        @Nullable T value,
        @Nullable UnusableReplyException failure,
        @Nullable String complaint) {

    /** Reads the reply to a request. */
    static <T> ReplyReading<T> of(ChatResponse reply, TypeSchema<T> schema, ModelId model) {
        UnusableReplyException unfinished = unfinished(reply, model);
        if (unfinished != null) {
            return new ReplyReading<>(null, unfinished, null);
        }
        if (!reply.toolCalls().isEmpty()) {
            return new ReplyReading<>(
                    null,
                    new UnusableReplyException(
                            model + " wants tools called, where a " + schema.name()
                                    + " was asked for. Use a ToolLoop, or leave the tools out.",
                            Reason.TOOL_CALLS,
                            details(reply, model)),
                    null);
        }
        try {
            return new ReplyReading<>(schema.parse(reply.text()), null, null);
        } catch (Misread e) {
            return new ReplyReading<>(
                    null,
                    new UnusableReplyException(
                            "The reply of " + model + " is no " + schema.name() + ": " + e.misfit()
                                    + ". Say in the prompt what is wanted, or ask another model.",
                            e.misfit(),
                            details(reply, model),
                            e.getCause()),
                    e.getMessage());
        }
    }

    /** Why a reply is none, if the model will not answer or was cut short; to ask the same again would not help. */
    static @Nullable UnusableReplyException unfinished(ChatResponse reply, ModelId model) {
        FinishReason.Unified end = reply.finishReason().unified();
        if (reply.message().refusal() != null || end == FinishReason.Unified.CONTENT_FILTER) {
            return new UnusableReplyException(
                    model + " refused to answer, or its answer was held back. Ask in other words, or another model.",
                    Reason.REFUSED,
                    details(reply, model));
        }
        if (end == FinishReason.Unified.LENGTH) {
            return new UnusableReplyException(
                    "The reply of " + model
                            + " was cut at the limit of tokens. Raise maxCompletionTokens, or ask for less.",
                    Reason.CUT,
                    details(reply, model));
        }
        return null;
    }

    private static ErrorDetails details(ChatResponse reply, ModelId model) {
        return ErrorDetails.NONE.withModel(model).withGenerationId(reply.id()).withPartial(reply);
    }

    /** The value, where there is no failure. */
    T orThrow() {
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(value);
    }

    /** The request again, with the reply and what is wrong with it. */
    ChatRequest repair(ChatRequest request, ChatResponse reply, TypeSchema<?> schema) {
        ChatRequest.Builder again = request.toBuilder();
        if (!reply.message().isEmpty()) {
            again.message(reply.message());
        }
        return again.message(Message.user("That answer cannot be used. " + complaint
                        + ". Give the whole answer again, as JSON and nothing else, so that it fits this schema:\n"
                        + schema.json().text()))
                .build();
    }
}
