package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import okhttp3.MediaType;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static String json(Object value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("v", value);
        String text = new JsonBody(tree).text();
        assertThat(text).startsWith("{\"v\":").endsWith("}");
        return text.substring(5, text.length() - 1);
    }

    @Test
    void members_keep_their_order_and_nulls_are_written() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("z", 1);
        tree.put("a", null);
        tree.put("m", Arrays.asList("x", null, true, List.of(), Map.of()));
        tree.put("", false);

        assertThat(new JsonBody(tree).text())
                .isEqualTo("{\"z\":1,\"a\":null,\"m\":[\"x\",null,true,[],{}],\"\":false}");
    }

    @Test
    void an_empty_tree_is_an_empty_object() {
        assertThat(new JsonBody(Map.of()).text()).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.10",
                " { \"b\" : 1.0e+2,\n\"a\":[ ] } ",
                "null",
                "\"\\u00e9\\/\"",
                "123456789012345678901234567890.10",
                "[]"
            })
    void raw_json_is_written_as_it_is(String raw) {
        assertThat(json(RawJson.parse(raw))).isEqualTo(raw);
        assertThat(json(List.of(RawJson.parse(raw), 1, RawJson.parse(raw)))).isEqualTo("[" + raw + ",1," + raw + "]");
    }

    @Test
    void numbers_keep_every_digit() {
        assertThat(json(new BigDecimal("0.1000"))).isEqualTo("0.1000");
        assertThat(json(new BigDecimal("12345678901234567890.123456789012345678901234567890")))
                .isEqualTo("12345678901234567890.123456789012345678901234567890");
        assertThat(json(new BigInteger("123456789012345678901234567890"))).isEqualTo("123456789012345678901234567890");
        assertThat(json(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(json(0.7)).isEqualTo("0.7");
        assertThat(json(1e-7)).isEqualTo("1.0E-7");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void a_number_that_json_does_not_know_is_refused(double number) {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonBody(Map.of("v", number)));
    }

    @Test
    void text_is_escaped_and_otherwise_left_alone() {
        assertThat(json("a\"b\\c\n\u0001/é🌍<>&'")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001/é🌍<>&'\"");
        assertThat(json("\u2028")).isEqualTo("\"\\u2028\"");
    }

    @Test
    void a_value_of_a_type_unknown_to_json_is_refused_by_its_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JsonBody(Map.of("v", new StringBuilder("secret"))))
                .withMessage("No JSON form for java.lang.StringBuilder");
    }

    /** Around 6144, after which bytes are encoded in another step, and its multiples. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 6142, 6143, 6144, 6145, 6146, 6147, 12287, 12288, 12289, 12290, 100_000})
    void bytes_become_base64_and_media_become_data_urls(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        String base64 = Base64.getEncoder().encodeToString(bytes);

        assertThat(json(bytes)).isEqualTo("\"" + base64 + "\"");
        assertThat(json(new Media.Bytes(bytes, "image/png"))).isEqualTo("\"data:image/png;base64," + base64 + "\"");
        assertThat(json(List.of(bytes, Map.of("url", new Media.Bytes(bytes, "audio/wav")))))
                .isEqualTo("[\"" + base64 + "\",{\"url\":\"data:audio/wav;base64," + base64 + "\"}]");
    }

    @Test
    void the_content_length_is_the_number_of_bytes_written() throws Exception {
        JsonBody body = new JsonBody(Map.of("text", "é🌍".repeat(10_000)));
        String text = body.text();
        Buffer sink = new Buffer();
        body.writeTo(sink);

        assertThat(body.contentLength()).isEqualTo(sink.size()).isEqualTo(10_000L * 6 + "{\"text\":\"\"}".length());
        assertThat(sink.readUtf8()).isEqualTo(text);
    }

    @Test
    void it_is_one_shot_and_json() {
        JsonBody body = new JsonBody(Map.of());

        assertThat(body.isOneShot()).isTrue();
        assertThat(body.contentType()).isEqualTo(MediaType.get("application/json"));
    }

    @Test
    void its_text_form_shows_the_size_only() {
        assertThat(new JsonBody(Map.of("prompt", "secret")).toString()).isEqualTo("JsonBody[19 bytes of UTF-8]");
    }

    @Test
    void a_large_body_arrives_as_it_was_written() throws Exception {
        byte[] image = new byte[3_000_001];
        new Random(1).nextBytes(image);
        JsonBody body = new JsonBody(Map.of("image", new Media.Bytes(image, "image/png")));
        String text = body.text();
        try (Loopback wire = new Loopback()) {
            wire.server.enqueue(Loopback.response(200).body("{}").build());
            wire.send(wire.api.chat(Map.of(), body), dev.portolan.api.CallOptions.DEFAULT)
                    .close();

            var request = wire.server.takeRequest();
            assertThat(request.getHeaders().get("Content-Length")).isEqualTo(Long.toString(body.contentLength()));
            assertThat(request.getHeaders().get("Transfer-Encoding")).isNull();
            assertThat(request.getBody().string(StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }
}
