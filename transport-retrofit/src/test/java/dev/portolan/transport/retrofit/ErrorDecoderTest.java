package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PayloadTooLargeException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorDecoderTest {
    private static Loopback wire;

    @BeforeAll
    static void open() {
        wire = new Loopback();
    }

    @AfterAll
    static void close() {
        wire.close();
    }

    private static MockResponse.Builder rateLimited() {
        return Loopback.response(429);
    }

    private static String error(String members) {
        return "{\"error\":{" + members + "}}";
    }

    /** An error that stood inside an answer with status 200. */
    private static PortolanException inside(String error) {
        wire.server.enqueue(Loopback.response(200).body("{}").build());
        try (Answer answer = wire.send()) {
            return answer.error(RawJson.parse(error), null, null);
        }
    }

    @Nested
    class Statuses {
        static Stream<Arguments> statuses() {
            return Stream.of(
                    Arguments.of(300, InvalidRequestException.class, false),
                    Arguments.of(302, InvalidRequestException.class, false),
                    Arguments.of(308, InvalidRequestException.class, false),
                    Arguments.of(400, InvalidRequestException.class, false),
                    Arguments.of(401, AuthenticationException.class, false),
                    Arguments.of(402, InsufficientCreditsException.class, false),
                    Arguments.of(403, PermissionDeniedException.class, false),
                    Arguments.of(404, NotFoundException.class, false),
                    Arguments.of(405, InvalidRequestException.class, false),
                    Arguments.of(407, InvalidRequestException.class, false),
                    Arguments.of(408, CallTimeoutException.class, true),
                    Arguments.of(409, InvalidRequestException.class, false),
                    Arguments.of(410, NotFoundException.class, false),
                    Arguments.of(412, InvalidRequestException.class, false),
                    Arguments.of(413, PayloadTooLargeException.class, false),
                    Arguments.of(418, InvalidRequestException.class, false),
                    Arguments.of(421, InvalidRequestException.class, false),
                    Arguments.of(422, InvalidRequestException.class, false),
                    Arguments.of(429, RateLimitedException.class, true),
                    Arguments.of(500, ProviderUnavailableException.class, true),
                    Arguments.of(502, ProviderUnavailableException.class, true),
                    Arguments.of(503, ProviderUnavailableException.class, true),
                    Arguments.of(504, CallTimeoutException.class, true),
                    Arguments.of(520, ProviderUnavailableException.class, true),
                    Arguments.of(522, CallTimeoutException.class, true),
                    Arguments.of(524, CallTimeoutException.class, true),
                    Arguments.of(529, ProviderUnavailableException.class, true),
                    Arguments.of(530, ProviderUnavailableException.class, true));
        }

        /** Bodies that say nothing about the kind of error, so that the status decides. */
        private static final List<String> BODIES = List.of(
                "",
                " ",
                "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>",
                "null",
                "true",
                "17",
                "\"text\"",
                "[]",
                "[{\"error\":{\"code\":401}}]",
                "{",
                "{}",
                "{\"error\":",
                "{\"error\":null}",
                "{\"error\":true}",
                "{\"error\":[]}",
                "{\"error\":[1,{\"message\":2}]}",
                "{\"error\":{}}",
                "{\"error\":\"no such word\"}",
                "{\"error\":418}",
                "{\"error\":null,\"message\":\"text\"}",
                "{\"message\":\"text\"}",
                "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]}",
                error("\"code\":null,\"message\":null,\"metadata\":null"),
                error("\"code\":999,\"message\":\"text\""),
                error("\"code\":\"999\""),
                error("\"code\":\"some_new_word\",\"message\":\"text\",\"metadata\":{\"error_type\":\"another\"}"),
                error("\"code\":1e300,\"message\":1.5"),
                error("\"code\":-0.5"),
                error("\"code\":[401],\"message\":{\"text\":\"x\"},\"metadata\":\"x\",\"availability\":3"),
                error("\"code\":{},\"message\":[],\"metadata\":[],\"availability\":[]"),
                error("\"metadata\":{\"error_type\":5,\"raw\":\"{\\\"error\\\":[\",\"headers\":\"x\",\"reasons\":7}"),
                error("\"availability\":{\"code\":5,\"retryable\":\"x\",\"retry_after\":\"x\",\"fallback_models\":9}"),
                error("\"http_status\":\"x\""),
                error("\"message\":\"" + "x".repeat(100_000) + "\""),
                "{\"error\":".repeat(3000) + "{}" + "}".repeat(3000),
                "[".repeat(100_000),
                error("\"message\":\"twice\",\"message\":\"twice\""),
                error("\"n\":1e999"));

        @ParameterizedTest
        @MethodSource("statuses")
        void a_status_decides_when_the_body_says_nothing(
                int status, Class<? extends PortolanException> type, boolean retryable) {
            for (String body : BODIES) {
                PortolanException failure = wire.refusal(status, body);

                String shown = body.length() <= 100 ? body : body.substring(0, 100);
                assertThat(failure).as(shown).isExactlyInstanceOf(type);
                assertThat(failure.retryable()).as(shown).isEqualTo(retryable);
                assertThat(failure.retryAfter()).as(shown).isEmpty();
                assertThat(failure.details().httpStatus()).as(shown).isEqualTo(status);
                assertThat(failure.getMessage())
                        .as(shown)
                        .startsWith("OpenRouter answered " + status + " for acme/large-1")
                        .doesNotContain("<")
                        .hasSizeLessThan(700);
            }
        }

        @Test
        void a_body_without_a_message_leaves_a_sentence_all_the_same() {
            assertThat(wire.refusal(500, ""))
                    .hasMessage("OpenRouter answered 500 for acme/large-1. Try again later, or use another model.");
        }

        @Test
        void an_error_body_that_is_cut_off_does_not_hide_the_status() {
            PortolanException failure = wire.refusal(Loopback.response(402)
                    .body(Fixtures.text("error-402.json"))
                    .onResponseBody(new SocketEffect.CloseSocket()));

            assertThat(failure).isExactlyInstanceOf(InsufficientCreditsException.class);
        }

        @Test
        void an_error_body_that_never_ends_is_read_to_a_limit_only() {
            Buffer endless = new Buffer();
            endless.writeUtf8(error("\"message\":\"first\"")).writeUtf8(" ".repeat(64 << 20));

            PortolanException failure = wire.refusal(Loopback.response(401).body(endless));

            assertThat(failure).isExactlyInstanceOf(AuthenticationException.class);
            assertThat(failure.details().raw().text()).hasSizeLessThan(2100);
        }

        @Test
        void the_beginning_of_a_body_that_is_not_json_is_kept_without_the_key() {
            String body = "upstream connect error for " + Loopback.KEY + "\n" + "\ud83c\udf0d".repeat(3000);

            assertThat(wire.refusal(503, body).details().raw().text())
                    .startsWith("\"upstream connect error for sk-…\\n")
                    .hasSizeBetween(1900, 2100);
        }

        @Test
        void a_byte_order_mark_before_an_error_is_no_part_of_it() {
            assertThat(wire.refusal(400, "\uFEFF" + error("\"message\":\"m\""))).hasMessageContaining(": m. ");
        }

        @Test
        void an_answer_without_a_body_is_not_one() {
            PortolanException failure = wire.refusal(Loopback.response(204));

            assertThat(failure).isExactlyInstanceOf(dev.portolan.api.error.MalformedResponseException.class);
            assertThat(failure.retryable()).isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "429, dev.portolan.api.error.RateLimitedException",
            "'\"429\"', dev.portolan.api.error.RateLimitedException",
            "402.0, dev.portolan.api.error.InsufficientCreditsException",
            "'\"server_error\"', dev.portolan.api.error.ProviderUnavailableException",
            "'\"invalid_api_key\"', dev.portolan.api.error.AuthenticationException",
            "'\"insufficient_quota\"', dev.portolan.api.error.InsufficientCreditsException",
            "'\"context_length_exceeded\"', dev.portolan.api.error.ContextTooLongException",
            "'\"content_filter\"', dev.portolan.api.error.ContentPolicyException",
            "null, dev.portolan.api.error.ProviderUnavailableException",
            "20, dev.portolan.api.error.ProviderUnavailableException",
        })
        void inside_a_good_answer_the_code_decides(String code, Class<? extends PortolanException> type) {
            assertThat(inside("{\"message\":\"x\",\"code\":" + code + "}")).isExactlyInstanceOf(type);
        }

        @Test
        void inside_a_good_answer_the_http_status_that_an_error_names_counts_too() {
            PortolanException failure = inside("{\"message\":\"x\",\"http_status\":404}");

            assertThat(failure).isExactlyInstanceOf(NotFoundException.class);
            assertThat(failure.details().httpStatus()).isEqualTo(404);
        }

        @Test
        void the_status_of_a_failed_answer_beats_the_one_that_its_body_names() {
            PortolanException failure = wire.refusal(401, error("\"code\":500,\"http_status\":404"));

            assertThat(failure).isExactlyInstanceOf(AuthenticationException.class);
            assertThat(failure.details().httpStatus()).isEqualTo(401);
            assertThat(failure.details().code()).isEqualTo("500");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"text\"", "5", "[]", "null", "true", "{}", "{\"message\":{}}"})
        void an_error_member_may_be_anything(String error) {
            assertThat(inside(error))
                    .isExactlyInstanceOf(ProviderUnavailableException.class)
                    .hasMessageStartingWith("OpenRouter reported an error for acme/large-1");
        }

        @Test
        void an_error_that_is_only_a_text_is_told() {
            assertThat(inside("\"upstream is busy\""))
                    .hasMessage("OpenRouter reported an error for acme/large-1: upstream is busy. Try again later, or"
                            + " use another model.");
        }
    }

    @Nested
    class Words {
        private static Stream<Arguments> words() {
            return Stream.of(
                    Arguments.of("context_length_exceeded", 400, ContextTooLongException.class, false),
                    Arguments.of("max_tokens_exceeded", 400, ContextTooLongException.class, false),
                    Arguments.of("token_limit_exceeded", 400, ContextTooLongException.class, false),
                    Arguments.of("string_too_long", 400, ContextTooLongException.class, false),
                    Arguments.of("authentication", 401, AuthenticationException.class, false),
                    Arguments.of("permission_denied", 403, PermissionDeniedException.class, false),
                    Arguments.of("payment_required", 402, InsufficientCreditsException.class, false),
                    Arguments.of("rate_limit_exceeded", 429, RateLimitedException.class, true),
                    Arguments.of("provider_overloaded", 503, ProviderUnavailableException.class, true),
                    Arguments.of("provider_unavailable", 502, ProviderUnavailableException.class, true),
                    Arguments.of("invalid_request", 400, InvalidRequestException.class, false),
                    Arguments.of("invalid_prompt", 400, InvalidRequestException.class, false),
                    Arguments.of("not_found", 404, NotFoundException.class, false),
                    Arguments.of("precondition_failed", 412, InvalidRequestException.class, false),
                    Arguments.of("payload_too_large", 413, PayloadTooLargeException.class, false),
                    Arguments.of("unprocessable", 422, InvalidRequestException.class, false),
                    Arguments.of("content_policy_violation", 400, ContentPolicyException.class, false),
                    Arguments.of("refusal", 400, ContentPolicyException.class, false),
                    Arguments.of("invalid_image", 400, InvalidRequestException.class, false),
                    Arguments.of("image_too_large", 400, InvalidRequestException.class, false),
                    Arguments.of("image_too_small", 400, InvalidRequestException.class, false),
                    Arguments.of("unsupported_image_format", 400, InvalidRequestException.class, false),
                    Arguments.of("image_download_failed", 400, InvalidRequestException.class, false),
                    Arguments.of("image_not_found", 404, NotFoundException.class, false),
                    Arguments.of("server", 500, ProviderUnavailableException.class, true),
                    Arguments.of("timeout", 504, CallTimeoutException.class, true));
        }

        @ParameterizedTest
        @MethodSource("words")
        void an_error_type_decides_wherever_it_stands(
                String word, int status, Class<? extends PortolanException> type, boolean retryable) {
            List<PortolanException> failures = List.of(
                    wire.refusal(status, error("\"metadata\":{\"error_type\":\"" + word + "\"}")),
                    wire.refusal(status, error("\"error_type\":\"" + word + "\"")),
                    wire.refusal(status, error("\"type\":\"" + word + "\"")),
                    wire.refusal(status, "{\"error\":{\"message\":\"x\"},\"error_type\":\"" + word + "\"}"),
                    wire.refusal(500, error("\"code\":500,\"metadata\":{\"error_type\":\"" + word + "\"}")),
                    inside("{\"code\":200,\"metadata\":{\"error_type\":\"" + word + "\"}}"),
                    inside("{\"error_type\":\"" + word + "\"}"));

            assertThat(failures).allSatisfy(failure -> {
                assertThat(failure).isExactlyInstanceOf(type);
                assertThat(failure.retryable()).isEqualTo(retryable);
                assertThat(failure.details().errorType()).isEqualTo(word);
            });
        }

        @Test
        void an_error_type_that_is_not_mapped_leaves_it_to_the_status() {
            String body = error("\"metadata\":{\"error_type\":\"unmapped\"}");

            assertThat(wire.refusal(500, body)).isExactlyInstanceOf(ProviderUnavailableException.class);
            assertThat(wire.refusal(402, body)).isExactlyInstanceOf(InsufficientCreditsException.class);
        }

        @Test
        void the_nearest_error_type_counts() {
            PortolanException failure = wire.refusal(
                    400,
                    "{\"error\":{\"error_type\":\"refusal\",\"type\":\"server\",\"metadata\":"
                            + "{\"error_type\":\"not_found\"}},\"error_type\":\"timeout\"}");

            assertThat(failure).isExactlyInstanceOf(ContentPolicyException.class);
            assertThat(failure.details().errorType()).isEqualTo("refusal");
        }

        @Test
        void a_code_that_says_more_than_invalid_request_is_believed() {
            assertThat(wire.refusal(400, error("\"type\":\"invalid_request\",\"code\":\"context_length_exceeded\"")))
                    .isExactlyInstanceOf(ContextTooLongException.class);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "This model's maximum context length is 8192 tokens.",
                    "prompt is too long: 201000 tokens > 200000 maximum",
                    "The input token count (1300000) exceeds the maximum number of tokens allowed (1048575).",
                    "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
                    "The prompt is longer than the model's context length.",
                    "Input is too long for requested model.",
                    "Context length exceeded"
                })
        void a_context_that_is_too_long_is_told_from_the_words_of_a_request_refused(String message) {
            String body = error("\"code\":400,\"message\":\"" + message + "\"");

            for (int status : new int[] {400, 413, 422}) {
                assertThat(wire.refusal(status, body)).isExactlyInstanceOf(ContextTooLongException.class);
            }
            assertThat(inside("\"" + message + "\"")).isExactlyInstanceOf(ContextTooLongException.class);
            assertThat(wire.refusal(500, body)).isExactlyInstanceOf(ProviderUnavailableException.class);
        }

        private static Stream<Arguments> availabilities() {
            return Stream.of(
                    Arguments.of("model_not_found", 400, "invalid_request", NotFoundException.class),
                    Arguments.of("wrong_endpoint", 400, "invalid_request", InvalidRequestException.class),
                    Arguments.of("no_endpoints", 404, "not_found", NotFoundException.class),
                    Arguments.of("model_deprecated", 404, "not_found", NotFoundException.class),
                    Arguments.of("model_unavailable_upstream", 404, "not_found", NotFoundException.class),
                    Arguments.of("capacity_exhausted", 429, "rate_limit_exceeded", RateLimitedException.class),
                    Arguments.of(
                            "temporarily_unavailable", 503, "provider_overloaded", ProviderUnavailableException.class),
                    Arguments.of("region_restricted", 403, "permission_denied", PermissionDeniedException.class),
                    Arguments.of("privacy_restricted", 404, "not_found", NotFoundException.class),
                    Arguments.of("constraint_filtered", 404, "not_found", NotFoundException.class),
                    Arguments.of("free_variant_ended", 404, "not_found", NotFoundException.class));
        }

        @ParameterizedTest
        @MethodSource("availabilities")
        void an_availability_code_decides_the_class_and_its_flag_whether_to_retry(
                String word, int status, String type, Class<? extends PortolanException> expected) {
            for (boolean retryable : new boolean[] {true, false}) {
                String error = "{\"message\":\"x\",\"error_type\":\"" + type + "\",\"http_status\":" + status
                        + ",\"availability\":{\"code\":\"" + word + "\",\"retryable\":" + retryable + "}}";
                for (PortolanException failure :
                        List.of(wire.refusal(status, "{\"error\":" + error + "}"), inside(error))) {
                    assertThat(failure).isExactlyInstanceOf(expected);
                    assertThat(failure.retryable()).isEqualTo(retryable);
                    assertThat(failure.details().httpStatus()).isEqualTo(status);
                    assertThat(failure.details().errorType()).isEqualTo(type);
                }
            }
        }

        @Test
        void an_availability_code_that_is_new_leaves_it_to_the_error_type() {
            PortolanException failure = wire.refusal(
                    403, error("\"error_type\":\"refusal\",\"availability\":{\"code\":\"new\",\"retryable\":true}"));

            assertThat(failure).isExactlyInstanceOf(ContentPolicyException.class);
            assertThat(failure.retryable()).isTrue();
        }
    }

    @Nested
    class Shapes {
        @Test
        void an_error_of_openai() {
            PortolanException failure = wire.refusal(
                    401,
                    error("\"message\":\"Incorrect key\",\"type\":\"invalid_request_error\",\"param\":null,"
                            + "\"code\":\"invalid_api_key\""));

            assertThat(failure).isExactlyInstanceOf(AuthenticationException.class);
            assertThat(failure.details().code()).isEqualTo("invalid_api_key");
        }

        @Test
        void an_error_of_anthropic() {
            PortolanException failure = wire.refusal(
                    529,
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"},"
                            + "\"request_id\":\"req_1\"}");

            assertThat(failure).isExactlyInstanceOf(ProviderUnavailableException.class);
            assertThat(failure.details().errorType()).isEqualTo("overloaded_error");
        }

        @Test
        void an_error_of_the_responses_api() {
            PortolanException failure =
                    wire.refusal(400, "{\"error\":{\"code\":\"invalid_prompt\",\"message\":\"x\"},\"metadata\":null}");

            assertThat(failure).isExactlyInstanceOf(InvalidRequestException.class);
        }

        @Test
        void an_error_without_an_error_member() {
            assertThat(wire.refusal(400, "{\"message\":\"top-level\",\"code\":\"insufficient_quota\"}"))
                    .isExactlyInstanceOf(InsufficientCreditsException.class)
                    .hasMessageContaining(": top-level. ");
            assertThat(wire.refusal(400, "{\"detail\":\"top-level\"}")).hasMessageContaining(": top-level. ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"error\":{\"code\":\"overloaded\",\"message\":\"secret\"}}",
                    "{\"error\":{\"type\":\"overloaded\",\"code\":null}}"
                })
        void the_code_of_the_provider_behind_is_found_in_its_raw_body_as_text_or_object(String raw) {
            String asText = "\"" + raw.replace("\"", "\\\"") + "\"";
            for (String value : List.of(raw, asText)) {
                PortolanException failure = wire.refusal(
                        502, error("\"message\":\"m\",\"metadata\":{\"provider_name\":\"P\",\"raw\":" + value + "}"));

                assertThat(failure.details().upstream()).isEqualTo("P");
                assertThat(failure.details().upstreamCode()).isEqualTo("overloaded");
            }
        }

        @Test
        void the_raw_error_is_kept_and_the_ids_are_found_in_the_headers() {
            String body = error("\"code\":500,\"new\":[1.10]");
            PortolanException failure = wire.refusal(Loopback.response(500)
                    .setHeader("cf-ray", "ray-1")
                    .setHeader("x-generation-id", "gen-9")
                    .body(body));

            assertThat(failure.details().raw()).isEqualTo(RawJson.parse(body));
            assertThat(failure.details().requestId()).isEqualTo("ray-1");
            assertThat(failure.details().generationId()).isEqualTo("gen-9");
        }

        @Test
        void an_error_of_a_stream_keeps_the_generation_and_says_that_no_retry_is_safe() {
            wire.server.enqueue(Loopback.response(200)
                    .setHeader("X-Generation-Id", "of-header")
                    .body("{}")
                    .build());
            try (Answer answer = wire.send()) {
                assertThat(answer.error("it finished with an error", "gen-2", null))
                        .isExactlyInstanceOf(ProviderUnavailableException.class)
                        .hasMessageContaining(": it finished with an error. ")
                        .satisfies(e -> assertThat(e.details().generationId()).isEqualTo("gen-2"));
            }
        }
    }

    @Nested
    class Waiting {
        @ParameterizedTest
        @CsvSource({
            "Retry-After, 40, 40000",
            "Retry-After, 0, 0",
            "Retry-After, 1.5, 1500",
            "Retry-After, 0.0001, 1",
            "Retry-After, 'Thu, 20 Aug 2026 12:00:30 GMT', 30000",
            "Retry-After, 'Thu, 20 Aug 2026 11:59:00 GMT', 0",
            "Retry-After-Ms, 250, 250",
            "retry-after-ms, 0, 0",
            "X-RateLimit-Reset, 1787227260000, 60000",
            "X-RateLimit-Reset, 1787227260, 60000",
            "X-RateLimit-Reset, 1787227100, 0",
        })
        void how_long_to_wait_is_read_from_the_headers(String name, String value, long millis) {
            PortolanException failure =
                    wire.refusal(rateLimited().setHeader(name, value).body(""));

            assertThat(failure.retryAfter()).contains(Duration.ofMillis(millis));
        }

        @ParameterizedTest
        @CsvSource({
            "Retry-After, soon",
            "Retry-After, -1",
            "Retry-After, 1e3",
            "Retry-After, 99999999999999999999",
            "Retry-After, ''",
            "Retry-After, 'Thu, 99 Aug 2026 12:00:30 GMT'",
            "Retry-After-Ms, soon",
            "Retry-After-Ms, 99999999999999999999",
            "X-RateLimit-Reset, 60",
            "X-RateLimit-Reset, soon",
            "X-RateLimit-Reset, 99999999999999999999",
        })
        void what_cannot_be_understood_is_no_time_to_wait(String name, String value) {
            for (int status : new int[] {408, 429, 503}) {
                PortolanException failure = wire.refusal(
                        Loopback.response(status).setHeader(name, value).body(""));

                assertThat(failure.retryAfter()).isEmpty();
                assertThat(failure.retryable()).isTrue();
            }
        }

        @Test
        void the_more_exact_header_comes_first_then_the_body_then_the_reset() {
            String body = error("\"availability\":{\"retry_after\":3},\"metadata\":{\"headers\":"
                    + "{\"X-RateLimit-Reset\":\"1787227205000\"}}");
            String reset = "1787227204000";

            assertThat(wire.refusal(rateLimited()
                                    .setHeader("Retry-After-Ms", 1000)
                                    .setHeader("Retry-After", 2)
                                    .setHeader("X-RateLimit-Reset", reset)
                                    .body(body))
                            .retryAfter())
                    .contains(Duration.ofSeconds(1));
            assertThat(wire.refusal(rateLimited()
                                    .setHeader("Retry-After", 2)
                                    .setHeader("X-RateLimit-Reset", reset)
                                    .body(body))
                            .retryAfter())
                    .contains(Duration.ofSeconds(2));
            assertThat(wire.refusal(rateLimited()
                                    .setHeader("X-RateLimit-Reset", reset)
                                    .body(body))
                            .retryAfter())
                    .contains(Duration.ofSeconds(3));
            assertThat(wire.refusal(rateLimited()
                                    .setHeader("X-RateLimit-Reset", reset)
                                    .body(body.replace("retry_after", "other")))
                            .retryAfter())
                    .contains(Duration.ofSeconds(4));
            assertThat(wire.refusal(rateLimited().body(body.replace("retry_after", "other")))
                            .retryAfter())
                    .contains(Duration.ofSeconds(5));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"1787227260000\"", "\"1787227260\"", "1787227260000", "1787227260"})
        void the_reset_may_stand_in_the_metadata(String reset) {
            PortolanException failure = wire.refusal(
                    429,
                    error("\"code\":429,\"message\":\"Rate limit exceeded: free-models-per-day\",\"metadata\":"
                            + "{\"headers\":{\"X-RateLimit-Limit\":\"50\",\"X-RateLimit-Remaining\":\"0\","
                            + "\"X-RateLimit-Reset\":" + reset + "},\"provider_name\":null}"));

            assertThat(failure.retryAfter()).contains(Duration.ofMinutes(1));
            assertThat(failure).hasMessageEndingWith("Wait, then try again. It asks to wait 60 s.");
        }

        @ParameterizedTest
        @CsvSource({"2.5, 2500", "0, 0", "0.0005, 0"})
        void the_availability_may_ask_for_parts_of_a_second(String seconds, long millis) {
            assertThat(inside("{\"code\":429,\"availability\":{\"retry_after\":" + seconds + "}}")
                            .retryAfter())
                    .contains(Duration.ofMillis(millis));
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "1e10", "\"soon\"", "null", "[]"})
        void an_odd_wait_in_the_availability_is_none(String seconds) {
            assertThat(inside("{\"code\":429,\"availability\":{\"retry_after\":" + seconds + "}}")
                            .retryAfter())
                    .isEmpty();
        }
    }

    @Nested
    class Secrets {
        private static final String OTHER_KEY = "sk-or-v1-" + "0a".repeat(32);

        @Test
        void a_key_that_a_server_repeats_is_blanked_out_wherever_it_stands() {
            PortolanException failure = wire.refusal(
                    401,
                    error("\"message\":\"Bad key " + OTHER_KEY + ", or (" + Loopback.KEY + ").\",\"metadata\":"
                            + "{\"provider_name\":\"of " + OTHER_KEY + "\"},\"availability\":{\"fallback_models\":[\""
                            + OTHER_KEY + "\"]}"));

            assertThat(failure)
                    .hasMessage("OpenRouter answered 401 for acme/large-1: Bad key sk-…, or (sk-…). It came from of"
                            + " sk-…. Check the API key. It suggests: sk-….");
        }

        @Test
        void a_word_with_sk_in_it_is_not_a_key() {
            assertThat(wire.refusal(400, error("\"message\":\"Ask-ing for risk-assessment\"")))
                    .hasMessageContaining("Ask-ing for risk-assessment");
        }

        @Test
        void what_may_echo_the_prompt_is_in_no_message() {
            String metadata = "\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"my secret prompt\\\"}}\","
                    + "\"flagged_input\":\"my secret prompt\",\"patterns\":[\"my secret prompt\"],\"reasons\":"
                    + "[\"my secret prompt\"],\"provider_name\":\"P\"}";
            for (int status : new int[] {400, 403, 429, 502}) {
                PortolanException failure =
                        wire.refusal(status, error("\"message\":\"Provider returned error\"," + metadata));

                assertThat(failure.toString()).doesNotContain("secret");
                assertThat(failure.details().toString()).doesNotContain("secret");
                assertThat(failure.details().raw().text()).contains("my secret prompt");
            }
        }

        @Test
        void a_body_that_is_not_json_is_in_no_message() {
            assertThat(wire.refusal(502, "<html>my secret prompt</html>").toString())
                    .doesNotContain("secret");
        }

        @Test
        void a_message_is_one_line_of_bounded_length() {
            String breaks = "a\\n\\n\\tb\\u001b[31m\\u0000c\\r";
            PortolanException failure = wire.refusal(
                    500,
                    error("\"message\":\"" + breaks + "x".repeat(5000) + "\",\"metadata\":{\"provider_name\":\""
                            + breaks + "y".repeat(5000) + "\"},\"availability\":{\"fallback_models\":[\"" + breaks
                            + "z".repeat(5000) + "\"]}"));

            assertThat(failure.getMessage())
                    .contains(": a b [31m c xx", "It came from a b [31m c yy", "It suggests: a b [31m c zz")
                    .hasSizeLessThan(1500)
                    .matches(message -> message.chars().noneMatch(Character::isISOControl), "is one line");
        }
    }

    @Nested
    class Fuzz {
        private static final String[] INSERTIONS = {
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "null",
            "true",
            "1e999",
            "-1",
            "\\u",
            "\\",
            "\u0000",
            "\n",
            "é",
            "\"error\":",
            "\"code\":",
            "{\"error\":{\"message\":",
            "9".repeat(400),
            "[".repeat(300),
            " " + Loopback.KEY + " "
        };

        @Test
        void a_body_of_any_kind_becomes_an_exception_of_ours() {
            int[] statuses = {300, 400, 401, 403, 404, 408, 413, 429, 500, 503, 529, 599};
            Seeds.each(1500, random -> {
                String fixture = Fixtures.ERRORS.get(random.nextInt(Fixtures.ERRORS.size()));
                byte[] body = mutated(random, Fixtures.bytes(fixture));
                int status = statuses[random.nextInt(statuses.length)];

                check(wire.refusal(Loopback.response(status).body(new Buffer().write(body))), status);
            });
        }

        @Test
        void an_error_member_of_any_kind_becomes_an_exception_of_ours() {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            try (Answer answer = wire.send()) {
                Seeds.each(4000, random -> {
                    String fixture = Fixtures.ERRORS.get(random.nextInt(Fixtures.ERRORS.size()));
                    String text = new String(mutated(random, Fixtures.bytes(fixture)), StandardCharsets.UTF_8);
                    String error = text.substring(text.indexOf('{', 1) < 0 ? 0 : text.indexOf('{', 1));
                    try {
                        RawJson value = RawJson.parse(error.substring(0, error.lastIndexOf('}')));
                        check(answer.error(value, null, null), 0);
                    } catch (IllegalArgumentException | IndexOutOfBoundsException notJson) {
                        // cannot be an error member
                    }
                });
            }
        }

        private static void check(PortolanException failure, int status) {
            assertThat(failure.details().httpStatus()).isGreaterThanOrEqualTo(status);
            assertThat(failure.getMessage())
                    .startsWith("OpenRouter ")
                    .hasSizeLessThan(1500)
                    .doesNotContain(Loopback.KEY)
                    .matches(message -> message.chars().noneMatch(Character::isISOControl), "is one line");
        }

        private static byte[] mutated(Random random, byte[] body) {
            StringBuilder text = new StringBuilder(new String(body, StandardCharsets.UTF_8));
            for (int times = random.nextInt(6); times >= 0; times--) {
                int at = random.nextInt(text.length() + 1);
                int end = Math.min(text.length(), at + random.nextInt(20));
                switch (random.nextInt(5)) {
                    case 0 -> text.delete(at, end);
                    case 1 -> text.insert(at, INSERTIONS[random.nextInt(INSERTIONS.length)]);
                    case 2 -> text.insert(at, text.substring(at, end));
                    case 3 -> replaceValue(random, text, at);
                    default -> text.setLength(random.nextInt(4) == 0 ? at : text.length());
                }
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            return bytes;
        }

        /** Puts another JSON value where one is, so that the result can still be JSON. */
        private static void replaceValue(Random random, StringBuilder text, int from) {
            String[] values = {"null", "[]", "{}", "0", "-1.5", "1e300", "\"\"", "\"x\"", "true", "[[{}]]"};
            int colon = text.indexOf("\": ", from);
            if (colon >= 0) {
                int end = text.indexOf("\n", colon);
                String line = text.substring(colon + 3, end < 0 ? text.length() : end);
                if (!line.startsWith("{") && !line.startsWith("[")) {
                    String value = values[random.nextInt(values.length)];
                    text.replace(colon + 3, colon + 3 + line.length(), value + (line.endsWith(",") ? "," : ""));
                }
            }
        }
    }
}
