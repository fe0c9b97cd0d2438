package dev.portolan.api.spi;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts a reply together from what a provider reads off the wire, and turns it into events on the way. The same assembler
 * serves streamed and blocking replies, which is why both give the same {@link ChatResponse}.
 *
 * <p>A provider's decoder calls the methods in the order in which things arrive, hands out the events from {@link #poll},
 * and calls {@link #finish} when the reply is known to be complete. Texts that are {@code null} or empty are ignored. Not
 * thread-safe.
 */
public final class ChatAssembler {
    private static final byte[] NO_BYTES = {};

    private final ArrayDeque<ChatEvent> events = new ArrayDeque<>();
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private @Nullable Choice latest;
    private boolean started;

    /** Asked by the thread that closes a stream, too. */
    private volatile @Nullable String id;

    private String model = "";
    private @Nullable String provider;
    private @Nullable Instant created;
    private @Nullable String systemFingerprint;
    private @Nullable String serviceTier;
    private Usage usage = Usage.NOT_REPORTED;
    private Cost cost = Cost.UNKNOWN;
    private final List<Warning> warnings = new ArrayList<>();
    private List<ProviderMetadata> metadata = List.of();
    private final Map<String, RawJson> extras = new LinkedHashMap<>();

    /** An assembler that nothing has gone into. */
    public ChatAssembler() {}

    /** Sets the generation's id. As with all that is set, {@code null} and empty leave what was known. */
    public void id(@Nullable String newId) {
        if (isSet(newId) && !Objects.equals(newId, id)) {
            id = newId;
        }
    }

    /** The generation's id as far as it is known. */
    public @Nullable String id() {
        return id;
    }

    /** Sets the model that answers. */
    public void model(@Nullable String newModel) {
        model = newModel != null && !newModel.isEmpty() ? newModel : model;
    }

    /** Sets who runs the model. */
    public void provider(@Nullable String newProvider) {
        provider = isSet(newProvider) ? newProvider : provider;
    }

    /** Sets when the reply was made. */
    public void created(@Nullable Instant newCreated) {
        created = newCreated != null ? newCreated : created;
    }

    /** Sets the provider's name for its configuration. */
    public void systemFingerprint(@Nullable String fingerprint) {
        systemFingerprint = isSet(fingerprint) ? fingerprint : systemFingerprint;
    }

    /** Sets the class of service. */
    public void serviceTier(@Nullable String tier) {
        serviceTier = isSet(tier) ? tier : serviceTier;
    }

    /** Reports the beginning, once and before all that has not been polled; what is known by then goes into the event. */
    public void start() {
        if (!started) {
            started = true;
            events.addFirst(new ChatEvent.ResponseStarted(id, model, provider, created));
        }
    }

    /** Makes sure that an answer is there, even if nothing comes for it. */
    public void choice(int choice) {
        at(choice);
    }

    /** Adds text. */
    public void text(int choice, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            at(choice).text.add(text);
            events.add(new ChatEvent.TextDelta(choice, text));
        }
    }

    /** Adds reasoning text. */
    public void reasoning(int choice, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            at(choice).reasoning.add(text);
            events.add(new ChatEvent.ReasoningDelta(choice, text));
        }
    }

    /** Adds text of a refusal. */
    public void refusal(int choice, @Nullable String text) {
        if (text != null && !text.isEmpty()) {
            at(choice).refusal.add(text);
            events.add(new ChatEvent.RefusalDelta(choice, text));
        }
    }

    /** Adds a piece of reasoning that may be continued by the next one. */
    public void reasoningFragment(int choice, ReasoningDetail fragment) {
        at(choice).reasoningDetails().fragment(fragment);
    }

    /** Adds a piece of reasoning that is whole. */
    public void reasoningDetail(int choice, ReasoningDetail detail) {
        at(choice).reasoningDetails().whole(detail);
    }

    /**
     * Adds a fragment of a tool call, in any dialect: each part may be missing, come once or on every fragment.
     *
     * @param index the server's number for the call
     * @param toolCallId the call's id
     * @param name the function's name
     * @param arguments the next piece of the arguments
     * @param moreExtras further members
     */
    public void toolCall(
            int choice,
            @Nullable Integer index,
            @Nullable String toolCallId,
            @Nullable String name,
            @Nullable String arguments,
            Map<String, RawJson> moreExtras) {
        at(choice).toolCalls().fragment(index, toolCallId, name, arguments, moreExtras);
    }

    /** Adds an image. */
    public void image(int choice, Media image) {
        at(choice).images.add(image);
        events.add(new ChatEvent.ImageReceived(choice, image));
    }

    /**
     * Adds a piece of sound.
     *
     * @param base64 the next characters of the sound's Base64 text, which may be cut anywhere
     * @throws IllegalArgumentException if they are not Base64
     */
    public void audio(
            int choice,
            @Nullable String audioId,
            @Nullable String base64,
            @Nullable String transcript,
            @Nullable Instant expiresAt) {
        Sound sound = at(choice).sound();
        sound.id = audioId != null ? audioId : sound.id;
        sound.expiresAt = expiresAt != null ? expiresAt : sound.expiresAt;
        byte[] data = base64 == null || base64.isEmpty() ? NO_BYTES : sound.decode(base64);
        if (transcript != null && !transcript.isEmpty()) {
            sound.transcript.add(transcript);
        }
        if (data.length > 0 || isSet(transcript)) {
            events.add(new ChatEvent.AudioDelta(choice, data, transcript == null ? "" : transcript));
        }
    }

    /** Adds an annotation. */
    public void annotation(int choice, Annotation annotation) {
        at(choice).annotations.add(annotation);
        events.add(new ChatEvent.AnnotationReceived(choice, annotation));
    }

    /** Adds the likelihoods of the next tokens. */
    public void logprobs(int choice, LogProbs logprobs) {
        Choice target = at(choice);
        target.logprobs = target.logprobs == null ? logprobs : target.logprobs.plus(logprobs);
    }

    /** Sets why an answer ended; the last one that is not {@code null} counts. */
    public void finishReason(int choice, @Nullable String raw) {
        if (raw != null && !raw.isBlank()) {
            at(choice).finishReason = FinishReason.of(raw);
        }
    }

    /** Whether some answer has said why it ended, and all that say anything have. */
    public boolean hasFinishReason() {
        boolean any = false;
        for (Choice choice : choices.values()) {
            boolean has = !choice.finishReason.equals(FinishReason.UNKNOWN);
            if (!has && !choice.isEmpty()) {
                return false;
            }
            any |= has;
        }
        return any;
    }

    /** Whether anything of an answer has arrived. */
    public boolean hasContent() {
        return choices.values().stream().anyMatch(choice -> !choice.isEmpty());
    }

    /** Sets usage and cost. */
    public void usage(Usage newUsage, Cost newCost) {
        usage = newUsage;
        cost = newCost;
        events.add(new ChatEvent.UsageReported(newUsage, newCost));
    }

    /** Adds a warning. */
    public void warning(Warning warning) {
        warnings.add(warning);
    }

    /** Sets what only the provider tells. */
    public void metadata(List<ProviderMetadata> newMetadata) {
        metadata = newMetadata;
    }

    /** Keeps a member of the reply that has no field. */
    public void extra(String name, RawJson value) {
        extras.put(name, value);
    }

    /** Keeps a member of an answer that has no field. */
    public void choiceExtra(int choice, String name, RawJson value) {
        Choice target = at(choice);
        target.extras = plus(target.extras, name, value);
    }

    /** Keeps a member of an answer's message that has no field. */
    public void messageExtra(int choice, String name, RawJson value) {
        Choice target = at(choice);
        target.messageExtras = plus(target.messageExtras, name, value);
    }

    /** The next event, if there is one. */
    public @Nullable ChatEvent poll() {
        return events.poll();
    }

    /** Declares the reply complete: reports its tool calls and its end, and gives it. */
    public ChatResponse finish() {
        start();
        for (Choice choice : choices.values()) {
            choice.finishSound();
            if (choice.toolCalls != null) {
                choice.toolCalls.finish(id);
            }
        }
        ChatResponse response = snapshot();
        events.add(new ChatEvent.ResponseFinished(response));
        return response;
    }

    /** The reply so far. */
    public ChatResponse snapshot() {
        List<ChatChoice> whole = new ArrayList<>(choices.size());
        choices.values().forEach(choice -> whole.add(choice.toChoice(id)));
        return new ChatResponse(
                id,
                model,
                provider,
                created,
                whole,
                usage,
                cost,
                systemFingerprint,
                serviceTier,
                warnings,
                List.of(),
                metadata,
                extras);
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private Choice at(int index) {
        if (latest == null || latest.index != index) {
            latest = choices.computeIfAbsent(index, Choice::new);
        }
        return latest;
    }

    private static Map<String, RawJson> plus(Map<String, RawJson> map, String name, RawJson value) {
        Map<String, RawJson> more = map.isEmpty() ? new LinkedHashMap<>() : map;
        more.put(name, value);
        return more;
    }

    private final class Choice {
        private final int index;
        private final Pieces text = new Pieces();
        private final Pieces reasoning = new Pieces();
        private final Pieces refusal = new Pieces();
        private @Nullable ReasoningAssembler reasoningDetails;
        private @Nullable ToolCallAssembler toolCalls;
        private final List<Media> images = new ArrayList<>(0);
        private @Nullable Sound sound;
        private final List<Annotation> annotations = new ArrayList<>(0);
        private @Nullable LogProbs logprobs;
        private FinishReason finishReason = FinishReason.UNKNOWN;
        private Map<String, RawJson> extras = Map.of();
        private Map<String, RawJson> messageExtras = Map.of();

        Choice(int index) {
            this.index = index;
        }

        ReasoningAssembler reasoningDetails() {
            ReasoningAssembler made = reasoningDetails;
            if (made == null) {
                made = new ReasoningAssembler();
                reasoningDetails = made;
            }
            return made;
        }

        ToolCallAssembler toolCalls() {
            ToolCallAssembler made = toolCalls;
            if (made == null) {
                made = new ToolCallAssembler(index, events);
                toolCalls = made;
            }
            return made;
        }

        Sound sound() {
            Sound made = sound;
            if (made == null) {
                made = new Sound();
                sound = made;
            }
            return made;
        }

        /** Sound that ends without padding leaves some characters over. */
        void finishSound() {
            byte[] last = sound == null ? NO_BYTES : sound.decodeRest();
            if (last.length > 0) {
                events.add(new ChatEvent.AudioDelta(index, last, ""));
            }
        }

        boolean isEmpty() {
            return text.isEmpty()
                    && reasoning.isEmpty()
                    && refusal.isEmpty()
                    && reasoningDetails == null
                    && toolCalls == null
                    && images.isEmpty()
                    && sound == null
                    && annotations.isEmpty();
        }

        ChatChoice toChoice(@Nullable String responseId) {
            List<ToolCall> calls = toolCalls == null ? List.of() : toolCalls.calls(responseId);
            AssistantMessage message = AssistantMessage.builder()
                    .text(text.joined())
                    .toolCalls(calls)
                    .reasoning(reasoning.isEmpty() ? null : reasoning.joined())
                    .reasoningDetails(reasoningDetails == null ? List.of() : reasoningDetails.details())
                    .refusal(refusal.isEmpty() ? null : refusal.joined())
                    .images(images)
                    .audio(sound == null ? null : sound.toAudio())
                    .annotations(annotations)
                    .extras(messageExtras)
                    .build();
            return new ChatChoice(index, message, unified(calls), logprobs, extras);
        }

        /** Some servers end with {@code stop} though they called tools; the calls are what counts (streaming.md §3). */
        private FinishReason unified(List<ToolCall> calls) {
            return finishReason.unified() == FinishReason.Unified.STOP && !calls.isEmpty()
                    ? new FinishReason(FinishReason.Unified.TOOL_CALLS, finishReason.raw())
                    : finishReason;
        }
    }

    /** Joins pieces of text; a single one, as in a blocking reply, is not copied. */
    private static final class Pieces {
        private @Nullable String only;
        private @Nullable StringBuilder many;

        void add(String piece) {
            if (many != null) {
                many.append(piece);
            } else if (only == null) {
                only = piece;
            } else {
                many = new StringBuilder(only).append(piece);
            }
        }

        boolean isEmpty() {
            return only == null;
        }

        String joined() {
            return many != null ? many.toString() : only != null ? only : "";
        }
    }

    /** Sound from Base64 text that may be cut anywhere: decoded in groups of four characters (streaming.md §3). */
    private static final class Sound {
        private @Nullable String id;
        private @Nullable Instant expiresAt;
        private final Pieces transcript = new Pieces();
        private final java.io.ByteArrayOutputStream data = new java.io.ByteArrayOutputStream();
        private String rest = "";

        byte[] decode(String base64) {
            String all = rest.isEmpty() ? base64 : rest + base64;
            int whole = all.length() - all.length() % 4;
            rest = all.substring(whole);
            java.io.ByteArrayOutputStream decoded = new java.io.ByteArrayOutputStream(whole / 4 * 3);
            for (int start = 0; start < whole; ) {
                int padding = all.indexOf('=', start);
                int end = padding < 0 || padding >= whole ? whole : (padding / 4 + 1) * 4;
                decoded.writeBytes(Base64.getDecoder().decode(all.substring(start, end)));
                start = end;
            }
            byte[] bytes = decoded.toByteArray();
            data.writeBytes(bytes);
            return bytes;
        }

        /** A last group without its padding; what is not even that holds no whole byte, and is left out. */
        byte[] decodeRest() {
            byte[] bytes = isGroup(rest) ? Base64.getDecoder().decode(rest) : NO_BYTES;
            rest = "";
            data.writeBytes(bytes);
            return bytes;
        }

        private static boolean isGroup(String rest) {
            return rest.matches("[A-Za-z0-9+/]{2,3}");
        }

        AudioOutput toAudio() {
            byte[] all = data.toByteArray();
            return new AudioOutput(
                    id,
                    all.length == 0 ? null : new Media.Bytes(all, "application/octet-stream"),
                    transcript.isEmpty() ? null : transcript.joined(),
                    expiresAt);
        }
    }
}
