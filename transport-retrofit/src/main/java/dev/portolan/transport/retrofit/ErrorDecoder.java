package dev.portolan.transport.retrofit;

import dev.portolan.api.ModelId;
import dev.portolan.api.Reply;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PayloadTooLargeException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Turns an error off the wire into the exception that tells the caller what to do, wherever the error stood: in a failed
 * answer, in one that looked fine, in a stream. Decides by the error's type and availability, then by its code, then by
 * the HTTP status (OpenRouter reference: errors §6).
 */
final class ErrorDecoder {
    private enum Kind {
        AUTHENTICATION("Check the API key."),
        CREDITS("Top up the account, or raise the key's limit."),
        PERMISSION("Check the account's permissions, guardrails and region, or change the request."),
        NOT_FOUND("Choose another model, or loosen the provider filters."),
        INVALID("Correct the request."),
        NO_SUCH_PATH("Check the base URL: it may lack a part of the path, such as /v1."),
        CONTEXT("Shorten the conversation or the answer asked for, or choose a model with a longer context."),
        CONTENT_POLICY("Change what is asked, or ask another model."),
        MOVED("Set the base URL to where it points; redirects are not followed, because the key would go along."),
        TOO_LARGE("Send smaller or fewer files."),
        RATE_LIMIT("Wait, then try again."),
        UNAVAILABLE("Try again later, or use another model."),
        TIMEOUT("Try again, or allow more time.");

        private final String remedy;

        Kind(String remedy) {
            this.remedy = remedy;
        }
    }

    private static final Map<String, Kind> BY_WORD = Map.ofEntries(
            Map.entry("context_length_exceeded", Kind.CONTEXT),
            Map.entry("max_tokens_exceeded", Kind.CONTEXT),
            Map.entry("token_limit_exceeded", Kind.CONTEXT),
            Map.entry("string_too_long", Kind.CONTEXT),
            Map.entry("exceed_context_size_error", Kind.CONTEXT),
            Map.entry("authentication", Kind.AUTHENTICATION),
            Map.entry("authentication_error", Kind.AUTHENTICATION),
            Map.entry("invalid_api_key", Kind.AUTHENTICATION),
            Map.entry("permission_denied", Kind.PERMISSION),
            Map.entry("permission_error", Kind.PERMISSION),
            Map.entry("region_restricted", Kind.PERMISSION),
            Map.entry("payment_required", Kind.CREDITS),
            Map.entry("insufficient_quota", Kind.CREDITS),
            Map.entry("billing_hard_limit_reached", Kind.CREDITS),
            Map.entry("budget_exceeded", Kind.CREDITS),
            Map.entry("rate_limit_exceeded", Kind.RATE_LIMIT),
            Map.entry("rate_limit_error", Kind.RATE_LIMIT),
            Map.entry("capacity_exhausted", Kind.RATE_LIMIT),
            Map.entry("provider_overloaded", Kind.UNAVAILABLE),
            Map.entry("provider_unavailable", Kind.UNAVAILABLE),
            Map.entry("temporarily_unavailable", Kind.UNAVAILABLE),
            Map.entry("overloaded_error", Kind.UNAVAILABLE),
            Map.entry("server", Kind.UNAVAILABLE),
            Map.entry("server_error", Kind.UNAVAILABLE),
            Map.entry("invalid_request", Kind.INVALID),
            Map.entry("invalid_prompt", Kind.INVALID),
            Map.entry("precondition_failed", Kind.INVALID),
            Map.entry("unprocessable", Kind.INVALID),
            Map.entry("invalid_image", Kind.INVALID),
            Map.entry("image_too_large", Kind.INVALID),
            Map.entry("image_too_small", Kind.INVALID),
            Map.entry("unsupported_image_format", Kind.INVALID),
            Map.entry("image_download_failed", Kind.INVALID),
            Map.entry("wrong_endpoint", Kind.INVALID),
            Map.entry("not_supported_error", Kind.INVALID),
            Map.entry("validation", Kind.INVALID),
            Map.entry("not_found", Kind.NOT_FOUND),
            Map.entry("image_not_found", Kind.NOT_FOUND),
            Map.entry("model_not_found", Kind.NOT_FOUND),
            Map.entry("no_endpoints", Kind.NOT_FOUND),
            Map.entry("model_deprecated", Kind.NOT_FOUND),
            Map.entry("model_unavailable_upstream", Kind.NOT_FOUND),
            Map.entry("privacy_restricted", Kind.NOT_FOUND),
            Map.entry("constraint_filtered", Kind.NOT_FOUND),
            Map.entry("free_variant_ended", Kind.NOT_FOUND),
            Map.entry("payload_too_large", Kind.TOO_LARGE),
            Map.entry("content_policy_violation", Kind.CONTENT_POLICY),
            Map.entry("content_filter", Kind.CONTENT_POLICY),
            Map.entry("moderation_blocked", Kind.CONTENT_POLICY),
            Map.entry("refusal", Kind.CONTENT_POLICY),
            Map.entry("timeout", Kind.TIMEOUT));

