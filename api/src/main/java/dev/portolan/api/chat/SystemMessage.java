package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instructions for the model.
 *
 * @param content what it says, at least one part
 * @param name the author's name, or {@code null}
 * @param cacheControl a prompt-cache breakpoint after this message, or {@code null}
 * @param extras further members by their name on the wire
 */
public record SystemMessage(
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
    public SystemMessage {
        content = Contents.atLeastOne("system", content);
        extras = Contents.orderedCopy(extras);
    }

    /** The same, by the author {@code newName}. */
    public SystemMessage withName(String newName) {
        return new SystemMessage(content, newName, cacheControl, extras);
    }

    /** The same, with a prompt-cache breakpoint after it. */
    public SystemMessage withCacheControl(CacheControl newCacheControl) {
        return new SystemMessage(content, name, newCacheControl, extras);
    }
}
