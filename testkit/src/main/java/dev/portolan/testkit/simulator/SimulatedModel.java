package dev.portolan.testkit.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that a simulator serves. Immutable.
 *
 * <pre>{@code
 * SimulatedModel.builder("acme/large-1")
 *         .prices("0.0000025", "0.00001")
 *         .contextLength(32_768)
 *         .build();
 * }</pre>
 *
 * @param id {@code author/slug}, without a variant suffix (OpenRouter reference: routing §1)
 * @param name the display name
 * @param provider the display name of the one provider that serves it, as in the answer's {@code provider}
 * @param providerSlug that provider's slug, as in the request's {@code provider.only}
 * @param pricing what it costs
 * @param contextLength how many tokens prompt and answer may have together; longer prompts are refused
 * @param inputModalities what it reads: {@code text image audio file video}
 * @param outputModalities what it writes: {@code text image audio embeddings rerank speech transcription}
 * @param supportedParameters the request fields it honours; others are dropped silently
 *     (OpenRouter reference: chat-completions §1)
 * @param reasoning whether it reasons
 * @param embeddingDimensions how long its embeddings are; of no account for a model that writes none
 */
public record SimulatedModel(
        String id,
        String name,
        String provider,
        String providerSlug,
        Pricing pricing,
        int contextLength,
        List<String> inputModalities,
        List<String> outputModalities,
        Set<String> supportedParameters,
        Reasoning reasoning,
        int embeddingDimensions) {

    /** Whether a model reasons before it answers. */
    public enum Reasoning {
        /** It cannot; settings for it are dropped silently. */
        NONE,
        /** It does when the request asks for it. */
        OPTIONAL,
        /** It always does; asking for effort {@code none} is refused (OpenRouter reference: chat-completions §1.7). */
        MANDATORY
    }

    /**
     * Prices in US dollars, exact decimals (OpenRouter reference: catalogue-and-account §1, "Pricing"). The same
     * numbers are listed by the catalogue's endpoints and charged.
     *
     * @param prompt for a token read
     * @param completion for a token written
     * @param cacheRead for a token read from the provider's prompt cache; null if the model has no prompt cache
     * @param cacheWrite for a token written to the prompt cache; null if that costs what a token read costs
     * @param imageOutput for an image token written; null if it costs what a token written costs
     * @param request for a request, and for each search unit of a reranking, beside the tokens; null for nothing
     * @param image for an image read, beside its tokens; null for nothing
     */
    public record Pricing(
            BigDecimal prompt,
            BigDecimal completion,
            @Nullable BigDecimal cacheRead,
            @Nullable BigDecimal cacheWrite,
            @Nullable BigDecimal imageOutput,
            @Nullable BigDecimal request,
            @Nullable BigDecimal image) {
        /** Checks that no price is negative. */
        public Pricing {
            checkPrice("prompt", Objects.requireNonNull(prompt, "prompt"));
            checkPrice("completion", Objects.requireNonNull(completion, "completion"));
            checkPrice("cacheRead", cacheRead);
            checkPrice("cacheWrite", cacheWrite);
            checkPrice("imageOutput", imageOutput);
            checkPrice("request", request);
            checkPrice("image", image);
        }

        private static void checkPrice(String name, @Nullable BigDecimal price) {
            if (price != null && price.signum() < 0) {
                throw new IllegalArgumentException("the price " + name + " must not be negative but is " + price);
            }
        }
    }

    /**
     * The request fields of {@code supported_parameters} (OpenRouter reference: catalogue-and-account §1) but for those
     * of reasoning.
     */
    private static final List<String> COMMON_PARAMETERS = List.of(
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "top_a",
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
            "max_tokens",
            "max_completion_tokens",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "prediction",
            "seed",
            "response_format",
            "structured_outputs",
            "stop",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "web_search_options",
            "verbosity");

    private static final List<String> REASONING_PARAMETERS =
            List.of("reasoning", "reasoning_effort", "include_reasoning");

    /** Checks the id and copies the collections. */
    public SimulatedModel {
        if (!id.matches("[^/\\s:@~]+/[^/\\s:@]+")) {
            throw new IllegalArgumentException("a model's id must look like author/slug but is \"" + id + "\"");
        }
        if (contextLength < 1) {
            throw new IllegalArgumentException("contextLength must be at least 1 but is " + contextLength);
        }
        if (embeddingDimensions < 1) {
            throw new IllegalArgumentException("embeddingDimensions must be at least 1 but is " + embeddingDimensions);
        }
        Objects.requireNonNull(pricing, "pricing");
        Objects.requireNonNull(reasoning, "reasoning");
        inputModalities = List.copyOf(inputModalities);
        outputModalities = List.copyOf(outputModalities);
        supportedParameters = Collections.unmodifiableSet(new LinkedHashSet<>(supportedParameters));
    }

    /**
     * Starts a model that reads and writes text, supports every parameter, costs nothing, has a context of 128000
     * tokens, may reason, and is served by a provider named after its author.
     *
     * @param id {@code author/slug}
     * @return a builder
     */
    public static Builder builder(String id) {
        return new Builder(id);
    }

    /** Builds a {@link SimulatedModel}. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private String name;
        private String provider;
        private String providerSlug;
        private Pricing pricing = new Pricing(BigDecimal.ZERO, BigDecimal.ZERO, null, null, null, null, null);
        private int contextLength = 128_000;
        private List<String> inputModalities = List.of("text");
        private List<String> outputModalities = List.of("text");
        private Set<String> unsupported = Set.of();
        private Reasoning reasoning = Reasoning.OPTIONAL;
        private int embeddingDimensions = 1536;

        private Builder(String id) {
            this.id = Objects.requireNonNull(id, "id");
            String author = id.split("/", 2)[0];
            name = id;
            provider = author;
            providerSlug = author;
        }

        /**
         * Sets the display name. Default: the id.
         *
         * @param displayName the name
         * @return this builder
         */
        public Builder name(String displayName) {
            name = Objects.requireNonNull(displayName, "displayName");
            return this;
        }

        /**
         * Sets the provider. Default: the author of the id, for both.
         *
         * @param displayName as in the answer's {@code provider}
         * @param slug as in the request's {@code provider.only}
         * @return this builder
         */
        public Builder provider(String displayName, String slug) {
            provider = Objects.requireNonNull(displayName, "displayName");
            providerSlug = Objects.requireNonNull(slug, "slug");
            return this;
        }

        /**
         * Sets the two prices every model has, and keeps the others. Default: 0.
         *
         * @param prompt US dollars for a token read, a decimal such as {@code 0.00000015}
         * @param completion US dollars for a token written
         * @return this builder
         * @throws IllegalArgumentException if a price is negative or not a decimal
         */
        public Builder prices(String prompt, String completion) {
            pricing = new Pricing(
                    decimal(prompt),
                    decimal(completion),
                    pricing.cacheRead,
                    pricing.cacheWrite,
                    pricing.imageOutput,
                    pricing.request,
                    pricing.image);
            return this;
        }

        /**
         * Gives the model a prompt cache. Default: none.
         *
         * @param read US dollars for a token read from the cache
         * @param write US dollars for a token written to the cache
         * @return this builder
         * @throws IllegalArgumentException if a price is negative or not a decimal
         */
        public Builder cachePrices(String read, String write) {
            pricing = new Pricing(
                    pricing.prompt,
                    pricing.completion,
                    decimal(read),
                    decimal(write),
                    pricing.imageOutput,
                    pricing.request,
                    pricing.image);
            return this;
        }

        /**
         * Sets the price of image tokens. Default: that of other tokens written.
         *
         * @param price US dollars for an image token written
         * @return this builder
         * @throws IllegalArgumentException if the price is negative or not a decimal
         */
        public Builder imageOutputPrice(String price) {
            pricing = new Pricing(
                    pricing.prompt,
                    pricing.completion,
                    pricing.cacheRead,
                    pricing.cacheWrite,
                    decimal(price),
                    pricing.request,
                    pricing.image);
            return this;
        }

        /**
         * Sets the price of a request, which comes on top of its tokens; a reranking pays it for each search unit.
         * Default: none.
         *
         * @param price US dollars for a request
         * @return this builder
         * @throws IllegalArgumentException if the price is negative or not a decimal
         */
        public Builder requestPrice(String price) {
            pricing = new Pricing(
                    pricing.prompt,
                    pricing.completion,
                    pricing.cacheRead,
                    pricing.cacheWrite,
                    pricing.imageOutput,
                    decimal(price),
                    pricing.image);
            return this;
        }

        /**
         * Sets the price of an image read, which comes on top of its tokens. Default: none.
         *
         * @param price US dollars for an image
         * @return this builder
         * @throws IllegalArgumentException if the price is negative or not a decimal
         */
        public Builder imageInputPrice(String price) {
            pricing = new Pricing(
                    pricing.prompt,
                    pricing.completion,
                    pricing.cacheRead,
                    pricing.cacheWrite,
                    pricing.imageOutput,
                    pricing.request,
                    decimal(price));
            return this;
        }

        /**
         * Sets the context length. Default: 128000. Longer prompts are refused with {@code context_length_exceeded};
         * up to 8192 tokens only if the request switches the plugin {@code context-compression} off, since such models
         * compress by default (OpenRouter reference: routing §10).
         *
         * @param tokens at least 1
         * @return this builder
         */
        public Builder contextLength(int tokens) {
            contextLength = tokens;
            return this;
        }

        /**
         * Sets what the model reads. Default: text.
         *
         * @param modalities of {@code text image audio file video}
         * @return this builder
         */
        public Builder reads(String... modalities) {
            inputModalities = List.of(modalities);
            return this;
        }

        /**
         * Sets what the model writes. Default: text. Each endpoint serves the models that write what it answers with:
         * chat text or images, {@code /embeddings} embeddings, {@code /images} images, and so on.
         *
         * <p>Of the image models those of the author {@code openai} stream previews, those of {@code black-forest-labs}
         * draw one image at a time, and those whose slug has the word {@code vector} or {@code svg} draw SVG.
         *
         * @param modalities of {@code text image audio embeddings rerank speech transcription}
         * @return this builder
         */
        public Builder writes(String... modalities) {
            outputModalities = List.of(modalities);
            return this;
        }

        /**
         * Takes parameters out of those the model supports. Default: a model that writes text supports all that the
         * reference names, one that writes only images {@code seed}, one of embeddings {@code dimensions}.
         *
         * @param parameters names of request fields, such as {@code tools}
         * @return this builder
         */
        public Builder unsupported(String... parameters) {
            unsupported = Set.of(parameters);
            return this;
        }

        /**
         * Sets whether the model reasons. Default: {@link Reasoning#OPTIONAL}.
         *
         * @param whether the answer
         * @return this builder
         */
        public Builder reasoning(Reasoning whether) {
            reasoning = Objects.requireNonNull(whether, "whether");
            return this;
        }

        /**
         * Sets how long the model's embeddings are. Default: 1536. A request may ask for shorter ones unless
         * {@code dimensions} is among the {@link #unsupported} parameters.
         *
         * @param dimensions at least 1
         * @return this builder
         */
        public Builder embeddingDimensions(int dimensions) {
            embeddingDimensions = dimensions;
            return this;
        }

        /**
         * Builds the model.
         *
         * @return the model
         * @throws IllegalArgumentException if the id does not look like {@code author/slug}, or the context length or
         *     the embeddings' dimensions are less than 1
         */
        public SimulatedModel build() {
            List<String> parameters = new ArrayList<>();
            if (outputModalities.contains("text")) {
                parameters.addAll(COMMON_PARAMETERS);
                parameters.addAll(reasoning == Reasoning.NONE ? List.of() : REASONING_PARAMETERS);
            } else if (outputModalities.contains("image")) {
                parameters.add("seed");
            }
            if (outputModalities.contains("embeddings")) {
                parameters.add("dimensions");
            }
            parameters.removeAll(unsupported);
            return new SimulatedModel(
                    id,
                    name,
                    provider,
                    providerSlug,
                    pricing,
                    contextLength,
                    inputModalities,
                    outputModalities,
                    new LinkedHashSet<>(parameters),
                    reasoning,
                    embeddingDimensions);
        }

        private static BigDecimal decimal(String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException wrong) {
                throw new IllegalArgumentException("a price must be a decimal number but is \"" + text + "\"", wrong);
            }
        }
    }
}