    /** Words of OpenAI, Anthropic and Ollama that a status says better; without one, as in a stream, they are all there is. */
    private static final Map<String, Kind> VAGUE = Map.of(
            "api_error", Kind.UNAVAILABLE,
            "invalid_request_error", Kind.INVALID,
            "not_found_error", Kind.NOT_FOUND,
            "billing_error", Kind.CREDITS,
            "request_too_large", Kind.TOO_LARGE,
            "timeout_error", Kind.TIMEOUT);

    /** How servers say that a context is too long, in lower case. */
    private static final List<String> TOO_LONG = List.of(
            "maximum context length",
            "context length exceeded",
            "context_length_exceeded",
            "contextwindowexceeded",
            "available context size",
            "prompt is too long",
            "exceeds the maximum number of tokens allowed",
            "maximum prompt length is",
            "`inputs` tokens + `max_new_tokens` must be",
            "is longer than the model's context length",
            "input is too long");

    /** The statuses that they say it with; 0 is none, as in a stream. */
    private static final Set<Integer> MAYBE_TOO_LONG = Set.of(0, 400, 413, 422);

    private static final int MAX_MESSAGE = 400;
    private static final long MILLIS_FROM = 1_000_000_000_000L;

    private final Clock clock;

    ErrorDecoder(Clock clock) {
        this.clock = clock;
    }

    PortolanException decode(
            WireError error,
            int httpStatus,
            Headers headers,
            String provider,
            @Nullable ModelId model,
            @Nullable String generationId,
            @Nullable Reply partial) {
        int status = httpStatus >= 300 ? httpStatus : statusOf(error);
        Kind kind = kind(error, status);
        ErrorDetails details = new ErrorDetails(
                model,
                status == 0 ? httpStatus : status,
                error.code(),
                error.type(),
                error.upstream(),
                error.upstreamCode(),
                firstOf(generationId, headers.get("X-Generation-Id")),
                firstOf(firstOf(headers.get("X-Request-Id"), error.requestId()), headers.get("CF-Ray")),
                error.retryable(),
                retryAfter(error, kind, headers),
                error.fallbackModels(),
                error.raw(),
                partial,
                List.of());
        String message = message(error, kind, provider, details, headers);
        return switch (kind) {
            case AUTHENTICATION -> new AuthenticationException(message, details);
            case CREDITS -> new InsufficientCreditsException(message, details);
            case PERMISSION -> new PermissionDeniedException(message, details);
            case NOT_FOUND, NO_SUCH_PATH -> new NotFoundException(message, details);
            case INVALID, MOVED -> new InvalidRequestException(message, details);
            case CONTEXT -> new ContextTooLongException(message, details);
            case CONTENT_POLICY -> new ContentPolicyException(message, details);
            case TOO_LARGE -> new PayloadTooLargeException(message, details);
            case RATE_LIMIT -> new RateLimitedException(message, details);
            case UNAVAILABLE -> new ProviderUnavailableException(message, details);
            case TIMEOUT -> new CallTimeoutException(message, CallTimeoutException.Clock.SERVER, details, null);
        };
    }

    private static Kind kind(WireError error, int status) {
        Kind byAvailability = byWord(error.availability());
        if (byAvailability != null) {
            return byAvailability;
        }
        Kind byType = byWord(error.type());
        if (byType == Kind.INVALID && byWord(error.code()) != null) {
            byType = byWord(error.code());
        }
        if (byType != null && byType != Kind.INVALID) {
            return byType;
        }
        Kind byCode = byWord(error.code());
        if (byCode != null) {
            return byCode;
        }
        Kind byUpstream = byWord(error.upstreamCode());
        if (byUpstream == Kind.CONTEXT || byUpstream == Kind.CONTENT_POLICY) {
            return byUpstream;
        }
        if (MAYBE_TOO_LONG.contains(status) && saysTooLong(error.message())) {
            return Kind.CONTEXT;
        }
        if (byType != null) {
            return byType;
        }
        Kind vague = status == 0 ? vague(error) : null;
        if (vague != null) {
            return vague;
        }
        return status == 404 && !error.isOfApi() ? Kind.NO_SUCH_PATH : byStatus(status);
    }

    private static @Nullable Kind vague(WireError error) {
        Kind byType = VAGUE.get(word(error.type()));
        return byType != null ? byType : VAGUE.get(word(error.code()));
    }

    private static @Nullable Kind byWord(@Nullable String word) {
        return BY_WORD.get(word(word));
    }

    private static String word(@Nullable String word) {
        return word == null ? "" : word.toLowerCase(Locale.ROOT);
    }

    /** Many servers, and providers behind others, report a context that is too long in words only. */
    private static boolean saysTooLong(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return TOO_LONG.stream().anyMatch(text::contains);
    }

