package dev.portolan.api.chat;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of an answer that is being written. A stream begins with {@link ResponseStarted} and ends with
 * {@link ResponseFinished}, which carries the whole answer; what comes between is in the order in which the provider sent
 * it.
 *
 * <p>{@code choice} is the place of the answer, from 0; it is always 0 with providers that give one answer.
 */
public sealed interface ChatEvent {
    /**
     * The answer begins.
     *
     * @param id the provider's name for this generation, or {@code null}
     * @param model the model that answers; empty if not told
     * @param provider who runs the model, or {@code null}
     * @param created when, or {@code null}
     */
    record ResponseStarted(
            @Nullable String id,
            String model,
            @Nullable String provider,
            @Nullable Instant created) implements ChatEvent {}

    /**
     * Some text of the answer; never empty.
     *
     * @param choice the place of the answer
     * @param text the next piece
     */
    record TextDelta(int choice, String text) implements ChatEvent {}

    /**
     * Some text of the model's reasoning; never empty.
     *
     * @param choice the place of the answer
     * @param text the next piece
     */
    record ReasoningDelta(int choice, String text) implements ChatEvent {}

    /**
     * Some text of a refusal; never empty.
     *
     * @param choice the place of the answer
     * @param text the next piece
     */
    record RefusalDelta(int choice, String text) implements ChatEvent {}

    /**
     * A tool call begins. Calls may be written side by side.
     *
     * @param choice the place of the answer
     * @param call the place of the call among the answer's calls, from 0
     * @param id the call's id as far as it is known, or {@code null}
     * @param name the function's name
     */
    record ToolCallStarted(int choice, int call, @Nullable String id, String name) implements ChatEvent {}

    /**
     * Some of a tool call's arguments; a piece of JSON text, never empty.
     *
     * @param choice the place of the answer
     * @param call the place of the call
     * @param arguments the next piece
     */
    record ToolCallDelta(int choice, int call, String arguments) implements ChatEvent {}

    /**
     * A tool call is complete. All calls are reported complete when the answer is.
     *
     * @param choice the place of the answer
     * @param call the place of the call
     * @param toolCall the call
     */
    record ToolCallFinished(int choice, int call, ToolCall toolCall) implements ChatEvent {}

    /**
     * An image, whole.
     *
     * @param choice the place of the answer
     * @param image the image
     */
    record ImageReceived(int choice, Media image) implements ChatEvent {}

    /**
     * Some sound, or some words of its transcript, or both.
     *
     * @param choice the place of the answer
     * @param data the next bytes in the format that was asked for; may be empty, handed over, not copied
     * @param transcript the next words; may be empty
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // a delta is read once and thrown away; equals and hashCode are by content
    record AudioDelta(int choice, byte[] data, String transcript) implements ChatEvent {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof AudioDelta audio
                    && audio.choice == choice
                    && java.util.Arrays.equals(audio.data, data)
                    && audio.transcript.equals(transcript);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * choice + java.util.Arrays.hashCode(data)) + transcript.hashCode();
        }

        @Override
        public String toString() {
            return "AudioDelta[" + data.length + " bytes]";
        }
    }

    /**
     * A source that the answer cites, or a file that was parsed for it.
     *
     * @param choice the place of the answer
     * @param annotation the annotation, whole
     */
    record AnnotationReceived(int choice, Annotation annotation) implements ChatEvent {}

    /**
     * What the call used and cost; usually near the end, and not sent by every provider.
     *
     * @param usage the tokens
     * @param cost the money
     */
    record UsageReported(Usage usage, Cost cost) implements ChatEvent {}

    /**
     * The answer is complete; the last event of a stream.
     *
     * @param response the whole answer
     */
    record ResponseFinished(ChatResponse response) implements ChatEvent {}
}
