package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.portolan.api.Attempt;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.testkit.simulator.CannedResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that fail at first, over HTTP. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RetryingCallsTest {
    private static final RetryPolicy QUICK = RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(4));
    private static final RetryPolicy SLOW =
            RetryPolicy.DEFAULT.withDelays(Duration.ofMinutes(2), Duration.ofMinutes(3));
    private static final String FAILING_CHUNK =
            "data: {\"id\":\"gen-1\",\"error\":{\"code\":502,\"message\":\"down\"},\"choices\":[{\"index\":0,"
                    + "\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n";
    private static final String FIRST_CHUNK =
            "data: {\"id\":\"gen-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"so far\"}}]}\n\n";

    @RegisterExtension
    final Loopback server = new Loopback();

    private static ChatRequest request(RetryPolicy policy) {
        return Loopback.request().retries(policy).build();
    }

    private void answers(CannedResponse... answers) {
        for (CannedResponse answer : answers) {
            server.simulator().enqueue(answer);
        }
    }

    private int requests() {
        return server.simulator().requests().size();
    }

    private static CannedResponse busy() {
        return CannedResponse.json(429, Fixtures.text("error-429-provider.json"));
    }

    private static CannedResponse good() {
        return CannedResponse.json(200, Fixtures.text("chat-simple.json"));
    }

    private static CannedResponse goodStream() {
        return CannedResponse.sse(Fixtures.bytes("stream-simple.sse"));
    }

    @Test
    void a_call_that_succeeds_at_the_third_attempt_gives_a_reply_with_all_three() {
        answers(busy(), busy(), good());

        ChatResponse reply = server.chat().complete(request(QUICK));

        assertThat(reply.text()).isEqualTo("Paris is the capital of France.");
        assertThat(reply.attempts()).hasSize(3);
        assertThat(reply.attempts().subList(0, 2))
                .allSatisfy(attempt -> assertThat(attempt.failure()).isInstanceOf(RateLimitedException.class));
        assertThat(reply.attempts().get(2).failure()).isNull();
        assertThat(reply.attempts().get(0).delay()).isZero();
        assertThat(reply.attempts().subList(1, 3)).extracting(Attempt::delay).allMatch(delay -> !delay.isZero());
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void a_call_whose_attempts_all_fail_tells_how_many_there_were() {
        answers(busy(), CannedResponse.json(503, ""), busy());

        PortolanException failure =
                (PortolanException) catchThrowable(() -> server.chat().complete(request(QUICK)));

        assertThat(failure)
                .isExactlyInstanceOf(RateLimitedException.class)
                .hasMessageEndingWith(" This was attempt 3.");
        assertThat(failure.attempts()).hasSize(3);
        assertThat(failure.attempts().get(1).failure()).isInstanceOf(ProviderUnavailableException.class);
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void a_call_that_must_not_be_repeated_is_made_once() {
        answers(CannedResponse.json(401, Fixtures.text("error-401.json")));
        assertThatThrownBy(() -> server.chat().complete(request(QUICK)))
                .isInstanceOf(PortolanException.class)
                .hasMessageNotContaining("attempt");
        answers(busy());
        assertThatThrownBy(() -> server.chat().complete(request(RetryPolicy.NONE)))
                .isExactlyInstanceOf(RateLimitedException.class);
        answers(CannedResponse.json(200, "").thenDisconnect());
        assertThatThrownBy(() -> server.chat().complete(request(QUICK))).isInstanceOf(PortolanException.class);

        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void an_error_inside_a_good_answer_is_tried_again() {
        answers(CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json")), good());

        assertThat(server.chat().complete(request(QUICK)).attempts()).hasSize(2);
    }

    @Test
    void a_server_that_asks_for_a_longer_wait_than_allowed_is_not_asked_again() {
        answers(busy().header("Retry-After", "1"));

        assertThatThrownBy(() -> server.chat().complete(request(QUICK)))
                .isExactlyInstanceOf(RateLimitedException.class);
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void embeddings_are_tried_again_too() {
        answers(busy(), CannedResponse.json(200, Fixtures.text("embeddings-float.json")));
        EmbeddingRequest request = EmbeddingRequest.builder("openrouter/acme/embed-1")
                .text("a")
                .text("b")
                .retries(QUICK)
                .build();

        assertThat(server.embeddings().embed(request).attempts()).hasSize(2);
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void a_stream_that_is_refused_begins_anew() {
        answers(busy(), busy(), goodStream());

        try (ChatStream stream = server.chat().stream(request(QUICK))) {
            assertThat(stream.response().attempts()).hasSize(3);
        }
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void a_stream_whose_first_event_is_an_error_begins_anew() {
        answers(CannedResponse.sse(": OPENROUTER PROCESSING\n\n" + FAILING_CHUNK), goodStream());

        try (ChatStream stream = server.chat().stream(request(QUICK))) {
            ChatResponse reply = stream.response();

            assertThat(reply.text()).isEqualTo("Grüezi 🌍!");
            assertThat(reply.attempts()).hasSize(2);
            assertThat(reply.attempts().get(0).failure()).isInstanceOf(ProviderUnavailableException.class);
        }
        assertThat(requests()).isEqualTo(2);
    }

    @Test
    void a_stream_that_fails_after_an_event_does_not_begin_anew() {
        answers(CannedResponse.sse(FIRST_CHUNK + FAILING_CHUNK), goodStream());

        try (ChatStream stream = server.chat().stream(request(QUICK.evenIfCharged(true)))) {
            PortolanException failure = (PortolanException) catchThrowable(stream::response);

            assertThat(failure).isExactlyInstanceOf(ProviderUnavailableException.class);
            assertThat(failure.partial()).get().extracting(ChatResponse::text).isEqualTo("so far");
            assertThat(failure.retryable()).isFalse();
            assertThat(failure.attempts()).hasSize(1);
        }
        assertThat(requests()).isEqualTo(1);
    }

    @Test
    void a_stream_that_breaks_before_its_first_event_begins_anew_only_if_that_may_be_charged_twice() {
        answers(CannedResponse.sse(": OPENROUTER PROCESSING\n\n"));
        try (ChatStream stream = server.chat().stream(request(QUICK))) {
            assertThatThrownBy(stream::response).isExactlyInstanceOf(BrokenStreamException.class);
        }
        assertThat(requests()).isEqualTo(1);

        answers(CannedResponse.sse(": OPENROUTER PROCESSING\n\n"), goodStream());
        try (ChatStream stream = server.chat().stream(request(QUICK.evenIfCharged(true)))) {
            assertThat(stream.response().attempts()).hasSize(2);
        }
        assertThat(requests()).isEqualTo(3);
    }

    @Test
    void closing_a_stream_ends_the_wait_between_two_attempts_at_once() throws Exception {
        answers(CannedResponse.sse(FAILING_CHUNK), goodStream());
        ChatStream stream = server.chat().stream(request(SLOW));
        CompletableFuture<ChatEvent> next = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                next.complete(stream.next());
            } catch (RuntimeException e) {
                next.completeExceptionally(e);
            }
        });
        reader.start();
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        stream.close();

        assertThatThrownBy(() -> next.get(20, TimeUnit.SECONDS))
                .isExactlyInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CallCancelledException.class);
        assertThat(requests()).isEqualTo(1);
        assertThatThrownBy(stream::next).isInstanceOf(CallCancelledException.class);
    }

    @Test
    void an_attempt_that_uses_up_the_time_is_the_last() {
        answers(busy(), CannedResponse.json(200, "{").thenStall());
        ChatRequest request = Loopback.request()
                .retries(QUICK)
                .timeout(Duration.ofMillis(1500))
                .build();

        PortolanException failure =
                (PortolanException) catchThrowable(() -> server.chat().complete(request));

        assertThat(failure)
                .isExactlyInstanceOf(CallTimeoutException.class)
                .hasMessageEndingWith(" This was attempt 2.");
        assertThat(((CallTimeoutException) failure).clock()).isEqualTo(CallTimeoutException.Clock.CALL);
        assertThat(failure.attempts()).hasSize(2);
        assertThat(requests()).isEqualTo(2);
    }
}
