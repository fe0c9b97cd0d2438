package dev.portolan.testkit.assertion;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.SystemMessage;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.chat.ToolMessage;
import java.util.List;
import java.util.Objects;

/** Assertions about a {@link ChatRequest}. Its user text is the text of the last message that a person has said. */
public final class ChatRequestAssert extends AbstractRequestAssert<ChatRequestAssert, ChatRequest> {
    ChatRequestAssert(ChatRequest actual, Series<?> series) {
        super(actual, series, ChatRequestAssert.class);
    }

    @Override
    ChatRequestAssert at(Series<?> place, ChatRequest request) {
        return new ChatRequestAssert(request, place);
    }

    /** Verifies what the person said last. */
    public ChatRequestAssert hasUserText(String text) {
        isNotNull();
        return same("the user text", Shown.userText(actual), text);
    }

    /** Verifies that this occurs in what the person said last. */
    public ChatRequestAssert hasUserTextContaining(String part) {
        isNotNull();
        String text = Objects.requireNonNullElse(Shown.userText(actual), "");
        return holds(
                text.contains(part),
                "to have a user text that contains:\n  " + Shown.of(part),
                "it was:\n  " + Shown.of(text));
    }

    /** Verifies the system message; if there are several, one of them. */
    public ChatRequestAssert hasSystemText(String text) {
        isNotNull();
        List<String> found = systemTexts();
        return found.size() > 1
                ? holds(
                        found.contains(text),
                        "to have a system text:\n  " + Shown.of(text),
                        "its system texts were:\n  " + found)
                : same("the system text", found.isEmpty() ? null : found.get(0), text);
    }

    /** Verifies that there is no system message. */
    public ChatRequestAssert hasNoSystemText() {
        isNotNull();
        return holds(systemTexts().isEmpty(), "to have no system text", "it had:\n  " + systemTexts());
    }

    private List<String> systemTexts() {
        return actual.messages().stream()
                .filter(SystemMessage.class::isInstance)
                .map(Message::text)
                .toList();
    }

    /** Verifies how many messages the conversation has. */
    public ChatRequestAssert hasMessageCount(int count) {
        isNotNull();
        return holds(
                actual.messages().size() == count,
                "to have " + Series.count(count, "message"),
                "it has " + actual.messages().size() + ":" + new Series<>("message", kinds(), 0).listed());
    }

    private List<Object> kinds() {
        return actual.messages().stream()
                .<Object>map(message -> message.getClass().getSimpleName() + " " + message.text())
                .toList();
    }

    /** Verifies that it carries this answer of a tool. */
    public ChatRequestAssert hasToolResult(String toolCallId, String result) {
        isNotNull();
        List<String> found = actual.messages().stream()
                .filter(message ->
                        message instanceof ToolMessage tool && tool.toolCallId().equals(toolCallId))
                .map(Message::text)
                .toList();
        return holds(
                found.contains(result),
                "to have the result of the call " + toolCallId + ":\n  " + Shown.of(result),
                found.isEmpty() ? "it has no result of that call" : "it was:\n  " + found);
    }

    /** Verifies that the model may call this function, or this tool of the provider. */
    public ChatRequestAssert hasTool(String name) {
        isNotNull();
        return holds(toolNames().contains(name), "to have the tool " + name, "its tools were " + toolNames());
    }

    /** Verifies that the model may call nothing. */
    public ChatRequestAssert hasNoTools() {
        isNotNull();
        return holds(actual.toolUse().tools().isEmpty(), "to have no tools", "its tools were " + toolNames());
    }

    private List<String> toolNames() {
        return actual.toolUse().tools().stream()
                .map(tool -> tool instanceof Tool.Function function
                        ? function.name()
                        : tool instanceof Tool.Server server ? server.type() : tool.toString())
                .toList();
    }

    /** Verifies whether and what the model must call. */
    public ChatRequestAssert hasToolChoice(ToolChoice choice) {
        isNotNull();
        return same("the tool choice", actual.toolUse().choice(), choice);
    }

    /** Verifies the form that the answer must have. */
    public ChatRequestAssert hasResponseFormat(ResponseFormat format) {
        isNotNull();
        return same("the response format", actual.responseFormat(), format);
    }

    /** Verifies the temperature. */
    public ChatRequestAssert hasTemperature(double temperature) {
        isNotNull();
        return same("the temperature", actual.sampling().temperature(), temperature);
    }

    /** Verifies the longest that the answer may be, in tokens. */
    public ChatRequestAssert hasMaxCompletionTokens(int tokens) {
        isNotNull();
        return same("the most tokens of an answer", actual.output().maxCompletionTokens(), tokens);
    }
}
