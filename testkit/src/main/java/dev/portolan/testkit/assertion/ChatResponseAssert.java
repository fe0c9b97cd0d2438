package dev.portolan.testkit.assertion;

import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import java.util.List;

/** Assertions about a {@link ChatResponse}; of several answers, about the first. */
public final class ChatResponseAssert extends AbstractReplyAssert<ChatResponseAssert, ChatResponse> {
    ChatResponseAssert(ChatResponse actual) {
        super(actual, ChatResponseAssert.class);
    }

    /** Verifies the text. */
    public ChatResponseAssert hasText(String text) {
        isNotNull();
        return same("the text", actual.text(), text);
    }

    /** Verifies that this occurs in the text. */
    public ChatResponseAssert hasTextContaining(String part) {
        isNotNull();
        return holds(
                actual.text().contains(part),
                "to have a text that contains:\n  " + Shown.of(part),
                "it was:\n  " + Shown.of(actual.text()));
    }

    /** Verifies the reasoning. */
    public ChatResponseAssert hasReasoning(String text) {
        isNotNull();
        return same("the reasoning", actual.message().reasoning(), text);
    }

    /** Verifies the refusal. */
    public ChatResponseAssert hasRefusal(String text) {
        isNotNull();
        return same("the refusal", actual.message().refusal(), text);
    }

    /** Verifies that the model wants this function called, with whatever arguments. */
    public ChatResponseAssert hasToolCall(String name) {
        isNotNull();
        return holds(
                actual.toolCalls().stream().anyMatch(call -> call.name().equals(name)),
                "to have a call of " + name,
                calls());
    }

    /**
     * Verifies that the model wants this function called with these arguments.
     *
     * @param arguments JSON; blanks and the order of members do not matter
     */
    public ChatResponseAssert hasToolCall(String name, String arguments) {
        isNotNull();
        JsonValue expected = JsonValue.of(arguments);
        return holds(
                actual.toolCalls().stream()
                        .anyMatch(call -> call.name().equals(name) && JsonValue.isJson(call.arguments(), expected)),
                "to have a call " + name + arguments,
                calls());
    }

    /** Verifies that the model wants nothing called. */
    public ChatResponseAssert hasNoToolCalls() {
        isNotNull();
        return holds(actual.toolCalls().isEmpty(), "to have no tool calls", calls());
    }

    private String calls() {
        List<String> calls = actual.toolCalls().stream()
                .map(call -> call.name() + call.arguments())
                .toList();
        return calls.isEmpty() ? "it had no tool calls" : "its tool calls were " + calls;
    }

    /** Verifies how many images the model drew. */
    public ChatResponseAssert hasImageCount(int count) {
        isNotNull();
        return same("so many images", actual.message().images().size(), count);
    }

    /** Verifies why the answer ended. */
    public ChatResponseAssert hasFinishReason(FinishReason.Unified reason) {
        isNotNull();
        return same("the finish reason", actual.finishReason().unified(), reason);
    }

    /** Verifies that the answer is neither cut, withheld, failed nor of unknown end. */
    public ChatResponseAssert isComplete() {
        isNotNull();
        return holds(
                actual.finishReason().isComplete(),
                "to be complete",
                "its finish reason was " + actual.finishReason().unified());
    }
}
