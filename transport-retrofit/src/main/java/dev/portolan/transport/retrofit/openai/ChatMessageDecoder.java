package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.json.DataUrlReader;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code message} of a whole reply, or the {@code delta} of a chunk
 * (OpenRouter reference: chat-completions §2.3).
 */
final class ChatMessageDecoder {
    private static final JsonReader.Options NAMES = JsonReader.Options.of(
            "role",
            "content",
            "reasoning",
            "reasoning_content",
            "reasoning_details",
            "refusal",
            "tool_calls",
            "images",
            "audio",
            "annotations");
    private static final JsonReader.Options CALL_NAMES = JsonReader.Options.of("index", "id", "type", "function");
    private static final JsonReader.Options FUNCTION_NAMES = JsonReader.Options.of("name", "arguments");
    private static final JsonReader.Options PART_NAMES = JsonReader.Options.of("type", "text", "image_url", "thinking");
    private static final JsonReader.Options IMAGE_NAMES = JsonReader.Options.of("image_url");
    private static final JsonReader.Options URL_NAMES = JsonReader.Options.of("url");
    private static final JsonReader.Options AUDIO_NAMES =
            JsonReader.Options.of("id", "data", "transcript", "expires_at");

    private final ChatAssembler assembler;
    private final ChatNotes notes;
    private final boolean stream;
    private final DeltaExtras deltaExtras = new DeltaExtras();
    private boolean plainReasoning;
    private @Nullable String text;
    private @Nullable StringBuilder thoughts;
    private int choiceOfText;

    ChatMessageDecoder(ChatAssembler assembler, ChatNotes notes, boolean stream) {
        this.assembler = assembler;
        this.notes = notes;
        this.stream = stream;
    }

    /** The text of what was read last; {@code null} if it had none. */
    @Nullable String text() {
        return text;
    }

    /** The answer that {@link #text} belongs to. */
    int choice() {
        return choiceOfText;
    }

    /**
     * Hands the reasoning on before the text, whatever the order of the members.
     *
     * @return whether there was nothing but text
     */
    boolean decode(JsonReader reader, int choice) throws IOException {
        choiceOfText = choice;
        text = null;
        thoughts = null;
        if (!Lenient.beginObject(reader)) {
            return false;
        }
        boolean onlyText = true;
        String content = null;
        String reasoning = null;
        String otherReasoning = null;
        List<ReasoningDetail> details = List.of();
        while (reader.hasNext()) {
            int name = reader.selectName(NAMES);
            onlyText &= name <= 4 || reader.peek() == JsonReader.Token.NULL;
            switch (name) {
                case 0 -> reader.skipValue();
                case 1 -> content = content(reader, choice);
                case 2 -> reasoning = Lenient.text(reader);
                case 3 -> otherReasoning = Lenient.text(reader);
                case 4 -> details = reasoningDetails(reader);
                case 5 -> assembler.refusal(choice, Lenient.text(reader));
                case 6 -> toolCalls(reader, choice);
                case 7 -> images(reader, choice);
                case 8 -> audio(reader, choice);
                case 9 -> annotations(reader, choice);
                default -> onlyText &= !extra(reader, choice);
            }
        }
        reader.endObject();
        if (thoughts != null && isEmpty(reasoning)) {
            reasoning = thoughts.toString();
        }
        if (reasoning != null || otherReasoning != null || !details.isEmpty()) {
            reasoning(choice, reasoning, otherReasoning, details);
        }
        notes.text(assembler, choice, content);
        text = content;
        return onlyText && isEmpty(reasoning) && isEmpty(otherReasoning) && details.isEmpty();
    }

    /** Hands on what the deltas had that has no field. */
    void end() {
        deltaExtras.end(assembler);
    }

    /**
     * Keeps a member that has no field.
     *
     * @return whether it says anything: {@code null} does not, and servers that write it refuse to read it
     */
    private boolean extra(JsonReader reader, int choice) throws IOException {
        String name = reader.nextName();
        if (Lenient.isNull(reader)) {
            return false;
        }
        if (stream) {
            deltaExtras.add(choice, name, Lenient.raw(reader));
        } else {
            assembler.messageExtra(choice, name, Lenient.raw(reader));
        }
        return true;
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /**
     * Servers write the plain text as {@code reasoning}, {@code reasoning_content} or both, or only in the details. A
     * stream that has written it once is not asked for more in the details: that would be text a whole reply lacks.
     */
    private void reasoning(
            int choice, @Nullable String reasoning, @Nullable String otherReasoning, List<ReasoningDetail> details) {
        if (reasoning != null && !reasoning.isEmpty()) {
            plainReasoning = true;
            assembler.reasoning(choice, reasoning);
        } else if (otherReasoning != null && !otherReasoning.isEmpty()) {
            plainReasoning = true;
            assembler.reasoning(choice, otherReasoning);
        } else if (!plainReasoning) {
            for (ReasoningDetail detail : details) {
                assembler.reasoning(choice, plainText(detail));
            }
        }
        for (ReasoningDetail detail : details) {
            if (stream) {
                assembler.reasoningFragment(choice, detail);
            } else {
                assembler.reasoningDetail(choice, detail);
            }
        }
    }

    private static @Nullable String plainText(ReasoningDetail detail) {
        if (detail instanceof ReasoningDetail.Text text) {
            return text.text();
        }
        return detail instanceof ReasoningDetail.Summary summary ? summary.summary() : null;
    }

    private @Nullable String content(JsonReader reader, int choice) throws IOException {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            return Lenient.text(reader);
        }
        StringBuilder text = new StringBuilder();
        parts(reader, choice, text);
        return text.toString();
    }

