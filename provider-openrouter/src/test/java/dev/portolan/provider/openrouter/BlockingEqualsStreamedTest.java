package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.provider.openrouter.chat.InProcess;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** A stream that has ended gives the very reply that a blocking call would have given. */
@Tag("thorough")
class BlockingEqualsStreamedTest {
    @SuppressWarnings("unused") // named below
    static final List<String> REPLIES = Fixtures.REPLIES;

    @RegisterExtension
    final Loopback server = new Loopback();

    @ParameterizedTest
    @FieldSource("REPLIES")
    void a_recorded_reply_is_the_same_when_streamed_in_any_dialect(String name) {
        String reply = rewritten(Fixtures.text(name));
        ChatResponse blocking = InProcess.complete(reply.getBytes(StandardCharsets.UTF_8));
        for (StreamSampler.UsageShape shape : StreamSampler.UsageShape.values()) {
            Seeds.each(60, random -> assertStreamedSame(random, reply, shape, blocking));
        }
    }

    @ParameterizedTest
    @EnumSource
    void any_reply_is_the_same_when_streamed_in_any_dialect(StreamSampler.UsageShape shape) {
        Seeds.each(400, random -> {
            String reply = reply(random);
            ChatResponse blocking = InProcess.complete(reply.getBytes(StandardCharsets.UTF_8));
            assertStreamedSame(random, reply, shape, blocking);
        });
    }

    @Test
    void over_http_it_is_the_same_too() {
        Seeds.each(40, random -> {
            String reply = reply(random);
            byte[] stream = StreamSampler.stream(random, reply, StreamSampler.UsageShape.values()[random.nextInt(5)]);
            server.simulator()
                    .enqueue(CannedResponse.json(200, reply))
                    .enqueue(CannedResponse.sse(stream).pieces(Seeds.pieces(random, stream)));
            ChatResponse blocking = server.chat().complete(Loopback.request().build());
            try (ChatStream streamed = server.chat().stream(Loopback.request().build())) {
                assertThat(streamed.response()).isEqualTo(blocking);
            }
        });
    }

    private static void assertStreamedSame(
            Random random, String reply, StreamSampler.UsageShape shape, ChatResponse blocking) {
        byte[] stream = StreamSampler.stream(random, reply, shape);
        List<ChatEvent> events = Loopback.events(InProcess.stream(Seeds.pieces(random, stream)));

        assertThat(events.get(events.size() - 1)).isEqualTo(new ChatEvent.ResponseFinished(blocking));
        assertThat(events.get(0)).isInstanceOf(ChatEvent.ResponseStarted.class);
        assertAddUp(events, blocking);
    }

