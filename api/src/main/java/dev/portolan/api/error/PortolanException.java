package dev.portolan.api.error;

import dev.portolan.api.Attempt;
import dev.portolan.api.ChargedGenerations;
import dev.portolan.api.Reply;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.EmbeddingResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed. There is one class for each decision that a caller makes about it; catch the ones that you decide
 * on, and this one for the rest.
 *
 * <p>The message says what happened, where, and what can be done. It never holds a key or any part of a conversation.
 */
public abstract sealed class PortolanException extends RuntimeException
        permits AuthenticationException,
                BrokenStreamException,
                BudgetExceededException,
                CallCancelledException,
                CallTimeoutException,
                ConfigurationException,
                ConnectionException,
                ContentPolicyException,
                ContextTooLongException,
                InsufficientCreditsException,
                InvalidRequestException,
                MalformedResponseException,
                NotFoundException,
                PayloadTooLargeException,
                PermissionDeniedException,
                ProviderUnavailableException,
                RateLimitedException,
                UnusableReplyException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorDetails details;

    PortolanException(String message, ErrorDetails details, @Nullable Throwable cause) {
        super(message, cause);
        this.details = Objects.requireNonNull(details, "details");
    }

    /** All that is known about the failure. */
    public ErrorDetails details() {
        return details == null ? ErrorDetails.NONE : details;
    }

    /**
     * Whether the same call can succeed later without a change: the provider's own word if it gave one, else by the class
     * of the error. Never true once a part of the answer has arrived, since that part may be charged.
     */
    public final boolean retryable() {
        ErrorDetails known = details();
        if (known.partial() != null) {
            return false;
        }
        return known.retryable() != null ? known.retryable() : retryableByNature();
    }

    /** How long the provider asks to wait before the next try, if it does; with a budget, how long until it renews. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(details().retryAfter());
    }

    /** What had arrived of a chat answer, if anything had. */
    public final Optional<ChatResponse> partial() {
        return partial(ChatResponse.class);
    }

    /** What had arrived of a reply of this class, if anything had: the vectors of the batches that succeeded, say. */
    public final <T extends Reply> Optional<T> partial(Class<T> type) {
        return Optional.ofNullable(details().partial()).filter(type::isInstance).map(type::cast);
    }

    /**
     * The same failure of a larger piece of work, with what had succeeded of it; this exception is its cause.
     *
     * @param partial what had succeeded
     */
    public final PortolanException withPartial(Reply partial) {
        return with(String.valueOf(getMessage()), details().withPartial(partial));
    }

    /**
     * The attempts that were made, in order; the last one failed with this. Empty if it is not known which model was
     * asked, as with a wrong configuration.
     */
    public final List<Attempt> attempts() {
        ErrorDetails known = details();
        if (!known.attempts().isEmpty()) {
            return known.attempts();
        }
        return known.model() == null ? List.of() : List.of(new Attempt(known.model(), Duration.ZERO, this));
    }

    /**
     * The same failure at the end of several attempts; this exception is its cause.
     *
     * @param attempts all of them, this one included
     */
    public final PortolanException withAttempts(List<Attempt> attempts) {
        String message = String.valueOf(getMessage());
        String said = attemptNumber(details().attempts().size());
        if (message.endsWith(said)) {
            message = message.substring(0, message.length() - said.length());
        }
        return with(message + attemptNumber(attempts.size()), details().withAttempts(attempts));
    }

    private static String attemptNumber(int number) {
        return " This was attempt " + number + ".";
    }

    /**
     * Whether the call may have been carried out, and charged, although it failed: a part of the answer has arrived, or the
     * request had been sent and then nothing more was heard. A provider that refuses a call does not charge for it
     * (OpenRouter reference: routing §9).
     */
    public final boolean mayBeCharged() {
        return details().partial() != null || mayBeChargedByNature();
    }

    /**
     * What the failed call cost: as reported with what had arrived, nothing if it was refused, else unknown. If the provider
     * itself fails after it has told a cost, it is unknown too: what fails is mostly not charged
     * (OpenRouter reference: routing §9).
     */
    public final Cost cost() {
        Reply partial = details().partial();
        if (partial != null && (mayBeChargedByNature() || partial.ofSeveralCalls())) {
            return partial.totalCost();
        }
        return mayBeCharged() ? Cost.UNKNOWN : Cost.NONE;
    }

    /** What all attempts cost together; unknown if one may have been charged and nobody says how much. */
    public final Cost totalCost() {
        Cost total = cost();
        List<Attempt> all = attempts();
        for (Attempt earlier : all.subList(0, Math.max(0, all.size() - 1))) {
            total = total.plus(earlier.costOfFailure());
        }
        return total;
    }

    /**
     * The provider's names of all that the failed call may be charged for, by which {@link #totalCost} can be asked for later:
     * of what had arrived, and of earlier attempts.
     *
     * @return empty if there is nothing, or one of them is not known
     */
    public final List<String> generationIds() {
        List<Attempt> all = attempts();
        ChargedGenerations charged = new ChargedGenerations().addFailed(all.subList(0, Math.max(0, all.size() - 1)));
        String own = details().generationId();
        Reply partial = details().partial();
        if (partial instanceof EmbeddingResponse batches) {
            // What had arrived are other batches than the one that failed, which is the cause.
            charged.addFailed(batches.attempts());
            if (!batches.ids().isEmpty()) {
                charged.add(batches.ids());
            }
            if (getCause() instanceof PortolanException failed && !failed.mayBeCharged()) {
                return charged.ids();
            }
        } else if (partial != null && partial.ofSeveralCalls()) {
            return charged.add(partial.generationIds()).ids();
        } else if (own == null && partial != null) {
            own = partial.id();
        }
        if (mayBeCharged()) {
            charged.add(own == null ? List.of() : List.of(own));
        }
        return charged.ids();
    }

    /** The same failure with another message and details; this exception is its cause. */
    abstract PortolanException with(String message, ErrorDetails details);

    boolean retryableByNature() {
        return false;
    }

    boolean mayBeChargedByNature() {
        return false;
    }
}
