package dev.portolan.api.error;

import dev.portolan.api.Attempt;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failed call, as far as it is known; every part may be missing. Never holds a key. {@code raw} and
 * {@code partial} can hold parts of the conversation and are left out of every message and {@link #toString()}.
 *
 * @param model the model that was asked
 * @param httpStatus the HTTP status, or 0; for an error inside a reply that looked fine, the status that it names
 * @param code the provider's code: a number or a word, as text
 * @param errorType the provider's word for the kind of error, for example {@code rate_limit_exceeded} (OpenRouter
 *     reference: errors §3)
 * @param upstream who ran the model and failed, for example {@code Anthropic} behind OpenRouter
 * @param upstreamCode that provider's own code
 * @param generationId the provider's name for the generation
 * @param requestId the name of the request in the provider's log
 * @param retryable whether the provider itself says that trying again can help; {@code null} if it does not say
 * @param retryAfter how long the provider asks to wait
 * @param fallbackModels other models that the provider suggests
 * @param raw the error as it came; may echo the prompt
 * @param partial what had arrived of the answer
 * @param attempts the attempts that were made, in order, if there were several
 */
public record ErrorDetails(
        @Nullable ModelId model,
        int httpStatus,
        @Nullable String code,
        @Nullable String errorType,
        @Nullable String upstream,
        @Nullable String upstreamCode,
        @Nullable String generationId,
        @Nullable String requestId,
        @Nullable Boolean retryable,
        @Nullable Duration retryAfter,
        List<String> fallbackModels,
        @Nullable RawJson raw,
        @Nullable Reply partial,
        List<Attempt> attempts) {
    /** Nothing known. */
    public static final ErrorDetails NONE =
            new ErrorDetails(null, 0, null, null, null, null, null, null, null, null, List.of(), null, null, List.of());

    /** Copies the lists. */
    public ErrorDetails {
        fallbackModels = List.copyOf(fallbackModels);
        attempts = List.copyOf(attempts);
    }

    /** The same, of a call to this model. */
    public ErrorDetails withModel(@Nullable ModelId newModel) {
        return new ErrorDetails(
                newModel,
                httpStatus,
                code,
                errorType,
                upstream,
                upstreamCode,
                generationId,
                requestId,
                retryable,
                retryAfter,
                fallbackModels,
                raw,
                partial,
                attempts);
    }

    /** The same, of this generation. */
    public ErrorDetails withGenerationId(@Nullable String newGenerationId) {
        return new ErrorDetails(
                model,
                httpStatus,
                code,
                errorType,
                upstream,
                upstreamCode,
                newGenerationId,
                requestId,
                retryable,
                retryAfter,
                fallbackModels,
                raw,
                partial,
                attempts);
    }

    /** The same, with what had arrived of the answer. */
    public ErrorDetails withPartial(@Nullable Reply newPartial) {
        return new ErrorDetails(
                model,
                httpStatus,
                code,
                errorType,
                upstream,
                upstreamCode,
                generationId,
                requestId,
                retryable,
                retryAfter,
                fallbackModels,
                raw,
                newPartial,
                attempts);
    }

    /** The same, to be tried again after this time. */
    public ErrorDetails withRetryAfter(@Nullable Duration newRetryAfter) {
        return new ErrorDetails(
                model,
                httpStatus,
                code,
                errorType,
                upstream,
                upstreamCode,
                generationId,
                requestId,
                retryable,
                newRetryAfter,
                fallbackModels,
                raw,
                partial,
                attempts);
    }

    /** The same, after these attempts. */
    public ErrorDetails withAttempts(List<Attempt> newAttempts) {
        return new ErrorDetails(
                model,
                httpStatus,
                code,
                errorType,
                upstream,
                upstreamCode,
                generationId,
                requestId,
                retryable,
                retryAfter,
                fallbackModels,
                raw,
                partial,
                newAttempts);
    }

    /** The parts that are known, without the raw error and the partial answer. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        append(out, "model", model);
        append(out, "status", httpStatus == 0 ? null : httpStatus);
        append(out, "code", code);
        append(out, "type", errorType);
        append(out, "upstream", upstream);
        append(out, "upstream code", upstreamCode);
        append(out, "generation", generationId);
        append(out, "request", requestId);
        append(out, "retryable", retryable);
        append(out, "retry after", retryAfter);
        append(out, "fallbacks", fallbackModels.isEmpty() ? null : fallbackModels);
        append(out, "attempts", attempts.isEmpty() ? null : attempts.size());
        return out.toString();
    }

    private static void append(StringBuilder out, String name, @Nullable Object value) {
        if (value != null) {
            out.append(out.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }
}
