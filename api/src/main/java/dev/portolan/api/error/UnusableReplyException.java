package dev.portolan.api.error;

import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model answered, and what it answered cannot be used for what was asked; {@link #reason()} tells why, and
 * {@link #partial()} has the reply. Remedy: ask in other words, allow more tokens, or ask another model.
 *
 * <p>Ports do not throw this: to them such a reply is a reply. It comes from what makes more of replies, such as records.
 */
public final class UnusableReplyException extends PortolanException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final @Nullable Misfit misfit;

    /** Why a reply cannot be used. */
    public enum Reason {
        /** The model will not answer this, or the provider held the answer back. */
        REFUSED,
        /** The limit of tokens was reached in the middle of the answer. */
        CUT,
        /** The answer does not have the form that was asked for. */
        MISFIT,
        /** The model wants more tools called, where an answer was due. */
        TOOL_CALLS
    }

    /**
     * Where a reply leaves the form that was asked for.
     *
     * @param path the place in the reply's JSON, for example {@code $.harbours[2].depth}
     * @param expected what belongs there, for example {@code an integer}
     * @param found what is there instead, in kind, never in words: {@code a string}
     */
    public record Misfit(String path, String expected, String found) implements Serializable {
        /** Checks that nothing is missing. */
        public Misfit {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(expected, "expected");
            Objects.requireNonNull(found, "found");
        }

        /** For people: {@code $.depth: expected an integer, found a string}. */
        @Override
        public String toString() {
            return path + ": expected " + expected + ", found " + found;
        }
    }

    /** With the place that does not fit, and what was thrown there. */
    public UnusableReplyException(String message, Misfit misfit, ErrorDetails details, @Nullable Throwable cause) {
        this(message, Reason.MISFIT, misfit, details, cause);
    }

    /** With what is known. */
    public UnusableReplyException(String message, Reason reason, ErrorDetails details) {
        this(message, reason, null, details, null);
    }

    private UnusableReplyException(
            String message, Reason reason, @Nullable Misfit misfit, ErrorDetails details, @Nullable Throwable cause) {
        super(message, details, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
        this.misfit = misfit;
    }

    /** Why the reply cannot be used. */
    public Reason reason() {
        return reason;
    }

    /** Where the reply does not fit; empty unless that is the reason. */
    public Optional<Misfit> misfit() {
        return Optional.ofNullable(misfit);
    }

    @Override
    boolean mayBeChargedByNature() {
        return true;
    }

    @Override
    UnusableReplyException with(String message, ErrorDetails details) {
        return new UnusableReplyException(message, reason, misfit, details, this);
    }
}
