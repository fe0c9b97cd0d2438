package dev.portolan.provider.openrouter.chat;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.provider.openrouter.wire.MetadataCollector;
import dev.portolan.provider.openrouter.wire.UsageDecoder;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.json.RepeatedText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reply to {@code /chat/completions} into a {@link ChatAssembler}: a whole one, or a stream's chunks one after the
 * other. Both have the same members, but that one says {@code message} and the other {@code delta}
 * (chat-completions.md §2, streaming.md §2).
 */
final class ChatReplyDecoder implements JsonEventStream.Decoder<ChatEvent, ChatResponse> {
    private static final JsonReader.Options NAMES = JsonReader.Options.of(
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
            "openrouter_metadata",
            "debug");
    private static final JsonReader.Options CHOICE_NAMES = JsonReader.Options.of(
            "index", "delta", "message", "finish_reason", "native_finish_reason", "logprobs", "error");

    private static final JsonReader.Options INDEX_NAME = JsonReader.Options.of("index");

    private final Answer answer;
    private final boolean stream;
    private final ChatAssembler assembler = new ChatAssembler();
    private final ChatMessageDecoder messages;
    private final MetadataCollector metadata;
    private final RepeatedText id = new RepeatedText();
    private final RepeatedText model = new RepeatedText();
    private final RepeatedText provider = new RepeatedText();
    private final RepeatedText systemFingerprint = new RepeatedText();
    private final RepeatedText serviceTier = new RepeatedText();
    private @Nullable Instant created;
    private boolean hasChoices;
    private boolean failed;
    private @Nullable RawJson error;

    private ChatReplyDecoder(Answer answer, List<Warning> warnings, boolean stream) {
        this.answer = answer;
        this.stream = stream;
        this.messages = new ChatMessageDecoder(assembler, stream);
        this.metadata = new MetadataCollector(answer);
        warnings.forEach(assembler::warning);
    }

    public static ChatReplyDecoder ofStream(Answer answer, List<Warning> warnings) {
        return new ChatReplyDecoder(answer, warnings, true);
    }

    public static ChatReplyDecoder ofWholeReply(Answer answer, List<Warning> warnings) {
        return new ChatReplyDecoder(answer, warnings, false);
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
    public @Nullable String generationId() {
        return assembler.id() != null ? assembler.id() : answer.header("X-Generation-Id");
    }

    /** What has arrived, if anything has. */
    @Override
    public @Nullable ChatResponse partial() {
        if (!assembler.hasContent()) {
            return null;
        }
        assembler.metadata(metadata.collected());
        return assembler.snapshot();
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
        while (reader.hasNext()) {
            switch (reader.selectName(NAMES)) {
                case 0 -> assembler.id(id.read(reader));
                case 1 -> assembler.model(model.read(reader));
                case 2 -> assembler.provider(provider.read(reader));
                case 3 -> created(reader);
                case 4 -> reader.skipValue();
                case 5 -> startsHere |= choices(reader);
                case 6 -> startsHere |= usage(reader);
                case 7 -> error(reader);
                case 8 -> assembler.systemFingerprint(systemFingerprint.read(reader));
                case 9 -> assembler.serviceTier(serviceTier.read(reader));
                case 10 -> metadata.routing(Lenient.raw(reader));
                case 11 -> metadata.debug(Lenient.raw(reader));
                default -> assembler.extra(reader.nextName(), Lenient.raw(reader));
            }
        }
        reader.endObject();
        boolean hasFailed = error != null || failed;
        if (startsHere && (!hasFailed || assembler.hasContent())) {
            assembler.start();
        }
        throwError();
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
            throw answer.broken("it ended without a finish reason", null, generationId(), partial());
        }
        assembler.id(generationId());
        assembler.metadata(metadata.collected());
        return assembler;
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
        UsageDecoder.Reading usage = UsageDecoder.read(Lenient.raw(reader));
        metadata.usage(usage);
        assembler.usage(usage.usage(), usage.cost());
        return true;
    }

    private void error(JsonReader reader) throws IOException {
        RawJson raw = Lenient.raw(reader);
        boolean isNone =
                raw.isNull() || raw.text().equals("false") || raw.text().equals("\"\"");
        error = isNone ? error : raw;
    }

    private void throwError() {
        if (error != null) {
            throw answer.error(error, generationId(), partial());
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
        return place > 0;
    }

    private void choice(JsonReader reader, int place) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        int index = place;
        boolean begun = false;
        while (reader.hasNext()) {
            int name = reader.selectName(CHOICE_NAMES);
            if (!begun && name != 0) {
                index = indexAhead(reader, name < 0, place);
            }
            begun = true;
            switch (name) {
                case 0 -> {
                    Integer given = Lenient.smallWhole(reader);
                    index = given == null ? index : given;
                }
                case 1, 2 -> messages.decode(reader, index);
                case 3 -> finishReason(reader, index);
                case 4 -> metadata.nativeFinishReason(Lenient.text(reader));
                case 5 -> LogProbsDecoder.read(reader, index, assembler);
                case 6 -> error(reader);
                default -> assembler.choiceExtra(index, reader.nextName(), Lenient.raw(reader));
            }
        }
        reader.endObject();
        assembler.choice(index);
    }

    /** Most servers write it first, but some behind what the answer says. */
    private static int indexAhead(JsonReader reader, boolean atName, int place) throws IOException {
        JsonReader ahead = reader.peekJson();
        if (atName) {
            ahead.skipName();
        }
        ahead.skipValue();
        while (ahead.hasNext()) {
            if (ahead.selectName(INDEX_NAME) == 0) {
                Integer given = Lenient.smallWhole(ahead);
                return given == null ? place : given;
            }
            ahead.skipName();
            ahead.skipValue();
        }
        return place;
    }

    private void finishReason(JsonReader reader, int index) throws IOException {
        String reason = Lenient.text(reader);
        failed |= "error".equals(reason);
        assembler.finishReason(index, reason);
    }
}