    private void parts(JsonReader reader, int choice, StringBuilder text) throws IOException {
        reader.beginArray();
        while (reader.hasNext()) {
            part(reader, choice, text);
        }
        reader.endArray();
    }

    private void part(JsonReader reader, int choice, StringBuilder text) throws IOException {
        if (reader.peek() == JsonReader.Token.STRING) {
            text.append(reader.nextString());
            return;
        }
        if (!Lenient.beginObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            switch (reader.selectName(PART_NAMES)) {
                case 1 -> {
                    String piece = Lenient.text(reader);
                    text.append(piece == null ? "" : piece);
                }
                case 2 -> imageUrl(reader, choice);
                case 3 -> thinking(reader, choice);
                case 0 -> reader.skipValue();
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
    }

    /** Mistral writes reasoning as a part whose content is parts again; a text would be read as well. */
    private void thinking(JsonReader reader, int choice) throws IOException {
        StringBuilder into = thoughts == null ? new StringBuilder() : thoughts;
        thoughts = into;
        if (reader.peek() == JsonReader.Token.BEGIN_ARRAY) {
            parts(reader, choice, into);
        } else {
            String piece = Lenient.text(reader);
            into.append(piece == null ? "" : piece);
        }
    }

    private static List<ReasoningDetail> reasoningDetails(JsonReader reader) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return List.of();
        }
        if (!reader.hasNext()) {
            reader.endArray();
            return List.of();
        }
        List<ReasoningDetail> details = new ArrayList<>(1);
        while (reader.hasNext()) {
            details.add(ReasoningDetailJson.read(Lenient.raw(reader)));
        }
        reader.endArray();
        return details;
    }

    private void toolCalls(JsonReader reader, int choice) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return;
        }
        int place = 0;
        while (reader.hasNext()) {
            toolCall(reader, choice, place++);
        }
        reader.endArray();
    }

    private void toolCall(JsonReader reader, int choice, int place) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        Integer index = stream ? null : place;
        String id = null;
        String name = null;
        String arguments = null;
        Map<String, RawJson> extras = Map.of();
        while (reader.hasNext()) {
            switch (reader.selectName(CALL_NAMES)) {
                case 0 -> {
                    Integer given = Lenient.smallWhole(reader);
                    index = stream ? given : index;
                }
                case 1 -> id = Lenient.text(reader);
                case 2 -> reader.skipValue();
                case 3 -> {
                    if (!Lenient.beginObject(reader)) {
                        break;
                    }
                    while (reader.hasNext()) {
                        switch (reader.selectName(FUNCTION_NAMES)) {
                            case 0 -> name = Lenient.text(reader);
                            case 1 -> arguments = arguments(reader);
                            default -> {
                                reader.skipName();
                                reader.skipValue();
                            }
                        }
                    }
                    reader.endObject();
                }
                default -> {
                    extras = extras.isEmpty() ? new LinkedHashMap<>() : extras;
                    extras.put(reader.nextName(), Lenient.raw(reader));
                }
            }
        }
        reader.endObject();
        assembler.toolCall(choice, index, id, name, arguments, extras);
    }

    /** A JSON text; some servers write the object itself. */
    private static @Nullable String arguments(JsonReader reader) throws IOException {
        return reader.peek() == JsonReader.Token.BEGIN_OBJECT
                ? Lenient.raw(reader).text()
                : Lenient.text(reader);
    }

    private void images(JsonReader reader, int choice) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (!Lenient.beginObject(reader)) {
                continue;
            }
            while (reader.hasNext()) {
                if (reader.selectName(IMAGE_NAMES) == 0) {
                    imageUrl(reader, choice);
                } else {
                    reader.skipName();
                    reader.skipValue();
                }
            }
            reader.endObject();
        }
        reader.endArray();
    }

    private void imageUrl(JsonReader reader, int choice) throws IOException {
        if (reader.peek() == JsonReader.Token.STRING) {
            image(choice, DataUrlReader.read(reader));
            return;
        }
        if (!Lenient.beginObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (reader.selectName(URL_NAMES) == 0) {
                image(choice, DataUrlReader.read(reader));
            } else {
                reader.skipName();
                reader.skipValue();
            }
        }
        reader.endObject();
    }

    private void image(int choice, @Nullable Media image) {
        if (image != null) {
            assembler.image(choice, image);
        }
    }

    private void audio(JsonReader reader, int choice) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        String id = null;
        String data = null;
        String transcript = null;
        Instant expiresAt = null;
        while (reader.hasNext()) {
            switch (reader.selectName(AUDIO_NAMES)) {
                case 0 -> id = Lenient.text(reader);
                case 1 -> data = Lenient.text(reader);
                case 2 -> transcript = Lenient.text(reader);
                case 3 -> expiresAt = Lenient.epochSecond(reader);
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
        try {
            assembler.audio(choice, id, data, transcript, expiresAt);
        } catch (IllegalArgumentException notBase64) {
            throw new com.squareup.moshi.JsonDataException("Sound is not Base64 at path " + reader.getPath());
        }
    }

    private void annotations(JsonReader reader, int choice) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            Annotation annotation = AnnotationJson.read(Lenient.raw(reader));
            assembler.annotation(choice, annotation);
        }
        reader.endArray();
    }
}
