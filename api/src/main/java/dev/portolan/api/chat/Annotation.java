package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Something that belongs to an answer: a source it cites, or a file that was parsed for it
 * (OpenRouter reference: chat-completions §2.5). Each keeps its JSON and goes back with its message as it came; a
 * parsed file sent back is not parsed, or paid for, again.
 */
public sealed interface Annotation {
    /** The annotation as it came. */
    RawJson raw();

    /**
     * A web page that the answer cites.
     *
     * @param url the page
     * @param title its title, or {@code null}
     * @param content an excerpt, or {@code null}
     * @param startIndex where in the answer the citation starts, in characters; {@code null} if not told
     * @param endIndex where in the answer it ends, exclusive; {@code null} if not told
     * @param raw the annotation as it came
     */
    record UrlCitation(
            String url,
            @Nullable String title,
            @Nullable String content,
            @Nullable Integer startIndex,
            @Nullable Integer endIndex,
            RawJson raw)
            implements Annotation {}

    /**
     * A document that was parsed for the model.
     *
     * @param hash tells one document from another
     * @param name the file's name, or {@code null}
     * @param raw the annotation as it came, with the parsed content
     */
    record ParsedFile(String hash, @Nullable String name, RawJson raw) implements Annotation {}

    /**
     * An annotation of a kind that has no class here.
     *
     * @param raw the annotation as it came
     */
    record Raw(RawJson raw) implements Annotation {}
}
