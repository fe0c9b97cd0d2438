package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Portolan;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.Timeouts;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.testkit.simulator.ErrorShape;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that do not come to their end: all that came before is delivered, and told again with the failure. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenStreamsTest {
    private static final Duration GUARD = Duration.ofSeconds(20);
    private static final String WHOLE = "The sky is blue because of Rayleigh scattering";

    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Portolan portolan = Portolan.load(
            Settings.of(Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())));

    @AfterEach
    void stop() {
        portolan.close();
        simulator.close();
    }

    /** What was read of a stream until it failed. */
    private record Broken(List<ChatEvent> events, PortolanException failure) {
        String read() {
            StringBuilder text = new StringBuilder();
            for (ChatEvent event : events) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    text.append(delta.text());
                }
            }
            return text.toString();
        }

        ChatResponse partial() {
            return failure.partial().orElseThrow(() -> new AssertionError("Nothing is told of what came", failure));
        }
    }

    private static ChatRequest.Builder request(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text);
    }

    private Broken read(Fault fault, ChatRequest.Builder request) {
        simulator.faults().next(fault);
        List<ChatEvent> events = new ArrayList<>();
        PortolanException failure = null;
        try (ChatStream stream = portolan.chat().stream(request.build())) {
            try {
                stream.forEach(events::add);
            } catch (PortolanException e) {
                failure = e;
                assertThatThrownBy(stream::next).isSameAs(e);
                assertThatThrownBy(stream::response).isSameAs(e);
            }
        }
        if (failure == null) {
            throw new AssertionError("The stream ended well: " + events);
        }
        assertThat(simulator.requests()).hasSize(1);
        return new Broken(events, failure);
    }

    private Broken read(Fault fault) {
        return read(fault, request("Why is the sky blue?"));
    }

    private void check(Broken broken, Class<? extends PortolanException> type, @Nullable String text) {
        assertThat(broken.failure()).isExactlyInstanceOf(type);
        assertThat(broken.events().get(0)).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(broken.events()).noneMatch(ChatEvent.ResponseFinished.class::isInstance);
        assertThat(broken.partial().text()).isEqualTo(broken.read());
        if (text != null) {
            assertThat(broken.read()).isEqualTo(text);
        }
        assertThat(broken.failure().details().generationId())
                .isNotNull()
                .isEqualTo(broken.partial().id())
                .isEqualTo(simulator.faults().applied().get(0).generationId().orElseThrow());
        assertThat(broken.failure().retryable()).isFalse();
        assertThat(broken.failure().mayBeCharged()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "end events=3, it ended without its last event",
        "cut events=3, ''",
        "garbage-event events=3, an event is not the JSON expected"
    })
    void a_stream_that_breaks_off_between_two_events(String fault, String message) {
        Broken broken = read(Fault.parse(fault));

        check(broken, BrokenStreamException.class, "The sky");
        assertThat(broken.failure()).hasMessageContaining(message);
    }

    /** What the client's system had received may be lost then, but what is told is what was read. */
    @Test
    void a_stream_that_is_reset_tells_what_was_read() {
        Broken broken = read(Fault.resetAfterEvents(3).and(Fault.drip(2000, Duration.ZERO)));

        assertThat(broken.failure()).isExactlyInstanceOf(BrokenStreamException.class);
        assertThat(broken.failure().partial().map(ChatResponse::text).orElse(""))
                .isEqualTo(broken.read());
    }

    @ParameterizedTest
    @CsvSource({"cut bytes=1000", "end bytes=1000", "cut bytes=777", "end bytes=778"})
    void a_stream_that_breaks_off_inside_an_event(String fault) {
        Broken broken = read(Fault.parse(fault));

        check(broken, BrokenStreamException.class, null);
        assertThat(WHOLE).startsWith(broken.read());
    }

    @Test
    void a_stream_that_breaks_off_inside_a_character_has_nothing_of_that_character() {
        Broken broken = read(Fault.cutInCharacter(), request("Grüezi"));

        check(broken, BrokenStreamException.class, null);
        assertThat(broken.read()).doesNotContain("\uFFFD").isNotEmpty();
        assertThat("This is the simulator speaking for openai/gpt-4o-mini. You wrote: “Grüezi”.")
                .startsWith(broken.read());
    }

    @Test
    void a_stream_without_its_last_event_has_told_its_usage() {
        Broken broken = read(Fault.noDone());

        check(broken, BrokenStreamException.class, null);
        assertThat(broken.read()).startsWith(WHOLE);
        assertThat(broken.partial().usage().completionTokens()).isPositive();
        assertThat(broken.failure().cost().amount())
                .isEqualByComparingTo(simulator.bill().total());
    }

    @Test
    void a_stream_without_a_finish_reason_is_not_taken_for_whole() {
        Broken broken = read(Fault.noFinishReason());

        check(broken, BrokenStreamException.class, null);
        assertThat(broken.failure()).hasMessageContaining("finish reason");
        assertThat(broken.partial().usage().completionTokens()).isPositive();
    }

    @Test
    void a_stream_that_falls_silent() throws Exception {
        Broken broken = read(
                Fault.stallAfterEvents(3),
                request("Why is the sky blue?").timeouts(Timeouts.UNSET.withIdle(Duration.ofSeconds(1))));

        check(broken, CallTimeoutException.class, "The sky");
        assertThat(((CallTimeoutException) broken.failure()).clock()).isEqualTo(CallTimeoutException.Clock.IDLE);
        assertThat(simulator.awaitCancelledStreams(1, GUARD)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void an_error_in_any_shape_after_some_text(ErrorShape shape) {
        Broken broken = read(Fault.errorEvent(shape, 429, 3));

        boolean namesTheStatus = shape != ErrorShape.FINISH_REASON && shape != ErrorShape.WORD_CODE;
        check(broken, namesTheStatus ? RateLimitedException.class : ProviderUnavailableException.class, "The sky");
    }

    @Test
    void an_error_counts_even_if_the_stream_goes_on_to_its_last_event() {
        check(
                read(Fault.errorEventThenDone(ErrorShape.CURRENT, 502, 3)),
                ProviderUnavailableException.class,
                "The sky");
    }

    @Test
    void an_error_whose_body_does_not_end_is_told_by_its_status_when_the_idle_clock_runs_out() throws Exception {
        simulator.faults().next(Fault.status(503).and(Fault.stallAtByte(20)));

        assertThatThrownBy(() -> portolan.chat()
                        .complete(request("Hi")
                                .retries(RetryPolicy.NONE)
                                .timeouts(Timeouts.UNSET.withIdle(Duration.ofMillis(200)))
                                .build()))
                .isExactlyInstanceOf(ProviderUnavailableException.class);
        assertThat(simulator.awaitOpenConnections(0, GUARD)).isTrue();
    }
}
