package dev.portolan.api.catalog;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A request held against what its model can do.
 *
 * @param request what is to be sent: the request itself, or one without what was dropped
 * @param warnings what was found
 */
record RequestCheck(ChatRequest request, List<Warning> warnings) {
    /** Text is about four characters a token; half of that keeps the estimate below any tokenizer's count. */
    private static final int CHARACTERS_PER_TOKEN = 8;

    /**
     * Checks a request.
     *
     * @throws InvalidRequestException if something is unsupported and the policy is to fail
     * @throws ContextTooLongException if it cannot fit the model, and the policy is to fail
     */
    static RequestCheck of(ChatRequest request, ModelInfo model, Unsupported policy) {
        Checker checker = new Checker(request, model, policy);
        checker.parameters();
        checker.modalities();
        checker.room();
        return new RequestCheck(checker.builder.build(), List.copyOf(checker.warnings));
    }

    private static final class Checker {
        private final ChatRequest request;
        private final ModelInfo model;
        private final Unsupported policy;
        private final ChatRequest.Builder builder;
        private final List<Warning> warnings = new ArrayList<>();

        Checker(ChatRequest request, ModelInfo model, Unsupported policy) {
            this.request = request;
            this.model = model;
            this.policy = policy;
            this.builder = request.toBuilder();
        }

        void parameters() {
            if (model.supportedParameters().isEmpty()) {
                return;
            }
            Sampling sampling = request.sampling();
            Output output = request.output();
            parameter("temperature", sampling.temperature(), () -> builder.temperature(null));
            parameter("top_p", sampling.topP(), () -> builder.topP(null));
            parameter("top_k", sampling.topK(), () -> builder.topK(null));
            parameter("min_p", sampling.minP(), () -> builder.minP(null));
            parameter("top_a", sampling.topA(), () -> builder.topA(null));
            parameter("frequency_penalty", sampling.frequencyPenalty(), () -> builder.frequencyPenalty(null));
            parameter("presence_penalty", sampling.presencePenalty(), () -> builder.presencePenalty(null));
            parameter("repetition_penalty", sampling.repetitionPenalty(), () -> builder.repetitionPenalty(null));
            parameter("seed", sampling.seed(), () -> builder.seed(null));
            parameter("stop", sampling.stop().isEmpty() ? null : sampling.stop(), builder::stop);
            parameter(
                    "logit_bias",
                    sampling.logitBias().isEmpty() ? null : sampling.logitBias(),
                    () -> builder.logitBias(Map.of()));
            parameter(
                    "logprobs", output.logprobs(), () -> builder.logprobs(null).topLogprobs(null));
            parameter("max_tokens", output.maxTokens(), () -> builder.maxTokens(null), "max_completion_tokens");
            parameter(
                    "max_completion_tokens",
                    output.maxCompletionTokens(),
                    () -> builder.maxCompletionTokens(null),
                    "max_tokens");
            parameter("prediction", output.prediction(), () -> builder.prediction(null));
            parameter("verbosity", output.verbosity(), () -> builder.verbosity(null));
            parameter(
                    "response_format",
                    request.responseFormat(),
                    () -> builder.responseFormat(null),
                    "structured_outputs");
            parameter("reasoning", request.reasoning(), () -> builder.reasoning(null), "include_reasoning");
            parameter(
                    "tools",
                    request.toolUse().tools().isEmpty() ? null : request.toolUse(),
                    () -> builder.withoutTools());
        }

        private void parameter(String name, @Nullable Object value, Runnable drop, String... otherNames) {
            boolean supported = model.supportedParameters().contains(name)
                    || List.of(otherNames).stream().anyMatch(model.supportedParameters()::contains);
            if (value == null || supported) {
                return;
            }
            if (policy == Unsupported.FAIL) {
                throw new InvalidRequestException(
                        model.id() + " does not support " + name + ". Leave it out, or choose a model that does.",
                        details());
            }
            boolean dropped = policy == Unsupported.DROP;
            if (dropped) {
                drop.run();
            }
            warnings.add(new Warning(
                    name,
                    "The model does not support it; it was " + (dropped ? "left out" : "sent, and may be ignored")));
        }

        void modalities() {
            for (Output.Modality modality : request.output().modalities()) {
                String word = modality.name().toLowerCase(Locale.ROOT);
                if (!model.outputModalities().isEmpty()
                        && !model.outputModalities().contains(word)) {
                    refuseOrWarn("modalities", "The model does not give " + word);
                }
            }
            for (String kind : contentKinds()) {
                if (!model.inputModalities().isEmpty()
                        && !model.inputModalities().contains(kind)) {
                    refuseOrWarn("messages", "The model does not take " + kind);
                }
            }
        }

        private Set<String> contentKinds() {
            Set<String> kinds = new TreeSet<>();
            for (Message message : request.messages()) {
                for (ContentPart part : message.content()) {
                    if (part instanceof ContentPart.Image) {
                        kinds.add("image");
                    } else if (part instanceof ContentPart.Audio) {
                        kinds.add("audio");
                    } else if (part instanceof ContentPart.Video) {
                        kinds.add("video");
                    }
                }
            }
            return kinds;
        }

        /** Says only what is sure: the prompt is counted low, the answer as asked for. */
        void room() {
            long prompt = request.messages().stream()
                            .mapToLong(message -> message.text().length())
                            .sum()
                    / CHARACTERS_PER_TOKEN;
            Integer asked = request.output().maxCompletionTokens();
            long answer = asked != null
                    ? asked
                    : request.output().maxTokens() == null
                            ? 0
                            : request.output().maxTokens();
            Long context = model.contextLength();
            if (context != null && prompt + answer > context) {
                tooLong("The conversation and the answer asked for need more than the " + context
                        + " tokens that the model has room for");
            } else if (model.maxCompletionTokens() != null && answer > model.maxCompletionTokens()) {
                tooLong("An answer of " + answer + " tokens was asked for; the model gives at most "
                        + model.maxCompletionTokens());
            }
        }

        private void tooLong(String problem) {
            if (policy == Unsupported.FAIL) {
                throw new ContextTooLongException(
                        problem + " (" + model.id() + "). Shorten it, or choose a model with a longer context.",
                        details());
            }
            warnings.add(new Warning("max_tokens", problem));
        }

        private void refuseOrWarn(String subject, String problem) {
            if (policy == Unsupported.FAIL) {
                throw new InvalidRequestException(
                        problem + " (" + model.id() + "). Choose a model that does.", details());
            }
            warnings.add(new Warning(subject, problem));
        }

        private ErrorDetails details() {
            return ErrorDetails.NONE.withModel(request.model());
        }
    }
}
