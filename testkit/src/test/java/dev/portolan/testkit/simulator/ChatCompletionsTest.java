package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatCompletionsTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.builder()
            .clock(Clock.fixed(Instant.ofEpochSecond(1_787_300_000), ZoneOffset.UTC))
            .start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void the_ids_of_generations_begin_as_one_likes() throws Exception {
        try (OpenRouterSimulator other =
                OpenRouterSimulator.builder().generationPrefix("gen-mine-").start()) {
            assertThat(new Wire(other).chat(ask("Hello")).json().string("id")).isEqualTo("gen-mine-0000000001");
        }
    }

    @Test
    void a_blocking_answer_has_the_documented_shape() throws Exception {
        Wire.Reply reply = wire.chat(ask("Why is the sky blue?"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        JsonObject json = reply.json();
        assertThat(json.string("id")).isEqualTo("gen-sim-0000000001").isEqualTo(reply.header("X-Generation-Id"));
        assertThat(json.string("object")).isEqualTo("chat.completion");
        assertThat(json.string("model")).isEqualTo("openai/gpt-4o-mini");
        assertThat(json.string("provider")).isEqualTo("OpenAI");
        assertThat(json.number("created")).isEqualTo("1787300000");
        assertThat(json.array("choices").size()).isEqualTo(1);
        assertThat(reply.choice().string("finish_reason")).isEqualTo("stop");
        assertThat(reply.choice().string("native_finish_reason")).isEqualTo("stop");
        assertThat(reply.message().string("role")).isEqualTo("assistant");
        assertThat(reply.content()).contains("Rayleigh scattering");
    }

    @Test
    void an_unknown_question_is_quoted_and_the_reply_says_where_it_comes_from() throws Exception {
        assertThat(wire.chat(ask("Grüezi 🌍, wie geht’s?")).content())
                .isEqualTo("This is the simulator speaking for openai/gpt-4o-mini."
                        + " You wrote: “Grüezi 🌍, wie geht’s?”.");
    }

    @Test
    void the_same_requests_in_the_same_order_get_the_same_answers() throws Exception {
        String body = askModel("anthropic/claude-sonnet-4.5", "Tell me more", "\"reasoning\":{}");
        try (OpenRouterSimulator other = OpenRouterSimulator.builder()
                .clock(Clock.fixed(Instant.ofEpochSecond(1_787_300_000), ZoneOffset.UTC))
                .start()) {
            Wire otherWire = new Wire(other);
            for (int i = 0; i < 2; i++) {
                assertThat(otherWire.chat(body).body())
                        .isEqualTo(wire.chat(body).body());
                assertThat(otherWire.streamText(body).body())
                        .isEqualTo(wire.streamText(body).body());
            }
        }
    }

    @Test
    void usage_is_complete_and_the_cost_exact() throws Exception {
        Wire.Reply reply = wire.chat(ask("Why is the sky blue?"));

        JsonObject usage = reply.usage();
        BigDecimal promptTokens = usage.number("prompt_tokens");
        BigDecimal completionTokens = usage.number("completion_tokens");
        BigDecimal cost = new BigDecimal("0.00000015")
                .multiply(promptTokens)
                .add(new BigDecimal("0.0000006").multiply(completionTokens));
        assertThat(usage.number("cost")).isEqualByComparingTo(cost);
        assertThat(usage.number("total_tokens")).isEqualByComparingTo(promptTokens.add(completionTokens));
        assertThat(usage.isFalse("is_byok")).isTrue();
        JsonObject details = Objects.requireNonNull(usage.object("cost_details"));
        assertThat(details.number("upstream_inference_cost")).isEqualByComparingTo(cost);
        assertThat(details.number("upstream_inference_prompt_cost")
                        .add(details.number("upstream_inference_completions_cost")))
                .isEqualByComparingTo(cost);
        assertThat(Objects.requireNonNull(usage.object("prompt_tokens_details")).names())
                .containsExactly("cached_tokens", "cache_write_tokens", "audio_tokens", "video_tokens");
        assertThat(Objects.requireNonNull(usage.object("completion_tokens_details"))
                        .names())
                .containsExactly("reasoning_tokens", "image_tokens", "audio_tokens");
    }

    @Test
    void what_came_with_the_text_is_named() throws Exception {
        String content = wire.chat("""
                        {"model":"google/gemini-2.5-flash","messages":[
                          {"role":"system","content":"Answer in rhymes only."},
                          {"role":"user","content":[
                            {"type":"text","text":"Look"},
                            {"type":"image_url","image_url":{"url":"https://example.com/1.png","detail":"low"}},
                            {"type":"image_url","image_url":{"url":"https://example.com/2.png"}},
                            {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
                            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]}]}
                        """).content();

        assertThat(content)
                .contains("“Look”")
                .contains("a system message of 4 words")
                .contains("I see 2 images and 1 audio recording and 1 file.");
    }

    @Test
    void a_limit_beyond_any_count_is_none() throws Exception {
        assertThat(wire.chat(ask("Hi", "\"max_tokens\":3000000000")).content())
                .isEqualTo(wire.chat(ask("Hi")).content());
    }

    @Test
    void an_answer_longer_than_max_tokens_is_cut() throws Exception {
        for (String field : new String[] {"max_tokens", "max_completion_tokens"}) {
            Wire.Reply reply = wire.chat(ask("Why is the sky blue?", "\"" + field + "\":5"));

            assertThat(reply.content()).isEqualTo("The sky is blue because");
            assertThat(reply.choice().string("finish_reason")).isEqualTo("length");
            assertThat(reply.usage().number("completion_tokens")).isEqualByComparingTo("5");
        }
        assertThat(wire.chat(askModel("anthropic/claude-haiku-4.5", "Hello", "\"max_tokens\":3"))
                        .choice()
                        .string("native_finish_reason"))
                .isEqualTo("max_tokens");
    }

    @Test
    void an_answer_ends_before_the_first_stop_string() throws Exception {
        Wire.Reply one = wire.chat(ask("Why is the sky blue?", "\"stop\":\" because\""));
        assertThat(one.content()).isEqualTo("The sky is blue");
        assertThat(one.choice().string("finish_reason")).isEqualTo("stop");

        Wire.Reply more =
                wire.chat(askModel("anthropic/claude-sonnet-4.5", "Why is the sky blue?", "\"stop\":[\"of\",\"is\"]"));
        assertThat(more.content()).isEqualTo("The sky ");
        assertThat(more.choice().string("native_finish_reason")).isEqualTo("stop_sequence");
    }

    @Test
    void a_prefilled_answer_is_continued() throws Exception {
        String content = wire.chat("""
                        {"messages":[{"role":"user","content":"Count"},{"role":"assistant","content":"One, two"}]}
                        """).content();

        assertThat(content).startsWith(" and so on");
    }

    @Test
    void reasoning_comes_as_text_and_as_signed_details_from_claude() throws Exception {
        Wire.Reply reply =
                wire.chat(askModel("anthropic/claude-sonnet-4.5", "Think hard", "\"reasoning\":{\"effort\":\"high\"}"));

        String reasoning = reply.message().string("reasoning");
        assertThat(reasoning).contains("Think hard");
        JsonObject detail = reply.message().array("reasoning_details").objects().get(0);
        assertThat(detail.string("type")).isEqualTo("reasoning.text");
        assertThat(detail.string("text")).isEqualTo(reasoning);
        assertThat(detail.string("format")).isEqualTo("anthropic-claude-v1");
        assertThat(detail.string("signature")).isNotBlank();
        JsonObject details = Objects.requireNonNull(reply.usage().object("completion_tokens_details"));
        assertThat(details.number("reasoning_tokens")).isGreaterThan(BigDecimal.TEN);
        assertThat(reply.usage().number("completion_tokens")).isGreaterThan(details.number("reasoning_tokens"));
    }

    @Test
    void each_vendor_shapes_its_reasoning_details_in_its_own_way() throws Exception {
        assertThat(detailTypes("openai/gpt-5-mini")).containsExactly("reasoning.summary", "reasoning.encrypted");
        assertThat(detailTypes("google/gemini-2.5-flash")).containsExactly("reasoning.text", "reasoning.encrypted");
        assertThat(detailTypes("deepseek/deepseek-r1-0528")).containsExactly("reasoning.text");
    }

    private Iterable<String> detailTypes(String model) throws Exception {
        return wire
                .chat(askModel(model, "Think", "\"reasoning_effort\":\"low\""))
                .message()
                .array("reasoning_details")
                .objects()
                .stream()
                .map(detail -> detail.string("type", ""))
                .toList();
    }

    @Test
    void reasoning_is_absent_unless_asked_for_and_hidden_when_excluded_but_paid() throws Exception {
        String model = "anthropic/claude-sonnet-4.5";
        assertThat(wire.chat(askModel(model, "Hi")).message().string("reasoning"))
                .isNull();
        assertThat(wire.chat(askModel(model, "Hi", "\"reasoning\":{\"effort\":\"none\"}"))
                        .message()
                        .string("reasoning"))
                .isNull();
        assertThat(wire.chat(ask("Hi", "\"reasoning\":{}")).message().string("reasoning"))
                .as("a model that cannot reason")
                .isNull();

        Wire.Reply hidden = wire.chat(askModel(model, "Hi", "\"reasoning\":{\"exclude\":true}"));
        assertThat(hidden.message().string("reasoning")).isNull();
        assertThat(hidden.message().has("reasoning_details")).isFalse();
        assertThat(Objects.requireNonNull(hidden.usage().object("completion_tokens_details"))
                        .number("reasoning_tokens"))
                .isGreaterThan(BigDecimal.ZERO);
    }

    @Test
    void reasoning_sent_back_must_be_unchanged() throws Exception {
        String model = "anthropic/claude-sonnet-4.5";
        JsonObject message =
                wire.chat(askModel(model, "Hi", "\"reasoning\":{}")).message();
        JsonObject user = new JsonObject().put("role", "user").put("content", "And now?");
        JsonObject body = new JsonObject().put("model", model).put("messages", JsonArray.of(user, message, user));
        assertThat(wire.chat(body.toString()).status()).isEqualTo(200);

        message.array("reasoning_details").objects().get(0).put("text", "something else");
        Wire.Reply refused = wire.chat(body.toString());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().string("message")).contains("signature");
    }

    @Test
    void an_image_model_paints_a_real_png_in_the_aspect_ratio_asked_for() throws Exception {
        Wire.Reply reply = wire.chat(askModel(
                "google/gemini-2.5-flash-image",
                "A harbour",
                "\"modalities\":[\"image\",\"text\"]",
                "\"image_config\":{\"aspect_ratio\":\"16:9\"}"));

        JsonObject image = reply.message().array("images").objects().get(0);
        String url = Objects.requireNonNull(image.object("image_url")).string("url", "");
        assertThat(url).startsWith("data:image/png;base64,");
        byte[] png = Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1));
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(1344);
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getHeight()).isEqualTo(768);
        BigDecimal text = reply.usage().number("completion_tokens").subtract(BigDecimal.valueOf(1290));
        assertThat(reply.usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.0387")
                        .add(new BigDecimal("0.0000025").multiply(text))
                        .add(new BigDecimal("0.0000003").multiply(reply.usage().number("prompt_tokens"))));
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', 1024, 1024, 1290",
        "'{\"aspect_ratio\":\"2:3\",\"image_size\":\"1K\"}', 832, 1248, 1290",
        "'{\"aspect_ratio\":\"21:9\",\"image_size\":\"2K\"}', 3072, 1344, 2580",
        "'{\"aspect_ratio\":\"1:8\",\"image_size\":\"0.5K\"}', 181, 1448, 645",
        "'{\"aspect_ratio\":\"wide\",\"image_size\":\"8K\"}', 1024, 1024, 1290"
    })
    void the_image_config_sets_the_pixels_and_the_tokens(String config, int width, int height, int tokens)
            throws Exception {
        Wire.Reply reply = wire.chat(askModel(
                "google/gemini-2.5-flash-image",
                "A harbour",
                "\"modalities\":[\"image\",\"text\"]",
                "\"image_config\":" + config));

        JsonObject image = reply.message().array("images").objects().get(0);
        String url = Objects.requireNonNull(image.object("image_url")).string("url", "");
        BufferedImage picture =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1))));
        assertThat(picture.getWidth()).isEqualTo(width);
        assertThat(picture.getHeight()).isEqualTo(height);
        assertThat(Objects.requireNonNull(reply.usage().object("completion_tokens_details"))
                        .number("image_tokens"))
                .isEqualByComparingTo(BigDecimal.valueOf(tokens));
    }

    @Test
    void a_model_may_charge_for_each_request_and_for_each_image_it_reads() throws Exception {
        Wire.Reply request = wire.chat(askModel("perplexity/sonar", "Hi"));
        BigDecimal tokens = request.usage().number("total_tokens");
        assertThat(request.usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.005").add(new BigDecimal("0.000001").multiply(tokens)));

        Wire.Reply images = wire.chat("""
                        {"model":"meta-llama/llama-3.2-11b-vision-instruct","messages":[{"role":"user","content":[
                          {"type":"image_url","image_url":{"url":"https://example.com/1.png"}},
                          {"type":"image_url","image_url":{"url":"https://example.com/2.png"}}]}]}
                        """);
        BigDecimal total = images.usage().number("total_tokens");
        assertThat(images.usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.00015896").add(new BigDecimal("0.000000049").multiply(total)));
    }

    @Test
    void logprobs_are_given_for_each_token() throws Exception {
        Wire.Reply reply =
                wire.chat(ask("Why is the sky blue?", "\"logprobs\":true", "\"top_logprobs\":2", "\"max_tokens\":3"));

        JsonArray tokens =
                Objects.requireNonNull(reply.choice().object("logprobs")).array("content");
        assertThat(tokens.objects()).extracting(token -> token.string("token")).containsExactly("The", " sky", " is");
        for (JsonObject token : tokens.objects()) {
            assertThat(token.number("logprob")).isNegative();
            assertThat(token.array("top_logprobs").objects())
                    .hasSize(2)
                    .first()
                    .returns(token.get("token"), top -> top.get("token"));
        }
        assertThat(tokens.objects().get(0).array("bytes").items()).hasSize(3);
    }

    @Test
    void a_web_search_brings_a_citation_and_is_counted() throws Exception {
        for (String body : new String[] {
            ask("News", "\"tools\":[{\"type\":\"openrouter:web_search\"}]"),
            ask("News", "\"plugins\":[{\"id\":\"web\"}]"),
            askModel("openai/gpt-4o-mini:online", "News")
        }) {
            Wire.Reply reply = wire.chat(body);

            JsonObject annotation =
                    reply.message().array("annotations").objects().get(0);
            assertThat(annotation.string("type")).isEqualTo("url_citation");
            assertThat(Objects.requireNonNull(annotation.object("url_citation")).string("url"))
                    .startsWith("https://example.com/");
            JsonObject counts = Objects.requireNonNull(reply.usage().object("server_tool_use_details"));
            assertThat(counts.number("web_search_requests")).isEqualByComparingTo("1");
            assertThat(counts.number("tool_calls_executed")).isEqualByComparingTo("1");
        }
    }

    @Test
    void the_server_tool_for_the_time_reads_the_simulators_clock() throws Exception {
        assertThat(wire.chat(ask("Time?", "\"tools\":[{\"type\":\"openrouter:datetime\"}]"))
                        .content())
                .contains(Instant.ofEpochSecond(1_787_300_000).toString());
    }

    @Test
    void a_long_prefix_with_a_breakpoint_is_written_to_the_prompt_cache_and_then_read() throws Exception {
        String prefix = "word ".repeat(1500);
        String body = new JsonObject()
                .put("model", "anthropic/claude-sonnet-4.5")
                .put(
                        "messages",
                        JsonArray.of(
                                new JsonObject()
                                        .put("role", "system")
                                        .put(
                                                "content",
                                                JsonArray.of(new JsonObject()
                                                        .put("type", "text")
                                                        .put("text", prefix)
                                                        .put(
                                                                "cache_control",
                                                                new JsonObject().put("type", "ephemeral")))),
                                new JsonObject().put("role", "user").put("content", "Hi")))
                .toString();

        JsonObject first = wire.chat(body).usage();
        JsonObject second = wire.chat(body).usage();

        BigDecimal written =
                Objects.requireNonNull(first.object("prompt_tokens_details")).number("cache_write_tokens");
        BigDecimal read =
                Objects.requireNonNull(second.object("prompt_tokens_details")).number("cached_tokens");
        assertThat(written).isGreaterThan(new BigDecimal(1500)).isEqualByComparingTo(read);
        assertThat(first.number("cost").subtract(second.number("cost")))
                .isEqualByComparingTo(written.multiply(new BigDecimal("0.00000345")));
    }
}
