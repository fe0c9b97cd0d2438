package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream makes of each recording. */
class FixtureStreamsTest {
    @SuppressWarnings("unused") // named below
    static final List<String> WHOLE_STREAMS = Fixtures.WHOLE_STREAMS;

    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @ValueSource(strings = {"stream-simple.sse", "stream-comments-crlf.sse", "stream-usage-on-finish-chunk.sse"})
    void text_comes_in_pieces_and_once_as_a_whole(String name) {
        List<ChatEvent> events = Loopback.events(server.streamFixture(name));

        assertThat(events.get(0))
                .isEqualTo(new ChatEvent.ResponseStarted(
                        "gen-1787300100-s1", "openai/gpt-4o-mini", "OpenAI", Instant.ofEpochSecond(1787300100)));
        assertThat(only(events, ChatEvent.TextDelta.class))
                .extracting(ChatEvent.TextDelta::text)
                .containsExactly("Grü", "ezi ", "🌍", "!");
        assertThat(only(events, ChatEvent.ResponseFinished.class)).hasSize(1);
        assertThat(only(events, ChatEvent.UsageReported.class)).hasSize(1);
        ChatResponse reply = finished(events);
        assertThat(reply.text()).isEqualTo("Grüezi 🌍!");
        assertThat(reply.finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.STOP, "stop"));
        assertThat(reply.usage().promptTokens()).isEqualTo(9);
        assertThat(reply.usage().completionTokens()).isEqualTo(6);
        assertThat(reply.usage().totalTokens()).isEqualTo(15);
        assertThat(reply.cost()).isEqualTo(Cost.reported(new BigDecimal("0.00012")));
        assertThat(reply.choices()).hasSize(1);
        assertThat(metadata(reply).nativeFinishReason()).isEqualTo("stop");
    }

    @Test
    void the_system_fingerprint_of_a_late_chunk_is_kept() {
        assertThat(finished(Loopback.events(server.streamFixture("stream-simple.sse")))
                        .systemFingerprint())
                .isEqualTo("fp_1");
    }

    @Test
    void interleaved_tool_calls_are_told_apart() {
        List<ChatEvent> events = Loopback.events(server.streamFixture("stream-tool-calls.sse"));

        ToolCall weather = new ToolCall("call_8Hf2kQ", "get_weather", "{\"city\":\"Zürich\"}");
        ToolCall time = new ToolCall("call_9Jd7mR", "get_time", "{}");
        ChatResponse reply = finished(events);
        assertThat(reply.toolCalls()).containsExactly(weather, time);
        assertThat(reply.finishReason().unified()).isEqualTo(FinishReason.Unified.TOOL_CALLS);
        assertThat(reply.text()).isEmpty();
        assertThat(reply.usage().totalTokens()).isEqualTo(183);
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        new ChatEvent.ToolCallStarted(0, 0, "call_8Hf2kQ", "get_weather"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"ci"),
                        new ChatEvent.ToolCallDelta(0, 0, "ty\":\"Zür"),
                        new ChatEvent.ToolCallStarted(0, 1, "call_9Jd7mR", "get_time"),
                        new ChatEvent.ToolCallDelta(0, 0, "ich\"}"),
                        new ChatEvent.ToolCallDelta(0, 1, "{}"),
                        new ChatEvent.UsageReported(reply.usage(), reply.cost()),
                        new ChatEvent.ToolCallFinished(0, 0, weather),
                        new ChatEvent.ToolCallFinished(0, 1, time),
                        new ChatEvent.ResponseFinished(reply));
    }

    @Test
    void a_signature_after_the_content_belongs_to_the_reasoning_before_it() {
        List<ChatEvent> events = Loopback.events(server.streamFixture("stream-reasoning.sse"));

        ChatResponse reply = finished(events);
        assertThat(reply.message().reasoning()).isEqualTo("17*20 is 340");
        assertThat(reply.message().reasoningDetails())
                .containsExactly(new ReasoningDetail.Text(
                        "17*20 is 340",
                        "EtUBexamplesignature==",
                        new ReasoningDetail.Origin(null, "anthropic-claude-v1", 0L, Map.of())));
        assertThat(reply.text()).isEqualTo("391");
        assertThat(reply.usage().completion().reasoningTokens()).isEqualTo(20);
        assertThat(only(events, ChatEvent.ReasoningDelta.class))
                .extracting(ChatEvent.ReasoningDelta::text)
                .containsExactly("17*20", " is 340");
    }

    @Test
    void images_come_whole_in_the_middle_of_text() {
        List<ChatEvent> events = Loopback.events(server.streamFixture("stream-images.sse"));

        ChatResponse reply = finished(events);
        assertThat(reply.text()).isEqualTo("Here ");
        assertThat(reply.message().images()).hasSize(1);
        assertThat(reply.message().images().get(0)).isInstanceOfSatisfying(Media.Bytes.class, image -> {
            assertThat(image.mediaType()).isEqualTo("image/png");
            assertThat(image.data()).startsWith(0x89, 'P', 'N', 'G').hasSize(73);
        });
        assertThat(only(events, ChatEvent.ImageReceived.class))
                .containsExactly(
                        new ChatEvent.ImageReceived(0, reply.message().images().get(0)));
        assertThat(reply.usage().completion().imageTokens()).isEqualTo(1290);
        assertThat(reply.cost().amount()).isEqualTo("0.0387");
    }

    @Test
    void sound_that_is_cut_within_a_base64_group_is_put_together() {
        List<ChatEvent> events = Loopback.events(server.streamFixture("stream-audio.sse"));

        byte[] expected = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        ChatResponse reply = finished(events);
        AudioOutput audio = reply.message().audio();
        assertThat(audio).isNotNull();
        assertThat(audio.id()).isEqualTo("audio_1");
        assertThat(audio.transcript()).isEqualTo("Hello");
        assertThat(audio.expiresAt()).isEqualTo(Instant.ofEpochSecond(1787303700));
        assertThat(audio.data()).isNotNull();
        assertThat(audio.data().data()).isEqualTo(expected);
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        StringBuilder words = new StringBuilder();
        for (ChatEvent.AudioDelta delta : only(events, ChatEvent.AudioDelta.class)) {
            heard.writeBytes(delta.data());
            words.append(delta.transcript());
        }
        assertThat(heard.toByteArray()).isEqualTo(expected);
        assertThat(words).hasToString("Hello");
        assertThat(reply.isEmpty()).isFalse();
    }

    @Test
    void a_stream_without_usage_has_an_unknown_cost() {
        ChatResponse reply = finished(Loopback.events(server.streamFixture("stream-audio.sse")));

        assertThat(reply.usage()).isEqualTo(Usage.NOT_REPORTED);
        assertThat(reply.cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void what_was_sent_upstream_and_how_it_was_routed_is_in_the_metadata() {
        List<ChatEvent> events = Loopback.events(server.streamFixture("stream-debug-chunk.sse"));

        ChatResponse reply = finished(events);
        assertThat(reply.text()).isEqualTo("Hi");
        assertThat(metadata(reply).debug()).hasSize(1);
        assertThat(Json.at(Json.value(metadata(reply).debug().get(0).text()), "echo_upstream_body.model"))
                .isEqualTo("claude-sonnet-4-5");
        assertThat(metadata(reply).routing()).isNotNull();
        assertThat(metadata(reply).routing().strategy()).isEqualTo("auto");
        assertThat(metadata(reply).routing().endpoints()).hasSize(2);
        assertThat(metadata(reply).nativeFinishReason()).isEqualTo("end_turn");
        assertThat(only(events, ChatEvent.ResponseStarted.class)).hasSize(1);
    }

    @Test
    void an_error_in_the_middle_carries_the_text_so_far() {
        List<ChatEvent> events = new ArrayList<>();
        RateLimitedException error = catchThrowableOfType(
                RateLimitedException.class,
                () -> server.streamFixture("stream-mid-error.sse").forEach(events::add));

        assertThat(only(events, ChatEvent.TextDelta.class))
                .extracting(ChatEvent.TextDelta::text)
                .containsExactly("Grü", "ezi ");
        assertThat(only(events, ChatEvent.ResponseFinished.class)).isEmpty();
        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("Grüezi ");
        assertThat(error.details().code()).isEqualTo("429");
        assertThat(error.details().errorType()).isEqualTo("rate_limit_exceeded");
        assertThat(error.details().upstreamCode()).isEqualTo("rate_limited");
        assertThat(error.details().generationId()).isEqualTo("gen-1787300100-s1");
        assertThat(error.details().raw()).isNotNull();
        assertThat(error.retryable()).isFalse();
        assertThat(error.getMessage()).contains("Rate limit exceeded").doesNotContain("Grü");
    }

    @Test
    void an_error_in_the_middle_tells_its_availability() {
        ProviderUnavailableException error = catchThrowableOfType(
                ProviderUnavailableException.class,
                () -> server.streamFixture("stream-mid-error-availability.sse").response());

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("Grü");
        assertThat(error.retryAfter()).contains(Duration.ofSeconds(5));
        assertThat(error.details().retryable()).isTrue();
        assertThat(error.retryable()).isFalse();
        assertThat(error.details().errorType()).isEqualTo("provider_overloaded");
        assertThat(error.details().httpStatus()).isEqualTo(503);
    }

    @Test
    void a_stream_cut_before_done_is_an_error_with_the_partial_reply() {
        BrokenStreamException error = catchThrowableOfType(
                BrokenStreamException.class,
                () -> server.streamFixture("stream-truncated-no-done.sse").response());

        assertThat(error.partial()).get().extracting(ChatResponse::text).isEqualTo("Grüezi ");
        assertThat(error.details().generationId()).isEqualTo("gen-1787300100-s1");
        assertThat(error.retryable()).isFalse();
        assertThat(error.getMessage()).contains("acme/large-1").doesNotContain("Grü");
    }

    @ParameterizedTest
    @FieldSource("WHOLE_STREAMS")
    void every_stream_begins_and_ends_once_and_its_pieces_add_up(String name) {
        ChatStream stream = server.streamFixture(name);
        List<ChatEvent> events = Loopback.events(stream);

        assertThat(events.get(0)).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(only(events, ChatEvent.ResponseStarted.class)).hasSize(1);
        assertThat(only(events, ChatEvent.ResponseFinished.class)).hasSize(1);
        ChatResponse reply = finished(events);
        assertThat(stream.response()).isSameAs(reply);
        assertThat(stream.next()).isNull();
        String text = "";
        for (ChatEvent.TextDelta delta : only(events, ChatEvent.TextDelta.class)) {
            text += delta.text();
        }
        assertThat(reply.text()).isEqualTo(text);
        assertThat(reply.extras()).isEmpty();
        assertThat(reply.warnings()).isEmpty();
    }

    private static ChatResponse finished(List<ChatEvent> events) {
        return ((ChatEvent.ResponseFinished) events.get(events.size() - 1)).response();
    }

    private static <T extends ChatEvent> List<T> only(List<ChatEvent> events, Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static OpenRouterMetadata metadata(ChatResponse reply) {
        return reply.metadata(OpenRouterMetadata.class).orElseThrow();
    }
}
