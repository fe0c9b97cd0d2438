package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import dev.portolan.transport.retrofit.SseReader;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.json.RepeatedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reply to {@code /chat/completions} into a {@link ChatAssembler}: a whole one, or a stream's chunks one after the
 * other. Both have the same members, but that one says {@code message} and the other {@code delta}
 * (OpenRouter reference: chat-completions §2, streaming §2).
 */
final class ChatReplyDecoder implements JsonEventStream.Decoder<ChatEvent, ChatResponse> {
    static final List<String> NAMES = List.of(
            "id",
            "model",
            "provider",
            "created",
            "object",
            "choices",
            "usage",
            "error",
            "system_fingerprint",
            "service_tier",
            "obfuscation");
    static final List<String> CHOICE_NAMES =
            List.of("index", "delta", "message", "finish_reason", "logprobs", "error", "usage");

    private static final int OWN_NAMES = NAMES.size();
    private static final int OWN_CHOICE_NAMES = CHOICE_NAMES.size();
    private static final JsonReader.Options ERROR = JsonReader.Options.of("error");
    private static final JsonReader.Options INDEX_NAME = JsonReader.Options.of("index");
    private static final JsonReader.Options DELTA_NAME = JsonReader.Options.of("delta");

    private final Answer answer;
    private final boolean stream;
    private final boolean needsBothEnds;
    private final ChatAssembler assembler = new ChatAssembler();
    private final ChatMessageDecoder messages;
    private final OwnMembers names;
    private final ChatNotes notes;
    private final RepeatedText id = new RepeatedText();
    private final RepeatedText model = new RepeatedText();
    private final RepeatedText provider = new RepeatedText();
    private final RepeatedText systemFingerprint = new RepeatedText();
    private final RepeatedText serviceTier = new RepeatedText();
    private @Nullable Instant created;
    private boolean hasChoices;
    private boolean hasUsage;
    private @Nullable RawJson usageOfChoice;
    private boolean failed;
    private @Nullable RawJson error;
    private final TextChunk textChunk = new TextChunk();
    private byte @Nullable [] chunk;

    /** How many objects the event has had so far, which should be one. */
    private int objects;

    /** Whether all that the chunk has said, but for text, was known before. */
    private boolean onlyText;

    ChatReplyDecoder(Answer answer, List<Warning> warnings, ChatDialect dialect, boolean stream) {
        this.answer = answer;
        this.stream = stream;
        this.needsBothEnds = dialect.needsBothEnds();
        this.names = dialect.ownMembers();
        this.notes = dialect.notes(answer);
        this.messages = new ChatMessageDecoder(assembler, notes, stream);
        warnings.forEach(assembler::warning);
    }

    @Override
    public @Nullable ChatEvent poll() {
        return assembler.poll();
    }

    @Override
    public ChatResponse finish() {
        return complete().finish();
    }

    @Override
    public boolean endsWithoutDone() {
        return !needsBothEnds && assembler.hasFinishReason();
    }

    @Override
    public @Nullable String generationId() {
        return assembler.id() != null ? assembler.id() : answer.header("X-Generation-Id");
    }

    /** What has arrived, if anything has. */
    @Override
    public @Nullable ChatResponse partial() {
        end();
        if (!assembler.hasContent()) {
            return null;
        }
        assembler.metadata(notes.metadata());
        return assembler.snapshot();
    }

    @Override
    public boolean repeats(SseReader events) throws IOException {
        learn();
        if (!events.skip(textChunk)) {
            return false;
        }
        notes.text(assembler, textChunk.choice(), textChunk.text());
        return true;
    }

    @Override
    public void sees(Buffer event) throws IOException {
        if (onlyText && textChunk.learns()) {
            ByteArrayOutputStream copy = new ByteArrayOutputStream((int) event.size());
            event.copyTo(copy, 0, event.size());
            chunk = copy.toByteArray();
        }
    }

