package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images by {@code POST /images}, and which of the two routes a call takes. */
class ImagesRouteTest {
    private static final String CHAT = "/api/v1/chat/completions";
    private static final String IMAGES = "/api/v1/images";
    private static final String NOT_BY_CHAT =
            "{\"error\":{\"code\":404,\"message\":\"No endpoints found that support the requested output modalities: image, text\"}}";
    private static final byte[] FIRST = Base64.getDecoder()
            .decode(
                    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4YSMCRAwQCgAhfgRh5kKsPwAAAABJRU5ErkJggg==");
    private static final byte[] SECOND = Base64.getDecoder()
            .decode(
                    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGPgijoBRAwQCgAd5gSx3QT3GgAAAABJRU5ErkJggg==");

    @RegisterExtension
    final Loopback server = new Loopback();

    private static ImageRequest.Builder request(OpenRouterOptions.Builder options) {
        return ImageRequest.builder("openrouter/acme/paint-1")
                .prompt("a calm sea")
                .options(options.build());
    }

    private static OpenRouterOptions.Builder byImages() {
        return OpenRouterOptions.builder().imageRoute(ImageRoute.IMAGES);
    }

    private static ImageRequest.Builder request() {
        return request(byImages());
    }

    private static ImageRequest auto(String model) {
        return ImageRequest.builder(model).prompt("a calm sea").build();
    }

    private ImageResponse generate(ImageRequest.Builder request) {
        return server.answer("images-response.json").images().generate(request.build());
    }

    private Map<String, Object> sent(ImageRequest.Builder request) {
        generate(request);
        assertThat(server.received().path()).isEqualTo(IMAGES);
        return server.receivedBody();
    }

    private ImageResponse generate(CannedResponse answer) {
        server.simulator().enqueue(answer);
        return server.images().generate(request().build());
    }

    private static CannedResponse image(String members) {
        return CannedResponse.json(200, "{\"created\":1,\"data\":[{" + members + "}]}");
    }

    @Test
    void every_field_goes_by_its_own_name() {
        assertThat(sent(request()
                        .n(2)
                        .size("2048x2048")
                        .resolution("2K")
                        .aspectRatio("19.5:9")
                        .quality("medium")
                        .outputFormat("webp")
                        .outputCompression(80)
                        .background("transparent")
                        .seed(7L)
                        .extra("x", true)))
                .isEqualTo(Json.value("""
                                {"model":"acme/paint-1","prompt":"a calm sea","n":2,"size":"2048x2048","resolution":"2K",
                                 "aspect_ratio":"19.5:9","quality":"medium","output_format":"webp","output_compression":80,
                                 "background":"transparent","seed":7,"x":true}"""));
    }

    @Test
    void what_is_not_set_is_not_sent() {
        assertThat(sent(request())).containsOnlyKeys("model", "prompt");
    }

    @ParameterizedTest
    @CsvSource({"standard, low", "hd, high", "auto, auto", "low, low", "medium, medium", "high, high", "ultra, ultra"})
    void the_older_words_for_quality_are_translated(String quality, String wire) {
        assertThat(sent(request().quality(quality))).containsEntry("quality", wire);
    }

    @Test
    void images_to_start_from_are_input_references() {
        assertThat(sent(request()
                                .input(Media.url("https://example.com/a.png"))
                                .input(Media.bytes(new byte[] {1, 2, 3}, "image/webp")))
                        .get("input_references"))
                .isEqualTo(Json.value("""
                                [{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                                 {"type":"image_url","image_url":{"url":"data:image/webp;base64,AQID"}}]"""));
    }

    @Test
    void only_the_routing_that_this_endpoint_takes_is_sent_and_warnings_name_the_rest() {
        ImageResponse response = generate(request(byImages()
                .provider(ProviderPreferences.builder()
                        .only("a")
                        .order("b")
                        .ignore("c")
                        .sort(ProviderPreferences.Sort.By.PRICE)
                        .allowFallbacks(false)
                        .zdr(true)
                        .quantizations("fp8")
                        .build())
                .providerOptions("black-forest-labs", Map.of("steps", 40))));

        assertThat(server.receivedBody().get("provider")).isEqualTo(Json.value("""
                                {"only":["a"],"order":["b"],"ignore":["c"],"sort":"price","allow_fallbacks":false,
                                 "options":{"black-forest-labs":{"steps":40}}}"""));
        assertThat(response.warnings())
                .extracting(Warning::subject)
                .containsExactlyInAnyOrder("provider.zdr", "provider.quantizations");
    }

    @Test
    void an_image_config_is_taken_over_where_this_endpoint_knows_the_field() {
        ImageResponse response = generate(request(byImages()
                        .imageConfig("aspect_ratio", "21:9")
                        .imageConfig("image_size", "4K")
                        .imageConfig("style", "ink"))
                .aspectRatio("1:1"));

        assertThat(server.receivedBody()).containsEntry("aspect_ratio", "1:1").containsEntry("resolution", "4K");
        assertThat(server.receivedBody()).doesNotContainKeys("image_config", "image_size", "style");
        assertThat(response.warnings()).extracting(Warning::subject).containsExactly("image_config.style");
    }

    @Test
    void the_smallest_tier_has_another_name_here() {
        assertThat(sent(request(byImages().imageConfig("image_size", "0.5K")))).containsEntry("resolution", "512");
    }

    @Test
    void an_end_user_is_not_sent_and_a_warning_says_so() {
        ImageResponse response = generate(request().endUser("anna"));

        assertThat(server.receivedBody()).doesNotContainKey("user");
        assertThat(response.warnings()).extracting(Warning::subject).containsExactly("user");
    }

    @Test
    void session_and_response_cache_are_headers() {
        sent(request(byImages().sessionId("s-1").responseCache(ResponseCache.ON)));

        assertThat(server.received().header("x-session-id")).contains("s-1");
        assertThat(server.received().header("X-OpenRouter-Cache")).contains("true");
        assertThat(server.receivedBody()).doesNotContainKey("session_id");
    }

    @Test
    void a_type_that_was_not_told_is_read_from_the_bytes() {
        server.simulator()
                .enqueue(CannedResponse.json(200, Fixtures.text("images-response.json"))
                        .header("X-Generation-Id", "gen-img-1"));
        ImageResponse response = server.images().generate(request().build());

        assertThat(response.images())
                .containsExactly(
                        new GeneratedImage(Media.bytes(FIRST, "image/png"), null),
                        new GeneratedImage(Media.bytes(SECOND, "image/png"), null));
        assertThat(response.id()).isEqualTo("gen-img-1");
        assertThat(response.created()).isEqualTo(Instant.ofEpochSecond(1787300300L));
        assertThat(response.inputTokens()).isEqualTo(16);
        assertThat(response.outputTokens()).isEqualTo(272);
        assertThat(response.totalTokens()).isEqualTo(288);
        assertThat(response.cost().amount()).isEqualTo(new BigDecimal("0.011"));
        assertThat(response.model()).isEqualTo("acme/paint-1");
    }

    @Test
    void the_type_that_was_told_holds_even_if_it_comes_first_or_contradicts_the_bytes() {
        assertThat(generate(image("\"media_type\":\"image/svg+xml\",\"b64_json\":\"AQID\""))
                        .image()
                        .image())
                .isEqualTo(Media.bytes(new byte[] {1, 2, 3}, "image/svg+xml"));
        assertThat(generate(image("\"b64_json\":\"AQID\"")).image().image())
                .isEqualTo(Media.bytes(new byte[] {1, 2, 3}, "application/octet-stream"));
    }

    @Test
    void an_answer_without_usage_has_an_unknown_cost() {
        ImageResponse response = generate(image("\"b64_json\":\"AQID\""));

        assertThat(response.cost().isKnown()).isFalse();
        assertThat(response.usage().isReported()).isFalse();
    }

    @Test
    void an_address_and_a_revised_prompt_are_kept() {
        GeneratedImage image = generate(
                        image(
                                "\"revised_prompt\":\"a very calm sea\",\"url\":\"https://example.com/a.png\",\"b64_json\":null"))
                .image();

        assertThat(image.url()).contains("https://example.com/a.png");
        assertThat(image.revisedPrompt()).isEqualTo("a very calm sea");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"created\":1,\"data\":[]}",
                "{\"created\":1,\"data\":null}",
                "{\"created\":1,\"data\":[{\"b64_json\":\"\"}]}",
                "{\"created\":1,\"data\":[null,3,{}]}",
                "{}"
            })
    void an_answer_without_an_image_is_malformed(String body) {
        assertThatThrownBy(() -> generate(CannedResponse.json(200, body)))
                .isInstanceOf(MalformedResponseException.class)
                .hasMessageContaining("without an image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%%%%", "A", "AQI=ID"})
    void bytes_that_are_not_base64_are_malformed(String base64) {
        assertThatThrownBy(() -> generate(image("\"b64_json\":\"" + base64 + "\"")))
                .isInstanceOf(MalformedResponseException.class);
    }

    @Test
    void an_error_inside_an_answer_of_200_is_an_error() {
        assertThatThrownBy(() -> generate(CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json"))))
                .isInstanceOf(PortolanException.class)
                .isNotInstanceOf(MalformedResponseException.class);
    }

    @Test
    void a_stream_gives_previews_then_the_image_then_the_whole_reply() {
        List<ImageEvent> events = new ArrayList<>();
        ImageResponse response;
        try (ImageStream stream =
                server.answer("images-stream.sse").images().stream(request().build())) {
            stream.forEach(events::add);
            response = stream.response();
        }
        GeneratedImage image = new GeneratedImage(Media.bytes(FIRST, "image/png"), null);

        assertThat(server.receivedBody()).containsEntry("stream", true);
        assertThat(events)
                .containsExactly(
                        new ImageEvent.Partial(0, Media.bytes(SECOND, "image/png")),
                        new ImageEvent.Partial(1, Media.bytes(FIRST, "image/png")),
                        new ImageEvent.Completed(image),
                        new ImageEvent.Finished(response));
        assertThat(response.images()).containsExactly(image);
        assertThat(response.created()).isEqualTo(Instant.ofEpochSecond(1787300302L));
        assertThat(response.outputTokens()).isEqualTo(272);
        assertThat(response.cost().amount()).isEqualTo(new BigDecimal("0.011"));
    }

    @Test
    void a_stream_of_several_images_and_texts_has_them_all() {
        try (ImageStream stream = stream(CannedResponse.sse("""
                data: {"type":"image_generation.text_chunk","phase":"reasoning","text":"hm"}

                data: {"type":"image_generation.text_chunk","phase":"content","text":"<svg"}

                data: {"type":"image_generation.completed","b64_json":"AQID","created":1}

                data: {"type":"image_generation.completed","b64_json":"BAUG","created":1}

                data: [DONE]

                """))) {
            ImageResponse response = stream.response();
            assertThat(response.images())
                    .extracting(image -> image.bytes().orElseThrow().data())
                    .containsExactly(new byte[] {1, 2, 3}, new byte[] {4, 5, 6});
            assertThat(response.text()).isEqualTo("<svg");
        }
    }

    @Test
    void a_stream_that_fails_shows_the_preview_and_then_the_server_s_message() {
        try (ImageStream stream = server.answer("images-stream-error.sse").images().stream(
                request().build())) {
            assertThat(stream.next()).isEqualTo(new ImageEvent.Partial(0, Media.bytes(SECOND, "image/png")));
            assertThatThrownBy(stream::next)
                    .isInstanceOf(PortolanException.class)
                    .hasMessageContaining("Generation failed")
                    .satisfies(error -> assertThatThrownBy(stream::response).isSameAs(error));
        }
    }

    @Test
    void a_stream_that_fails_after_an_image_has_it_in_the_partial_reply() {
        try (ImageStream stream = stream(CannedResponse.sse("""
                data: {"type":"image_generation.completed","b64_json":"AQID","created":1}

                data: {"type":"error","error":{"message":"Generation failed","code":"server_error"}}

                data: [DONE]

                """))) {
            assertThatThrownBy(stream::response)
                    .isInstanceOfSatisfying(
                            PortolanException.class,
                            error -> assertThat(error.partial(ImageResponse.class)
                                            .orElseThrow()
                                            .images())
                                    .hasSize(1));
        }
    }

    @Test
    void a_stream_cut_before_done_is_an_error() {
        String whole = Fixtures.text("images-stream.sse");
        try (ImageStream stream =
                stream(CannedResponse.sse(whole.substring(0, whole.indexOf("data: {\"type\":\"image_generation.c"))))) {
            assertThatThrownBy(stream::response).isInstanceOf(BrokenStreamException.class);
        }
    }

    @Test
    void a_provider_that_cannot_stream_answers_in_one_piece() {
        List<ImageEvent> events = new ArrayList<>();
        ImageResponse response;
        try (ImageStream stream =
                server.answer("images-response.json").images().stream(request().build())) {
            stream.forEach(events::add);
            response = stream.response();
        }

        assertThat(events)
                .containsExactly(
                        new ImageEvent.Completed(response.images().get(0)),
                        new ImageEvent.Completed(response.images().get(1)),
                        new ImageEvent.Finished(response));
        assertThat(response).isEqualTo(generate(request()));
    }

    @Test
    void a_large_image_is_decoded_without_many_copies() {
        byte[] data = new byte[20_000_000];
        new Random(1).nextBytes(data);
        byte[] body = ("{\"created\":1,\"data\":[{\"b64_json\":\""
                        + Base64.getEncoder().encodeToString(data) + "\",\"media_type\":\"image/png\"}]}")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertIsDecodedWithoutManyCopies(
                body, data, images -> images.generate(request().build()));
    }

    @Test
    void a_large_image_over_chat_is_decoded_without_many_copies() {
        byte[] data = new byte[20_000_000];
        new Random(2).nextBytes(data);
        byte[] body = ("{\"id\":\"g\",\"choices\":[{\"index\":0,\"message\":{\"images\":[{\"image_url\":{\"url\":"
                        + "\"data:image/png;base64,"
                        + Base64.getEncoder().encodeToString(data) + "\"}}]}}]}")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertIsDecodedWithoutManyCopies(body, data, images -> images.generate(auto("openrouter/acme/paint-1")));
    }

    /** The first time, more may be allocated than the call needs: for classes, and where the server holds the pool of blocks. */
    private void assertIsDecodedWithoutManyCopies(byte[] body, byte[] data, Function<ImagePort, ImageResponse> call) {
        ImagePort images = server.images();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            server.simulator().enqueue(CannedResponse.of(200, "application/json", body));
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            ImageResponse response = call.apply(images);
            least = Math.min(
                    least,
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
            assertThat(response.image().bytes().orElseThrow().data()).isEqualTo(data);
        }
        assertThat(least).isLessThan((long) (2.6 * data.length));
    }

    @Test
    void auto_asks_chat_first() {
        server.answer("chat-images.json").images().generate(auto("openrouter/acme/paint-1"));

        assertThat(paths()).containsExactly(CHAT);
    }

    @Test
    void auto_goes_to_the_images_route_when_chat_cannot_reach_the_model_and_remembers_it() {
        ImagePort images = server.images();
        server.simulator().enqueue(CannedResponse.json(404, NOT_BY_CHAT));
        server.answer("images-response.json");
        assertThat(images.generate(auto("openrouter/acme/paint-1")).images()).hasSize(2);
        assertThat(paths()).containsExactly(CHAT, IMAGES);

        server.answer("images-response.json");
        images.generate(auto("openrouter/acme/paint-1"));
        server.answer("images-stream.sse");
        try (ImageStream stream = images.stream(auto("openrouter/acme/paint-1"))) {
            stream.response();
        }
        assertThat(paths()).containsExactly(CHAT, IMAGES, IMAGES, IMAGES);

        server.answer("chat-images.json");
        images.generate(auto("openrouter/acme/other"));
        assertThat(paths()).endsWith(CHAT);
    }

    @Test
    void auto_streams_by_the_images_route_when_chat_cannot_reach_the_model() {
        server.simulator().enqueue(CannedResponse.json(404, NOT_BY_CHAT));
        server.answer("images-stream.sse");
        try (ImageStream stream = server.images().stream(auto("openrouter/acme/paint-1"))) {
            assertThat(stream.response().images()).hasSize(1);
        }

        assertThat(paths()).containsExactly(CHAT, IMAGES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"error-404-no-providers.json", "error-404-availability.json"})
    void auto_does_not_try_the_images_route_for_another_404(String fixture) {
        server.simulator().enqueue(CannedResponse.json(404, Fixtures.text(fixture)));
        ImagePort images = server.images();

        assertThatThrownBy(() -> images.generate(auto("openrouter/acme/paint-1")))
                .isInstanceOf(NotFoundException.class);
        assertThat(paths()).containsExactly(CHAT);
    }

    @Test
    void a_route_that_was_asked_for_is_taken_whatever_it_says() {
        server.simulator().enqueue(CannedResponse.json(404, NOT_BY_CHAT));
        ImagePort images = server.images();
        ImageRequest byChat =
                request(OpenRouterOptions.builder().imageRoute(ImageRoute.CHAT)).build();

        assertThatThrownBy(() -> images.generate(byChat)).isInstanceOf(NotFoundException.class);
        assertThat(paths()).containsExactly(CHAT);

        server.answer("images-response.json");
        images.generate(request().build());
        assertThat(paths()).containsExactly(CHAT, IMAGES);
    }

    @Test
    void an_extra_cannot_replace_a_field() {
        ImageRequest request = request().extra("prompt", "x").build();

        assertThatThrownBy(() -> server.images().generate(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'prompt'");
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void members_that_are_new_are_kept() {
        assertThat(generate(CannedResponse.json(
                                200, "{\"created\":1,\"data\":[{\"b64_json\":\"AQID\"}],\"mood\":\"calm\"}"))
                        .extras())
                .containsEntry("mood", RawJson.of("calm"));
    }

    private ImageStream stream(CannedResponse answer) {
        server.simulator().enqueue(answer);
        return server.images().stream(request().build());
    }

    private List<String> paths() {
        return server.simulator().requests().stream()
                .map(SimulatorRequest::path)
                .toList();
    }
}
