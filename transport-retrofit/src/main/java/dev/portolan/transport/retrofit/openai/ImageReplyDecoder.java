package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import dev.portolan.transport.retrofit.json.Base64Text;
import dev.portolan.transport.retrofit.json.DataUrlReader;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reply to {@code /images}: a whole one, whose images are in {@code data}, or the events of a stream, of which each
 * is an image itself (OpenRouter reference: images §1). An object that has bytes at its top level is such an event.
 */
final class ImageReplyDecoder implements JsonEventStream.Decoder<ImageEvent, ImageResponse> {
    private static final JsonReader.Options NAMES = JsonReader.Options.of(
            "type",
            "created",
            "data",
            "usage",
            "error",
            "b64_json",
            "media_type",
            "partial_image_index",
            "phase",
            "text",
            "revised_prompt",
            "url");
    private static final JsonReader.Options IMAGE_NAMES =
            JsonReader.Options.of("b64_json", "media_type", "revised_prompt", "url");

    private final Answer answer;
    private final WireCall call;
    private final ReplyNotes notes;
    private final int enough;
    private final ArrayDeque<ImageEvent> events = new ArrayDeque<>();
    private final List<GeneratedImage> images = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, RawJson> extras = new LinkedHashMap<>();
    private @Nullable Instant created;
    private @Nullable Tally tally;

    ImageReplyDecoder(Answer answer, WireCall call, ReplyNotes notes, int enough) {
        this.answer = answer;
        this.call = call;
        this.notes = notes;
        this.enough = enough;
    }

    @Override
    public void decode(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        reader.setLenient(false);
        String type = null;
        String phase = null;
        String piece = null;
        Integer partialIndex = null;
        RawJson error = null;
        Image image = new Image();
        while (reader.hasNext()) {
            switch (reader.selectName(NAMES)) {
                case 0 -> type = Lenient.text(reader);
                case 1 -> created(Lenient.epochSecond(reader));
                case 2 -> data(reader);
                case 3 -> usage(reader);
                case 4 -> error = Lenient.error(reader);
                case 5 -> image.data = Base64Text.read(reader);
                case 6 -> image.mediaType = Lenient.text(reader);
                case 7 -> partialIndex = Lenient.smallWhole(reader);
                case 8 -> phase = Lenient.text(reader);
                case 9 -> piece = Lenient.text(reader);
                case 10 -> image.revisedPrompt = Lenient.text(reader);
                case 11 -> image.url = DataUrlReader.read(reader);
                default -> extras.put(reader.nextName(), Lenient.raw(reader));
            }
        }
        reader.endObject();
        if (error != null) {
            throw answer.error(error, extras, generationId(), partial());
        }
        text(phase, piece);
        boolean unfinished = partialIndex != null || (type != null && type.endsWith("partial_image"));
        image(image, unfinished ? partialIndex == null ? 0 : partialIndex : -1);
    }

    @Override
    public @Nullable ImageEvent poll() {
        return events.poll();
    }

    @Override
    public ImageResponse finish() {
        if (images.isEmpty()) {
            throw answer.malformed("without an image", generationId(), partial());
        }
        ImageResponse response = response();
        events.add(new ImageEvent.Finished(response));
        return response;
    }

    @Override
    public boolean endsWithoutDone() {
        return images.size() >= enough;
    }

    @Override
    public @Nullable ImageResponse partial() {
        return images.isEmpty() && text.isEmpty() ? null : response();
    }

    @Override
    public @Nullable String generationId() {
        return answer.header("X-Generation-Id");
    }

    private ImageResponse response() {
        Tally told = tally == null ? notes.tally(null) : tally;
        return new ImageResponse(
                generationId(),
                call.model().name(),
                null,
                created,
                images,
                text.toString(),
                told.usage(),
                told.cost(),
                call.warnings(),
                List.of(),
                notes.metadata(),
                extras);
    }

    private void created(@Nullable Instant told) {
        created = told == null ? created : told;
    }

    private void usage(JsonReader reader) throws IOException {
        if (!Lenient.isNull(reader)) {
            tally = notes.tally(Lenient.raw(reader));
        }
    }

    private void text(@Nullable String phase, @Nullable String piece) {
        if (piece == null || piece.isEmpty()) {
            return;
        }
        String known = phase == null ? "content" : phase;
        if (known.equals("content")) {
            text.append(piece);
        }
        events.add(new ImageEvent.Text(known, piece));
    }

    private void data(JsonReader reader) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return;
        }
        while (reader.hasNext()) {
            if (!Lenient.beginObject(reader)) {
                continue;
            }
            Image image = new Image();
            while (reader.hasNext()) {
                switch (reader.selectName(IMAGE_NAMES)) {
                    case 0 -> image.data = Base64Text.read(reader);
                    case 1 -> image.mediaType = Lenient.text(reader);
                    case 2 -> image.revisedPrompt = Lenient.text(reader);
                    case 3 -> image.url = DataUrlReader.read(reader);
                    default -> {
                        reader.skipName();
                        reader.skipValue();
                    }
                }
            }
            reader.endObject();
            image(image, -1);
        }
        reader.endArray();
    }

    /** Empty images count as failed and are not billed. */
    private void image(Image image, int partialIndex) {
        Media media = image.media();
        if (media == null) {
            return;
        }
        if (partialIndex >= 0) {
            events.add(new ImageEvent.Partial(partialIndex, media));
        } else {
            GeneratedImage generated = new GeneratedImage(media, image.revisedPrompt);
            images.add(generated);
            events.add(new ImageEvent.Completed(generated));
        }
    }

    /** The members of an image, in whatever order they come. */
    private static final class Image {
        private byte @Nullable [] data;
        private @Nullable String mediaType;
        private @Nullable String revisedPrompt;
        private @Nullable Media url;

        @Nullable Media media() {
            if (data == null || data.length == 0) {
                return url;
            }
            return mediaType == null ? Media.bytes(data) : Media.bytes(data, mediaType);
        }
    }
}