    private static Kind byStatus(int status) {
        return switch (status) {
            case 401 -> Kind.AUTHENTICATION;
            case 402 -> Kind.CREDITS;
            case 403 -> Kind.PERMISSION;
            case 404, 410 -> Kind.NOT_FOUND;
            case 408, 504, 522, 524 -> Kind.TIMEOUT;
            case 300, 301, 302, 303, 307, 308 -> Kind.MOVED;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.RATE_LIMIT;
            default -> status >= 300 && status < 500 ? Kind.INVALID : Kind.UNAVAILABLE;
        };
    }

    private static int statusOf(WireError error) {
        String code = error.code();
        if (code != null && code.matches("[345]\\d\\d")) {
            return Integer.parseInt(code);
        }
        return error.status();
    }

    private String message(WireError error, Kind kind, String provider, ErrorDetails details, Headers headers) {
        StringBuilder out = new StringBuilder(provider);
        out.append(details.httpStatus() < 300 ? " reported an error" : " answered " + details.httpStatus());
        if (details.model() != null) {
            out.append(" for ").append(details.model().name());
        }
        if (!error.message().isEmpty()) {
            out.append(": ").append(oneLine(error.message()));
        }
        if (!endsSentence(out)) {
            out.append('.');
        }
        if (error.upstream() != null) {
            out.append(" It came from ").append(oneLine(error.upstream())).append('.');
        }
        HttpUrl target = kind == Kind.MOVED ? HttpUrl.parse(String.valueOf(headers.get("Location"))) : null;
        if (target != null) {
            out.append(" It points to ")
                    .append(target.scheme())
                    .append("://")
                    .append(target.host())
                    .append('.');
        }
        out.append(' ').append(remedy(kind, details));
        if (details.retryAfter() != null) {
            out.append(" It asks to wait ")
                    .append(seconds(details.retryAfter()))
                    .append('.');
        }
        if (!details.fallbackModels().isEmpty()) {
            out.append(" It suggests: ")
                    .append(oneLine(String.join(", ", details.fallbackModels())))
                    .append('.');
        }
        return out.toString();
    }

    /** What helps against an error of this kind, unless the provider itself says the opposite. */
    private static String remedy(Kind kind, ErrorDetails details) {
        boolean saysTryAgain = kind == Kind.RATE_LIMIT || kind == Kind.UNAVAILABLE || kind == Kind.TIMEOUT;
        if (saysTryAgain && Boolean.FALSE.equals(details.retryable())) {
            return "Use another model: it says that trying again does not help.";
        }
        return !saysTryAgain && Boolean.TRUE.equals(details.retryable())
                ? kind.remedy + " It says that trying again later can help too."
                : kind.remedy;
    }

    private static String seconds(Duration time) {
        return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static boolean endsSentence(CharSequence text) {
        char last = text.charAt(text.length() - 1);
        return last == '.' || last == '!' || last == '?';
    }

    /** One line of bounded length, not cut inside a character. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").strip();
        if (line.length() <= MAX_MESSAGE) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(MAX_MESSAGE - 1)) ? MAX_MESSAGE - 1 : MAX_MESSAGE;
        return line.substring(0, end) + "…";
    }

    private @Nullable Duration retryAfter(WireError error, Kind kind, Headers headers) {
        Duration millis = millis(headers.get("Retry-After-Ms"));
        if (millis != null) {
            return millis;
        }
        Duration header = headerDelay(headers.get("Retry-After"));
        if (header != null) {
            return header;
        }
        if (error.retryAfter() != null) {
            return error.retryAfter();
        }
        return kind == Kind.RATE_LIMIT
                ? untilReset(firstOf(headers.get("X-RateLimit-Reset"), error.rateLimitReset()))
                : null;
    }

    private static @Nullable Duration millis(@Nullable String value) {
        return value != null && value.strip().matches("\\d{1,12}(\\.\\d{1,9})?")
                ? Duration.ofMillis((long) Math.ceil(Double.parseDouble(value)))
                : null;
    }

    /** Seconds, whole or not, or a date. */
    private @Nullable Duration headerDelay(@Nullable String value) {
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * 1000));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return notNegative(Duration.between(clock.instant(), date));
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    /** Epoch milliseconds or seconds, told apart by size (OpenRouter reference: errors §6). */
    private @Nullable Duration untilReset(@Nullable String value) {
        if (value == null || !value.matches("\\d{9,15}")) {
            return null;
        }
        long epoch = Long.parseLong(value);
        Instant reset = epoch >= MILLIS_FROM ? Instant.ofEpochMilli(epoch) : Instant.ofEpochSecond(epoch);
        return notNegative(Duration.between(clock.instant(), reset));
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static @Nullable String firstOf(@Nullable String a, @Nullable String b) {
        return a != null ? a : b;
    }
}
