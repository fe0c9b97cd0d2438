package dev.portolan.api.cost;

import dev.portolan.api.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One call that has ended, as the books see it: who made it, what was asked, what it used and cost, and how it ended. Holds
 * nothing of the conversation.
 *
 * @param callId a name for this call that no other has; a record with the same name is the same call told again
 * @param operation what kind of call
 * @param model the model that was asked
 * @param answeredBy who answered
 * @param tags on whose account, as the call's options say
 * @param usage the tokens, as far as they were reported
 * @param cost what all attempts of the call cost together; unknown unless somebody said so
 * @param timing when, and how long
 * @param outcome how it ended
 */
public record CostEvent(
        String callId,
        Operation operation,
        ModelId model,
        AnsweredBy answeredBy,
        Map<String, String> tags,
        Usage usage,
        Cost cost,
        Timing timing,
        Outcome outcome) {
    /** Copies the map. */
    public CostEvent {
        Objects.requireNonNull(callId, "callId");
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(answeredBy, "answeredBy");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(outcome, "outcome");
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** The same with another cost. */
    public CostEvent withCost(Cost newCost) {
        return new CostEvent(callId, operation, model, answeredBy, tags, usage, newCost, timing, outcome);
    }

    /** What kind of call. */
    public enum Operation {
        /** A chat completion. */
        CHAT,
        /** Embeddings. */
        EMBEDDING,
        /** Images. */
        IMAGE
    }

    /**
     * Who answered, as far as it is known.
     *
     * @param model the model that answered, as the provider names it; empty if not told
     * @param upstream who ran it, for example {@code OpenAI} behind OpenRouter; {@code null} if not told
     * @param generationIds the provider's names of all that may be charged: several for embeddings in batches, and after attempts
     *     that failed and may be charged. By these an unknown cost can be asked for later; empty if one of them is not known
     */
    public record AnsweredBy(String model, @Nullable String upstream, List<String> generationIds) {
        /** Nobody is known. */
        public static final AnsweredBy UNKNOWN = new AnsweredBy("", null, List.of());

        /** Copies the list. */
        public AnsweredBy {
            Objects.requireNonNull(model, "model");
            generationIds = List.copyOf(generationIds);
        }
    }

    /**
     * When, and how long.
     *
     * @param started when the call began
     * @param latency from then to its end, waits and further attempts included
     * @param firstToken from the beginning to the first piece of content; {@code null} if the answer was not streamed, or
     *     nothing came
     */
    public record Timing(
            Instant started, Duration latency, @Nullable Duration firstToken) {
        /** Checks that nothing is missing. */
        public Timing {
            Objects.requireNonNull(started, "started");
            Objects.requireNonNull(latency, "latency");
        }
    }

    /**
     * How it ended.
     *
     * @param status complete or not
     * @param error the class of the failure, such as {@code RateLimitedException}; {@code null} if there was none
     * @param attempts how often it was tried, at least 1
     */
    public record Outcome(Status status, @Nullable String error, int attempts) {
        /** Checks that nothing is missing. */
        public Outcome {
            Objects.requireNonNull(status, "status");
        }

        /** Complete or not. */
        public enum Status {
            /** The whole reply is there. */
            COMPLETED,
            /** It failed; something may have been charged. */
            FAILED,
            /** The caller ended it; something may have been charged. */
            CANCELLED
        }
    }
}
