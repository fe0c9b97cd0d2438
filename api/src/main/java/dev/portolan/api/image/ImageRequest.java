package dev.portolan.api.image;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.api.RequestBuilder;
import dev.portolan.api.chat.Media;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be drawn, by which model, and how; in OpenAI's vocabulary.
 *
 * <pre>{@code
 * ImageRequest request = ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
 *         .prompt("a sunset over a calm ocean")
 *         .size("1536x1024")
 *         .quality("high")
 *         .build();
 * }</pre>
 *
 * @param model which model of which provider
 * @param prompt what to draw, not blank
 * @param inputs images to start from, at most 16; empty to draw from nothing
 * @param n how many images, 1 to 10; {@code null} for the provider's default, one. Fewer may come
 * @param size how large; {@code null} for the provider's default
 * @param quality {@code auto low medium high}, or the older {@code standard hd}; {@code null} for the provider's default
 * @param resolution a tier, {@code 512 1K 2K 4K}; {@code null} for the provider's default
 * @param aspectRatio such as {@code 16:9}; {@code null} for the provider's default
 * @param outputFormat {@code png jpeg webp svg}; {@code null} for the provider's default
 * @param outputCompression 0 to 100, for jpeg and webp; {@code null} for the provider's default
 * @param background {@code auto transparent opaque}; {@code null} for the provider's default
 * @param seed for repeatable images, where the model can; {@code null} for none
 * @param user a stable name for the end user; {@code null} for none
 * @param options settings of single providers
 * @param extras any JSON for the top level of the request, by name
 * @param call how the call is carried out
 */
public record ImageRequest(
        ModelId model,
        String prompt,
        List<Media> inputs,
        @Nullable Integer n,
        @Nullable ImageSize size,
        @Nullable String quality,
        @Nullable String resolution,
        @Nullable String aspectRatio,
        @Nullable String outputFormat,
        @Nullable Integer outputCompression,
        @Nullable String background,
        @Nullable Long seed,
        @Nullable String user,
        List<ProviderOptions> options,
        Map<String, RawJson> extras,
        CallOptions call)
        implements Request {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if a value is missing or out of its range; the message names the field
     */
    public ImageRequest {
        Objects.requireNonNull(model, "model");
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("An image request needs a prompt that is not blank");
        }
        if (n != null && (n < 1 || n > 10)) {
            throw new IllegalArgumentException("n must be between 1 and 10, found " + n);
        }
        if (outputCompression != null && (outputCompression < 0 || outputCompression > 100)) {
            throw new IllegalArgumentException(
                    "output_compression must be between 0 and 100, found " + outputCompression);
        }
        if (inputs.size() > 16) {
            throw new IllegalArgumentException(
                    "An image request takes at most 16 input images, found " + inputs.size());
        }
        if (aspectRatio != null && !aspectRatio.matches("auto|\\d{1,3}(\\.\\d)?:\\d{1,3}(\\.\\d)?")) {
            throw new IllegalArgumentException(
                    "aspect_ratio must be <width>:<height>, such as 16:9, or auto; found '" + aspectRatio + "'");
        }
        inputs = List.copyOf(inputs);
        options = List.copyOf(options);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    /**
     * Starts a request.
     *
     * @param model {@code <provider>/<model>}, for example {@code openrouter/google/gemini-2.5-flash-image}
     * @throws IllegalArgumentException if the model id has another form
     */
    public static Builder builder(String model) {
        return builder(ModelId.parse(model));
    }

    /** Starts a request to this model. */
    public static Builder builder(ModelId model) {
        return new Builder(model);
    }

    @Override
    public ImageRequest withModel(ModelId newModel) {
        return new ImageRequest(
                newModel,
                prompt,
                inputs,
                n,
                size,
                quality,
                resolution,
                aspectRatio,
                outputFormat,
                outputCompression,
                background,
                seed,
                user,
                options,
                extras,
                call);
    }

    @Override
    public ImageRequest withCall(CallOptions newCall) {
        return new ImageRequest(
                model,
                prompt,
                inputs,
                n,
                size,
                quality,
                resolution,
                aspectRatio,
                outputFormat,
                outputCompression,
                background,
                seed,
                user,
                options,
                extras,
                newCall);
    }

    /** Collects a request. Values are checked by {@link #build()}. Not thread-safe. */
    public static final class Builder extends RequestBuilder<Builder> {
        private final ModelId model;
        private String prompt = "";
        private final List<Media> inputs = new ArrayList<>();
        private @Nullable Integer n;
        private @Nullable ImageSize size;
        private @Nullable String quality;
        private @Nullable String resolution;
        private @Nullable String aspectRatio;
        private @Nullable String outputFormat;
        private @Nullable Integer outputCompression;
        private @Nullable String background;
        private @Nullable Long seed;
        private @Nullable String user;

        private Builder(ModelId model) {
            this.model = model;
        }

        /** Sets what to draw. */
        public Builder prompt(String text) {
            prompt = text;
            return this;
        }

        /** Adds an image to start from. */
        public Builder input(Media image) {
            inputs.add(image);
            return this;
        }

        /** Sets how many images, 1 to 10. */
        public Builder n(@Nullable Integer count) {
            n = count;
            return this;
        }

        /**
         * Sets how large: {@code 1536x1024}, {@code auto}, or a tier such as {@code 2K}.
         *
         * @throws IllegalArgumentException if it has another form
         */
        public Builder size(@Nullable String text) {
            size = text == null ? null : new ImageSize(text);
            return this;
        }

        /** Sets the quality: {@code auto}, {@code low}, {@code medium}, {@code high}, {@code standard} or {@code hd}. */
        public Builder quality(@Nullable String newQuality) {
            quality = newQuality;
            return this;
        }

        /** Sets the tier of resolution: {@code 512}, {@code 1K}, {@code 2K} or {@code 4K}. */
        public Builder resolution(@Nullable String tier) {
            resolution = tier;
            return this;
        }

        /** Sets the proportions, such as {@code 16:9}. */
        public Builder aspectRatio(@Nullable String ratio) {
            aspectRatio = ratio;
            return this;
        }

        /** Sets the file format: {@code png}, {@code jpeg}, {@code webp} or {@code svg}. */
        public Builder outputFormat(@Nullable String format) {
            outputFormat = format;
            return this;
        }

        /** Sets how much a jpeg or webp is compressed, 0 to 100. */
        public Builder outputCompression(@Nullable Integer percent) {
            outputCompression = percent;
            return this;
        }

        /** Sets the background: {@code auto}, {@code transparent} or {@code opaque}. */
        public Builder background(@Nullable String kind) {
            background = kind;
            return this;
        }

        /** Sets the seed. */
        public Builder seed(@Nullable Long newSeed) {
            seed = newSeed;
            return this;
        }

        /** Sets a stable name for the end user. */
        public Builder endUser(@Nullable String name) {
            user = name;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if a value is missing or out of its range
         */
        public ImageRequest build() {
            return new ImageRequest(
                    model,
                    prompt,
                    inputs,
                    n,
                    size,
                    quality,
                    resolution,
                    aspectRatio,
                    outputFormat,
                    outputCompression,
                    background,
                    seed,
                    user,
                    options(),
                    extras(),
                    call());
        }
    }
}
