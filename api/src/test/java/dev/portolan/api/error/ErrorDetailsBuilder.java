package dev.portolan.api.error;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatResponse;
import java.time.Duration;
import java.util.List;

/** Details of an error of which everything is known, unless it is changed. */
final class ErrorDetailsBuilder {
    private Boolean retryable;
    private Duration retryAfter = Duration.ofSeconds(3);
    private RawJson raw;
    private ChatResponse partial;

    private ErrorDetailsBuilder() {}

    static ErrorDetailsBuilder details() {
        return new ErrorDetailsBuilder();
    }

    ErrorDetailsBuilder retryable(Boolean newRetryable) {
        retryable = newRetryable;
        return this;
    }

    ErrorDetailsBuilder retryAfter(Duration newRetryAfter) {
        retryAfter = newRetryAfter;
        return this;
    }

    ErrorDetailsBuilder raw(RawJson newRaw) {
        raw = newRaw;
        return this;
    }

    ErrorDetailsBuilder partial(ChatResponse newPartial) {
        partial = newPartial;
        return this;
    }

    ErrorDetails build() {
        return new ErrorDetails(
                ModelId.parse("openrouter/google/gemini-2.5-flash"),
                429,
                "429",
                "rate_limit_exceeded",
                "Google",
                "RESOURCE_EXHAUSTED",
                "gen-1",
                "req-1",
                retryable,
                retryAfter,
                List.of("google/gemini-2.5-pro"),
                raw,
                partial,
                List.of());
    }
}
