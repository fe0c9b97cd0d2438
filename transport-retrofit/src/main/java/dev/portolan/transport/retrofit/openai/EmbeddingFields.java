package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingRequest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Maps the fields of an {@link EmbeddingRequest} that all servers call by the same names
 * (OpenRouter reference: embeddings §1). Pure.
 */
public final class EmbeddingFields {
    private EmbeddingFields() {}

    /**
     * Puts {@code input} and what says how it is embedded.
     *
     * @throws IllegalArgumentException if an input has a part that cannot be embedded
     */
    public static void put(WireCall call, EmbeddingRequest request) {
        call.put("input", request.inputs().stream().map(EmbeddingFields::input).toList());
        EmbeddingRequest.Encoding encoding = request.encoding();
        call.put("encoding_format", encoding == null ? null : encoding.name().toLowerCase(Locale.ROOT));
        call.put("dimensions", request.dimensions());
        call.put("input_type", request.inputType());
        call.put("user", request.user());
    }

    private static Object input(EmbeddingInput input) {
        if (input instanceof EmbeddingInput.Text text) {
            return text.text();
        } else if (input instanceof EmbeddingInput.Tokens tokens) {
            return Arrays.stream(tokens.tokens()).boxed().toList();
        }
        List<ContentPart> parts = ((EmbeddingInput.Content) input).parts();
        return Map.of("content", parts.stream().map(EmbeddingFields::part).toList());
    }

    /** The parts have other names here than in chat (OpenRouter reference: embeddings §1). */
    private static Object part(ContentPart part) {
        if (part instanceof ContentPart.Text text) {
            return WireCall.ordered("type", "text", "text", text.text());
        } else if (part instanceof ContentPart.Image image) {
            return WireCall.ordered("type", "image_url", "image_url", Map.of("url", WireCall.url(image.image())));
        } else if (part instanceof ContentPart.Audio audio) {
            return WireCall.ordered(
                    "type",
                    "input_audio",
                    "input_audio",
                    WireCall.ordered("data", audio.data().data(), "format", audio.format()));
        } else if (part instanceof ContentPart.Video video) {
            return WireCall.ordered("type", "input_video", "input_video", Map.of("data", data(video.video())));
        } else if (part instanceof ContentPart.File file && file.data() != null) {
            return WireCall.ordered("type", "input_file", "input_file", Map.of("data", data(file.data())));
        } else if (part instanceof ContentPart.Raw raw) {
            return raw.json();
        }
        throw new IllegalArgumentException("A file that is known by its id only cannot be embedded; give its content");
    }

    /** Bytes, or whatever stands where they would. */
    private static Object data(Media media) {
        if (media instanceof Media.Bytes bytes) {
            return bytes.data();
        }
        String url = ((Media.Url) media).url();
        int comma = url.indexOf(";base64,");
        return url.startsWith("data:") && comma > 0 ? Base64.getDecoder().decode(url.substring(comma + 8)) : url;
    }
}
