package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person says: text, images, sounds, videos, documents.
 *
 * @param content what it says, at least one part
 * @param name the author's name, or {@code null}
 * @param cacheControl a prompt-cache breakpoint after this message, or {@code null}
 * @param extras further members by their name on the wire
 */
public record UserMessage(
        List<ContentPart> content,
        @Nullable String name,
        @Nullable CacheControl cacheControl,
        Map<String, RawJson> extras)
        implements Message {
    /**
     * Copies the collections.
     *
     * @throws IllegalArgumentException if there is no content
     */
    public UserMessage {
        content = Contents.atLeastOne("user", content);
        extras = Contents.orderedCopy(extras);
    }

    /** The same, by the author {@code newName}. */
    public UserMessage withName(String newName) {
        return new UserMessage(content, newName, cacheControl, extras);
    }

    /** The same, with a prompt-cache breakpoint after it. */
    public UserMessage withCacheControl(CacheControl newCacheControl) {
        return new UserMessage(content, name, newCacheControl, extras);
    }
}
