package dev.portolan.provider.openrouter.audio;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text to be spoken (OpenRouter reference: catalogue-and-account §8).
 *
 * @param model which model, for example {@code openrouter/openai/gpt-4o-mini-tts}
 * @param input the text, not blank
 * @param voice the speaker, by the model's name for it; {@code null} for the provider's default, if it has one
 * @param format the file format; {@code null} for the server's default, {@link Format#PCM}
 * @param speed how fast, where the model can; {@code null} for its default
 * @param providerOptions settings of single providers behind OpenRouter, by their slug
 * @param call how the call is carried out
 */
public record SpeechRequest(
        ModelId model,
        String input,
        @Nullable String voice,
        @Nullable Format format,
        @Nullable Double speed,
        Map<String, RawJson> providerOptions,
        CallOptions call) {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if the text is blank
     */
    public SpeechRequest {
        if (input.isBlank()) {
            throw new IllegalArgumentException("A speech request needs a text that is not blank");
        }
        providerOptions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(providerOptions));
    }

    /** The format of the sound. */
    public enum Format {
        /** MPEG audio. */
        MP3,
        /** 16-bit little-endian samples without a header. */
        PCM
    }

    /** A text spoken by a voice, in a format. */
    public static SpeechRequest of(String model, String input, String voice, Format format) {
        return new SpeechRequest(ModelId.parse(model), input, voice, format, null, Map.of(), CallOptions.DEFAULT);
    }
}
