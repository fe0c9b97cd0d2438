package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
    private static final String GEMINI = "google/gemini-2.5-flash-image";
    private static final String OPENAI = "openai/gpt-5-image-mini";
    private static final String FLUX = "black-forest-labs/flux.2-pro";
    private static final String VECTOR = "recraft/recraft-v4-vector";
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private static String body(String model, String prompt, String... moreFields) {
        String more = moreFields.length == 0 ? "" : "," + String.join(",", moreFields);
        return "{\"model\":\"" + model + "\",\"prompt\":\"" + prompt + "\"" + more + "}";
    }

    private Wire.Reply draw(String model, String prompt, String... moreFields) throws Exception {
        return wire.post("/images", body(model, prompt, moreFields));
    }

    private static byte[] bytes(JsonObject image) {
        return Base64.getDecoder().decode(image.string("b64_json", ""));
    }

    private static BufferedImage decoded(JsonObject image) throws IOException {
        return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes(image))));
    }

    @Test
    void an_answer_has_the_documented_shape_and_the_exact_cost() throws Exception {
        Wire.Reply reply = draw(GEMINI, "A quiet harbour");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.json().names()).containsExactly("created", "data", "usage");
        JsonObject image = reply.list().get(0);
        assertThat(image.string("media_type")).isEqualTo("image/png");
        BufferedImage picture = decoded(image);
        assertThat(picture.getWidth()).isEqualTo(1024);
        assertThat(picture.getHeight()).isEqualTo(1024);
        JsonObject usage = reply.usage();
        assertThat(usage.number("prompt_tokens")).isEqualByComparingTo("3");
        assertThat(usage.number("completion_tokens")).isEqualByComparingTo("1290");
        assertThat(usage.number("total_tokens")).isEqualByComparingTo("1293");
        assertThat(usage.number("cost")).isEqualByComparingTo("0.0387009");
        assertThat(Objects.requireNonNull(usage.object("completion_tokens_details"))
                        .number("image_tokens"))
                .isEqualByComparingTo("1290");
        BillEntry entry =
                simulator.bill().entry(reply.header("X-Generation-Id")).orElseThrow();
        assertThat(entry.cost()).isEqualByComparingTo("0.0387009");
        assertThat(entry.model()).isEqualTo(GEMINI);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"size\":\"1536x1024\"|1536|1024",
                "\"size\":\"512\"|512|512",
                "\"size\":\"2K\",\"aspect_ratio\":\"16:9\"|2688|1536",
                "\"resolution\":\"512\",\"aspect_ratio\":\"9:16\"|384|672",
                "\"aspect_ratio\":\"21:9\"|1536|672",
                "\"aspect_ratio\":\"9:21\"|666|1554",
                "\"aspect_ratio\":\"1:8\"|362|2896",
                "\"aspect_ratio\":\"19.5:9\"|1521|702",
                "\"aspect_ratio\":\"auto\"|1024|1024",
                "\"size\":\"1536x1024\",\"aspect_ratio\":\"3:2\",\"resolution\":\"1K\"|1536|1024",
                "\"size\":\"1344x768\",\"aspect_ratio\":\"16:9\"|1344|768"
            })
    void the_picture_has_the_proportions_asked_for(String fields, int width, int height) throws Exception {
        BufferedImage picture = decoded(draw(FLUX, "waves", fields).list().get(0));

        assertThat(picture.getWidth()).isEqualTo(width);
        assertThat(picture.getHeight()).isEqualTo(height);
    }

    @Test
    void larger_pictures_cost_more() throws Exception {
        assertThat(draw(FLUX, "waves").usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.000007324").multiply(new BigDecimal("1290")));
        assertThat(draw(FLUX, "waves", "\"resolution\":\"2K\"").usage().number("cost"))
                .isEqualByComparingTo(new BigDecimal("0.000007324").multiply(new BigDecimal("2580")));
    }

    @Test
    void the_picture_depends_on_the_prompt_and_the_seed_alone() throws Exception {
        String first = image(FLUX, "a fox", "\"seed\":1");
        assertThat(image(FLUX, "a fox", "\"seed\":1")).isEqualTo(first);
        assertThat(image(GEMINI, "a fox", "\"seed\":1")).isEqualTo(first);
        assertThat(image(FLUX, "a fox", "\"seed\":2")).isNotEqualTo(first);
        assertThat(image(FLUX, "a hen", "\"seed\":1")).isNotEqualTo(first);
        assertThat(
                        image(
                                FLUX,
                                "a fox",
                                "\"seed\":1",
                                "\"input_references\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/1\"}}]"))
                .isNotEqualTo(first);
    }

    private String image(String model, String prompt, String... fields) throws Exception {
        List<String> small = new ArrayList<>(List.of(fields));
        small.add("\"size\":\"64x64\"");
        return draw(model, prompt, small.toArray(new String[0])).list().get(0).string("b64_json", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a sunset over a calm ocean",
                "a starry night",
                "a harbour",
                "hills in the mist",
                "an idea of blue"
            })
    void there_is_something_to_see(String prompt) throws Exception {
        BufferedImage picture =
                decoded(draw(FLUX, prompt, "\"size\":\"256x256\"").list().get(0));

        long colours = Arrays.stream(picture.getRGB(0, 0, 256, 256, null, 0, 256))
                .distinct()
                .count();
        assertThat(colours).isGreaterThan(100);
    }

    @Test
    void the_sky_of_a_sunset_is_dark_above_and_warm_below() throws Exception {
        BufferedImage picture =
                decoded(draw(FLUX, "a sunset", "\"size\":\"256x256\"").list().get(0));

        int top = picture.getRGB(5, 5);
        int horizon = picture.getRGB(5, 148);
        assertThat(top >> 16 & 0xFF).isLessThan(100);
        assertThat(horizon >> 16 & 0xFF).isGreaterThan(200);
        assertThat(horizon & 0xFF).isLessThan(150);
    }

    @Test
    void a_transparent_background_has_an_alpha_channel() throws Exception {
        BufferedImage picture = decoded(draw(
                        GEMINI,
                        "a fox",
                        "\"background\":\"transparent\"",
                        "\"output_format\":\"png\"",
                        "\"size\":\"64x64\"")
                .list()
                .get(0));

        assertThat(picture.getRGB(0, 0) >>> 24).isZero();
        assertThat(picture.getRGB(32, 32) >>> 24).isEqualTo(255);
    }

    @Test
    void formats_without_an_encoder_are_answered_with_png_and_say_so() throws Exception {
        for (String format : new String[] {"jpeg", "webp"}) {
            JsonObject image = draw(GEMINI, "a fox", "\"output_format\":\"" + format + "\"", "\"size\":\"64x64\"")
                    .list()
                    .get(0);
            assertThat(image.string("media_type")).isEqualTo("image/png");
            assertThat(decoded(image).getWidth()).isEqualTo(64);
        }
    }

    @Test
    void a_vector_model_draws_svg() throws Exception {
        Wire.Reply reply = draw(VECTOR, "a fox", "\"output_format\":\"svg\"", "\"aspect_ratio\":\"16:9\"", "\"n\":2");

        assertThat(reply.list()).hasSize(2);
        JsonObject image = reply.list().get(0);
        assertThat(image.string("media_type")).isEqualTo("image/svg+xml");
        String svg = new String(bytes(image), StandardCharsets.UTF_8);
        assertThat(svg)
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1344\" height=\"768\"")
                .endsWith("</svg>\n");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(bytes(image)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
        assertThat(draw(GEMINI, "a fox", "\"output_format\":\"svg\"").status()).isEqualTo(400);
    }

    @Test
    void several_pictures_differ_and_are_paid_each() throws Exception {
        Wire.Reply reply = draw(GEMINI, "a fox", "\"n\":3", "\"size\":\"64x64\"");

        assertThat(reply.list())
                .extracting(image -> image.string("b64_json"))
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(reply.usage().number("completion_tokens")).isEqualByComparingTo("1935");

        Wire.Reply one = draw(FLUX, "a fox", "\"n\":2");
        assertThat(one.status()).as("a model that draws one at a time").isEqualTo(400);
        assertThat(one.header("X-Generation-Id")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"prompt\":\"\"",
                "\"prompt\":null",
                "\"n\":0",
                "\"n\":11",
                "\"n\":1.5",
                "\"n\":\"1\"",
                "\"size\":\"banana\"",
                "\"size\":\"3K\"",
                "\"size\":\"0x100\"",
                "\"size\":\"100x20000\"",
                "\"size\":\"1024x1024\",\"aspect_ratio\":\"16:9\"",
                "\"size\":\"1024x1024\",\"resolution\":\"4K\"",
                "\"size\":\"2K\",\"resolution\":\"4K\"",
                "\"resolution\":\"8K\"",
                "\"aspect_ratio\":\"7:5\"",
                "\"quality\":\"hd\"",
                "\"output_format\":\"gif\"",
                "\"output_compression\":101",
                "\"output_compression\":-1",
                "\"background\":\"pink\"",
                "\"background\":\"transparent\",\"output_format\":\"jpeg\"",
                "\"seed\":1.5",
                "\"stream\":\"yes\"",
                "\"input_references\":{}",
                "\"input_references\":[\"https://example.com/1.png\"]",
                "\"input_references\":[{\"type\":\"text\",\"text\":\"a\"}]",
                "\"input_references\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"ftp://example.com/\"}}]",
                "\"provider\":{\"max_price\":{}}",
                "\"provider\":{\"options\":{\"openai\":[]}}"
            })
    void parameters_that_are_wrong_are_refused(String fields) throws Exception {
        Wire.Reply reply = draw(GEMINI, "a fox", fields);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(Objects.requireNonNull(reply.error().object("metadata")).string("error_type"))
                .isEqualTo("invalid_request");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    @Test
    void sixteen_references_are_the_most() throws Exception {
        String reference = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}";
        String sixteen = String.join(",", Collections.nCopies(16, reference));

        Wire.Reply most = draw(GEMINI, "a fox", "\"size\":\"64x64\"", "\"input_references\":[" + sixteen + "]");
        assertThat(most.status()).isEqualTo(200);
        assertThat(most.usage().number("prompt_tokens")).isEqualByComparingTo(String.valueOf(2 + 16 * 258));
        assertThat(draw(GEMINI, "a fox", "\"input_references\":[" + sixteen + "," + reference + "]")
                        .status())
                .isEqualTo(400);
        assertThat(draw(VECTOR, "a fox", "\"input_references\":[" + reference + "]")
                        .status())
                .as("a model that reads text only")
                .isEqualTo(404);
    }

    @Test
    void provider_preferences_filter_and_options_pass() throws Exception {
        assertThat(draw(
                                FLUX,
                                "a fox",
                                "\"size\":\"64x64\"",
                                "\"provider\":{\"only\":[\"black-forest-labs\"],\"sort\":\"price\",\"allow_fallbacks\":null,"
                                        + "\"options\":{\"black-forest-labs\":{\"steps\":40}}}")
                        .status())
                .isEqualTo(200);
        assertThat(draw(FLUX, "a fox", "\"provider\":{\"only\":[\"groq\"]}").status())
                .isEqualTo(404);
    }

    @Test
    void a_text_model_is_at_the_wrong_endpoint_here_and_an_image_model_cannot_chat() throws Exception {
        Wire.Reply text = draw("openai/gpt-4o-mini", "a fox");
        assertThat(text.status()).isEqualTo(400);
        assertThat(text.availability().string("code")).isEqualTo("wrong_endpoint");

        Wire.Reply chat = wire.chat(askModel(FLUX, "a fox", "\"modalities\":[\"image\",\"text\"]"));
        assertThat(chat.status()).isEqualTo(404);
        assertThat(chat.error().string("message"))
                .startsWith("No endpoints found that support the requested output modalities");
        assertThat(wire.chat(askModel(FLUX, "a fox")).status()).isEqualTo(404);
    }

    private static List<JsonObject> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> (JsonObject) Objects.requireNonNull(JsonText.parse(line.substring(6))))
                .toList();
    }

    @Test
    void a_stream_sends_previews_and_then_the_pictures() throws Exception {
        Wire.Reply reply = draw(OPENAI, "a fox", "\"stream\":true", "\"n\":2", "\"size\":\"256x128\"");

        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.header("X-Generation-Id")).isNotEmpty();
        assertThat(reply.body()).startsWith(": OPENROUTER PROCESSING\n\n").endsWith("data: [DONE]\n\n");
        List<JsonObject> events = events(reply.body());
        assertThat(events)
                .extracting(event -> event.string("type", "").replace("image_generation.", ""))
                .containsExactly(
                        "partial_image", "partial_image", "completed", "partial_image", "partial_image", "completed");
        assertThat(events.get(1).integer("partial_image_index", -1)).isEqualTo(1);
        assertThat(decoded(events.get(0)).getWidth()).isEqualTo(32);
        assertThat(decoded(events.get(1)).getHeight()).isEqualTo(32);
        assertThat(decoded(events.get(2)).getWidth()).isEqualTo(256);
        assertThat(events.get(2).string("media_type")).isEqualTo("image/png");
        assertThat(events.get(2).has("usage")).isFalse();
        JsonObject usage = Objects.requireNonNull(events.get(5).object("usage"));

        Wire.Reply whole = draw(OPENAI, "a fox", "\"n\":2", "\"size\":\"256x128\"");
        assertThat(whole.list().get(0).string("b64_json"))
                .isEqualTo(events.get(2).string("b64_json"));
        assertThat(whole.usage().number("cost")).isEqualByComparingTo(usage.number("cost"));
        assertThat(simulator.bill().total())
                .isEqualByComparingTo(usage.number("cost").add(usage.number("cost")));
    }

    @Test
    void a_model_that_cannot_stream_answers_json() throws Exception {
        Wire.Reply reply = draw(GEMINI, "a fox", "\"stream\":true", "\"size\":\"64x64\"");

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.list()).hasSize(1);
    }

    @Test
    void a_client_that_leaves_before_the_picture_is_complete_pays_nothing() throws Exception {
        try (OpenRouterSimulator slow =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            Wire patient = new Wire(slow);
            HttpRequest request = patient.request("/images")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            body(OPENAI, "a fox", "\"stream\":true", "\"size\":\"64x64\"")))
                    .build();
            String id;
            HttpResponse<InputStream> response = patient.open(request);
            try (InputStream stream = response.body()) {
                id = response.headers().firstValue("X-Generation-Id").orElseThrow();
                Wire.readUntil(stream, "data: ");
            }

            assertThat(slow.awaitCancelledStreams(1, Duration.ofSeconds(10))).isTrue();
            assertThat(slow.bill().entries()).isEmpty();
            JsonObject generation = patient.get("/generation?id=" + id).data();
            assertThat(generation.isTrue("cancelled")).isTrue();
            assertThat(generation.number("total_cost")).isZero();
        }
    }
}
