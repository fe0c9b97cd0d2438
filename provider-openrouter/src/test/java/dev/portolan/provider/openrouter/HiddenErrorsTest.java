package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.testkit.simulator.CannedResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Errors, wherever they hide: in the status, in a reply that looks fine, in a stream
 * (OpenRouter reference: errors §1, streaming §5).
 */
class HiddenErrorsTest {
    private static final String DONE = "data: [DONE]\n\n";
    private static final String TEXT = "data: {\"choices\":[{\"delta\":{\"content\":\"so far\"}}]}\n\n";

    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @MethodSource
    void each_refusal_has_the_class_of_what_to_do(String fixture, int status, Class<? extends PortolanException> type) {
        CannedResponse refusal = CannedResponse.json(status, Fixtures.text(fixture));

        PortolanException blocking = catchThrowableOfType(PortolanException.class, () -> server.complete(refusal));
        PortolanException streamed = catchThrowableOfType(PortolanException.class, () -> server.stream(refusal));

        assertThat(blocking).isExactlyInstanceOf(type);
        assertThat(streamed).isExactlyInstanceOf(type).hasMessage(blocking.getMessage());
        assertThat(blocking.details().httpStatus()).isEqualTo(status);
        assertThat(blocking.details().model()).hasToString("openrouter/acme/large-1");
        assertThat(blocking.partial()).isEmpty();
    }

    static Stream<Arguments> each_refusal_has_the_class_of_what_to_do() {
        return Stream.of(
                Arguments.of("error-400-invalid-request.json", 400, InvalidRequestException.class),
                Arguments.of("error-401.json", 401, AuthenticationException.class),
                Arguments.of("error-402.json", 402, InsufficientCreditsException.class),
                Arguments.of("error-403-guardrail-metadata.json", 403, PermissionDeniedException.class),
                Arguments.of("error-404-availability.json", 404, NotFoundException.class),
                Arguments.of("error-404-no-providers.json", 404, NotFoundException.class),
                Arguments.of("error-408.json", 408, CallTimeoutException.class),
                Arguments.of("error-422.json", 422, InvalidRequestException.class),
                Arguments.of("error-429-availability.json", 429, RateLimitedException.class),
                Arguments.of("error-429-provider.json", 429, RateLimitedException.class),
                Arguments.of("error-500-masked.json", 500, ProviderUnavailableException.class),
                Arguments.of("error-502-provider.json", 502, ProviderUnavailableException.class),
                Arguments.of("error-503.json", 503, ProviderUnavailableException.class),
                Arguments.of("error-524.json", 524, CallTimeoutException.class));
    }

    @Test
    void a_flagged_prompt_is_a_refusal_that_does_not_repeat_it() {
        PortolanException error = catchThrowableOfType(
                PortolanException.class,
                () -> server.complete(CannedResponse.json(403, Fixtures.text("error-403-moderation.json"))));

        assertThat(error).isInstanceOfAny(ContentPolicyException.class, PermissionDeniedException.class);
        assertThat(error.getMessage()).doesNotContain("this text was");
    }

    @Test
    void a_refusal_tells_how_long_to_wait() {
        RateLimitedException error = catchThrowableOfType(
                RateLimitedException.class,
                () -> server.complete(CannedResponse.json(429, Fixtures.text("error-429-availability.json"))
                        .header("Retry-After", "40")));

        assertThat(error.retryAfter()).contains(Duration.ofSeconds(40));
        assertThat(error.retryable()).isTrue();
        assertThat(error.details().fallbackModels()).containsExactly("acme/mid-1");
    }

    @Test
    void an_error_of_a_choice_carries_the_text_that_came_with_it() {
        ContextTooLongException error = catchThrowableOfType(
                ContextTooLongException.class,
                () -> server.complete(json("{'id':'g1','choices':[{'index':0,'finish_reason':'error','error':"
                        + "{'code':400,'message':'Too long','metadata':{'error_type':'context_length_exceeded'}},"
                        + "'message':{'role':'assistant','content':'so far'}}]}")));

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
        assertThat(error.details().generationId()).isEqualTo("g1");
        assertThat(error.retryable()).isFalse();
    }