    /**
     * Reads one chunk, or the whole reply.
     *
     * @throws PortolanException if it carries an error
     */
    @Override
    public void decode(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        reader.setLenient(false);
        boolean startsHere = false;
        objects++;
        onlyText = objects == 1;
        Map<String, RawJson> itself = null;
        while (reader.hasNext()) {
            int name = reader.selectName(names.ofReply());
            switch (name) {
                case 0 -> assembler.id(notes.id(text(id, reader)));
                case 1 -> assembler.model(text(model, reader));
                case 2 -> assembler.provider(text(provider, reader));
                case 3 -> created(reader);
                case 4 -> itself = isError(reader) ? new LinkedHashMap<>() : itself;
                case 5 -> startsHere |= choices(reader);
                case 6 -> startsHere |= usage(reader);
                case 7 -> error(reader);
                case 8 -> assembler.systemFingerprint(text(systemFingerprint, reader));
                case 9 -> assembler.serviceTier(text(serviceTier, reader));
                case 10 -> reader.skipValue();
                case -1 -> {
                    onlyText = false;
                    String other = reader.nextName();
                    if (itself == null) {
                        assembler.extra(other, Lenient.raw(reader));
                    } else {
                        itself.put(other, Lenient.raw(reader));
                    }
                }
                default -> {
                    onlyText &= reader.peek() == JsonReader.Token.NULL;
                    notes.ofReply(name - OWN_NAMES, reader);
                }
            }
        }
        reader.endObject();
        error = itself == null || error != null ? error : RawJson.of(itself);
        boolean hasFailed = error != null || failed;
        if (startsHere && (!hasFailed || assembler.hasContent())) {
            assembler.start();
        }
        throwError();
    }

    private @Nullable String text(RepeatedText repeated, JsonReader reader) throws IOException {
        String read = repeated.read(reader);
        onlyText &= !repeated.hasChanged();
        return read;
    }

    /** From the event before, now that all of it has been read. */
    private void learn() {
        String text = messages.text();
        if (objects > 0 && !onlyText) {
            textChunk.forget();
        } else if (chunk != null && text != null) {
            textChunk.learn(chunk, messages.choice(), text);
        }
        chunk = null;
        objects = 0;
    }

    /**
     * Checks that the reply is whole, now that its end has come.
     *
     * @throws PortolanException if it is not
     */
    public ChatAssembler complete() {
        if (!hasChoices) {
            throw stream
                    ? answer.broken("it had no answer in it", null, generationId(), null)
                    : answer.malformed(generationId());
        }
        if (stream && assembler.hasContent() && !assembler.hasFinishReason()) {
            if (needsBothEnds) {
                throw answer.broken("it ended without a finish reason", null, generationId(), partial());
            }
            assembler.warning(new Warning("finish_reason", "The stream ended properly, but did not say why"));
        }
        end();
        String told = id.value();
        if (told != null && assembler.id() == null) {
            assembler.extra("id", RawJson.of(told));
        }
        if (!hasUsage) {
            tally(usageOfChoice);
        }
        assembler.id(generationId());
        assembler.metadata(notes.metadata());
        return assembler;
    }

    /** Hands on what was kept back. */
    private void end() {
        notes.end(assembler);
        messages.end();
    }

    /** Some servers write an error in place of the reply: it says so itself, and has a message where choices would be. */
    private static boolean isError(JsonReader reader) throws IOException {
        if (reader.peek() == JsonReader.Token.STRING && reader.selectString(ERROR) == 0) {
            return true;
        }
        reader.skipValue();
        return false;
    }

    private void created(JsonReader reader) throws IOException {
        if (created != null) {
            reader.skipValue();
        } else {
            created = Lenient.epochSecond(reader);
            assembler.created(created);
        }
    }

    private boolean usage(JsonReader reader) throws IOException {
        if (Lenient.isNull(reader)) {
            return false;
        }
        hasUsage = true;
        onlyText = false;
        tally(Lenient.raw(reader));
        return true;
    }

    /** Moonshot writes it here, beside the finish reason. */
    private void usageOfChoice(JsonReader reader) throws IOException {
        if (!Lenient.isNull(reader)) {
            onlyText = false;
            usageOfChoice = Lenient.raw(reader);
        }
    }

