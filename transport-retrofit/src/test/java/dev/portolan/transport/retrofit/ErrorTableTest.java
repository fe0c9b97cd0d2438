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
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference's tables of errors (OpenRouter reference: errors), row by row: what a caller sees of each. */
class ErrorTableTest {
    private static final String NO = "no";
    private static final String YES = "retry";

    private static PortolanException decoded(int status, Headers headers, WireError error) {
        return new ErrorDecoder(Clock.fixed(Loopback.NOW, ZoneOffset.UTC))
                .decode(error, status, headers, "OpenRouter", Loopback.MODEL, null, null);
    }

    /** With single quotes for double ones. */
    private static PortolanException refused(int status, String body, String... headers) {
        return decoded(status, Headers.of(headers), WireError.ofBody(body.replace('\'', '"')));
    }

    private static PortolanException inside(String error) {
        return decoded(200, Headers.of(), WireError.ofValue(RawJson.parse(error.replace('\'', '"')), Map.of()));
    }

    /** One row: an answer, and what a caller sees of it. */
    record Row(
            int status,
            String body,
            Class<? extends PortolanException> type,
            String retry,
            @Nullable String code,
            @Nullable String word,
            String telling) {
        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    private static Row row(
            int status,
            String body,
            Class<? extends PortolanException> type,
            String retry,
            @Nullable String code,
            @Nullable String word,
            String telling) {
        return new Row(status, body, type, retry, code, word, telling);
    }

    private static Row type(int status, String word, Class<? extends PortolanException> type, String retry) {
        String body = "{'error':{'code':" + status + ",'message':'m','metadata':{'error_type':'" + word + "'}}}";
        return row(status, body, type, retry, String.valueOf(status), word, ": m. ");
    }

    private static Row availability(
            int status, String code, String word, Class<? extends PortolanException> type, String retry) {
        String body = "{'error':{'message':'m','error_type':'" + word + "','http_status':" + status
                + ",'availability':{'code':'" + code + "','retryable':" + retry.equals(YES)
                + ",'requested_models':['a/b'],'docs_url':'https://d'}}}";
        return row(status, body, type, retry, null, word, ": m. ");
    }

    static Stream<Row> shapes() {
        return Stream.of(
                row(
                        402,
                        "{'error':{'code':402,'message':'Insufficient credits','metadata':{'error_type':"
                                + "'payment_required'}},'user_id':'user_x','openrouter_metadata':{}}",
                        InsufficientCreditsException.class,
                        NO,
                        "402",
                        "payment_required",
                        "OpenRouter answered 402 for acme/large-1: Insufficient credits. Top up the account"),
                row(
                        429,
                        "{'error':{'message':'busy','error_type':'rate_limit_exceeded','http_status':429,"
                                + "'availability':{'code':'capacity_exhausted','retryable':true,'requested_models':['a/b'],"
                                + "'docs_url':'x'},'metadata':{'previous_errors':[{'provider':'p','code':'c','status':429}]}}}",
                        RateLimitedException.class,
                        YES,
                        null,
                        "rate_limit_exceeded",
                        ": busy. Wait, then try again."),
                row(
                        401,
                        "{'error':{'message':'m','type':'invalid_request_error','param':null,'code':'invalid_api_key'}}",
                        AuthenticationException.class,
                        NO,
                        "invalid_api_key",
                        "invalid_request_error",
                        ": m. Check"),
                row(
                        401,
                        "{'error':{'message':'m','type':'invalid_request_error','param':null,'code':null}}",
                        AuthenticationException.class,
                        NO,
                        null,
                        "invalid_request_error",
                        ": m. Check"),
                row(
                        400,
                        "{'error':{'code':'invalid_prompt','message':'m'},'metadata':null}",
                        InvalidRequestException.class,
                        NO,
                        "invalid_prompt",
                        null,
                        ": m. Correct"),
                row(
                        400,
                        "{'status':'failed','error':{'code':'x','message':'m'},'error_type':'refusal'}",
                        ContentPolicyException.class,
                        NO,
                        "x",
                        "refusal",
                        ": m. Change what is asked"),
                row(
                        400,
                        "{'type':'error','error':{'type':'invalid_request_error','message':'m'},'request_id':'r'}",
                        InvalidRequestException.class,
                        NO,
                        null,
                        "invalid_request_error",
                        ": m. Correct"),
                row(
                        403,
                        "<html>Attention Required! | Cloudflare</html>",
                        PermissionDeniedException.class,
                        NO,
                        null,
                        null,
                        "answered 403 for acme/large-1. Check the"),
                row(
                        413,
                        "<html>",
                        PayloadTooLargeException.class,
                        NO,
                        null,
                        null,
                        "answered 413 for acme/large-1. Send"),
                row(502, "", ProviderUnavailableException.class, YES, null, null, "answered 502 for acme/large-1. Try"),
                row(
                        500,
                        "{'error':{'code':'500','message':'m','metadata':null}}",
                        ProviderUnavailableException.class,
                        YES,
                        "500",
                        null,
                        ": m. Try"),
                row(
                        500,
                        "{'error':{'code':null,'message':null}}",
                        ProviderUnavailableException.class,
                        YES,
                        null,
                        null,
                        "answered 500 for acme/large-1. Try"),
                row(
                        429,
                        "{'error':'slow down','error_type':'rate_limit_exceeded'}",
                        RateLimitedException.class,
                        YES,
                        null,
                        "rate_limit_exceeded",
                        ": slow down. Wait"),
                row(
                        404,
                        "{'error':null,'message':'m'}",
                        NotFoundException.class,
                        NO,
                        null,
                        null,
                        "404 for acme/large-1"),
                row(404, "[1]", NotFoundException.class, NO, null, null, "404 for acme/large-1. Check the base URL"),
                row(404, "7", NotFoundException.class, NO, null, null, "404 for acme/large-1. Check the base URL"),
                row(
                        503,
                        "{'error':[]}",
                        ProviderUnavailableException.class,
                        YES,
                        null,
                        null,
                        "503 for acme/large-1. Try"));
    }

    /** As servers other than OpenRouter write them. */
    static Stream<Row> dialects() {
        Class<InvalidRequestException> invalid = InvalidRequestException.class;
        Class<ContextTooLongException> tooLong = ContextTooLongException.class;
        String validation = "validation";
        return Stream.of(
                row(400, "[{'error':{'code':400,'message':'m','status':'X'}}]", invalid, NO, "400", null, ": m. "),
                row(
                        422,
                        "{'object':'error','message':{'detail':[{'type':'extra_forbidden','loc':['body','x'],'msg':'m',"
                                + "'input':'secret'}]},'type':'invalid_request_error','code':null}",
                        invalid,
                        NO,
                        null,
                        "invalid_request_error",
                        ": body.x: m. "),
                row(400, "{'detail':{'error':'Invalid model'}}", invalid, NO, null, null, ": Invalid model. "),
                row(400, "{'detail':['a','b']}", invalid, NO, null, null, ": a; b. "),
                row(400, "{'errors':[{'message':'m'},{'message':'n'}]}", invalid, NO, null, null, ": m; n. "),
                row(
                        400,
                        "{'error':true,'message':'m','code':'insufficient_quota'}",
                        InsufficientCreditsException.class,
                        NO,
                        "insufficient_quota",
                        null,
                        ": m. "),
                row(
                        401,
                        "{'error':{'message':'a','message':'b','n':1e999}}",
                        AuthenticationException.class,
                        NO,
                        null,
                        null,
                        ": b. "),
                row(422, "{'error':'m','error_type':'validation'}", invalid, NO, null, validation, ": m. "),
                row(
                        422,
                        "{'error':'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096',"
                                + "'error_type':'validation'}",
                        tooLong,
                        NO,
                        null,
                        validation,
                        ""),
                row(
                        400,
                        "{'error':{'code':400,'message':'Provider returned error','metadata':{'provider_name':'OpenAI',"
                                + "'raw':{'error':{'message':'m','code':'context_length_exceeded'}}}}}",
                        tooLong,
                        NO,
                        "400",
                        null,
                        "It came from OpenAI."),
                row(
                        400,
                        "{'error':{'code':400,'message':'Provider returned error','type':'invalid_request','metadata':"
                                + "{'raw':{'error':{'code':'content_filter'}}}}}",
                        ContentPolicyException.class,
                        NO,
                        "400",
                        "invalid_request",
                        ""),
                row(
                        502,
                        "{'error':{'code':502,'message':'m','metadata':{'raw':{'error':{'code':'invalid_api_key'}}}}}",
                        ProviderUnavailableException.class,
                        YES,
                        "502",
                        null,
                        ""),
                row(404, "<h1>404 page not found</h1>", NotFoundException.class, NO, null, null, "such as /v1."),
                row(404, "{'detail':'Not Found'}", NotFoundException.class, NO, null, null, "such as /v1."),
                row(404, "{'error':'no such model'}", NotFoundException.class, NO, null, null, "Choose another"));
    }

    static Stream<Row> statuses() {
        Class<InvalidRequestException> invalid = InvalidRequestException.class;
        Class<ProviderUnavailableException> down = ProviderUnavailableException.class;
        return Stream.of(
                        row(300, "", invalid, NO, null, null, "Set the base URL"),
                        row(301, "", invalid, NO, null, null, "Set the base URL"),
                        row(302, "", invalid, NO, null, null, "Set the base URL"),
                        row(303, "", invalid, NO, null, null, "Set the base URL"),
                        row(304, "", invalid, NO, null, null, "Correct the request."),
                        row(307, "", invalid, NO, null, null, "Set the base URL"),
                        row(308, "", invalid, NO, null, null, "Set the base URL"),
                        row(400, "", invalid, NO, null, null, "Correct the request."),
                        row(401, "", AuthenticationException.class, NO, null, null, "Check the API key."),
                        row(402, "", InsufficientCreditsException.class, NO, null, null, "Top up"),
                        row(403, "", PermissionDeniedException.class, NO, null, null, "permissions, guardrails"),
                        row(404, "", NotFoundException.class, NO, null, null, "404 for acme/large-1"),
                        row(405, "", invalid, NO, null, null, "Correct the request."),
                        row(408, "", CallTimeoutException.class, YES, null, null, "Try again, or allow more time."),
                        row(409, "", invalid, NO, null, null, "Correct the request."),
                        row(410, "", NotFoundException.class, NO, null, null, "Choose another model"),
                        row(412, "", invalid, NO, null, null, "Correct the request."),
                        row(413, "", PayloadTooLargeException.class, NO, null, null, "Send smaller or fewer files."),
                        row(422, "", invalid, NO, null, null, "Correct the request."),
                        row(429, "", RateLimitedException.class, YES, null, null, "Wait, then try again."),
                        row(500, "", down, YES, null, null, "Try again later"),
                        row(502, "", down, YES, null, null, "Try again later"),
                        row(503, "", down, YES, null, null, "Try again later"),
                        row(504, "", CallTimeoutException.class, YES, null, null, "Try again, or allow more time."),
                        row(520, "", down, YES, null, null, "Try again later"),
                        row(521, "", down, YES, null, null, "Try again later"),
                        row(522, "", CallTimeoutException.class, YES, null, null, "Try again, or allow more time."),
                        row(523, "", down, YES, null, null, "Try again later"),
                        row(524, "", CallTimeoutException.class, YES, null, null, "Try again, or allow more time."),
                        row(525, "", down, YES, null, null, "Try again later"),
                        row(526, "", down, YES, null, null, "Try again later"),
                        row(529, "", down, YES, null, null, "Try again later"),
                        row(530, "", down, YES, null, null, "Try again later"))
                .flatMap(row -> Stream.of(row, withMetadataNull(row)));
    }

    private static Row withMetadataNull(Row row) {
        String body = "{'error':{'code':" + row.status() + ",'message':'m','metadata':null}}";
        return row(row.status(), body, row.type(), row.retry(), "" + row.status(), null, row.telling());
    }

    static Stream<Row> types() {
        return Stream.of(
                type(400, "context_length_exceeded", ContextTooLongException.class, NO),
                type(400, "max_tokens_exceeded", ContextTooLongException.class, NO),
                type(400, "token_limit_exceeded", ContextTooLongException.class, NO),
                type(400, "string_too_long", ContextTooLongException.class, NO),
                type(401, "authentication", AuthenticationException.class, NO),
                type(403, "permission_denied", PermissionDeniedException.class, NO),
                type(402, "payment_required", InsufficientCreditsException.class, NO),
                type(429, "rate_limit_exceeded", RateLimitedException.class, YES),
                type(503, "provider_overloaded", ProviderUnavailableException.class, YES),
                type(529, "provider_overloaded", ProviderUnavailableException.class, YES),
                type(502, "provider_unavailable", ProviderUnavailableException.class, YES),
                type(400, "invalid_request", InvalidRequestException.class, NO),
                type(400, "invalid_prompt", InvalidRequestException.class, NO),
                type(404, "not_found", NotFoundException.class, NO),
                type(412, "precondition_failed", InvalidRequestException.class, NO),
                type(413, "payload_too_large", PayloadTooLargeException.class, NO),
                type(422, "unprocessable", InvalidRequestException.class, NO),
                type(400, "content_policy_violation", ContentPolicyException.class, NO),
                type(400, "refusal", ContentPolicyException.class, NO),
                type(400, "invalid_image", InvalidRequestException.class, NO),
                type(400, "image_too_large", InvalidRequestException.class, NO),
                type(400, "image_too_small", InvalidRequestException.class, NO),
                type(400, "unsupported_image_format", InvalidRequestException.class, NO),
                type(400, "image_download_failed", InvalidRequestException.class, NO),
                type(404, "image_not_found", NotFoundException.class, NO),
                type(500, "server", ProviderUnavailableException.class, YES),
                type(504, "timeout", CallTimeoutException.class, YES),
                type(500, "unmapped", ProviderUnavailableException.class, YES),
                type(400, "a_word_of_tomorrow", InvalidRequestException.class, NO));
    }

    static Stream<Row> availabilities() {
        return Stream.of(
                availability(400, "model_not_found", "invalid_request", NotFoundException.class, NO),
                availability(400, "wrong_endpoint", "invalid_request", InvalidRequestException.class, NO),
                availability(404, "no_endpoints", "not_found", NotFoundException.class, NO),
                availability(404, "no_endpoints", "not_found", NotFoundException.class, YES),
                availability(404, "model_deprecated", "not_found", NotFoundException.class, NO),
                availability(404, "model_unavailable_upstream", "not_found", NotFoundException.class, NO),
                availability(404, "model_unavailable_upstream", "not_found", NotFoundException.class, YES),
                availability(429, "capacity_exhausted", "rate_limit_exceeded", RateLimitedException.class, YES),
                availability(429, "capacity_exhausted", "rate_limit_exceeded", RateLimitedException.class, NO),
                availability(
                        503, "temporarily_unavailable", "provider_overloaded", ProviderUnavailableException.class, YES),
                availability(403, "region_restricted", "permission_denied", PermissionDeniedException.class, NO),
                availability(404, "privacy_restricted", "not_found", NotFoundException.class, NO),
                availability(404, "constraint_filtered", "not_found", NotFoundException.class, NO),
                availability(404, "free_variant_ended", "not_found", NotFoundException.class, NO),
                availability(404, "a_word_of_tomorrow", "not_found", NotFoundException.class, NO));
    }

    @ParameterizedTest
    @MethodSource({"shapes", "dialects", "statuses", "types", "availabilities"})
    void a_row_of_the_reference(Row row) {
        PortolanException failure = refused(row.status(), row.body());

        assertThat(failure).isExactlyInstanceOf(row.type()).hasMessageContaining(row.telling());
        assertThat(failure.retryable()).isEqualTo(row.retry().equals(YES));
        assertThat(failure.mayBeCharged()).isFalse();
        assertThat(failure.details().httpStatus()).isEqualTo(row.status());
        assertThat(failure.details().code()).isEqualTo(row.code());
        assertThat(failure.details().errorType()).isEqualTo(row.word());
    }

    /** Text Generation Inference answers so with status 200, and would be asked again as if it were down. */
    @Test
    void inside_a_good_answer_what_stands_beside_an_error_counts() {
        Map<String, RawJson> beside = Map.of(
                "error_type", RawJson.of("validation"),
                "request_id", RawJson.of("r-1"),
                "message", RawJson.of("m"),
                "deep", RawJson.parse("[".repeat(100) + "]".repeat(100)));

        PortolanException failure =
                decoded(200, Headers.of(), WireError.ofValue(RawJson.of("`top_p` must be > 0.0"), beside));
        assertThat(failure)
                .isExactlyInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(": `top_p` must be > 0.0. ");
        assertThat(failure.details().requestId()).isEqualTo("r-1");
        assertThat(decoded(200, Headers.of(), WireError.ofValue(RawJson.of(true), beside)))
                .hasMessageContaining(": m. ");
    }

    /** A stream or an answer with status 200 has only what the error itself says. */
    @ParameterizedTest
    @MethodSource({"types", "availabilities"})
    void a_row_of_the_reference_inside_a_good_answer(Row row) {
        String body = row.body();
        PortolanException failure = inside(body.substring("{'error':".length(), body.length() - 1));

        assertThat(failure).isExactlyInstanceOf(row.type()).hasMessageContaining(row.telling());
        assertThat(failure.retryable()).isEqualTo(row.retry().equals(YES));
        assertThat(failure.details().httpStatus()).isEqualTo(row.status());
    }

    static Stream<Row> wordsOnly() {
        return Stream.of(
                row(
                        200,
                        "{'message':'m','type':'invalid_request_error','code':null}",
                        InvalidRequestException.class,
                        NO,
                        null,
                        null,
                        ""),
                row(
                        200,
                        "{'message':'m','type':'error','code':'invalid_request_error'}",
                        InvalidRequestException.class,
                        NO,
                        null,
                        null,
                        ""),
                row(200, "{'message':'m','type':'not_found_error'}", NotFoundException.class, NO, null, null, ""),
                row(
                        200,
                        "{'message':'m','type':'billing_error'}",
                        InsufficientCreditsException.class,
                        NO,
                        null,
                        null,
                        ""),
                row(
                        200,
                        "{'message':'m','type':'request_too_large'}",
                        PayloadTooLargeException.class,
                        NO,
                        null,
                        null,
                        ""),
                row(200, "{'message':'m','type':'timeout_error'}", CallTimeoutException.class, YES, null, null, ""),
                row(
                        200,
                        "{'message':'m','code':'server_error'}",
                        ProviderUnavailableException.class,
                        YES,
                        null,
                        null,
                        ""),
                row(
                        429,
                        "{'message':'m','code':429,'type':'invalid_request_error'}",
                        RateLimitedException.class,
                        YES,
                        null,
                        null,
                        ""),
                row(
                        503,
                        "{'message':'m','code':200,'http_status':503}",
                        ProviderUnavailableException.class,
                        YES,
                        null,
                        null,
                        ""),
                row(404, "{'message':'m','code':1301,'http_status':404}", NotFoundException.class, NO, null, null, ""));
    }

    @ParameterizedTest
    @MethodSource("wordsOnly")
    void words_decide_where_there_is_no_status(Row row) {
        PortolanException failure = inside(row.body());

        assertThat(failure).isExactlyInstanceOf(row.type());
        assertThat(failure.retryable()).isEqualTo(row.retry().equals(YES));
        assertThat(failure.details().httpStatus()).isEqualTo(row.status());
    }

    @Test
    void a_reset_counts_only_for_a_rate_limit() {
        String soon = String.valueOf(Loopback.NOW.plusSeconds(9).getEpochSecond());

        assertThat(refused(429, "", "X-RateLimit-Reset", soon).retryAfter()).contains(Duration.ofSeconds(9));
        assertThat(refused(429, "", "X-RateLimit-Reset", soon + "500").retryAfter())
                .contains(Duration.ofMillis(9500));
        for (int status : new int[] {400, 402, 408, 500, 502, 503, 524, 529}) {
            assertThat(refused(status, "", "X-RateLimit-Reset", soon).retryAfter())
                    .isEmpty();
        }
    }

    @Test
    void how_long_to_wait_is_told_in_a_unit_that_loses_nothing() {
        assertThat(refused(429, "", "Retry-After", "2")).hasMessageEndingWith(" It asks to wait 2 s.");
        assertThat(refused(429, "", "Retry-After", "1.5")).hasMessageEndingWith(" It asks to wait 1500 ms.");
        assertThat(refused(429, "", "Retry-After-Ms", "250.4")).hasMessageEndingWith(" It asks to wait 251 ms.");
        assertThat(refused(503, "", "Retry-After", "Thu, 20 Aug 2026 12:00:30 GMT"))
                .hasMessageEndingWith(" It asks to wait 30 s.");
    }

    @Test
    void the_remedy_does_not_contradict_the_providers_word() {
        String no = "{'error':{'availability':{'retryable':false}}}";
        String yes = "{'error':{'availability':{'retryable':true}}}";

        for (int status : new int[] {408, 429, 503}) {
            assertThat(refused(status, no))
                    .hasMessageEndingWith(" Use another model: it says that trying again does not help.")
                    .hasMessageNotContaining("ry again");
        }
        assertThat(refused(404, yes)).hasMessageEndingWith(" It says that trying again later can help too.");
        assertThat(refused(503, yes)).hasMessageEndingWith(" Try again later, or use another model.");
    }

    @Test
    void the_name_of_the_request_is_found_in_the_body_too() {
        String body = "{'type':'error','error':{'type':'overloaded_error','message':'m'},'request_id':'req_1'}";

        assertThat(refused(529, body, "CF-Ray", "ray").details().requestId()).isEqualTo("req_1");
        assertThat(refused(529, body, "X-Request-Id", "id").details().requestId())
                .isEqualTo("id");
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 10_000, 1_000_000})
    void an_error_that_is_nested_without_end_leaves_the_status(int depth) {
        for (String body : List.of(
                "[".repeat(depth) + "]".repeat(depth),
                "{'error':".repeat(depth) + "1" + "}".repeat(depth),
                "{'error':{'message':'m','metadata':{'raw':" + "[".repeat(depth) + "]".repeat(depth) + "}}}",
                "{'error':{'metadata':{'raw':'" + "[".repeat(depth) + "'}}}")) {
            assertThat(refused(402, body)).isExactlyInstanceOf(InsufficientCreditsException.class);
        }
    }

    @Test
    void a_message_is_cut_between_two_characters_and_has_no_control_characters() {
        PortolanException failure =
                refused(500, "{'error':{'message':'" + "\u0085\u009b\u2028x" + "y".repeat(398) + "🌍🌍'}}");

        assertThat(failure.getMessage())
                .contains(": x" + "y".repeat(398) + "…")
                .matches(text -> text.chars().noneMatch(Character::isISOControl));
    }
}
