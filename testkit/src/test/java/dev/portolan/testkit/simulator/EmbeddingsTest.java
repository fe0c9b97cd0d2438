package dev.portolan.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {
    private static final String SMALL = "openai/text-embedding-3-small";
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private static String body(String input, String... moreFields) {
        return bodyOf(SMALL, input, moreFields);
    }

    private static String bodyOf(String model, String input, String... moreFields) {
        String more = moreFields.length == 0 ? "" : "," + String.join(",", moreFields);
        return "{\"model\":\"" + model + "\",\"input\":" + input + more + "}";
    }

    private Wire.Reply embed(String input, String... moreFields) throws Exception {
        return wire.post("/embeddings", body(input, moreFields));
    }

    private static float[] vector(Wire.Reply reply, int index) {
        JsonObject item = reply.list().get(index);
        String base64 = item.string("embedding");
        if (base64 != null) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            float[] vector = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(vector);
            return vector;
        }
        List<Object> numbers = new ArrayList<>(item.array("embedding").items());
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = Float.parseFloat(numbers.get(i).toString());
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squareA += (double) a[i] * a[i];
            squareB += (double) b[i] * b[i];
        }
        return product / Math.sqrt(squareA * squareB);
    }

    @Test
    void an_answer_has_the_documented_shape_and_the_exact_cost() throws Exception {
        Wire.Reply reply = embed("\"The quick brown fox\"", "\"user\":\"u-1\"");

        assertThat(reply.status()).isEqualTo(200);
        JsonObject json = reply.json();
        assertThat(json.string("id")).isEqualTo(reply.header("X-Generation-Id")).startsWith("gen-");
        assertThat(json.string("object")).isEqualTo("list");
        assertThat(json.string("model")).isEqualTo(SMALL);
        assertThat(reply.list()).hasSize(1);
        assertThat(reply.list().get(0).string("object")).isEqualTo("embedding");
        assertThat(reply.list().get(0).number("index")).isZero();
        assertThat(vector(reply, 0)).hasSize(1536);
        JsonObject usage = reply.usage();
        assertThat(usage.number("prompt_tokens")).isEqualByComparingTo("4");
        assertThat(usage.number("total_tokens")).isEqualByComparingTo("4");
        assertThat(usage.has("completion_tokens")).isFalse();
        assertThat(usage.has("prompt_tokens_details")).isFalse();
        assertThat(usage.number("cost")).isEqualByComparingTo("0.00000008");
        assertThat(Objects.requireNonNull(usage.object("cost_details")).number("upstream_inference_prompt_cost"))
                .isEqualByComparingTo("0.00000008");
        BillEntry entry =
                simulator.bill().entry(reply.header("X-Generation-Id")).orElseThrow();
        assertThat(entry.cost()).isEqualByComparingTo("0.00000008");
        assertThat(entry.promptTokens()).isEqualTo(4);
        assertThat(entry.completionTokens()).isZero();
    }

    @Test
    void base64_and_floats_are_the_very_same_numbers() throws Exception {
        String input = "[\"Grüezi 🌍!\",\"a\",\"!\",\"A longer text, with more words in it than the others.\"]";
        Wire.Reply floats = embed(input, "\"encoding_format\":\"float\"");
        Wire.Reply base64 = embed(input, "\"encoding_format\":\"base64\"");

        for (int i = 0; i < 4; i++) {
            assertThat(base64.list().get(i).string("embedding")).isNotNull();
            assertThat(vector(base64, i)).containsExactly(vector(floats, i));
        }
    }

    @Test
    void vectors_have_unit_length_and_depend_on_the_text_alone() throws Exception {
        Wire.Reply alone = embed("\"A harbour at dawn\"");
        Wire.Reply batch = embed("[\"something else\",\"A harbour at dawn\",\"and more\"]");
        Wire.Reply parts = wire.post(
                "/embeddings",
                bodyOf(
                        "google/gemini-embedding-2",
                        "[{\"content\":[{\"type\":\"text\",\"text\":\"A harbour at dawn\"}]}]",
                        "\"dimensions\":1536"));

        assertThat(vector(batch, 1)).containsExactly(vector(alone, 0));
        assertThat(vector(parts, 0)).containsExactly(vector(alone, 0));
        assertThat(vector(batch, 0)).isNotEqualTo(vector(batch, 1));
        double square = 0;
        for (float number : vector(alone, 0)) {
            square += (double) number * number;
        }
        assertThat(square).isCloseTo(1, within(1e-5));
    }

    @Test
    void texts_that_share_words_are_closer_than_texts_that_do_not() throws Exception {
        for (String dimensions : new String[] {"1536", "256"}) {
            Wire.Reply reply = embed(
                    "[\"How do I reset my password?\",\"I forgot my password, how can I reset it?\","
                            + "\"The ferry to Lisbon leaves at noon.\",\"When do ferries leave for Lisbon?\"]",
                    "\"dimensions\":" + dimensions);

            double sameTopic = cosine(vector(reply, 0), vector(reply, 1));
            double sameFerry = cosine(vector(reply, 2), vector(reply, 3));
            double unrelated = cosine(vector(reply, 0), vector(reply, 2));
            assertThat(sameTopic).isGreaterThan(0.5);
            assertThat(sameFerry).isGreaterThan(0.35);
            assertThat(unrelated).isLessThan(0.25);
        }
    }

    @Test
    void embeddings_can_be_shortened_where_the_model_can() throws Exception {
        float[] full = vector(embed("\"text\""), 0);
        float[] one = vector(embed("\"text\"", "\"dimensions\":1"), 0);
        float[] half = vector(embed("\"text\"", "\"dimensions\":768"), 0);
        assertThat(one).hasSize(1);
        assertThat(half).hasSize(768);
        double ratio = full[firstNotZero(full)] / half[firstNotZero(full)];
        assertThat(ratio).isPositive().isLessThan(1);
        for (int i = 0; i < half.length; i++) {
            assertThat((double) full[i]).isCloseTo(half[i] * ratio, within(1e-6));
        }

        String fixed = "sentence-transformers/all-minilm-l6-v2";
        assertThat(vector(wire.post("/embeddings", bodyOf(fixed, "\"text\"")), 0))
                .hasSize(384);
        assertThat(wire.post("/embeddings", bodyOf(fixed, "\"text\"", "\"dimensions\":384"))
                        .status())
                .isEqualTo(200);
        assertThat(wire.post("/embeddings", bodyOf(fixed, "\"text\"", "\"dimensions\":128"))
                        .status())
                .isEqualTo(400);
        assertThat(embed("\"text\"", "\"dimensions\":1537").status()).isEqualTo(400);
    }

    private static int firstNotZero(float[] vector) {
        int i = 0;
        while (vector[i] == 0) {
            i++;
        }
        return i;
    }

    @Test
    void token_arrays_are_one_embedding_each() throws Exception {
        Wire.Reply one = embed("[15339,1917]");
        assertThat(one.list()).hasSize(1);
        assertThat(one.usage().number("prompt_tokens")).isEqualByComparingTo("2");

        Wire.Reply many = embed("[[15339,1917],[5]]");
        assertThat(many.list()).hasSize(2);
        assertThat(many.usage().number("prompt_tokens")).isEqualByComparingTo("3");
        assertThat(vector(many, 0)).containsExactly(vector(one, 0));
    }

    @Test
    void several_modalities_make_one_embedding_and_are_counted_apart() throws Exception {
        Wire.Reply reply = wire.post("/embeddings", bodyOf("google/gemini-embedding-2", """
                [{"content":[
                  {"type":"text","text":"A harbour"},
                  {"type":"image_url","image_url":{"url":"https://example.com/1.png"}},
                  {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
                  {"type":"input_video","input_video":{"data":"AAAA"}},
                  {"type":"input_file","input_file":{"data":"AAAA"}}]},
                 {"content":[{"type":"text","text":"only text"}]}]
                """));

        assertThat(reply.list()).hasSize(2);
        assertThat(vector(reply, 0)).hasSize(3072);
        JsonObject details = Objects.requireNonNull(reply.usage().object("prompt_tokens_details"));
        assertThat(details.names())
                .containsExactly("text_tokens", "image_tokens", "audio_tokens", "video_tokens", "file_tokens");
        assertThat(reply.usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.0000002")
                        .multiply(reply.usage().number("prompt_tokens"))
                        .add(new BigDecimal("0.00012")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "[]",
                "null",
                "7",
                "{}",
                "[\"\"]",
                "[\"a\",\"\"]",
                "[\"a\",1]",
                "[[1],\"a\"]",
                "[1,[2]]",
                "[[]]",
                "[[1],[]]",
                "[1.5]",
                "[-1]",
                "[null]",
                "[true]",
                "[{}]",
                "[{\"content\":[]}]",
                "[{\"content\":\"text\"}]",
                "[{\"content\":[{\"type\":\"text\",\"text\":\"\"}]}]",
                "[{\"content\":[{\"type\":\"smell\"}]}]",
                "[{\"content\":[{\"type\":\"image_url\",\"image_url\":\"x\"}]}]",
                "[{\"content\":[{\"type\":\"input_video\",\"video_url\":{\"url\":\"x\"}}]}]",
                "[\"a\",{\"content\":[{\"type\":\"text\",\"text\":\"b\"}]}]"
            })
    void inputs_in_none_of_the_five_forms_are_refused(String input) throws Exception {
        assertInvalid(embed(input));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"dimensions\":0",
                "\"dimensions\":-1",
                "\"dimensions\":1.5",
                "\"dimensions\":\"8\"",
                "\"dimensions\":null",
                "\"encoding_format\":\"hex\"",
                "\"encoding_format\":1",
                "\"input_type\":5",
                "\"user\":5",
                "\"provider\":{\"ordre\":[]}",
                "\"model\":\" \""
            })
    void parameters_that_are_wrong_are_refused(String field) throws Exception {
        assertInvalid(embed("\"text\"", field));
    }

    private void assertInvalid(Wire.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.error().number("code")).isEqualByComparingTo("400");
        assertThat(Objects.requireNonNull(reply.error().object("metadata")).string("error_type"))
                .isEqualTo("invalid_request");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void what_is_missing_is_named() throws Exception {
        assertThat(wire.post("/embeddings", "{\"input\":\"a\"}").error().string("message"))
                .isEqualTo("model: Required");
        assertThat(wire.post("/embeddings", "{\"model\":\"" + SMALL + "\"}")
                        .error()
                        .string("message"))
                .isEqualTo("input: Required");
        assertThat(embed("[]").error().string("message")).isEqualTo("input: Array must contain at least 1 element(s)");
    }

    @Test
    void a_model_of_another_kind_is_at_the_wrong_endpoint() throws Exception {
        for (String model : new String[] {"openai/gpt-4o-mini", "black-forest-labs/flux.2-pro", "cohere/rerank-v3.5"}) {
            Wire.Reply reply = wire.post("/embeddings", bodyOf(model, "\"text\""));

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.error().has("code")).isFalse();
            assertThat(reply.availability().string("code")).isEqualTo("wrong_endpoint");
            assertThat(reply.availability().array("requested_models").strings()).containsExactly(model);
        }
        Wire.Reply unknown = wire.post("/embeddings", bodyOf("acme/none", "\"text\""));
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.availability().string("code")).isEqualTo("model_not_found");
        assertThat(unknown.availability().array("fallback_models").strings()).containsExactly(SMALL);
    }

    @Test
    void too_long_a_text_and_media_that_a_model_cannot_read_are_refused() throws Exception {
        Wire.Reply tooLong = wire.post(
                "/embeddings",
                bodyOf("sentence-transformers/all-minilm-l6-v2", "[\"short\",\"" + "word ".repeat(513) + "\"]"));
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(Objects.requireNonNull(tooLong.error().object("metadata")).string("error_type"))
                .isEqualTo("context_length_exceeded");

        Wire.Reply image = embed(
                "[{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/1.png\"}}]}]");
        assertThat(image.status()).isEqualTo(404);
        assertThat(image.error().string("message")).isEqualTo("No endpoints found that support image input");
    }

    @Test
    void provider_preferences_filter() throws Exception {
        assertThat(embed("\"a\"", "\"provider\":{\"only\":[\"openai\"]}").status())
                .isEqualTo(200);
        assertThat(embed("\"a\"", "\"provider\":{\"only\":[\"groq\"]}").status())
                .isEqualTo(404);
    }

    @Test
    void a_repeated_request_is_answered_from_the_cache_where_it_asks_for_it() throws Exception {
        String[] caching = {"X-OpenRouter-Cache", "true"};
        Wire.Reply miss = wire.post("/embeddings", body("\"text\""), caching);
        Wire.Reply hit = wire.post("/embeddings", body("\"text\""), caching);

        assertThat(miss.header("X-OpenRouter-Cache-Status")).isEqualTo("MISS");
        assertThat(hit.header("X-OpenRouter-Cache-Status")).isEqualTo("HIT");
        assertThat(hit.header("X-OpenRouter-Cache-Source-Id"))
                .isEqualTo(miss.json().string("id"));
        assertThat(hit.json().string("id")).isNotEqualTo(miss.json().string("id"));
        assertThat(vector(hit, 0)).containsExactly(vector(miss, 0));
        assertThat(hit.usage().number("prompt_tokens")).isZero();
        assertThat(hit.usage().number("cost")).isZero();
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void a_preset_picks_a_model_of_the_right_kind() throws Exception {
        assertThat(wire.post("/embeddings", bodyOf("@preset/mine", "\"text\""))
                        .json()
                        .string("model"))
                .isEqualTo(SMALL);
    }

    @Test
    void the_free_variant_is_free() throws Exception {
        Wire.Reply reply = wire.post("/embeddings", bodyOf(SMALL + ":free", "\"text\""));

        assertThat(reply.json().string("model")).isEqualTo(SMALL + ":free");
        assertThat(reply.usage().number("cost")).isZero();
    }

    @Test
    void ten_thousand_texts_in_forty_requests_cost_what_the_bill_says() throws Exception {
        List<CompletableFuture<BigDecimal>> calls = new ArrayList<>();
        for (int request = 0; request < 40; request++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                int number = request * 250 + i;
                texts.add("\"Text number " + number + ("\\n and more".repeat(number % 7)) + "\"");
            }
            String input = "[" + String.join(",", texts) + "]";
            String format = request % 2 == 0 ? "\"base64\"" : "\"float\"";
            calls.add(CompletableFuture.supplyAsync(() -> {
                try {
                    Wire.Reply reply = embed(input, "\"dimensions\":64", "\"encoding_format\":" + format);
                    assertThat(reply.list()).hasSize(250);
                    return reply.usage().number("cost");
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }));
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (CompletableFuture<BigDecimal> call : calls) {
            sum = sum.add(call.get());
        }

        Bill bill = simulator.bill();
        assertThat(bill.entries()).hasSize(40);
        assertThat(bill.total()).isEqualByComparingTo(sum);
        long tokens = bill.entries().stream().mapToLong(BillEntry::promptTokens).sum();
        assertThat(bill.total())
                .isEqualByComparingTo(new BigDecimal("0.00000002").multiply(BigDecimal.valueOf(tokens)));
    }
}