    /** The pieces of a stream, joined, are what the reply says. */
    private static void assertAddUp(List<ChatEvent> events, ChatResponse reply) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
        List<Object> whole = new ArrayList<>();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.TextDelta delta) {
                text.append(delta.text());
            } else if (event instanceof ChatEvent.ReasoningDelta delta) {
                reasoning.append(delta.text());
            } else if (event instanceof ChatEvent.RefusalDelta delta) {
                refusal.append(delta.text());
            } else if (event instanceof ChatEvent.ToolCallStarted started) {
                assertThat(arguments.put(started.call(), new StringBuilder())).isNull();
            } else if (event instanceof ChatEvent.ToolCallDelta delta) {
                arguments.get(delta.call()).append(delta.arguments());
            } else if (event instanceof ChatEvent.ImageReceived image) {
                whole.add(image.image());
            } else if (event instanceof ChatEvent.AnnotationReceived annotation) {
                whole.add(annotation.annotation());
            }
        }
        assertThat(text).hasToString(reply.text());
        assertThat(reasoning).hasToString(orEmpty(reply.message().reasoning()));
        assertThat(refusal).hasToString(orEmpty(reply.message().refusal()));
        assertThat(arguments).hasSameSizeAs(reply.toolCalls());
        arguments.forEach((place, joined) -> assertThat(joined.toString().isBlank() ? "{}" : joined.toString())
                .isEqualTo(reply.toolCalls().get(place).arguments()));
        assertThat(whole)
                .hasSize(reply.message().images().size()
                        + reply.message().annotations().size());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** A made-up reply with any of what a reply can have. */
    private static String reply(Random random) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", random.nextInt(4) == 0 ? null : Seeds.text(random, 60));
        if (random.nextInt(5) == 0) {
            message.put("refusal", Seeds.text(random, 20));
        }
        reasoning(random, message);
        if (random.nextInt(3) == 0) {
            message.put("tool_calls", toolCalls(random));
        }
        if (random.nextInt(4) == 0) {
            message.put("images", List.of(Map.of("type", "image_url", "image_url", Map.of("url", dataUrl(random)))));
        }
        if (random.nextInt(4) == 0) {
            message.put(
                    "annotations",
                    List.of(
                            Map.of(
                                    "type",
                                    "url_citation",
                                    "url_citation",
                                    Map.of("url", "https://example.com/" + random.nextInt())),
                            Map.of("type", "new", "new", Long.toHexString(random.nextLong()))));
        }
        if (random.nextInt(4) == 0) {
            message.put("thought_signature", Long.toHexString(random.nextLong()));
        }
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put(
                "finish_reason",
                List.of("stop", "length", "tool_calls", "content_filter", "new").get(random.nextInt(5)));
        choice.put("native_finish_reason", random.nextBoolean() ? "end_turn" : null);
        choice.put("message", message);
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("id", "gen-" + random.nextInt(1000));
        reply.put("provider", random.nextBoolean() ? "OpenAI" : null);
        reply.put("model", "acme/large-1");
        reply.put("created", 1787300000 + random.nextInt(1000));
        reply.put("choices", List.of(choice));
        if (random.nextInt(4) > 0) {
            reply.put("usage", usage(random));
        }
        if (random.nextBoolean()) {
            reply.put("system_fingerprint", "fp_" + random.nextInt(9));
            reply.put("service_tier", "flex");
        }
        if (random.nextInt(4) == 0) {
            reply.put("openrouter_metadata", Map.of("requested", "openrouter/auto", "attempt", 1));
            reply.put("brand_new", List.of(1, "two"));
        }
        return rewritten(RawJson.of(reply).text());
    }

    /** With its numbers written as the sampler writes them, since what is kept raw is kept letter by letter. */
    private static String rewritten(String reply) {
        return RawJson.of(Json.value(reply)).text();
    }

    private static void reasoning(Random random, Map<String, Object> message) {
        if (random.nextBoolean()) {
            return;
        }
        String text = "t" + Seeds.text(random, 40);
        List<Object> details = new ArrayList<>();
        boolean signed = random.nextBoolean();
        for (int i = 0; i <= random.nextInt(3); i++) {
            Map<String, Object> detail = new LinkedHashMap<>();
            switch (i == 0 ? 0 : random.nextInt(4)) {
                case 0 -> {
                    detail.put("type", "reasoning.text");
                    detail.put("text", i == 0 ? text : "more " + Seeds.text(random, 10));
                    if (signed) {
                        detail.put("signature", "sig" + i);
                    }
                }
                case 1 -> {
                    detail.put("type", "reasoning.summary");
                    detail.put("summary", "s" + Seeds.text(random, 10));
                    detail.put("id", null);
                }
                case 2 -> {
                    detail.put("type", "reasoning.encrypted");
                    detail.put("data", "b3BhcXVl");
                }
                default -> {
                    detail.put("type", "reasoning.new");
                    detail.put("x", i);
                }
            }
            detail.put("format", random.nextBoolean() ? "anthropic-claude-v1" : null);
            detail.put("index", i);
            details.add(detail);
        }
        message.put("reasoning", text);
        if (random.nextInt(4) > 0) {
            message.put("reasoning_details", details);
        }
    }

    private static List<Object> toolCalls(Random random) {
        List<Object> calls = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            Map<String, Object> arguments = new LinkedHashMap<>();
            if (random.nextBoolean()) {
                arguments.put("city", Seeds.text(random, 12));
                arguments.put("deep", Map.of("list", List.of(1, 2, "}")));
            }
            Map<String, Object> call = new LinkedHashMap<>();
            call.put("id", "call_" + i + "_" + random.nextInt(1000));
            call.put("type", "function");
            call.put(
                    "function",
                    Map.of(
                            "name",
                            "tool_" + random.nextInt(2),
                            "arguments",
                            random.nextInt(4) == 0 ? "" : RawJson.of(arguments).text()));
            if (random.nextInt(4) == 0) {
                call.put("extra_content", Map.of("google", "sig"));
            }
            calls.add(call);
        }
        return calls;
    }

    private static String dataUrl(Random random) {
        byte[] bytes = new byte[random.nextInt(30)];
        random.nextBytes(bytes);
        return "data:image/png;base64," + java.util.Base64.getEncoder().encodeToString(bytes);
    }

    private static Map<String, Object> usage(Random random) {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", random.nextInt(1000));
        usage.put("completion_tokens", random.nextInt(1000));
        usage.put("total_tokens", random.nextInt(2000));
        usage.put("cost", random.nextInt(5) == 0 ? null : new BigDecimal("1.6e-7"));
        usage.put("is_byok", random.nextBoolean());
        usage.put("cost_details", Map.of("upstream_inference_cost", new BigDecimal("0.00012")));
        return usage;
    }
}
