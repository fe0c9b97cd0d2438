package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingRequest.Batching;
import dev.portolan.api.embedding.EmbeddingRequest.Encoding;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /embeddings}: what is asked, and how vectors are read. */
class EmbeddingsTest {
    private static final float[] FIRST = {0.5f, -0.25f, 0.125f, 1.0f};
    private static final float[] SECOND = {0.0f, -1.5f, 3.0517578125e-05f, 2.0f};

    @RegisterExtension
    final Loopback server = new Loopback();

    private static EmbeddingRequest.Builder builder() {
        return EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small");
    }

    private static EmbeddingRequest.Builder two() {
        return builder().texts(List.of("a", "b"));
    }

    private Map<String, Object> sent(EmbeddingRequest request) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < request.inputs().size(); i++) {
            data.append(i == 0 ? "" : ",").append("{\"embedding\":[1]}");
        }
        server.simulator().enqueue(reply(data.toString()));
        server.embeddings().embed(request);
        assertThat(server.received().path()).isEqualTo("/api/v1/embeddings");
        return server.receivedBody();
    }

    private static CannedResponse reply(String data) {
        return CannedResponse.json(200, "{\"object\":\"list\",\"data\":[" + data + "]}");
    }

    private EmbeddingResponse embedTwo(CannedResponse answer) {
        server.simulator().enqueue(answer);
        return server.embeddings().embed(two().build());
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                row("one text", b -> b.text("a"), "[\"a\"]"),
                row("several texts", b -> b.texts(List.of("a", "b")), "[\"a\",\"b\"]"),
                row("one array of tokens", b -> b.tokens(123, 456), "[[123,456]]"),
                row("several arrays of tokens", b -> b.tokens(1, 2).tokens(3), "[[1,2],[3]]"),
                row(
                        "content of every kind",
                        b -> b.content(
                                ContentPart.text("a"),
                                ContentPart.image("https://example.com/a.png"),
                                new ContentPart.Image(Media.bytes(new byte[] {1, 2, 3}, "image/png"), null),
                                ContentPart.audio(new byte[] {1, 2, 3}, "wav"),
                                new ContentPart.Video(Media.bytes(new byte[] {1, 2, 3}, "video/mp4")),
                                ContentPart.file("a.pdf", new byte[] {1, 2, 3}),
                                new ContentPart.Raw(RawJson.parse("{\"type\":\"new\"}"))),
                        """
                        [{"content":[
                         {"type":"text","text":"a"},
                         {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                         {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
                         {"type":"input_audio","input_audio":{"data":"AQID","format":"wav"}},
                         {"type":"input_video","input_video":{"data":"AQID"}},
                         {"type":"input_file","input_file":{"data":"AQID"}},
                         {"type":"new"}]}]"""),
                row("several contents", b -> b.content(ContentPart.text("a")).content(ContentPart.text("b")), """
                        [{"content":[{"type":"text","text":"a"}]},{"content":[{"type":"text","text":"b"}]}]"""));
    }

    private static Arguments row(String name, UnaryOperator<EmbeddingRequest.Builder> inputs, String json) {
        return Arguments.of(name, inputs, json);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void every_form_of_input_is_sent_as_the_reference_says(
            String name, UnaryOperator<EmbeddingRequest.Builder> inputs, String json) {
        Map<String, Object> sent = sent(inputs.apply(builder()).build());

        assertThat(sent.get("input")).isEqualTo(Json.value(json));
        assertThat(sent).containsOnlyKeys("model", "input");
        assertThat(sent).containsEntry("model", "openai/text-embedding-3-small");
    }

    @Test
    void every_field_goes_by_its_name_and_sessions_and_caching_are_headers() {
        Map<String, Object> sent = sent(builder()
                .text("a")
                .dimensions(256)
                .encoding(Encoding.BASE64)
                .inputType("search_query")
                .endUser("anna")
                .options(OpenRouterOptions.builder()
                        .provider(ProviderPreferences.builder()
                                .only("openai")
                                .zdr(true)
                                .build())
                        .sessionId("s-1")
                        .responseCache(ResponseCache.ON)
                        .build())
                .extra("truncate", "end")
                .build());

        assertThat(sent).isEqualTo(Json.value("""
                                {"model":"openai/text-embedding-3-small","input":["a"],"encoding_format":"base64",
                                 "dimensions":256,"input_type":"search_query","user":"anna",
                                 "provider":{"only":["openai"],"zdr":true},"truncate":"end"}"""));
        assertThat(server.received().header("x-session-id")).contains("s-1");
        assertThat(server.received().header("X-OpenRouter-Cache")).contains("true");
        assertThat(sent(builder().text("a").encoding(Encoding.FLOAT).build()))
                .containsEntry("encoding_format", "float");
    }

    @ParameterizedTest
    @ValueSource(strings = {"input", "model", "dimensions", "encoding_format"})
    void an_extra_that_would_replace_a_field_is_an_error(String name) {
        EmbeddingRequest request = builder()
                .text("a")
                .dimensions(2)
                .encoding(Encoding.FLOAT)
                .extra(name, 1)
                .build();

        assertThatThrownBy(() -> server.embeddings().embed(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void a_file_by_id_cannot_be_embedded() {
        EmbeddingRequest request =
                builder().content(new ContentPart.File("a.pdf", null, "file-1")).build();

        assertThatThrownBy(() -> server.embeddings().embed(request)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("askedAndAnswered")
    void either_encoding_is_read_to_the_same_bits_whichever_was_asked(Encoding asked, String answered) {
        EmbeddingResponse response =
                server.answer(answered).embeddings().embed(two().encoding(asked).build());

        assertThat(response.vector(0)).isEqualTo(FIRST);
        assertThat(response.vector(1)).isEqualTo(SECOND);
        assertThat(response.embeddings())
                .extracting(embedding -> embedding.index())
                .containsExactly(0, 1);
        assertThat(response.id()).isEqualTo("gen-emb-1787300200");
        assertThat(response.model()).isEqualTo("openai/text-embedding-3-small");
        assertThat(response.usage().promptTokens()).isEqualTo(9);
        assertThat(response.usage().totalTokens()).isEqualTo(9);
        assertThat(response.cost().amount()).isEqualByComparingTo("0.00000018");
        assertThat(response.cost()).hasToString("$0.00000018");
    }

    static Stream<Arguments> askedAndAnswered() {
        return Stream.of(null, Encoding.FLOAT, Encoding.BASE64)
                .flatMap(asked -> Stream.of("embeddings-float.json", "embeddings-base64.json")
                        .map(answered -> Arguments.of(asked, answered)));
    }

    @Test
    void random_vectors_survive_both_encodings_bit_for_bit() {
        var embeddings = server.embeddings();
        Seeds.each(40, random -> {
            float[] a = vector(random);
            float[] b = vector(random);
            server.simulator().enqueue(reply(item(0, base64(a)) + "," + item(1, numbers(b))));
            EmbeddingResponse response = embeddings.embed(two().build());

            assertThat(bits(response.vector(0))).isEqualTo(bits(a));
            assertThat(bits(response.vector(1))).isEqualTo(bits(b));
        });
    }

    private static float[] vector(Random random) {
        float[] vector = new float[1 + random.nextInt(random.nextBoolean() ? 8 : 4000)];
        for (int i = 0; i < vector.length; i++) {
            do {
                vector[i] = random.nextBoolean() ? Float.intBitsToFloat(random.nextInt()) : random.nextFloat() - 0.5f;
            } while (!Float.isFinite(vector[i]));
        }
        return vector;
    }

    private static int[] bits(float[] vector) {
        int[] bits = new int[vector.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(vector[i]);
        }
        return bits;
    }

    private static String item(int index, String embedding) {
        return "{\"object\":\"embedding\",\"index\":" + index + ",\"embedding\":" + embedding + "}";
    }

    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
            bytes.putFloat(number);
        }
        return "\"" + Base64.getEncoder().encodeToString(bytes.array()) + "\"";
    }

    private static String numbers(float[] vector) {
        StringBuilder out = new StringBuilder("[");
        for (float number : vector) {
            out.append(out.length() == 1 ? "" : ", ").append(number);
        }
        return out.append(']').toString();
    }

    @Test
    void vectors_that_come_out_of_order_are_put_in_order() {
        EmbeddingResponse response = embedTwo(reply(item(1, "[2]") + "," + item(0, "[1]")));

        assertThat(response.vector(0)).containsExactly(1f);
        assertThat(response.vector(1)).containsExactly(2f);
    }

    @Test
    void vectors_without_an_index_keep_their_order() {
        EmbeddingResponse response =
                embedTwo(reply("{\"embedding\":[1]},{\"index\":null,\"embedding\":[2],\"more\":{\"a\":[1]}}"));

        assertThat(response.vector(0)).containsExactly(1f);
        assertThat(response.vector(1)).containsExactly(2f);
    }

    @Test
    void a_json_escape_inside_base64_is_undone() {
        float[] vector = {Float.intBitsToFloat(0x3fffffff), 1f};
        String slashed = base64(vector).replace("/", "\\/");
        String byNumber =
                base64(vector).replace("/", "\\u002f").replace("+", "\\u002B").replace("=", "\\u003d");
        String broken = "\"" + base64(vector).substring(1, 5) + "\\r\\n"
                + base64(vector).substring(5);

        assertThat(slashed).contains("\\/");
        assertThat(bits(embedTwo(reply(item(0, slashed) + "," + item(1, byNumber)))
                        .vector(0)))
                .isEqualTo(bits(vector));
        assertThat(bits(embedTwo(reply(item(0, slashed) + "," + item(1, byNumber)))
                        .vector(1)))
                .isEqualTo(bits(vector));
        assertThat(bits(embedTwo(reply(item(0, broken) + "," + item(1, "[1]"))).vector(0)))
                .isEqualTo(bits(vector));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"index\":0,\"embedding\":[1]}",
                "{\"index\":1,\"embedding\":[1]},{\"index\":1,\"embedding\":[1]}",
                "{\"index\":1,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[1]},{\"index\":2,\"embedding\":[1]}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":-1,\"embedding\":[1]}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":null}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":{}}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[\"x\"]}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":[NaN]}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAAA\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAAAPwA=\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAAA-w==\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAAAPwAAgL4AAAA+A\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"%%%%\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"AAAA Pw==\"}",
                "{\"index\":0,\"embedding\":[1]},{\"index\":1,\"embedding\":\"ÄAAAPw==\"}"
            })
    void anything_but_one_good_vector_for_each_input_is_malformed(String data) {
        assertThatThrownBy(() -> embedTwo(reply(data)))
                .isInstanceOfSatisfying(
                        MalformedResponseException.class,
                        error -> assertThat(error.details().model())
                                .hasToString("openrouter/openai/text-embedding-3-small"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "{\"data\":null}", "{\"data\":{}}", "not json", ""})
    void an_answer_of_another_shape_is_malformed(String body) {
        assertThatThrownBy(() -> embedTwo(CannedResponse.json(200, body)))
                .isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void an_error_inside_an_answer_of_200_is_an_error() {
        assertThatThrownBy(() -> embedTwo(CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json"))))
                .isInstanceOf(PortolanException.class)
                .isNotInstanceOf(MalformedResponseException.class);
    }

    @Test
    void an_answer_without_usage_has_an_unknown_cost_and_the_id_of_the_header() {
        EmbeddingResponse response =
                embedTwo(reply(item(0, "[1]") + "," + item(1, "[2]")).header("X-Generation-Id", "gen-emb-9"));

        assertThat(response.cost().isKnown()).isFalse();
        assertThat(response.usage().isReported()).isFalse();
        assertThat(response.ids()).containsExactly("gen-emb-9");
        assertThat(response.model()).isEmpty();
    }

    @Test
    void what_only_the_server_knows_is_kept() {
        EmbeddingResponse response = embedTwo(CannedResponse.json(
                        200,
                        "{\"provider\":\"Acme\",\"mood\":\"calm\",\"data\":[" + item(0, "[1]") + "," + item(1, "[2]")
                                + "]}")
                .header("X-OpenRouter-Cache-Status", "HIT"));

        assertThat(response.provider()).isEqualTo("Acme");
        assertThat(response.extras()).containsEntry("mood", RawJson.of("calm"));
        assertThat(response.metadata()).singleElement().isInstanceOfSatisfying(OpenRouterMetadata.class, metadata -> {
            assertThat(metadata.cache()).isNotNull();
            assertThat(metadata.cache().hit()).isTrue();
        });
    }

    @Test
    void many_inputs_go_in_several_requests_whose_costs_are_added_up() {
        server.answer("embeddings-float.json").answer("embeddings-base64.json");
        EmbeddingResponse response = server.embeddings()
                .embed(builder()
                        .texts(List.of("a", "b", "c", "d"))
                        .batching(new Batching(2, 1000, 1))
                        .build());

        assertThat(server.simulator().requests())
                .extracting(request -> Json.object(request.body()).get("input"))
                .containsExactly(List.of("a", "b"), List.of("c", "d"));
        assertThat(response.embeddings())
                .extracting(embedding -> embedding.index())
                .containsExactly(0, 1, 2, 3);
        assertThat(response.vector(2)).isEqualTo(FIRST);
        assertThat(response.vector(3)).isEqualTo(SECOND);
        assertThat(response.cost().amount()).isEqualByComparingTo(new BigDecimal("3.6e-7"));
        assertThat(response.usage().promptTokens()).isEqualTo(18);
        assertThat(response.ids()).hasSize(2);
    }

    @Test
    void a_batch_that_the_server_refuses_fails_the_call_with_the_others_attached() {
        server.answer("embeddings-float.json");
        server.simulator().enqueue(CannedResponse.json(402, Fixtures.text("error-402.json")));
        EmbeddingRequest request = builder()
                .texts(List.of("a", "b", "c", "d"))
                .batching(new Batching(2, 1000, 1))
                .build();

        assertThatThrownBy(() -> server.embeddings().embed(request))
                .isInstanceOfSatisfying(PortolanException.class, error -> {
                    assertThat(error.details().httpStatus()).isEqualTo(402);
                    assertThat(error.partial(EmbeddingResponse.class)
                                    .orElseThrow()
                                    .embeddings())
                            .hasSize(2);
                });
    }
}
