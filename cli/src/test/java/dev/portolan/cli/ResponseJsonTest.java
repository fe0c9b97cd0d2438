package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.spi.ChatAssembler;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseJsonTest {
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "model",
            "provider",
            "created",
            "text",
            "reasoning",
            "reasoningDetails",
            "refusal",
            "toolCalls",
            "images",
            "audio",
            "annotations",
            "finishReason",
            "logprobs",
            "usage",
            "cost",
            "systemFingerprint",
            "serviceTier",
            "warnings",
            "openrouter",
            "extras");

    private static String json(ChatResponse response) {
        return ResponseJson.of(response).text();
    }

    @Test
    void every_member_is_there_even_when_nothing_is_known() {
        String json = json(new ChatAssembler().finish());

        assertThat(Run.json(json)).containsOnlyKeys(MEMBERS);
        assertThat(json)
                .contains("\"id\":null", "\"text\":\"\"", "\"promptTokens\":null", "\"amount\":null")
                .contains("\"finishReason\":{\"unified\":\"unknown\",\"raw\":null}", "\"source\":\"unknown\"");
    }

    @Test
    void a_full_answer_is_told_in_full() {
        ChatAssembler answer = new ChatAssembler();
        answer.id("gen-1");
        answer.model("acme/one");
        answer.provider("Acme");
        answer.created(Instant.ofEpochSecond(1756000000));
        answer.systemFingerprint("fp");
        answer.serviceTier("flex");
        answer.text(0, "Grüezi \"🌍\"");
        answer.reasoning(0, "Hm");
        answer.toolCall(0, 0, "call_1", "get_weather", "{\"city\":\"Zürich\"}", Map.of());
        answer.image(0, Media.bytes(new byte[] {1, 2, 3}, "image/png"));
        answer.image(0, Media.url("https://example.org/a.png"));
        answer.audio(0, "audio_1", "AAEC", "Hello", null);
        answer.annotation(0, new Annotation.Raw(RawJson.parse("{\"type\": \"new\"}")));
        answer.logprobs(0, new LogProbs(List.of(new LogProbs.Token("a", -0.5, List.of(97), List.of())), List.of()));
        answer.finishReason(0, "odd");
        answer.usage(
                new Usage(
                        9,
                        6,
                        15,
                        new Usage.PromptDetails(4, 3, 2, 1),
                        new Usage.CompletionDetails(5, 0, 0, 0, 0),
                        RawJson.parse("{\"cost\":0.00012}")),
                Cost.reported(new BigDecimal("0.00012")));
        answer.warning(new Warning("seed", "None here."));
        answer.extra("object", RawJson.parse("\"chat.completion\""));
        answer.messageExtra(0, "role", RawJson.parse("\"assistant\""));

        assertThat(json(answer.finish()))
                .isEqualTo("{\"id\":\"gen-1\",\"model\":\"acme/one\",\"provider\":\"Acme\","
                        + "\"created\":\"2025-08-24T01:46:40Z\",\"text\":\"Grüezi \\\"🌍\\\"\",\"reasoning\":\"Hm\","
                        + "\"reasoningDetails\":[],\"refusal\":null,"
                        + "\"toolCalls\":[{\"id\":\"call_1\",\"name\":\"get_weather\","
                        + "\"arguments\":\"{\\\"city\\\":\\\"Zürich\\\"}\"}],"
                        + "\"images\":[{\"mediaType\":\"image/png\",\"data\":\"AQID\"},"
                        + "{\"url\":\"https://example.org/a.png\"}],"
                        + "\"audio\":{\"id\":\"audio_1\",\"data\":\"AAEC\",\"transcript\":\"Hello\",\"expiresAt\":null},"
                        + "\"annotations\":[{\"type\": \"new\"}],"
                        + "\"finishReason\":{\"unified\":\"other\",\"raw\":\"odd\"},"
                        + "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":[97],\"top\":[]}],"
                        + "\"refusal\":[]},"
                        + "\"usage\":{\"promptTokens\":9,\"completionTokens\":6,\"totalTokens\":15,\"cachedTokens\":4,"
                        + "\"cacheWriteTokens\":3,\"promptAudioTokens\":2,\"promptVideoTokens\":1,"
                        + "\"reasoningTokens\":5,\"imageTokens\":0,\"audioTokens\":0,\"acceptedPredictionTokens\":0,"
                        + "\"rejectedPredictionTokens\":0,\"raw\":{\"cost\":0.00012}},"
                        + "\"cost\":{\"amount\":0.00012,\"currency\":\"USD\",\"source\":\"reported\"},"
                        + "\"systemFingerprint\":\"fp\",\"serviceTier\":\"flex\","
                        + "\"warnings\":[{\"subject\":\"seed\",\"message\":\"None here.\"}],\"openrouter\":null,"
                        + "\"extras\":{\"response\":{\"object\":\"chat.completion\"},\"choice\":{},"
                        + "\"message\":{\"role\":\"assistant\"}}}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.00012, 0.00012",
        "1E-7, 0.0000001",
        "0.1000, 0.1000",
        "12345678901234567890.123456789, 12345678901234567890.123456789",
        "1E+3, 1000"
    })
    void the_cost_keeps_every_digit_and_has_no_exponent(String amount, String expected) {
        ChatAssembler answer = new ChatAssembler();
        answer.usage(Usage.of(1, 1), Cost.reported(new BigDecimal(amount)));

        assertThat(json(answer.finish())).contains("\"amount\":" + expected + ",");
    }

    @Test
    void reasoning_details_have_the_form_in_which_they_go_back() {
        ReasoningDetail.Origin origin =
                new ReasoningDetail.Origin("r1", "google-gemini-v1", 0L, Map.of("signature", RawJson.NULL));
        ChatAssembler answer = new ChatAssembler();
        answer.reasoningDetail(0, new ReasoningDetail.Text("Hm", null, origin));
        answer.reasoningDetail(0, new ReasoningDetail.Summary("Short", ReasoningDetail.Origin.NONE));
        answer.reasoningDetail(0, new ReasoningDetail.Encrypted("abc", ReasoningDetail.Origin.NONE));
        answer.reasoningDetail(
                0,
                new ReasoningDetail.ServerToolCall(
                        "openrouter:datetime", "{}", "now", null, ReasoningDetail.Origin.NONE));
        answer.reasoningDetail(0, new ReasoningDetail.Raw(RawJson.parse("{\"type\":\"reasoning.new\"}")));

        assertThat(json(answer.finish()))
                .contains("\"reasoningDetails\":["
                        + "{\"type\":\"reasoning.text\",\"text\":\"Hm\",\"id\":\"r1\","
                        + "\"format\":\"google-gemini-v1\",\"index\":0,\"signature\":null},"
                        + "{\"type\":\"reasoning.summary\",\"summary\":\"Short\"},"
                        + "{\"type\":\"reasoning.encrypted\",\"data\":\"abc\"},"
                        + "{\"type\":\"reasoning.server_tool_call\",\"tool_name\":\"openrouter:datetime\","
                        + "\"arguments\":\"{}\",\"result\":\"now\"},"
                        + "{\"type\":\"reasoning.new\"}]");
    }
}
