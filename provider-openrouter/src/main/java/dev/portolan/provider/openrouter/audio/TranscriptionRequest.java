package dev.portolan.provider.openrouter.audio;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Speech to be written down (OpenRouter reference: catalogue-and-account §9).
 *
 * @param model which model, for example {@code openrouter/openai/whisper-1}
 * @param sound the bytes; at least one
 * @param format the file's format: {@code wav mp3 flac m4a ogg webm aac}
 * @param language an ISO 639-1 code; {@code null} to let the model find out
 * @param temperature 0 to 1; {@code null} for the model's default
 * @param verbose whether segments and words come with the text
 * @param timestamps what gets times: {@code word}, {@code segment}; needs {@code verbose}
 * @param providerOptions settings of single providers behind OpenRouter, by their slug
 * @param call how the call is carried out
 */
public record TranscriptionRequest(
        ModelId model,
        Media.Bytes sound,
        String format,
        @Nullable String language,
        @Nullable Double temperature,
        boolean verbose,
        List<String> timestamps,
        Map<String, RawJson> providerOptions,
        CallOptions call) {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if there is no sound, or the temperature is out of its range
     */
    public TranscriptionRequest {
        if (sound.size() == 0) {
            throw new IllegalArgumentException("A transcription request needs sound, found no bytes");
        }
        if (temperature != null && !(temperature >= 0 && temperature <= 1)) {
            throw new IllegalArgumentException("temperature must be between 0 and 1, found " + temperature);
        }
        timestamps = List.copyOf(timestamps);
        providerOptions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(providerOptions));
    }

    /** Sound with default settings. */
    public static TranscriptionRequest of(String model, byte[] sound, String format) {
        return new TranscriptionRequest(
                ModelId.parse(model),
                new Media.Bytes(sound, "audio/" + format),
                format,
                null,
                null,
                false,
                List.of(),
                Map.of(),
                CallOptions.DEFAULT);
    }
}
