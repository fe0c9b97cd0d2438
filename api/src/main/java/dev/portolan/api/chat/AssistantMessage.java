package dev.portolan.api.chat;

import dev.portolan.api.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the model said: in a reply, and again in the conversation that the next request carries.
 *
 * <p>A message that came from a reply can be sent back as it is. Its tool calls, reasoning details and signatures then go
 * out exactly as they came, which Gemini and Claude insist on in conversations with tools.
 *
 * @param content the answer, in order; empty if there is none, as beside tool calls
 * @param toolCalls the calls that the model wants carried out, in order
 * @param reasoning how the model came to its answer, as plain text; {@code null} if not told
 * @param reasoningDetails the same in the provider's own pieces, to be sent back unchanged
 * @param refusal why the model will not answer; {@code null} if it did
 * @param images images that the model drew
 * @param audio what the model spoke; {@code null} if nothing
 * @param annotations sources that the answer cites, and files parsed for it
 * @param model which model wrote this, or {@code null}
 * @param name the author's name, or {@code null}
 * @param cacheControl a prompt-cache breakpoint after this message, or {@code null}
 * @param extras further members by their name on the wire
 */
public record AssistantMessage(
        List<ContentPart> content,
        List<ToolCall> toolCalls,
        @Nullable String reasoning,
        List<ReasoningDetail> reasoningDetails,
        @Nullable String refusal,
        List<Media> images,
        @Nullable AudioOutput audio,
        List<Annotation> annotations,
        @Nullable String model,
        @Nullable String name,
        @Nullable CacheControl cacheControl,
        Map<String, RawJson> extras)
        implements Message {
    /** Copies the collections. */
    public AssistantMessage {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
        reasoningDetails = List.copyOf(reasoningDetails);
        images = List.copyOf(images);
        annotations = List.copyOf(annotations);
        extras = Contents.orderedCopy(extras);
    }

    /** A message without anything; see the {@link Builder} for its parts. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same, with a prompt-cache breakpoint after it. */
    public AssistantMessage withCacheControl(CacheControl newCacheControl) {
        return new AssistantMessage(
                content,
                toolCalls,
                reasoning,
                reasoningDetails,
                refusal,
                images,
                audio,
                annotations,
                model,
                name,
                newCacheControl,
                extras);
    }

    /** Whether nothing at all was said: no text, calls, refusal, images or sound. */
    public boolean isEmpty() {
        return content.isEmpty() && toolCalls.isEmpty() && refusal == null && images.isEmpty() && audio == null;
    }

    /** Collects the parts of an assistant message. Not thread-safe. */
    public static final class Builder {
        private final List<ContentPart> content = new ArrayList<>();
        private List<ToolCall> toolCalls = List.of();
        private @Nullable String reasoning;
        private List<ReasoningDetail> reasoningDetails = List.of();
        private @Nullable String refusal;
        private List<Media> images = List.of();
        private @Nullable AudioOutput audio;
        private List<Annotation> annotations = List.of();
        private @Nullable String model;
        private @Nullable String name;
        private @Nullable CacheControl cacheControl;
        private Map<String, RawJson> extras = Map.of();

        private Builder() {}

        /** Adds text, unless it is empty. */
        public Builder text(String text) {
            if (!text.isEmpty()) {
                content.add(ContentPart.text(text));
            }
            return this;
        }

        /** Adds a part of content. */
        public Builder part(ContentPart part) {
            content.add(part);
            return this;
        }

        /** Sets the tool calls. */
        public Builder toolCalls(List<ToolCall> newToolCalls) {
            toolCalls = newToolCalls;
            return this;
        }

        /** Sets the plain reasoning text. */
        public Builder reasoning(@Nullable String newReasoning) {
            reasoning = newReasoning;
            return this;
        }

        /** Sets the reasoning in the provider's own pieces. */
        public Builder reasoningDetails(List<ReasoningDetail> newReasoningDetails) {
            reasoningDetails = newReasoningDetails;
            return this;
        }

        /** Sets why the model will not answer. */
        public Builder refusal(@Nullable String newRefusal) {
            refusal = newRefusal;
            return this;
        }

        /** Sets the images. */
        public Builder images(List<Media> newImages) {
            images = newImages;
            return this;
        }

        /** Sets what was spoken. */
        public Builder audio(@Nullable AudioOutput newAudio) {
            audio = newAudio;
            return this;
        }

        /** Sets the citations and parsed files. */
        public Builder annotations(List<Annotation> newAnnotations) {
            annotations = newAnnotations;
            return this;
        }

        /** Sets which model wrote this. */
        public Builder model(@Nullable String newModel) {
            model = newModel;
            return this;
        }

        /** Sets the author's name. */
        public Builder name(@Nullable String newName) {
            name = newName;
            return this;
        }

        /** Sets a prompt-cache breakpoint after the message. */
        public Builder cacheControl(@Nullable CacheControl newCacheControl) {
            cacheControl = newCacheControl;
            return this;
        }

        /** Sets the further members. */
        public Builder extras(Map<String, RawJson> newExtras) {
            extras = new LinkedHashMap<>(newExtras);
            return this;
        }

        /** The message. */
        public AssistantMessage build() {
            return new AssistantMessage(
                    content,
                    toolCalls,
                    reasoning,
                    reasoningDetails,
                    refusal,
                    images,
                    audio,
                    annotations,
                    model,
                    name,
                    cacheControl,
                    extras);
        }
    }
}
