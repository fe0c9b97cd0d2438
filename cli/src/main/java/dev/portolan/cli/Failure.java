package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.cost.LedgerException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run that failed, as it is told: one line for people, or one JSON object.
 *
 * <p>The object has one member, {@code error}, an object with
 *
 * <ul>
 *   <li>{@code type}: {@code bad_input}, {@code unexpected}, {@code ledger} (it cannot be read or written), or the class of the error in words: {@code authentication
 *       broken_stream budget_exceeded call_cancelled call_timeout configuration connection content_policy
 *       context_too_long insufficient_credits invalid_request malformed_response not_found payload_too_large
 *       permission_denied provider_unavailable rate_limited unusable_reply}
 *   <li>{@code message}: one sentence or two for people
 *   <li>{@code exitCode}: what the command ends with
 *   <li>{@code model}, {@code status} (HTTP), {@code code} and {@code errorType} (the provider's own words),
 *       {@code provider} (who ran the model), {@code providerCode}, {@code generationId}, {@code requestId}
 *   <li>{@code retryable}: whether the same call can succeed later; {@code retryAfter}: in seconds
 *   <li>{@code attempts}: how often it was tried
 *   <li>{@code fallbackModels}: what the provider suggests instead
 *   <li>{@code partialText}: what had arrived of the answer
 *   <li>{@code causes}: what led to it, only with {@code --verbose}
 * </ul>
 *
 * <p>Every member but {@code causes} is always there, {@code null} if it is not known.
 */
record Failure(
        ExitCode exitCode,
        String type,
        String message,
        @Nullable Throwable error) {
    private static final Pattern KEY = Pattern.compile("\\bsk-[\\w-]{4,}");

    /** Takes out what looks like a key: people do give one to an option that does not exist. */
    Failure {
        message = withoutKeys(Terminal.oneLine(message));
    }

    static Failure of(Throwable error) {
        if (error instanceof PortolanException failed) {
            return new Failure(ExitCode.of(failed), words(failed), messageOf(failed), failed);
        } else if (error instanceof IllegalArgumentException) {
            return badInput(messageOf(error), error);
        } else if (error instanceof LedgerException) {
            return new Failure(ExitCode.UNAVAILABLE, "ledger", messageOf(error), error);
        } else if (error instanceof OutputFailed) {
            return new Failure(ExitCode.UNEXPECTED, "unexpected", messageOf(error), error);
        } else if (error instanceof OutOfMemoryError) {
            return new Failure(
                    ExitCode.UNEXPECTED, "unexpected", "Out of memory; are the files you send very large?", error);
        }
        String what = "Unexpected " + error.getClass().getSimpleName()
                + (error.getMessage() == null ? "" : ": " + error.getMessage())
                + " (--verbose shows where)";
        return new Failure(ExitCode.UNEXPECTED, "unexpected", what, error);
    }

    static Failure badInput(String message, @Nullable Throwable error) {
        return new Failure(ExitCode.BAD_INPUT, "bad_input", message, error);
    }

    private static String messageOf(Throwable error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }

    /** {@code RateLimitedException} is {@code rate_limited}. */
    private static String words(PortolanException error) {
        return error.getClass()
                .getSimpleName()
                .replaceAll("Exception$", "")
                .replaceAll("(?<=.)([A-Z])", "_$1")
                .toLowerCase(Locale.ROOT);
    }

    /** For people. */
    String line() {
        return "portolan: " + message + (isPartial() ? " (the answer above is incomplete)" : "");
    }

    /** What led to it, for whoever looks for a fault. */
    List<String> trace() {
        List<String> lines = new ArrayList<>();
        String details = details().toString();
        if (!details.isEmpty()) {
            lines.add("  details: " + details);
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            lines.add((cause == error ? "  thrown as " : "  caused by ") + withoutKeys(cause.toString()));
            for (StackTraceElement frame : cause.getStackTrace()) {
                lines.add("    at " + frame);
            }
        }
        return lines;
    }

    /** For programs. */
    RawJson json(boolean withCauses) {
        ErrorDetails details = details();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", type);
        members.put("message", message);
        members.put("exitCode", exitCode.code());
        members.put("model", details.model() == null ? null : details.model().toString());
        members.put("status", details.httpStatus() == 0 ? null : details.httpStatus());
        members.put("code", details.code());
        members.put("errorType", details.errorType());
        members.put("provider", details.upstream());
        members.put("providerCode", details.upstreamCode());
        members.put("generationId", details.generationId());
        members.put("requestId", details.requestId());
        members.put("retryable", error instanceof PortolanException failed && failed.retryable());
        members.put("retryAfter", seconds(details.retryAfter()));
        members.put(
                "attempts",
                error instanceof PortolanException failed ? failed.attempts().size() : 0);
        members.put("fallbackModels", details.fallbackModels());
        members.put("partialText", partialText());
        if (withCauses) {
            List<String> causes = new ArrayList<>();
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                causes.add(withoutKeys(cause.toString()));
            }
            members.put("causes", causes);
        }
        return RawJson.of(Map.of("error", members));
    }

    private ErrorDetails details() {
        return error instanceof PortolanException failed ? failed.details() : ErrorDetails.NONE;
    }

    /** What had arrived of the answer in words; {@code null} if nothing had. */
    private @Nullable String partialText() {
        Reply partial = details().partial();
        String text = partial instanceof ChatResponse chat
                ? chat.text()
                : partial instanceof ImageResponse drawn ? drawn.text() : "";
        return text.isEmpty() ? null : text;
    }

    /** Whether some of the answer has been printed. */
    private boolean isPartial() {
        return partialText() != null
                || (details().partial() instanceof EmbeddingResponse vectors
                        && !vectors.embeddings().isEmpty());
    }

    /** The text without what looks like a key. */
    static String withoutKeys(String text) {
        return KEY.matcher(text).replaceAll("sk-…");
    }

    private static @Nullable BigDecimal seconds(@Nullable Duration time) {
        if (time == null) {
            return null;
        }
        BigDecimal seconds = BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }
}
