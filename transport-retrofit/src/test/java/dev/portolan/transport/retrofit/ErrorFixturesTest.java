package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each recorded error becomes. */
class ErrorFixturesTest {
    private static Loopback wire;

    @BeforeAll
    static void open() {
        wire = new Loopback();
    }

    @AfterAll
    static void close() {
        wire.close();
    }

    record Row(
            String fixture,
            int status,
            Class<? extends PortolanException> type,
            boolean retryable,
            @Nullable Duration retryAfter,
            @Nullable String code,
            @Nullable String errorType,
            @Nullable String upstream,
            @Nullable String upstreamCode,
            List<String> fallbackModels,
            String message) {
        @Override
        public String toString() {
            return fixture;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(
                        "error-400-invalid-request.json",
                        400,
                        InvalidRequestException.class,
                        false,
                        null,
                        "400",
                        "invalid_request",
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 400 for acme/large-1: messages: Array must contain at least 1 element(s)."
                                + " Correct the request."),
                new Row(
                        "error-401.json",
                        401,
                        AuthenticationException.class,
                        false,
                        null,
                        "401",
                        null,
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 401 for acme/large-1: No auth credentials found. Check the API key."),
                new Row(
                        "error-402.json",
                        402,
                        InsufficientCreditsException.class,
                        false,
                        null,
                        "402",
                        "payment_required",
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 402 for acme/large-1: Insufficient credits. Add more using"
                                + " https://openrouter.ai/credits. Top up the account, or raise the key's limit."),
                new Row(
                        "error-403-guardrail-metadata.json",
                        403,
                        PermissionDeniedException.class,
                        false,
                        null,
                        "403",
                        null,
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 403 for acme/large-1: Request blocked: prompt injection patterns"
                                + " detected. Check the account's permissions, guardrails and region, or change the"
                                + " request."),
                new Row(
                        "error-403-moderation.json",
                        403,
                        PermissionDeniedException.class,
                        false,
                        null,
                        "403",
                        null,
                        "OpenAI",
                        null,
                        List.of(),
                        "OpenRouter answered 403 for acme/large-1: Input was flagged. It came from OpenAI. Check the"
                                + " account's permissions, guardrails and region, or change the request."),
                new Row(
                        "error-404-availability.json",
                        404,
                        NotFoundException.class,
                        false,
                        null,
                        null,
                        "not_found",
                        null,
                        null,
                        List.of("acme/small-1"),
                        "OpenRouter answered 404 for acme/large-1: The free variant of acme/small-1 has ended. Choose"
                                + " another model, or loosen the provider filters. It suggests: acme/small-1."),
                new Row(
                        "error-404-no-providers.json",
                        404,
                        NotFoundException.class,
                        false,
                        null,
                        "404",
                        null,
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 404 for acme/large-1: No allowed providers are available for the"
                                + " selected model. Choose another model, or loosen the provider filters."),
                new Row(
                        "error-408.json",
                        408,
                        CallTimeoutException.class,
                        true,
                        null,
                        "408",
                        null,
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 408 for acme/large-1: Operation timed out. Please try again later. Try"
                                + " again, or allow more time."),
                new Row(
                        "error-422.json",
                        422,
                        InvalidRequestException.class,
                        false,
                        null,
                        "422",
                        "unprocessable",
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 422 for acme/large-1: Invalid argument. Correct the request."),
                new Row(
                        "error-429-availability.json",
                        429,
                        RateLimitedException.class,
                        true,
                        Duration.ofSeconds(40),
                        null,
                        "rate_limit_exceeded",
                        null,
                        null,
                        List.of("acme/mid-1"),
                        "OpenRouter answered 429 for acme/large-1: All providers for acme/large-1 are at capacity."
                                + " Retry after 40 seconds. Wait, then try again. It asks to wait 40 s. It suggests:"
                                + " acme/mid-1."),
                new Row(
                        "error-429-provider.json",
                        429,
                        RateLimitedException.class,
                        true,
                        null,
                        "429",
                        "rate_limit_exceeded",
                        null,
                        "rate_limited",
                        List.of(),
                        "OpenRouter answered 429 for acme/large-1: Rate limit exceeded. Wait, then try again."),
                new Row(
                        "error-500-masked.json",
                        500,
                        ProviderUnavailableException.class,
                        true,
                        null,
                        "500",
                        "server",
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 500 for acme/large-1: Internal Server Error. Try again later, or use"
                                + " another model."),
                new Row(
                        "error-502-provider.json",
                        502,
                        ProviderUnavailableException.class,
                        true,
                        null,
                        "502",
                        "provider_unavailable",
                        null,
                        "upstream_reset",
                        List.of(),
                        "OpenRouter answered 502 for acme/large-1: Provider returned error. Try again later, or use"
                                + " another model."),
                new Row(
                        "error-503.json",
                        503,
                        ProviderUnavailableException.class,
                        true,
                        null,
                        "503",
                        "provider_overloaded",
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 503 for acme/large-1: Service temporarily unavailable. Try again later,"
                                + " or use another model."),
                new Row(
                        "error-524.json",
                        524,
                        CallTimeoutException.class,
                        true,
                        null,
                        "524",
                        null,
                        null,
                        null,
                        List.of(),
                        "OpenRouter answered 524 for acme/large-1: Request timed out. Please try again later. Try"
                                + " again, or allow more time."));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void an_answer_with_an_error_status_becomes_its_exception(Row row) {
        PortolanException failure = wire.refusal(Loopback.response(row.status())
                .setHeader("X-Generation-Id", "gen-1")
                .setHeader("X-Request-Id", "req-1")
                .body(Fixtures.text(row.fixture())));

        check(row, failure);
        assertThat(failure.details().requestId()).isEqualTo("req-1");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_same_error_inside_an_answer_that_looked_fine_becomes_the_same_exception(Row row) throws Exception {
        wire.server.enqueue(Loopback.response(200)
                .setHeader("X-Generation-Id", "gen-1")
                .body(Fixtures.text(row.fixture()))
                .build());
        try (Answer answer = wire.send()) {
            RawJson error =
                    answer.json(reader -> errorMember(reader.nextSource().readUtf8()));

            check(row, answer.error(error, null, null));
        }
    }

    @Test
    void the_table_has_every_fixture() {
        List<String> fixtures = new ArrayList<>();
        rows().map(Row::fixture).forEach(fixtures::add);

        assertThat(fixtures).containsExactlyElementsOf(Fixtures.ERRORS);
    }

    @Test
    void an_error_of_another_provider_inside_a_good_answer_names_that_provider() throws Exception {
        wire.server.enqueue(Loopback.response(200)
                .setHeader("X-Generation-Id", "gen-1")
                .body(Fixtures.text("chat-200-top-level-error.json"))
                .build());
        try (Answer answer = wire.send()) {
            RawJson error =
                    answer.json(reader -> errorMember(reader.nextSource().readUtf8()));

            check(
                    new Row(
                            "chat-200-top-level-error.json",
                            429,
                            RateLimitedException.class,
                            true,
                            null,
                            "429",
                            null,
                            "Baidu",
                            null,
                            List.of(),
                            "OpenRouter answered 429 for acme/large-1: Provider returned error. It came from Baidu."
                                    + " Wait, then try again."),
                    answer.error(error, null, null));
        }
    }

    private static void check(Row row, PortolanException failure) {
        assertThat(failure)
                .isExactlyInstanceOf(row.type())
                .hasMessage(row.message())
                .hasNoCause();
        assertThat(failure.retryable()).isEqualTo(row.retryable());
        assertThat(failure.retryAfter()).isEqualTo(java.util.Optional.ofNullable(row.retryAfter()));
        assertThat(failure.partial()).isEmpty();
        assertThat(failure.details()).satisfies(details -> {
            assertThat(details.model()).isEqualTo(Loopback.MODEL);
            assertThat(details.httpStatus()).isEqualTo(row.status());
            assertThat(details.code()).isEqualTo(row.code());
            assertThat(details.errorType()).isEqualTo(row.errorType());
            assertThat(details.upstream()).isEqualTo(row.upstream());
            assertThat(details.upstreamCode()).isEqualTo(row.upstreamCode());
            assertThat(details.fallbackModels()).isEqualTo(row.fallbackModels());
            assertThat(details.generationId()).isEqualTo("gen-1");
            assertThat(details.raw()).isNotNull();
        });
        if (failure instanceof CallTimeoutException timeout) {
            assertThat(timeout.clock()).isEqualTo(CallTimeoutException.Clock.SERVER);
        }
    }

    /** The value of the member {@code error}, which is the first of each fixture. */
    private static RawJson errorMember(String body) throws java.io.IOException {
        try (var reader = com.squareup.moshi.JsonReader.of(new Buffer().writeUtf8(body))) {
            reader.beginObject();
            assertThat(reader.nextName()).isEqualTo("error");
            try (var value = reader.nextSource()) {
                return RawJson.parse(value.readUtf8());
            }
        }
    }
}
