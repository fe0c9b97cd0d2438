package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ProviderOptions;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may not hold, what it says in headers, and what it is warned of. */
class RequestRulesTest {
    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @ValueSource(strings = {"temperature", "model", "messages", "provider", "models", "reasoning", "cache_control"})
    void an_extra_that_would_replace_a_field_is_an_error_and_nothing_is_sent(String name) {
        ChatRequest request = Loopback.request()
                .temperature(0.5)
                .reasoning(dev.portolan.api.chat.Reasoning.ENABLED)
                .options(OpenRouterOptions.builder()
                        .models("a/b")
                        .provider(ProviderPreferences.builder().zdr(true).build())
                        .cacheControl(dev.portolan.api.chat.CacheControl.EPHEMERAL)
                        .build())
                .extra(name, 1)
                .build();

        assertThatThrownBy(() -> server.chat().complete(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
        assertThatThrownBy(() -> server.chat().stream(request)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void an_extra_may_set_a_field_that_is_not_set_otherwise() {
        assertThat(server.sentBody(Loopback.request().extra("temperature", 0.5).build()))
                .containsEntry("temperature", new java.math.BigDecimal("0.5"));
    }

    @Test
    void whether_to_stream_is_not_an_extra() {
        ChatRequest request = Loopback.request().extra("stream", true).build();

        assertThatThrownBy(() -> server.chat().complete(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'stream'")
                .hasMessageContaining("stream(…)");
        assertThatThrownBy(() -> server.chat().stream(request)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void options_that_are_not_members_go_out_as_headers() {
        ChatRequest request = Loopback.request()
                .options(OpenRouterOptions.builder()
                        .routerMetadata(true)
                        .responseCache(new ResponseCache(true, Duration.ofMinutes(10), true))
                        .categories("cli-agent", "programming-app")
                        .anthropicBeta("one-2025", "two-2026")
                        .build())
                .build();

        SimulatorRequest sent = server.sent(request);

        assertThat(sent.header("X-OpenRouter-Metadata")).contains("enabled");
        assertThat(sent.header("X-OpenRouter-Cache")).contains("true");
        assertThat(sent.header("X-OpenRouter-Cache-TTL")).contains("600");
        assertThat(sent.header("X-OpenRouter-Cache-Clear")).contains("true");
        assertThat(sent.header("X-OpenRouter-Categories")).contains("cli-agent,programming-app");
        assertThat(sent.header("x-anthropic-beta")).contains("one-2025,two-2026");
        assertThat(sent.header("Authorization")).contains("Bearer " + Loopback.KEY);
        assertThat(server.sentStreaming(request).header("X-OpenRouter-Cache")).contains("true");
    }

    @Test
    void headers_of_options_can_say_no() {
        SimulatorRequest sent = server.sent(Loopback.request()
                .options(OpenRouterOptions.builder()
                        .routerMetadata(false)
                        .responseCache(ResponseCache.OFF)
                        .build())
                .build());

        assertThat(sent.header("X-OpenRouter-Metadata")).contains("disabled");
        assertThat(sent.header("X-OpenRouter-Cache")).contains("false");
        assertThat(sent.header("X-OpenRouter-Cache-TTL")).isEmpty();
        assertThat(sent.header("X-OpenRouter-Cache-Clear")).isEmpty();
    }

    @Test
    void options_that_are_not_set_send_no_headers() {
        SimulatorRequest sent = server.sent(
                Loopback.request().options(OpenRouterOptions.builder().build()).build());

        assertThat(sent.headers().keySet())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-"));
        assertThat(OptionsMapper.headers(OpenRouterOptions.builder().build())).isEmpty();
        assertThat(OptionsMapper.headers(OpenRouterOptions.builder()
                        .responseCache(ResponseCache.keep(Duration.ofSeconds(90)))
                        .build()))
                .isEqualTo(Map.of("X-OpenRouter-Cache", "true", "X-OpenRouter-Cache-TTL", "90"));
    }

    @Test
    void options_of_another_provider_are_ignored_with_a_warning() {
        ChatRequest request = Loopback.request()
                .options(new OtherOptions())
                .options(OpenRouterOptions.builder().sessionId("s-1").build())
                .build();
        server.simulator().enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));

        ChatResponse reply = server.chat().complete(request);

        assertThat(reply.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.subject()).isEqualTo("other");
            assertThat(warning.message()).contains("'other'").contains("ignored");
        });
        assertThat(Json.object(server.received().body())).containsEntry("session_id", "s-1");
        server.simulator().enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
        try (ChatStream stream = server.chat().stream(request)) {
            assertThat(stream.response().warnings()).isEqualTo(reply.warnings());
        }
    }

    private record OtherOptions() implements ProviderOptions {
        @Override
        public String provider() {
            return "other";
        }
    }
}
