package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation (OpenRouter reference: chat-completions §1.2). A conversation may end with an assistant
 * message: the model then goes on from it.
 */
public sealed interface Message permits SystemMessage, DeveloperMessage, UserMessage, AssistantMessage, ToolMessage {
    /** What the message says, in order; empty only for an assistant message. */
    List<ContentPart> content();

    /** The author's name, to tell several of one role apart. */
    @Nullable String name();

    /**
     * A prompt-cache breakpoint after this message; providers that want it on a part of the content get it on the last.
     */
    @Nullable CacheControl cacheControl();

    /** Further members of the message, by their name on the wire. */
    Map<String, RawJson> extras();

    /** The text of all text parts, joined without a separator; empty if there is none. */
    default String text() {
        List<ContentPart> parts = content();
        if (parts.size() == 1 && parts.get(0) instanceof ContentPart.Text only) {
            return only.text();
        }
        StringBuilder joined = new StringBuilder();
        for (ContentPart part : parts) {
            if (part instanceof ContentPart.Text text) {
                joined.append(text.text());
            }
        }
        return joined.toString();
    }

    /** Instructions for the model. */
    static SystemMessage system(String text) {
        return new SystemMessage(List.of(ContentPart.text(text)), null, null, Map.of());
    }

    /** Instructions for the model, in the role that newer OpenAI models prefer to {@code system}. */
    static DeveloperMessage developer(String text) {
        return new DeveloperMessage(List.of(ContentPart.text(text)), null, null, Map.of());
    }

    /** What a person says. */
    static UserMessage user(String text) {
        return new UserMessage(List.of(ContentPart.text(text)), null, null, Map.of());
    }

    /** What a person says, with images, sounds or documents. */
    static UserMessage user(ContentPart... parts) {
        return new UserMessage(List.of(parts), null, null, Map.of());
    }

    /** What the model said. To send back a reply, use {@link ChatResponse#message()} as it is. */
    static AssistantMessage assistant(String text) {
        return AssistantMessage.builder().text(text).build();
    }

    /** What a tool answered to the call {@code toolCallId}. */
    static ToolMessage tool(String toolCallId, String result) {
        return new ToolMessage(toolCallId, List.of(ContentPart.text(result)), null, null, Map.of());
    }
}
