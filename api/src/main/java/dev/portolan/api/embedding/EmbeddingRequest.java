package dev.portolan.api.embedding;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.api.RequestBuilder;
import dev.portolan.api.chat.ContentPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be embedded, by which model, and how.
 *
 * <pre>{@code
 * EmbeddingRequest request = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
 *         .texts(List.of("a calm sea", "a storm"))
 *         .build();
 * }</pre>
 *
 * @param model which model of which provider
 * @param inputs what to embed, at least one, all of one kind
 * @param dimensions the length of the vectors, at least 1; {@code null} for the model's own
 * @param encoding how vectors are written on the wire; {@code null} to leave it to the provider. Either way is read
 * @param inputType what the vectors are for, such as {@code search_query}; {@code null} for nothing in particular
 * @param user a stable name for the end user; {@code null} for none
 * @param batching how many inputs are split into several requests
 * @param options settings of single providers
 * @param extras any JSON for the top level of the request, by name
 * @param call how the calls are carried out
 */
public record EmbeddingRequest(
        ModelId model,
        List<EmbeddingInput> inputs,
        @Nullable Integer dimensions,
        @Nullable Encoding encoding,
        @Nullable String inputType,
        @Nullable String user,
        Batching batching,
        List<ProviderOptions> options,
        Map<String, RawJson> extras,
        CallOptions call)
        implements Request {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if there is no input, inputs are of several kinds, or {@code dimensions} is below 1
     */
    public EmbeddingRequest {
        Objects.requireNonNull(model, "model");
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "An embedding request needs at least one input; add one with text(\"…\")");
        }
        if (inputs.stream().map(Object::getClass).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "All inputs of an embedding request must be of one kind: texts, tokens or"
                            + " content; send the others in a request of their own");
        }
        if (dimensions != null && dimensions < 1) {
            throw new IllegalArgumentException("dimensions must be at least 1, found " + dimensions);
        }
        inputs = List.copyOf(inputs);
        options = List.copyOf(options);
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    /** How vectors are written on the wire. */
    public enum Encoding {
        /** Decimal numbers. */
        FLOAT,
        /** Bytes of 32-bit floats in Base64: a quarter of the size, and exact. */
        BASE64
    }

    /**
     * How many inputs are split into several requests.
     *
     * @param maxInputs the most inputs in one request, at least 1
     * @param maxCharacters the most characters of text (or four times the tokens) in one request, at least 1; a single
     *     longer input is sent alone
     * @param maxParallel the most requests at once, at least 1
     */
    public record Batching(int maxInputs, int maxCharacters, int maxParallel) {
        /** At most 256 inputs and 200,000 characters in one request, 4 requests at once. */
        public static final Batching DEFAULT = new Batching(256, 200_000, 4);

        /**
         * Checks the limits.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Batching {
            if (maxInputs < 1 || maxCharacters < 1 || maxParallel < 1) {
                throw new IllegalArgumentException("Limits of batching must be at least 1, found " + maxInputs + ", "
                        + maxCharacters + ", " + maxParallel);
            }
        }
    }

    /**
     * Starts a request.
     *
     * @param model {@code <provider>/<model>}, for example {@code openrouter/openai/text-embedding-3-small}
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
    public EmbeddingRequest withModel(ModelId newModel) {
        return new EmbeddingRequest(
                newModel, inputs, dimensions, encoding, inputType, user, batching, options, extras, call);
    }

    @Override
    public EmbeddingRequest withCall(CallOptions newCall) {
        return new EmbeddingRequest(
                model, inputs, dimensions, encoding, inputType, user, batching, options, extras, newCall);
    }

    /** The same for these inputs only. */
    public EmbeddingRequest withInputs(List<EmbeddingInput> newInputs) {
        return new EmbeddingRequest(
                model, newInputs, dimensions, encoding, inputType, user, batching, options, extras, call);
    }

    /** Collects a request. Values are checked by {@link #build()}. Not thread-safe. */
    public static final class Builder extends RequestBuilder<Builder> {
        private final ModelId model;
        private final List<EmbeddingInput> inputs = new ArrayList<>();
        private @Nullable Integer dimensions;
        private @Nullable Encoding encoding;
        private @Nullable String inputType;
        private @Nullable String user;
        private Batching batching = Batching.DEFAULT;

        private Builder(ModelId model) {
            this.model = model;
        }

        /** Adds a text. */
        public Builder text(String text) {
            inputs.add(new EmbeddingInput.Text(text));
            return this;
        }

        /** Adds texts, in order. */
        public Builder texts(Collection<String> texts) {
            texts.forEach(this::text);
            return this;
        }

        /** Adds a text that is split into tokens already. */
        public Builder tokens(int... tokens) {
            inputs.add(new EmbeddingInput.Tokens(tokens));
            return this;
        }

        /** Adds content that gets one vector together. */
        public Builder content(ContentPart... parts) {
            inputs.add(new EmbeddingInput.Content(List.of(parts)));
            return this;
        }

        /** Sets the length of the vectors, for models that can shorten them. */
        public Builder dimensions(@Nullable Integer count) {
            dimensions = count;
            return this;
        }

        /** Sets how vectors are written on the wire. */
        public Builder encoding(@Nullable Encoding newEncoding) {
            encoding = newEncoding;
            return this;
        }

        /** Sets what the vectors are for, such as {@code search_query} or {@code search_document}. */
        public Builder inputType(@Nullable String type) {
            inputType = type;
            return this;
        }

        /** Sets a stable name for the end user. */
        public Builder endUser(@Nullable String name) {
            user = name;
            return this;
        }

        /** Sets how many inputs are split into several requests. */
        public Builder batching(Batching newBatching) {
            batching = newBatching;
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
        public EmbeddingRequest build() {
            return new EmbeddingRequest(
                    model, inputs, dimensions, encoding, inputType, user, batching, options(), extras(), call());
        }
    }
}
