package dev.portolan.cost.budget;

import static dev.portolan.cost.budget.Models.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpperEstimateTest {
    private static final Instant NOON = Instant.parse("2026-03-11T12:00:00Z");

    /** A token going in costs 1, one coming out a million: both can be read from the sum. */
    private static final ModelInfo COUNTING =
            model().price("prompt", "1").price("completion", "1000000").build();

    private static final long MESSAGE = CallSize.PER_REQUEST + 2 * CallSize.PER_PART;

    @Test
    void text_is_a_token_for_each_byte_and_the_answer_as_long_as_it_may_be() {
        ChatRequest request = chat("12345").maxCompletionTokens(7).build();

        assertThat(tokensIn(request)).isEqualTo(MESSAGE + 5);
        assertThat(tokensOut(request)).isEqualTo(7);
        assertThat(UpperEstimate.DEFAULT.estimate(request, COUNTING, NOON).source())
                .isEqualTo(Cost.Source.ESTIMATED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "\u00e9\u00df",
                "\u65e5\u672c\u8a9e",
                "a\ud83d\ude00b",
                "\u0000\u007f\u0080\u07ff\u0800\uffff"
            })
    void bytes_are_those_of_utf_8(String text) {
        assertThat(UpperEstimate.bytesOf(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @CsvSource({
        "max_completion_tokens, 30, 30",
        "max_tokens, 40, 40",
        "max_output_tokens, ' 50 ', 50",
        "n, 3, 12288",
        "n, '\"three\"', 4096",
        "n, -1, 4096",
        "max_tokens, 1e30, 1000000000000"
    })
    void limits_and_counts_that_are_set_by_their_names_on_the_wire_are_heeded(String name, String json, long tokens) {
        ChatRequest request = chat("x").extra(name, RawJson.parse(json)).build();

        assertThat(tokensOut(request)).isEqualTo(tokens);
    }

    @Test
    void both_names_of_the_limit_may_be_set_and_n_answers_have_it_each() {
        assertThat(tokensOut(chat("x")
                        .maxTokens(8)
                        .maxCompletionTokens(5)
                        .extra("n", 4)
                        .build()))
                .isEqualTo(32);
        assertThat(tokensOut(chat("x").maxTokens(5).prediction("1234567890").build()))
                .isEqualTo(15);
    }

    @Test
    void an_answer_without_a_limit_has_4096_tokens_or_what_the_model_gives() {
        ChatRequest request = chat("x").build();

        assertThat(tokensOut(request)).isEqualTo(4096);
        assertThat(out(request, counting().longestAnswer(1000).build())).isEqualTo(1000);
        assertThat(out(request, counting().longestAnswer(100_000).room(2000).build()))
                .isEqualTo(2000);
        assertThat(UpperEstimate.builder()
                        .completionTokens(10)
                        .build()
                        .estimate(request, COUNTING, NOON)
                        .amount())
                .isEqualByComparingTo(new BigDecimal(10_000_000 + MESSAGE + 1));
    }

    @Test
    void reasoning_comes_beside_an_answer_without_a_limit() {
        assertThat(tokensOut(chat("x").reasoning(Reasoning.maxTokens(10_000)).build()))
                .isEqualTo(14_096);
        assertThat(tokensOut(chat("x")
                        .reasoning(Reasoning.effort(Reasoning.Effort.HIGH))
                        .build()))
                .isEqualTo(20_480);
        assertThat(tokensOut(chat("x")
                        .reasoning(Reasoning.effort(Reasoning.Effort.MAX))
                        .build()))
                .isEqualTo(81_920);
        assertThat(tokensOut(chat("x")
                        .reasoning(Reasoning.effort(Reasoning.Effort.NONE))
                        .build()))
                .isEqualTo(4096);
        assertThat(tokensOut(chat("x").reasoning(Reasoning.ENABLED).build())).isEqualTo(8192);
        assertThat(tokensOut(chat("x")
                        .maxTokens(100)
                        .reasoning(Reasoning.maxTokens(50))
                        .build()))
                .as("reasoning is a part of a limit")
                .isEqualTo(100);
    }

    @Test
    void all_text_that_goes_in_is_counted() {
        String mark = "0123456789";
        AssistantMessage said = AssistantMessage.builder()
                .text(mark)
                .toolCalls(List.of(new ToolCall(mark, mark, mark, Map.of("e", RawJson.of(mark)))))
                .reasoning(mark)
                .reasoningDetails(List.of(
                        new ReasoningDetail.Text(mark, mark, ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.Summary(mark, ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.Encrypted(mark, ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.ServerToolCall(mark, mark, mark, null, ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.Raw(RawJson.of(mark))))
                .refusal(mark)
                .audio(new AudioOutput(null, null, mark, null))
                .annotations(List.of(new Annotation.Raw(RawJson.of(mark))))
                .extras(Map.of("f", RawJson.of(mark)))
                .build();
        ChatRequest request = ChatRequest.builder(Models.ID)
                .system(mark)
                .message(Message.developer(mark))
                .message(Message.user(ContentPart.text(mark), new ContentPart.Raw(RawJson.of(mark))))
                .message(said)
                .message(Message.tool(mark, mark))
                .tool(Tool.function(mark, mark, RawJson.of(mark)))
                .tool(new Tool.Raw(RawJson.of(mark)))
                .tool(new Tool.Server(mark, RawJson.of(mark)))
                .responseFormat(new ResponseFormat.JsonSchema(mark, mark, RawJson.of(mark), true))
                .extra("extra", mark)
                .maxTokens(1)
                .build();
        long marks = 34;
        long quotes = 2 * 10;
        long namesOfExtras = "e".length() + "f".length() + "extra".length();
        long parts = 5 + 6 + 1 + 5;
        long tools = 4 * CallSize.PER_TOOL + CallSize.FOR_TOOLS;

        assertThat(tokensIn(request))
                .isEqualTo(
                        marks * 10 + quotes + namesOfExtras + parts * CallSize.PER_PART + tools + CallSize.PER_REQUEST);
    }

    @Test
    void media_going_in_are_counted_by_what_is_assumed_of_them() {
        byte[] kilobyte = new byte[1024];

        assertThat(withPart(ContentPart.image("https://example.org/a.png"))).isEqualTo(5000);
        assertThat(withPart(ContentPart.audio(kilobyte, "wav"))).isEqualTo(17);
        assertThat(withPart(ContentPart.video("https://example.org/a.mp4"))).isEqualTo(100_000);
        assertThat(withPart(new ContentPart.Video(Media.bytes(kilobyte)))).isEqualTo(17);
        assertThat(withPart(ContentPart.file("a.pdf", kilobyte))).isEqualTo(1024 + 5);
        assertThat(withPart(ContentPart.file("a.pdf", "https://example.org/a.pdf")))
                .isEqualTo(50_005);
        assertThat(withPart(new ContentPart.File(null, null, "file-1"))).isEqualTo(50_000);
        assertThat(withPart(ContentPart.file("", "data:application/pdf;base64,AAAA")))
                .isEqualTo(32);
    }

    private static long withPart(ContentPart part) {
        ChatRequest request =
                ChatRequest.builder(Models.ID).user(part).maxTokens(1).build();
        return tokensIn(request) - MESSAGE;
    }

    @Test
    void what_has_a_price_of_its_own_costs_that_if_it_is_dearer() {
        ModelInfo model = model().price("prompt", "1")
                .price("completion", "2")
                .price("reasoning", "3")
                .price("image", "1000000")
                .price("imageToken", "5")
                .price("audio", "100")
                .price("audioOutput", "10")
                .price("cacheWrite", "1.25")
                .price("cacheWriteHour", "2")
                .price("request", "0.5")
                .build();
        ChatRequest plain = chat("").maxTokens(10).build();

        assertThat(cost(plain, model)).isEqualByComparingTo("150.5");
        assertThat(cost(chat("").maxTokens(10).modalities(Output.Modality.AUDIO).build(), model))
                .isEqualByComparingTo("220.5");
        ChatRequest kept = ChatRequest.builder(Models.ID)
                .user(ContentPart.text("", CacheControl.ephemeral(CacheControl.Ttl.ONE_HOUR)))
                .maxTokens(10)
                .build();
        assertThat(cost(kept, model)).isEqualByComparingTo("222.5");
        ChatRequest seen = ChatRequest.builder(Models.ID)
                .user(ContentPart.image("https://example.org/a.png"), ContentPart.audio(new byte[64], "wav"))
                .maxTokens(10)
                .build();
        assertThat(cost(seen, model).subtract(cost(plain, model)))
                .isEqualByComparingTo(new BigDecimal(1_000_000 + 5 * 5000 + 2 * 100 + 20));
    }

    @Test
    void a_prompt_is_never_longer_than_what_the_model_has_room_for() {
        ModelInfo small = counting().room(1000).price("audio", "3").build();

        assertThat(in(chat("x".repeat(100_000)).maxTokens(1).build(), small)).isEqualTo(3000);
        assertThat(in(chat("x".repeat(100)).maxTokens(1).build(), small)).isEqualTo(MESSAGE + 100);
    }

    @Test
    void of_prices_that_depend_on_the_length_of_the_prompt_the_dearest_that_can_apply_is_taken() {
        ModelInfo model = counting()
                .beyond(500, Pricing.of(new BigDecimal("3"), null))
                .beyond(1000, Pricing.of(new BigDecimal("2"), null))
                .build();

        assertThat(in(chat("x".repeat(500 - (int) MESSAGE)).maxTokens(1).build(), model))
                .isEqualTo(500);
        assertThat(in(chat("x".repeat(501 - (int) MESSAGE)).maxTokens(1).build(), model))
                .isEqualTo(1503);
        assertThat(in(chat("x".repeat(2000 - (int) MESSAGE)).maxTokens(1).build(), model))
                .as("it may turn out shorter, and dearer")
                .isEqualTo(6000);
    }

    @Test
    void prices_are_those_of_the_hour_and_of_the_discount() {
        Pricing base = COUNTING.pricing();
        Pricing night = Pricing.of(new BigDecimal("0.5"), null);
        Pricing pricing = new Pricing(
                base.prompt(),
                base.completion(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new BigDecimal("0.5"),
                List.of(new Pricing.Conditional(-1, LocalTime.of(20, 0), LocalTime.of(6, 0), night)));
        ModelInfo model = new ModelInfo(
                Models.ID, null, "", "", null, null, null, List.of(), List.of(), List.of(), pricing, Map.of());
        ChatRequest request = chat("").maxTokens(1).build();

        assertThat(UpperEstimate.DEFAULT.estimate(request, model, NOON).amount())
                .isEqualByComparingTo("500048");
        assertThat(UpperEstimate.DEFAULT
                        .estimate(request, model, Instant.parse("2026-03-11T21:00:00Z"))
                        .amount())
                .isEqualByComparingTo("500024");
    }

    @Test
    void a_search_of_the_web_costs_its_price_and_what_it_brings() {
        ModelInfo told = counting().price("webSearch", "0.25").build();
        ChatRequest tool =
                chat("").maxTokens(1).tool(Tool.server("openrouter:web_search")).build();
        ChatRequest plain = chat("").maxTokens(1)
                .tool(Tool.server("openrouter:other_search"))
                .build();

        assertThat(cost(tool, told).subtract(cost(plain, told)))
                .isEqualByComparingTo(
                        new BigDecimal("40000").add(new BigDecimal("1.25")).subtract(new BigDecimal(2)));
        assertThat(cost(
                                chat("").maxTokens(1)
                                        .extra("web_search_options", Map.of())
                                        .build(),
                                COUNTING)
                        .remainder(BigDecimal.ONE))
                .isEqualByComparingTo("0.1");
        ChatRequest online = ChatRequest.builder("openrouter/a/b:online")
                .user("")
                .maxTokens(1)
                .build();
        assertThat(cost(online, COUNTING).subtract(cost(chat("").maxTokens(1).build(), COUNTING)))
                .isEqualByComparingTo("8000.02");
        ChatRequest plugin = chat("").maxTokens(1)
                .extra("plugins", List.of(Map.of("id", "web")))
                .build();
        assertThat(cost(plugin, COUNTING).remainder(BigDecimal.ONE)).isEqualByComparingTo("0.02");
    }

    @Test
    void images_coming_out_grow_with_their_size_and_number() {
        assertThat(tokensOut(draw().build())).isEqualTo(8192);
        assertThat(tokensOut(draw().n(3).build())).isEqualTo(3 * 8192);
        assertThat(tokensOut(draw().size("1536x1024").build())).isEqualTo(8192);
        assertThat(tokensOut(draw().size("4096x4096").build())).isEqualTo(65_536);
        assertThat(tokensOut(draw().resolution("4K").build())).isEqualTo(65_536);
        assertThat(tokensOut(draw().size("2K").build())).isEqualTo(16_384);
        assertThat(tokensOut(draw().size("auto").resolution("512").build())).isEqualTo(8192);
        assertThat(tokensIn(draw().input(Media.url("https://example.org/a.png")).build()))
                .isEqualTo(CallSize.PER_REQUEST + 3 + 5000);
        assertThat(cost(
                                        draw().build(),
                                        counting()
                                                .price("imageOutput", "2000000")
                                                .build())
                                .longValue()
                        / 2_000_000)
                .isEqualTo(8192);
    }

    @Test
    void a_chat_model_that_draws_may_draw_unless_it_is_asked_for_text_only() {
        ModelInfo draws = counting().gives("text", "image").build();

        assertThat(out(chat("x").maxTokens(10).build(), draws)).isEqualTo(8202);
        assertThat(out(chat("x").maxTokens(10).modalities(Output.Modality.TEXT).build(), draws))
                .isEqualTo(10);
        assertThat(out(
                        chat("x")
                                .maxTokens(10)
                                .modalities(Output.Modality.IMAGE)
                                .extra("n", 2)
                                .build(),
                        COUNTING))
                .isEqualTo(16_404);
    }

    @Test
    void embeddings_cost_what_goes_in_for_each_request_that_may_be_made() {
        ModelInfo model = model().price("prompt", "1").price("request", "1000").build();

        assertThat(cost(
                        EmbeddingRequest.builder(Models.ID)
                                .texts(List.of("abc", "\u00e9"))
                                .build(),
                        model))
                .isEqualByComparingTo(new BigDecimal(CallSize.PER_REQUEST + 2 * CallSize.PER_PART + 5 + 2000));
        EmbeddingRequest tokens =
                EmbeddingRequest.builder(Models.ID).tokens(new int[100]).build();
        assertThat(cost(tokens, model)).isEqualByComparingTo("1180");
        EmbeddingRequest content = EmbeddingRequest.builder(Models.ID)
                .content(ContentPart.text("abc"), ContentPart.image(new byte[3]))
                .build();
        assertThat(cost(content, model)).isEqualByComparingTo("6099");
    }

    @Test
    void what_has_no_price_that_is_known_has_no_estimate() {
        ChatRequest request = chat("x").build();

        assertThat(UpperEstimate.DEFAULT.estimate(request, null, NOON)).isEqualTo(Cost.UNKNOWN);
        for (ModelInfo model : List.of(
                model().build(),
                model().price("prompt", "1").build(),
                model().price("completion", "1").build(),
                model().price("prompt", "-1").price("completion", "-1").build(),
                counting().beyond(1, Pricing.of(new BigDecimal(-1), null)).build())) {
            assertThat(UpperEstimate.DEFAULT.estimate(request, model, NOON)).isEqualTo(Cost.UNKNOWN);
        }
        ModelInfo free = model().price("prompt", "0").price("completion", "0").build();
        assertThat(cost(request, free)).isZero();
        assertThat(UpperEstimate.DEFAULT.estimate(draw().build(), free, NOON))
                .as("an image model without a price of tokens has another price")
                .isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_tokenizer_of_ones_own_is_asked_with_the_model() {
        UpperEstimate estimate = UpperEstimate.builder()
                .tokens((model, text) -> model.equals(Models.ID) ? 1 : 1000)
                .imageTokens(10)
                .drawnImageTokens(20)
                .webSearches(0)
                .build();
        ChatRequest request = chat("a long text").maxTokens(1).build();

        assertThat(estimate.estimate(request, COUNTING, NOON).amount())
                .isEqualByComparingTo(new BigDecimal(1_000_000 + MESSAGE + 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpperEstimate.builder().completionTokens(0))
                .withMessageContaining("expected 1 to");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpperEstimate.builder().webSearches(-1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void no_usage_within_the_bounds_costs_more_than_the_estimate(long seed) {
        Random dice = new Random(seed);
        for (int i = 0; i < 200; i++) {
            ModelInfo model = model().price("prompt", "0.00000" + dice.nextInt(100))
                    .price("completion", "0.0000" + dice.nextInt(100))
                    .price("reasoning", "0.0000" + dice.nextInt(100))
                    .price("cacheRead", "0.0000001")
                    .price("cacheWrite", "0.00000" + dice.nextInt(100))
                    .beyond(dice.nextInt(400), Pricing.of(new BigDecimal("0.00003"), new BigDecimal("0.0004")))
                    .build();
            int limit = 1 + dice.nextInt(1000);
            String text = "x".repeat(dice.nextInt(500));
            ChatRequest request = chat(text).maxTokens(limit).build();
            long prompt = dice.nextInt(text.length() + (int) MESSAGE + 1);
            long cached = dice.nextInt((int) prompt + 1);
            long written = dice.nextInt((int) (prompt - cached) + 1);
            long completion = dice.nextInt(limit + 1);
            Usage usage = new Usage(
                    prompt,
                    completion,
                    prompt + completion,
                    new Usage.PromptDetails(cached, written, 0, 0),
                    new Usage.CompletionDetails(dice.nextInt((int) completion + 1), 0, 0, 0, 0),
                    null);

            Cost cost = model.pricing().estimate(usage, 0, NOON);
            assertThat(cost.amount() == null ? BigDecimal.ZERO : cost.amount())
                    .isLessThanOrEqualTo(cost(request, model));
        }
    }

    private static Models counting() {
        return model().price("prompt", "1").price("completion", "1000000");
    }

    private static ChatRequest.Builder chat(String text) {
        return ChatRequest.builder(Models.ID).user(text);
    }

    private static ImageRequest.Builder draw() {
        return ImageRequest.builder(Models.ID).prompt("sea");
    }

    private static long tokensIn(Request request) {
        return in(request, COUNTING);
    }

    private static long tokensOut(Request request) {
        return out(request, COUNTING);
    }

    private static long in(Request request, ModelInfo model) {
        return cost(request, model).longValue() % 1_000_000;
    }

    private static long out(Request request, ModelInfo model) {
        return cost(request, model)
                .divideToIntegralValue(new BigDecimal(1_000_000))
                .longValue();
    }

    private static BigDecimal cost(Request request, ModelInfo model) {
        BigDecimal amount = UpperEstimate.DEFAULT.estimate(request, model, NOON).amount();
        assertThat(amount).isNotNull();
        return amount;
    }
}
