package dev.portolan.api.chat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.api.RequestBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A conversation, and what is asked of the model that goes on with it.
 *
 * <p>What is not set is not sent: the model's own default applies. What only one provider has goes into its
 * {@link ProviderOptions}; what has no name here yet goes into {@link Builder#extra extras}.
 *
 * <pre>{@code
 * ChatRequest request = ChatRequest.builder("openrouter/google/gemini-2.5-flash")
 *         .system("Answer in one sentence.")
 *         .user("Why is the sky blue?")
 *         .temperature(0.2)
 *         .build();
 * }</pre>
 *
 * @param model which model of which provider
 * @param messages the conversation so far, at least one message
 * @param sampling how the next token is chosen
 * @param toolUse the tools, and how they may be used
 * @param responseFormat the form of the answer; {@code null} for any text
 * @param reasoning how much the model thinks first; {@code null} for its default
 * @param output how long the answer may be, and in which modalities
 * @param caller on whose behalf, and on what terms
 * @param options settings of single providers, at most one object for each kind of provider
 * @param extras any JSON for the top level of the request, by name
 * @param call how this call is carried out
 */
public record ChatRequest(
        ModelId model,
        List<Message> messages,
        Sampling sampling,
        ToolUse toolUse,
        @Nullable ResponseFormat responseFormat,
        @Nullable Reasoning reasoning,
        Output output,
        Caller caller,
        List<ProviderOptions> options,
        Map<String, RawJson> extras,
        CallOptions call)
        implements Request {
    /**
     * Checks and copies the parts.
     *
     * @throws IllegalArgumentException if there is no message, or two options are of the same kind of provider
     */
    public ChatRequest {
        Objects.requireNonNull(model, "model");
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("A chat request needs at least one message; add one with user(\"…\")");
        }
        messages = List.copyOf(messages);
        options = List.copyOf(options);
        if (options.stream().map(ProviderOptions::provider).distinct().count() < options.size()) {
            throw new IllegalArgumentException("A chat request takes one options object for each provider, found "
                    + options.stream().map(ProviderOptions::provider).toList());
        }
        extras = Contents.orderedCopy(extras);
    }

    /**
     * Starts a request.
     *
     * @param model {@code <provider>/<model>}, for example {@code openrouter/google/gemini-2.5-flash}
     * @throws IllegalArgumentException if the model id has another form
     */
    public static Builder builder(String model) {
        return new Builder(ModelId.parse(model));
    }

    /** Starts a request to this model. */
    public static Builder builder(ModelId model) {
        return new Builder(model);
    }

    @Override
    public ChatRequest withModel(ModelId newModel) {
        return new ChatRequest(
                newModel,
                messages,
                sampling,
                toolUse,
                responseFormat,
                reasoning,
                output,
                caller,
                options,
                extras,
                call);
    }

    @Override
    public ChatRequest withCall(CallOptions newCall) {
        return new ChatRequest(
                model,
                messages,
                sampling,
                toolUse,
                responseFormat,
                reasoning,
                output,
                caller,
                options,
                extras,
                newCall);
    }

    /** A builder that starts with all that this request has. */
    public Builder toBuilder() {
        Builder builder = new Builder(model);
        builder.messages.addAll(messages);
        builder.sampling = new SamplingBuilder(sampling);
        builder.tools.addAll(toolUse.tools());
        builder.toolChoice = toolUse.choice();
        builder.parallelToolCalls = toolUse.parallel();
        builder.responseFormat = responseFormat;
        builder.reasoning = reasoning;
        builder.output = new OutputBuilder(output);
        builder.user = caller.user();
        builder.metadata.putAll(caller.metadata());
        builder.serviceTier = caller.serviceTier();
        builder.promptCacheKey = caller.promptCacheKey();
        options.forEach(builder::options);
        extras.forEach(builder::extra);
        builder.call(call);
        return builder;
    }

    /**
     * Collects a request. Values are checked by {@link #build()}, or by the values' own classes. Not thread-safe.
     */
    public static final class Builder extends RequestBuilder<Builder> {
        private ModelId model;
        private final List<Message> messages = new ArrayList<>();
        private SamplingBuilder sampling = new SamplingBuilder(Sampling.DEFAULT);
        private final List<Tool> tools = new ArrayList<>();
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable ResponseFormat responseFormat;
        private @Nullable Reasoning reasoning;
        private OutputBuilder output = new OutputBuilder(Output.DEFAULT);
        private @Nullable String user;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private @Nullable String serviceTier;
        private @Nullable String promptCacheKey;

        private Builder(ModelId model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /** Sets another model. */
        public Builder model(ModelId newModel) {
            model = newModel;
            return this;
        }

        /** Sets another model, written as {@code <provider>/<model>}. */
        public Builder model(String newModel) {
            return model(ModelId.parse(newModel));
        }

        /** Adds instructions for the model. */
        public Builder system(String text) {
            return message(Message.system(text));
        }

        /** Adds what a person says. */
        public Builder user(String text) {
            return message(Message.user(text));
        }

        /** Adds what a person says, with images, sounds or documents. */
        public Builder user(ContentPart... parts) {
            return message(Message.user(parts));
        }

        /** Adds a message. */
        public Builder message(Message message) {
            messages.add(message);
            return this;
        }

        /** Adds messages, in order. */
        public Builder messages(List<? extends Message> more) {
            messages.addAll(more);
            return this;
        }

        /** Sets the temperature, 0 to 2. */
        public Builder temperature(@Nullable Double temperature) {
            sampling.temperature = temperature;
            return this;
        }

        /** Sets top-p, 0 to 1. */
        public Builder topP(@Nullable Double topP) {
            sampling.topP = topP;
            return this;
        }

        /** Sets top-k, 0 (all tokens) or more. */
        public Builder topK(@Nullable Integer topK) {
            sampling.topK = topK;
            return this;
        }

        /** Sets min-p, 0 to 1. */
        public Builder minP(@Nullable Double minP) {
            sampling.minP = minP;
            return this;
        }

        /** Sets top-a, 0 to 1. */
        public Builder topA(@Nullable Double topA) {
            sampling.topA = topA;
            return this;
        }

        /** Sets the frequency penalty, -2 to 2. */
        public Builder frequencyPenalty(@Nullable Double penalty) {
            sampling.frequencyPenalty = penalty;
            return this;
        }

        /** Sets the presence penalty, -2 to 2. */
        public Builder presencePenalty(@Nullable Double penalty) {
            sampling.presencePenalty = penalty;
            return this;
        }

        /** Sets the repetition penalty, 0 to 2; 1 is none. */
        public Builder repetitionPenalty(@Nullable Double penalty) {
            sampling.repetitionPenalty = penalty;
            return this;
        }

        /** Sets the seed. */
        public Builder seed(@Nullable Long seed) {
            sampling.seed = seed;
            return this;
        }

        /** Sets the texts before which the answer ends, at most 4. */
        public Builder stop(String... texts) {
            sampling.stop = List.of(texts);
            return this;
        }

        /** Sets what is added to the likelihood of tokens, by token id; -100 to 100. */
        public Builder logitBias(Map<String, Double> bias) {
            sampling.logitBias = bias;
            return this;
        }

        /** Adds a tool. */
        public Builder tool(Tool tool) {
            tools.add(tool);
            return this;
        }

        /** Adds tools, in order. */
        public Builder tools(List<? extends Tool> more) {
            tools.addAll(more);
            return this;
        }

        /** Takes all tools away, and what was said about their use. */
        public Builder withoutTools() {
            tools.clear();
            toolChoice = null;
            parallelToolCalls = null;
            return this;
        }

        /** Sets whether and what the model must call. */
        public Builder toolChoice(@Nullable ToolChoice choice) {
            toolChoice = choice;
            return this;
        }

        /** Sets whether several calls may come at once. */
        public Builder parallelToolCalls(@Nullable Boolean parallel) {
            parallelToolCalls = parallel;
            return this;
        }

        /** Sets the form of the answer. */
        public Builder responseFormat(@Nullable ResponseFormat format) {
            responseFormat = format;
            return this;
        }

        /** Sets how much the model thinks first. */
        public Builder reasoning(@Nullable Reasoning newReasoning) {
            reasoning = newReasoning;
            return this;
        }

        /** Sets the longest the answer may be, in tokens, reasoning included. */
        public Builder maxCompletionTokens(@Nullable Integer tokens) {
            output.maxCompletionTokens = tokens;
            return this;
        }

        /** Sets the same limit under its older name, for servers that know only that. */
        public Builder maxTokens(@Nullable Integer tokens) {
            output.maxTokens = tokens;
            return this;
        }

        /** Sets what the model may produce. */
        public Builder modalities(Output.Modality... modalities) {
            output.modalities = List.of(modalities);
            return this;
        }

        /** Sets voice and format of spoken answers. */
        public Builder audio(Output.@Nullable AudioFormat format) {
            output.audio = format;
            return this;
        }

        /** Sets how wordy the answer is. */
        public Builder verbosity(Output.@Nullable Verbosity verbosity) {
            output.verbosity = verbosity;
            return this;
        }

        /** Sets whether the likelihood of each token comes with the answer. */
        public Builder logprobs(@Nullable Boolean logprobs) {
            output.logprobs = logprobs;
            return this;
        }

        /** Sets how many alternatives come with each token, 0 to 20. */
        public Builder topLogprobs(@Nullable Integer count) {
            output.topLogprobs = count;
            return this;
        }

        /** Sets text that the answer will probably repeat. */
        public Builder prediction(@Nullable String text) {
            output.prediction = text;
            return this;
        }

        /** Sets a stable name for the end user. */
        public Builder endUser(@Nullable String name) {
            user = name;
            return this;
        }

        /** Adds a note for the provider's own log. */
        public Builder metadata(String key, String value) {
            metadata.put(key, value);
            return this;
        }

        /** Sets the price and speed class, for example {@code flex}. */
        public Builder serviceTier(@Nullable String tier) {
            serviceTier = tier;
            return this;
        }

        /** Sets the key that ties requests together for prompt caching. */
        public Builder promptCacheKey(@Nullable String key) {
            promptCacheKey = key;
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
        public ChatRequest build() {
            return new ChatRequest(
                    model,
                    messages,
                    sampling.build(),
                    new ToolUse(tools, toolChoice, parallelToolCalls),
                    responseFormat,
                    reasoning,
                    output.build(),
                    new Caller(user, metadata, serviceTier, promptCacheKey),
                    options(),
                    extras(),
                    call());
        }
    }

    private static final class SamplingBuilder {
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Double minP;
        private @Nullable Double topA;
        private @Nullable Double frequencyPenalty;
        private @Nullable Double presencePenalty;
        private @Nullable Double repetitionPenalty;
        private @Nullable Long seed;
        private List<String> stop;
        private Map<String, Double> logitBias;

        SamplingBuilder(Sampling from) {
            temperature = from.temperature();
            topP = from.topP();
            topK = from.topK();
            minP = from.minP();
            topA = from.topA();
            frequencyPenalty = from.frequencyPenalty();
            presencePenalty = from.presencePenalty();
            repetitionPenalty = from.repetitionPenalty();
            seed = from.seed();
            stop = from.stop();
            logitBias = from.logitBias();
        }

        Sampling build() {
            return new Sampling(
                    temperature,
                    topP,
                    topK,
                    minP,
                    topA,
                    frequencyPenalty,
                    presencePenalty,
                    repetitionPenalty,
                    seed,
                    stop,
                    logitBias);
        }
    }

    private static final class OutputBuilder {
        private @Nullable Integer maxCompletionTokens;
        private @Nullable Integer maxTokens;
        private List<Output.Modality> modalities;
        private Output.@Nullable AudioFormat audio;
        private Output.@Nullable Verbosity verbosity;
        private @Nullable Boolean logprobs;
        private @Nullable Integer topLogprobs;
        private @Nullable String prediction;

        OutputBuilder(Output from) {
            maxCompletionTokens = from.maxCompletionTokens();
            maxTokens = from.maxTokens();
            modalities = from.modalities();
            audio = from.audio();
            verbosity = from.verbosity();
            logprobs = from.logprobs();
            topLogprobs = from.topLogprobs();
            prediction = from.prediction();
        }

        Output build() {
            return new Output(
                    maxCompletionTokens, maxTokens, modalities, audio, verbosity, logprobs, topLogprobs, prediction);
        }
    }
}