    private void tally(@Nullable RawJson usage) {
        Tally tally = notes.tally(usage);
        if (usage != null || !tally.equals(Tally.NONE)) {
            assembler.usage(tally.usage(), tally.cost());
        }
    }

    private void error(JsonReader reader) throws IOException {
        onlyText &= reader.peek() == JsonReader.Token.NULL;
        RawJson found = Lenient.error(reader);
        error = found == null ? error : found;
    }

    private void throwError() {
        if (error != null) {
            throw answer.error(error, assembler.snapshot().extras(), generationId(), partial());
        }
        if (failed) {
            throw answer.error("The provider failed without saying why", generationId(), partial());
        }
    }

    private boolean choices(JsonReader reader) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return false;
        }
        hasChoices = true;
        int place = 0;
        while (reader.hasNext()) {
            choice(reader, place++);
        }
        reader.endArray();
        onlyText &= place == 1;
        return place > 0;
    }

    private void choice(JsonReader reader, int place) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        int index = -1;
        boolean hasDelta = false;
        String reason = null;
        while (reader.hasNext()) {
            int name = reader.selectName(names.ofChoice());
            if (index < 0 && needsIndex(name, reader)) {
                index = indexAhead(reader, name < 0, place);
            }
            switch (name) {
                case 0 -> {
                    Integer given = Lenient.smallWhole(reader);
                    index = given != null ? given : index < 0 ? place : index;
                }
                case 1 -> {
                    hasDelta = true;
                    onlyText &= messages.decode(reader, index);
                }
                case 2 -> {
                    if (stream && (hasDelta || hasDeltaAhead(reader))) {
                        onlyText = false;
                        reader.skipValue();
                    } else {
                        onlyText &= messages.decode(reader, index);
                    }
                }
                case 3 -> reason = finishReason(reader, reason);
                case 4 -> {
                    onlyText &= reader.peek() == JsonReader.Token.NULL;
                    LogProbsDecoder.read(reader, index, assembler);
                }
                case 5 -> error(reader);
                case 6 -> usageOfChoice(reader);
                case -1 -> {
                    onlyText = false;
                    assembler.choiceExtra(index, reader.nextName(), Lenient.raw(reader));
                }
                default -> {
                    onlyText &= reader.peek() == JsonReader.Token.NULL;
                    notes.ofChoice(name - OWN_CHOICE_NAMES, reader);
                }
            }
        }
        reader.endObject();
        index = index < 0 ? place : index;
        assembler.choice(index);
        assembler.finishReason(index, reason);
    }

    /** Looking ahead is dear, and most servers write only such members before the index as can wait for it. */
    private static boolean needsIndex(int name, JsonReader reader) throws IOException {
        return name == 1 || name == 2 || name == -1 || (name == 4 && reader.peek() != JsonReader.Token.NULL);
    }

    /** Most servers write it first, but some behind what the answer says. */
    private static int indexAhead(JsonReader reader, boolean atName, int place) throws IOException {
        JsonReader ahead = reader.peekJson();
        if (atName) {
            ahead.skipName();
        }
        Integer given = hasAhead(INDEX_NAME, ahead) ? Lenient.smallWhole(ahead) : null;
        return given == null ? place : given;
    }

    /** Perplexity repeats in the {@code message} of each chunk what all deltas have said so far. */
    private static boolean hasDeltaAhead(JsonReader reader) throws IOException {
        return hasAhead(DELTA_NAME, reader.peekJson());
    }

    /** Whether a member of this name comes behind the value that is next; if so, its value is next then. */
    private static boolean hasAhead(JsonReader.Options wanted, JsonReader ahead) throws IOException {
        ahead.skipValue();
        while (ahead.hasNext()) {
            if (ahead.selectName(wanted) == 0) {
                return true;
            }
            ahead.skipName();
            ahead.skipValue();
        }
        return false;
    }

    private @Nullable String finishReason(JsonReader reader, @Nullable String before) throws IOException {
        String reason = Lenient.text(reader);
        failed |= reason != null && FinishReason.of(reason).unified() == FinishReason.Unified.ERROR;
        onlyText &= reason == null;
        return reason == null ? before : reason;
    }
}
