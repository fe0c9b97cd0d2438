package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instructions for the model, in the role that newer OpenAI models prefer to {@code system}.
 *
 * @param content what it says, at least one part
 * @param name the author's name, or {@code null}
 * @param cacheControl a prompt-cache breakpoint after this message, or {@code null}
 * @param extras further members by their name on the wire
 */
public record DeveloperMessage(
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
    public DeveloperMessage {
        content = Contents.atLeastOne("developer", content);
        extras = Contents.orderedCopy(extras);
    }

    /** The same, by the author {@code newName}. */
    public DeveloperMessage withName(String newName) {
        return new DeveloperMessage(content, newName, cacheControl, extras);
    }

    /** The same, with a prompt-cache breakpoint after it. */
    public DeveloperMessage withCacheControl(CacheControl newCacheControl) {
        return new DeveloperMessage(content, name, newCacheControl, extras);
    }
}
