package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tool answered. Every tool call of the assistant message before it needs one.
 *
 * @param toolCallId the {@link ToolCall#id() id} of the call that is answered; not blank
 * @param content the answer, at least one part
 * @param name the tool's name, or {@code null}
 * @param cacheControl a prompt-cache breakpoint after this message, or {@code null}
 * @param extras further members by their name on the wire
 */
public record ToolMessage(
        String toolCallId,
        List<ContentPart> content,
        @Nullable String name,
        @Nullable CacheControl cacheControl,
        Map<String, RawJson> extras)
        implements Message {
    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if the id is blank or there is no content
     */
    public ToolMessage {
        if (toolCallId.isBlank()) {
            throw new IllegalArgumentException("A tool message needs the id of the tool call that it answers");
        }
        content = Contents.atLeastOne("tool", content);
        extras = Contents.orderedCopy(extras);
    }

    /** The same, with a prompt-cache breakpoint after it. */
    public ToolMessage withCacheControl(CacheControl newCacheControl) {
        return new ToolMessage(toolCallId, content, name, newCacheControl, extras);
    }
}
