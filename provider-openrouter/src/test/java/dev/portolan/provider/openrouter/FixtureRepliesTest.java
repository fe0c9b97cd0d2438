package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What a blocking call makes of each recorded reply. */
class FixtureRepliesTest {
    @SuppressWarnings("unused") // named below
    static final List<String> REPLIES = Fixtures.REPLIES;

    @RegisterExtension
    final Loopback server = new Loopback();

    @Test
    void a_simple_reply_has_all_its_fields() {
        ChatResponse reply = server.completeFixture("chat-simple.json");

        assertThat(reply.id()).isEqualTo("gen-1787300000-AAAAsimple0000000001");
        assertThat(reply.model()).isEqualTo("openai/gpt-4o-mini");
        assertThat(reply.provider()).isEqualTo("OpenAI");
        assertThat(reply.created()).isEqualTo(Instant.ofEpochSecond(1787300000));
        assertThat(reply.text()).isEqualTo("Paris is the capital of France.");
        assertThat(reply.finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.STOP, "stop"));
        assertThat(reply.finishReason().isComplete()).isTrue();
        assertThat(reply.systemFingerprint()).isEqualTo("fp_3f1c2a9b77");
        assertThat(reply.serviceTier()).isEqualTo("default");
        assertThat(reply.isEmpty()).isFalse();
        assertThat(reply.warnings()).isEmpty();
        assertThat(reply.extras()).isEmpty();
        assertThat(reply.choices()).hasSize(1);
        assertThat(reply.choices().get(0).extras()).isEmpty();
        assertThat(reply.choices().get(0).logprobs()).isNull();
        assertThat(reply.message().extras()).isEmpty();
        assertThat(reply.message().reasoning()).isNull();
        assertThat(reply.message().refusal()).isNull();
        assertThat(reply.message().toolCalls()).isEmpty();
    }

    @Test
    void the_upstream_figure_that_repeats_the_cost_is_not_added_to_it() {
        ChatResponse reply = server.completeFixture("chat-simple.json");

        assertThat(reply.cost()).isEqualTo(Cost.reported(new BigDecimal("0.00012")));
        assertThat(reply.usage().promptTokens()).isEqualTo(14);
        assertThat(reply.usage().completionTokens()).isEqualTo(7);
        assertThat(reply.usage().totalTokens()).isEqualTo(21);
        assertThat(reply.usage().isReported()).isTrue();
        OpenRouterMetadata metadata = metadata(reply);
        assertThat(metadata.charged()).isEqualTo("0.00012");
        assertThat(metadata.upstreamCost()).isEqualTo("0.00012");
        assertThat(metadata.upstreamPromptCost()).isEqualByComparingTo("0.00004");
        assertThat(metadata.upstreamCompletionCost()).isEqualByComparingTo("0.00008");
        assertThat(metadata.byok()).isFalse();
        assertThat(metadata.nativeFinishReason()).isEqualTo("stop");
        assertThat(metadata.cache()).isNull();
        assertThat(metadata.routing()).isNull();
        assertThat(metadata.serverToolUse()).isNull();
        assertThat(metadata.debug()).isEmpty();
        assertThat(metadata.provider()).isEqualTo("openrouter");
    }

    @Test
    void with_a_key_of_the_callers_own_the_upstream_cost_comes_on_top() {
        ChatResponse reply = server.completeFixture("chat-byok-cost.json");

        assertThat(reply.cost()).isEqualTo(Cost.reported(new BigDecimal("0.035002")));
        assertThat(metadata(reply).charged()).isEqualByComparingTo("0");
        assertThat(metadata(reply).byok()).isTrue();
        assertThat(metadata(reply).upstreamCost()).isEqualTo("0.035002");
        assertThat(metadata(reply).upstreamPromptCost()).isEqualTo("0.01949");
        assertThat(metadata(reply).upstreamCompletionCost()).isEqualTo("0.015512");
        assertThat(reply.usage().promptTokens()).isEqualTo(9745);
        assertThat(reply.usage().completionTokens()).isEqualTo(1939);
    }

    @Test
    void tokens_read_from_the_prompt_cache_are_told() {
        ChatResponse reply = server.completeFixture("chat-cached-tokens.json");

        assertThat(reply.usage().promptTokens()).isEqualTo(10339);
        assertThat(reply.usage().prompt()).isEqualTo(new Usage.PromptDetails(10318, 0, 0, 0));
        assertThat(reply.cost().amount()).isEqualTo("0.0043");
        assertThat(reply.finishReason().raw()).isEqualTo("stop");
        assertThat(metadata(reply).nativeFinishReason()).isEqualTo("end_turn");
    }

    @Test
    void tokens_written_to_the_prompt_cache_are_told() {
        ChatResponse reply = server.completeFixture("chat-cache-write.json");

        assertThat(reply.usage().prompt()).isEqualTo(new Usage.PromptDetails(0, 10318, 0, 0));
        assertThat(reply.cost().amount()).isEqualTo("0.0397");
        assertThat(reply.text()).isEqualTo("It fell in 476.");
    }

    @Test
    void tool_calls_come_in_order_and_blank_arguments_read_as_an_empty_object() {
        ChatResponse reply = server.completeFixture("chat-tool-calls.json");

        assertThat(reply.toolCalls())
                .containsExactly(
                        new ToolCall("call_8Hf2kQ", "get_weather", "{\"city\":\"Zürich\",\"unit\":\"celsius\"}"),
                        new ToolCall("call_9Jd7mR", "get_time", "{}"));
        assertThat(reply.finishReason()).isEqualTo(new FinishReason(FinishReason.Unified.TOOL_CALLS, "tool_calls"));
        assertThat(reply.text()).isEmpty();
        assertThat(reply.message().content()).isEmpty();
        assertThat(reply.isEmpty()).isFalse();
        assertThat(reply.usage().totalTokens()).isEqualTo(223);
    }

    @Test
    void reasoning_details_of_every_kind_are_kept() {
        ChatResponse reply = server.completeFixture("chat-reasoning-details.json");

        assertThat(reply.text()).isEqualTo("17 × 23 = 391");
        assertThat(reply.message().reasoning()).isEqualTo("The user asks for 17*23. 17*20=340, 17*3=51, sum 391.");
        assertThat(reply.message().reasoningDetails())
                .containsExactly(
                        new ReasoningDetail.Text(
                                "The user asks for 17*23. 17*20=340, 17*3=51, sum 391.",
                                "EtUBCkYIBRgCKkDexamplesignature==",
                                origin(null, "anthropic-claude-v1", 0)),
                        new ReasoningDetail.Encrypted("b3BhcXVlLWJsb2I=", origin("rs_0a1", "openai-responses-v1", 1)),
                        new ReasoningDetail.Summary(
                                "Multiplied two numbers.",
                                new ReasoningDetail.Origin(
                                        null, null, 2L, Map.of("id", RawJson.NULL, "format", RawJson.NULL))),
                        new ReasoningDetail.ServerToolCall(
                                "openrouter:datetime",
                                "{\"timezone\":\"UTC\"}",
                                "2026-08-22T09:00:00Z",
                                "stc_1",
                                origin(null, "unknown", 3)));
        assertThat(reply.usage().completion().reasoningTokens()).isEqualTo(61);
    }

    @Test
    void images_come_as_bytes_with_their_type() {
        ChatResponse reply = server.completeFixture("chat-images.json");

        Object body = Json.value(Fixtures.text("chat-images.json"));
        assertThat(reply.message().images())
                .containsExactly(
                        png(Json.at(body, "choices.0.message.images.0.image_url.url")),
                        png(Json.at(body, "choices.0.message.images.1.image_url.url")));
        assertThat(reply.message().images().get(0)).isInstanceOfSatisfying(Media.Bytes.class, image -> {
            assertThat(image.mediaType()).isEqualTo("image/png");
            assertThat(image.data()).startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
        });
        assertThat(reply.text()).isEmpty();
        assertThat(reply.isEmpty()).isFalse();
        assertThat(reply.usage().completion().imageTokens()).isEqualTo(2580);
        assertThat(reply.cost().amount()).isEqualTo("0.0774036");
        assertThat(metadata(reply).nativeFinishReason()).isEqualTo("STOP");
    }

    @Test
    void citations_come_as_annotations_and_server_tools_are_counted() {
        ChatResponse reply = server.completeFixture("chat-annotations-web.json");

        List<Annotation> annotations = reply.message().annotations();
        assertThat(annotations).hasSize(2);
        assertThat(annotations.get(0)).isInstanceOfSatisfying(Annotation.UrlCitation.class, citation -> {
            assertThat(citation.url()).isEqualTo("https://example.com/news/1");
            assertThat(citation.title()).isEqualTo("Example news");
            assertThat(citation.content()).isEqualTo("First excerpt.\n[...]\nSecond excerpt.");
            assertThat(citation.startIndex()).isZero();
            assertThat(citation.endIndex()).isEqualTo(24);
        });
        assertThat(annotations.get(1)).isInstanceOfSatisfying(Annotation.UrlCitation.class, citation -> {
            assertThat(citation.url()).isEqualTo("https://example.org/bare");
            assertThat(citation.title()).isNull();
            assertThat(citation.content()).isNull();
            assertThat(citation.startIndex()).isNull();
            assertThat(citation.endIndex()).isNull();
        });
        assertThat(metadata(reply).serverToolUse()).isEqualTo(new OpenRouterMetadata.ServerToolUse(2, 2, 2));
        assertThat(reply.cost().amount()).isEqualTo("0.0191");
    }

    @Test
    void log_probabilities_are_kept_token_by_token() {
        ChatResponse reply = server.completeFixture("chat-logprobs.json");

        assertThat(reply.choices().get(0).logprobs())
                .isEqualTo(new LogProbs(
                        List.of(new LogProbs.Token(
                                "Hi",
                                -0.0123,
                                List.of(72, 105),
                                List.of(
                                        new LogProbs.Alternative("Hi", -0.0123, List.of(72, 105)),
                                        new LogProbs.Alternative("Hey", -4.5, null)))),
                        List.of()));
    }

    @Test
    void a_refusal_is_not_text_and_not_an_empty_answer() {
        ChatResponse reply = server.completeFixture("chat-refusal.json");

        assertThat(reply.message().refusal()).isEqualTo("I can't help with that.");
        assertThat(reply.text()).isEmpty();
        assertThat(reply.isEmpty()).isFalse();
    }

    @Test
    void a_hit_of_the_response_cache_costs_nothing_and_says_so() {
        ChatResponse reply = server.complete(CannedResponse.json(200, Fixtures.text("chat-response-cache-hit.json"))
                .header("X-Generation-Id", "gen-1787300062-hit")
                .header("X-OpenRouter-Cache-Status", "HIT")
                .header("X-OpenRouter-Cache-Age", "12")
                .header("X-OpenRouter-Cache-TTL", "288")
                .header("X-OpenRouter-Cache-Source-Id", "gen-source"));

        assertThat(metadata(reply).cache())
                .isEqualTo(new OpenRouterMetadata.CacheUse(
                        true, Duration.ofSeconds(12), Duration.ofSeconds(288), "gen-source"));
        assertThat(reply.cost().isKnown()).isTrue();
        assertThat(reply.cost().amount()).isEqualByComparingTo("0");
        assertThat(reply.usage().totalTokens()).isZero();
        assertThat(reply.usage().isReported()).isTrue();
        assertThat(reply.text()).isEqualTo("42");
    }

    @Test
    void a_miss_of_the_response_cache_has_no_age() {
        ChatResponse reply = server.complete(CannedResponse.json(200, Fixtures.text("chat-simple.json"))
                .header("X-OpenRouter-Cache-Status", "MISS")
                .header("X-OpenRouter-Cache-TTL", "300"));

        assertThat(metadata(reply).cache())
                .isEqualTo(new OpenRouterMetadata.CacheUse(false, null, Duration.ofSeconds(300), null));
    }

    @Test
    void routing_is_told_with_its_raw_object() {
        ChatResponse reply = server.completeFixture("chat-router-metadata.json");

        OpenRouterMetadata.Routing routing = metadata(reply).routing();
        assertThat(routing).isNotNull();
        assertThat(routing.requested()).isEqualTo("openrouter/auto");
        assertThat(routing.strategy()).isEqualTo("auto");
        assertThat(routing.region()).isEqualTo("iad");
        assertThat(routing.summary()).isEqualTo("available=2, selected=Anthropic");
        assertThat(routing.attempt()).isEqualTo(2);
        assertThat(routing.endpoints())
                .containsExactly(
                        new OpenRouterMetadata.Routing.Endpoint("OpenAI", "openai/gpt-5.2", false),
                        new OpenRouterMetadata.Routing.Endpoint("Anthropic", "anthropic/claude-sonnet-4.5", true));
        assertThat(routing.attempts())
                .containsExactly(
                        new OpenRouterMetadata.Routing.Attempt("OpenAI", "openai/gpt-5.2", 429),
                        new OpenRouterMetadata.Routing.Attempt("Anthropic", "anthropic/claude-sonnet-4.5", 200));
        assertThat(Json.value(routing.raw().text()))
                .isEqualTo(Json.at(Json.value(Fixtures.text("chat-router-metadata.json")), "openrouter_metadata"));
        assertThat(reply.model()).isEqualTo("anthropic/claude-sonnet-4.5");
    }

    @Test
    void an_error_inside_a_200_is_the_error_it_names() {
        RateLimitedException error = catchThrowableOfType(
                RateLimitedException.class, () -> server.completeFixture("chat-200-top-level-error.json"));

        assertThat(error.details().code()).isEqualTo("429");
        assertThat(error.details().httpStatus()).isEqualTo(429);
        assertThat(error.details().upstream()).isEqualTo("Baidu");
        assertThat(error.retryable()).isTrue();
        assertThat(error.partial()).isEmpty();
        assertThat(error).hasMessageContaining("Provider returned error").hasMessageContaining("acme/large-1");
        assertThat(error.getMessage()).doesNotContain("upstream is busy");
    }

    @ParameterizedTest
    @FieldSource("REPLIES")
    void every_reply_keeps_its_usage_as_it_came(String name) {
        ChatResponse reply = server.completeFixture(name);

        Object body = Json.value(Fixtures.text(name));
        assertThat(reply.usage().raw()).isNotNull();
        assertThat(Json.value(reply.usage().raw().text())).isEqualTo(Json.at(body, "usage"));
        assertThat(reply.id()).isEqualTo(Json.at(body, "id"));
        assertThat(reply.model()).isEqualTo(Json.at(body, "model"));
        assertThat(reply.provider()).isEqualTo(Json.at(body, "provider"));
        assertThat(reply.finishReason().raw()).isEqualTo(Json.at(body, "choices.0.finish_reason"));
        assertThat(reply.extras()).isEmpty();
    }

    @Test
    void the_generation_id_of_the_header_stands_in_for_a_missing_one() {
        ChatResponse reply = server.complete(CannedResponse.json(
                        200, "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}")
                .header("X-Generation-Id", "gen-header"));

        assertThat(reply.id()).isEqualTo("gen-header");
        assertThat(reply.model()).isEmpty();
        assertThat(reply.created()).isNull();
        assertThat(reply.usage()).isEqualTo(Usage.NOT_REPORTED);
        assertThat(reply.cost()).isEqualTo(Cost.UNKNOWN);
    }

    private static OpenRouterMetadata metadata(ChatResponse reply) {
        return reply.metadata(OpenRouterMetadata.class).orElseThrow();
    }

    private static ReasoningDetail.Origin origin(String id, String format, long index) {
        return new ReasoningDetail.Origin(id, format, index, Map.of());
    }

    private static Media png(Object dataUrl) {
        String url = (String) dataUrl;
        return Media.bytes(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)), "image/png");
    }
}