    @Test
    void a_failed_choice_that_does_not_say_why_is_a_failure_all_the_same() {
        PortolanException error = catchThrowableOfType(
                PortolanException.class,
                () -> server.complete(json("{'choices':[{'finish_reason':'error','message':{'content':'so far'}}]}")));

        assertThat(error).isInstanceOf(ProviderUnavailableException.class);
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "''"})
    void an_error_that_is_none_is_tolerated(String none) {
        String reply = json("{'error':" + none + ",'choices':[{'error':" + none
                + ",'finish_reason':'stop','message':{'content':'a'}}]}");
        String chunk = reply.replace("message", "delta");

        assertThat(server.complete(reply).text()).isEqualTo("a");
        assertThat(stream("data: " + chunk + "\n\n" + DONE).response().text()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'code':429,'message':'Slow down'}",
                "{'code':'429','message':'Slow down'}",
                "{'code':'rate_limit_exceeded','message':'Slow down'}",
                "{'error_type':'rate_limit_exceeded','message':'Slow down'}",
                "{'type':'rate_limit_error','message':'Slow down','param':null,'code':null}",
                "{'http_status':429,'message':'Slow down'}",
                "{'message':'Slow down','metadata':{'error_type':'rate_limit_exceeded'}}",
                "{'code':null,'message':'Slow down','metadata':null,'availability':{'code':'capacity_exhausted'}}",
            })
    void the_code_of_an_error_is_read_in_every_spelling(String error) {
        assertThatThrownBy(() -> server.complete(json("{'error':" + error + "}")))
                .isInstanceOf(RateLimitedException.class)
                .hasMessageContaining("Slow down");
        RateLimitedException inStream = catchThrowableOfType(
                RateLimitedException.class,
                () -> stream(TEXT + "data: " + json("{'error':" + error + "}") + "\n\n" + DONE)
                        .response());
        assertThat(inStream.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'message':'Boom','code':'server_error'}",
                "{'message':'Boom','code':502}",
                "{'message':'Boom'}",
                "'Boom'",
                "{}",
                "[]",
                "7",
                "true",
            })
    void an_error_in_any_shape_ends_a_stream_with_the_text_so_far(String error) {
        for (String chunk : List.of(
                "{'error':" + error + "}",
                "{'choices':[],'error':" + error + "}",
                "{'choices':[{'index':0,'delta':{'content':''},'finish_reason':'error','error':" + error + "}]}")) {
            PortolanException failure = catchThrowableOfType(
                    PortolanException.class,
                    () -> stream(TEXT + "data: " + json(chunk) + "\n\n").response());

            assertThat(failure).as(chunk).isInstanceOf(ProviderUnavailableException.class);
            assertThat(failure.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
            assertThat(failure.retryable()).isFalse();
        }
    }

    @Test
    void a_stream_that_ends_with_an_error_and_no_reason_has_failed() {
        PortolanException failure = catchThrowableOfType(
                PortolanException.class,
                () -> stream(TEXT + "data: " + json("{'choices':[{'delta':{},'finish_reason':'error'}]}") + "\n\n"
                                + DONE)
                        .response());

        assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
        assertThat(failure.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @Test
    void an_error_as_the_first_event_has_no_partial_reply_and_may_be_retried() {
        PortolanException failure = catchThrowableOfType(
                PortolanException.class,
                () -> stream("data: " + json("{'error':{'code':503,'message':'Busy'}}") + "\n\n")
                        .response());

        assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
        assertThat(failure.partial()).isEmpty();
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void a_stream_that_failed_fails_the_same_way_ever_after() {
        ChatStream stream = stream(TEXT);
        BrokenStreamException first = catchThrowableOfType(BrokenStreamException.class, stream::response);

        assertThatThrownBy(stream::next).isSameAs(first);
        assertThatThrownBy(stream::response).isSameAs(first);
        stream.close();
        assertThatThrownBy(stream::next).isSameAs(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>",
                "",
                "   ",
                "null",
                "7",
                "\"text\"",
                "[]",
                "{}",
                "{\"ok\":true}",
                "{\"choices\":null}",
                "{\"choices\":{}}",
                "{\"choices\":",
                "{\"choices\":[{\"message\":{\"content\":\"cut",
            })
    void what_is_no_reply_is_malformed(String body) {
        for (String type : List.of("application/json", "text/html", "text/plain; charset=utf-8")) {
            CannedResponse answer = CannedResponse.of(200, type, body.getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> server.complete(answer))
                    .isInstanceOf(MalformedResponseException.class)
                    .satisfies(error -> assertThat(error.getMessage()).doesNotContain("cut"));
            assertThatThrownBy(() -> server.stream(answer)).isInstanceOf(MalformedResponseException.class);
        }
    }

    @Test
    void html_with_a_bad_status_keeps_the_status() {
        CannedResponse gateway =
                CannedResponse.of(502, "text/html", "<html>Bad Gateway</html>".getBytes(StandardCharsets.UTF_8));

        ProviderUnavailableException error =
                catchThrowableOfType(ProviderUnavailableException.class, () -> server.complete(gateway));
        assertThat(error.details().httpStatus()).isEqualTo(502);
        assertThatThrownBy(() -> server.stream(gateway)).isInstanceOf(ProviderUnavailableException.class);
    }

    @Test
    void a_stream_of_events_in_answer_to_a_blocking_call_is_malformed() {
        assertThatThrownBy(() -> server.complete(CannedResponse.sse(Fixtures.bytes("stream-simple.sse"))))
                .isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void a_whole_reply_to_a_streaming_call_is_streamed_from_memory() {
        for (String fixture : Fixtures.REPLIES) {
            ChatResponse blocking = server.completeFixture(fixture);
            List<ChatEvent> events = Loopback.events(server.stream(CannedResponse.json(200, Fixtures.text(fixture))));

            assertThat(events.get(0)).isInstanceOf(ChatEvent.ResponseStarted.class);
            assertThat(events.get(events.size() - 1)).isEqualTo(new ChatEvent.ResponseFinished(blocking));
        }
    }

    @Test
    void an_error_in_answer_to_a_streaming_call_comes_at_once() {
        assertThatThrownBy(
                        () -> server.stream(CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json"))))
                .isInstanceOf(RateLimitedException.class);
    }

    @Test
    void a_reply_without_choices_or_words_is_empty() {
        for (String body : List.of(
                "{'choices':[]}",
                "{'choices':[{'index':0,'finish_reason':null,'message':{'role':'assistant','content':null}}]}",
                "{'choices':[{'finish_reason':'','message':{'content':''}}],'usage':{'completion_tokens':0}}")) {
            ChatResponse reply = server.complete(json(body));

            assertThat(reply.isEmpty()).as(body).isTrue();
            assertThat(reply.text()).isEmpty();
            ChatStream stream = stream("data: " + json(body.replace("message", "delta")) + "\n\n" + DONE);
            assertThat(stream.response().isEmpty()).as(body).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ": OPENROUTER PROCESSING\n\n", DONE, "data: {\"id\":\"g\"}\n\n" + DONE})
    void a_stream_without_any_choice_is_broken(String stream) {
        assertThatThrownBy(() -> stream(stream).response()).isInstanceOf(BrokenStreamException.class);
    }

    @Test
    void text_without_a_finish_reason_is_not_a_whole_answer() {
        BrokenStreamException error = catchThrowableOfType(
                BrokenStreamException.class, () -> stream(TEXT + DONE).response());

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[{\"delta\":{\"content\":\"lo",
                "data: {\"choices\":[{\"delta\":{\"content\":\"lost\"}}}\n\n" + DONE,
                "data: <html>Bad Gateway</html>\n\n" + DONE,
                "data: \"choices\":[{\"delta\":{\"content\":\"lost\"}}]}\n\n" + DONE,
                "data: [{\"choices\":[]}]\n\n" + DONE,
                "data: {\"choices\":[]} {\"cho\n\n" + DONE,
                "data: {\"choices\":[]} and more\n\n" + DONE,
            })
    void an_event_that_cannot_be_read_is_not_passed_over(String event) {
        BrokenStreamException error = catchThrowableOfType(
                BrokenStreamException.class, () -> stream(TEXT + event).response());

        assertThat(error).isNotNull();
        assertThat(error.partial())
                .hasValueSatisfying(partial -> assertThat(partial.text()).startsWith("so far"));
        assertThat(error.getMessage()).doesNotContain("lost").doesNotContain("so far");
    }

    @Test
    void a_connection_that_breaks_is_told_from_a_stream_that_ends() {
        BrokenStreamException cut = catchThrowableOfType(
                BrokenStreamException.class,
                () -> server.stream(CannedResponse.sse(TEXT).thenDisconnect()).response());
        assertThat(cut.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");

        assertThatThrownBy(() -> server.complete(
                        CannedResponse.json(200, "{\"choices\":[").thenDisconnect()))
                .isInstanceOfAny(ConnectionException.class, MalformedResponseException.class);
    }

    @Test
    void an_image_that_is_not_base64_is_a_malformed_reply() {
        String message = "{'images':[{'image_url':{'url':'data:image/png;base64,%%%'}}]}";

        assertThatThrownBy(
                        () -> server.complete(json("{'choices':[{'finish_reason':'stop','message':" + message + "}]}")))
                .isInstanceOf(MalformedResponseException.class);
        BrokenStreamException error = catchThrowableOfType(
                BrokenStreamException.class,
                () -> stream(TEXT + "data: " + json("{'choices':[{'delta':" + message + "}]}") + "\n\n" + DONE)
                        .response());
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
    }

    private ChatStream stream(String events) {
        return server.stream(CannedResponse.sse(events));
    }
}
