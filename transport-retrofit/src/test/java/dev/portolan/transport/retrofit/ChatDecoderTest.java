package dev.portolan.transport.retrofit;

import static dev.portolan.transport.retrofit.Loopback.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import java.io.IOException;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A decoder that knows two members of a language of its own. */
class ChatDecoderTest {
    private final Loopback server = new Loopback();

    @AfterEach
    void stop() {
        server.close();
    }

    private static final class Reply extends ChatDecoder {
        Reply(Answer answer) {
            super(answer);
        }

        @Override
        protected void member(String name, JsonReader reader) throws IOException {
            switch (name) {
                case "text" -> reply.text(0, reader.nextString());
                case "reason" -> reply.finishReason(0, reader.nextString());
                default -> reader.skipValue();
            }
        }
    }

    @Test
    void a_whole_answer_and_a_stream_give_the_same_reply() {
        ChatResponse whole = whole("{\"text\":\"one two\",\"error\":null,\"reason\":\"stop\",\"more\":[1]}");

        ChatResponse streamed = stream("{\"text\":\"one \"}", "{\"text\":\"two\"}", "{\"reason\":\"stop\"}", "[DONE]");

        assertThat(streamed).isEqualTo(whole);
        assertThat(whole.text()).isEqualTo("one two");
    }

    @Test
    void an_error_in_a_stream_has_what_had_arrived() {
        PortolanException error = failure(() -> stream("{\"text\":\"one \"}", "{\"error\":{\"code\":429}}"));

        assertThat(error).isInstanceOf(RateLimitedException.class);
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("one ");
    }

    @Test
    void an_error_in_a_whole_answer_is_one_though_its_status_is_fine() {
        assertThat(failure(() -> whole("{\"error\":{\"code\":429},\"text\":\"\"}")))
                .isInstanceOf(RateLimitedException.class);
    }

    @Test
    void without_a_finish_reason_nothing_is_complete() {
        assertThat(failure(() -> stream("{\"text\":\"one\"}", "[DONE]"))).isInstanceOf(BrokenStreamException.class);
        assertThat(failure(() -> whole("{\"text\":\"one\"}"))).isInstanceOf(MalformedResponseException.class);
    }

    private ChatResponse whole(String json) {
        return new Reply(answer("application/json", json)).whole();
    }

    private ChatResponse stream(String... events) {
        StringBuilder body = new StringBuilder();
        for (String event : events) {
            body.append("data: ").append(event).append("\n\n");
        }
        try (ChatStream stream = new Reply(answer("text/event-stream", body.toString())).stream()) {
            return stream.response();
        }
    }

    private Answer answer(String type, String body) {
        server.server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", type)
                .body(body)
                .build());
        return server.send();
    }
}
