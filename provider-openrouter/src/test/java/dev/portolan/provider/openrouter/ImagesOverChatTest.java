package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.testkit.simulator.CannedResponse;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images by {@code POST /chat/completions}: the mapping that LiteLLM documents, and the answers. */
class ImagesOverChatTest {
    private static final byte[] FIRST = Base64.getDecoder()
            .decode(
                    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4YSMCRAwQCgAhfgRh5kKsPwAAAABJRU5ErkJggg==");
    private static final byte[] SECOND = Base64.getDecoder()
            .decode(
                    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGPgijoBRAwQCgAd5gSx3QT3GgAAAABJRU5ErkJggg==");

    @RegisterExtension
    final Loopback server = new Loopback();

    private static ImageRequest.Builder request() {
        return ImageRequest.builder("openrouter/google/gemini-2.5-flash-image").prompt("a calm sea");
    }

    private ImageResponse generate(ImageRequest.Builder request) {
        return server.answer("chat-images.json").images().generate(request.build());
    }

    private Map<String, Object> sent(ImageRequest.Builder request) {
        generate(request);
        assertThat(server.received().path()).isEqualTo("/api/v1/chat/completions");
        return server.receivedBody();
    }

    @ParameterizedTest
    @CsvSource({
        "256x256, 1:1",
        "512x512, 1:1",
        "1024x1024, 1:1",
        "auto, 1:1",
        "1536x1024, 3:2",
        "1792x1024, 16:9",
        "1024x1536, 2:3",
        "1024x1792, 9:16"
    })
    void a_documented_size_becomes_an_aspect_ratio(String size, String ratio) {
        assertThat(sent(request().size(size))).containsEntry("image_config", Map.of("aspect_ratio", ratio));
        assertThat(generate(request().size(size)).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"low, 1K", "standard, 1K", "auto, 1K", "medium, 2K", "high, 4K", "hd, 4K"})
    void a_documented_quality_becomes_an_image_size(String quality, String imageSize) {
        assertThat(sent(request().quality(quality))).containsEntry("image_config", Map.of("image_size", imageSize));
        assertThat(generate(request().quality(quality)).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2048x2048, 1:1",
        "1280x720, 16:9",
        "720x1280, 9:16",
        "1024x768, 4:3",
        "768x1024, 3:4",
        "1000x1250, 4:5",
        "1250x1000, 5:4",
        "2560x1080, 21:9",
        "99999x1, 21:9",
        "1x99999, 9:16",
        "1366x768, 16:9",
        "1025x1024, 1:1"
    })
    void an_unknown_size_becomes_the_nearest_aspect_ratio_with_a_warning(String size, String ratio) {
        ImageResponse response = generate(request().size(size));

        assertThat(Json.at(server.receivedBody(), "image_config.aspect_ratio")).isEqualTo(ratio);
        assertThat(response.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.subject()).isEqualTo("size");
            assertThat(warning.message()).contains(size, ratio);
        });
    }

    @Test
    void an_unknown_quality_is_not_sent_and_a_warning_says_so() {
        ImageResponse response = generate(request().quality("ultra"));

        assertThat(server.receivedBody()).doesNotContainKey("image_config");
        assertThat(response.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.subject()).isEqualTo("quality");
            assertThat(warning.message()).contains("ultra");
        });
    }

    @Test
    void without_size_and_quality_there_is_no_image_config() {
        assertThat(sent(request())).doesNotContainKeys("image_config", "size", "quality", "n");
    }

    @Test
    void a_native_image_config_wins_and_is_passed_through() {
        Map<String, Object> sent = sent(request()
                .size("1536x1024")
                .quality("high")
                .options(OpenRouterOptions.builder()
                        .imageConfig("aspect_ratio", "21:9")
                        .imageConfig("style", "ink")
                        .imageConfig("rgb_colors", List.of(List.of(1, 2, 3)))
                        .build()));

        assertThat(sent.get("image_config")).isEqualTo(Json.value("""
                        {"aspect_ratio":"21:9","image_size":"4K","style":"ink","rgb_colors":[[1,2,3]]}"""));
    }

    @Test
    void an_aspect_ratio_and_a_resolution_of_the_request_beat_size_and_quality() {
        assertThat(sent(request()
                                .size("1024x1024")
                                .aspectRatio("16:9")
                                .quality("low")
                                .resolution("2K"))
                        .get("image_config"))
                .isEqualTo(Map.of("aspect_ratio", "16:9", "image_size", "2K"));
    }

    @ParameterizedTest
    @CsvSource({"512, 0.5K", "0.5K, 0.5K", "1K, 1K", "2K, 2K", "4K, 4K"})
    void a_size_that_is_a_tier_becomes_the_image_size(String size, String imageSize) {
        assertThat(sent(request().size(size))).containsEntry("image_config", Map.of("image_size", imageSize));
    }

    @Test
    void the_request_asks_for_an_image_and_a_text_in_this_order() {
        Map<String, Object> sent = sent(request());

        assertThat(sent.get("modalities")).isEqualTo(List.of("image", "text"));
        assertThat(sent).containsEntry("model", "google/gemini-2.5-flash-image").doesNotContainKey("prompt");
        assertThat(sent.get("messages")).isEqualTo(List.of(Map.of("role", "user", "content", "a calm sea")));
    }

    @Test
    void how_many_the_seed_the_user_and_extras_are_passed_on() {
        Map<String, Object> sent = sent(request().n(2).seed(7L).endUser("anna").extra("top_k", 5));

        assertThat(sent)
                .containsEntry("n", new BigDecimal("2"))
                .containsEntry("seed", new BigDecimal("7"))
                .containsEntry("user", "anna")
                .containsEntry("top_k", new BigDecimal("5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "image_config", "modalities", "messages", "model", "seed"})
    void an_extra_that_would_replace_a_field_is_an_error(String name) {
        ImageRequest request =
                request().n(2).size("1024x1024").seed(1L).extra(name, 1).build();

        assertThatThrownBy(() -> server.images().generate(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + name + "'");
        assertThat(server.simulator().requests()).isEmpty();
    }

    @Test
    void images_to_start_from_follow_the_prompt() {
        Map<String, Object> sent = sent(request()
                .input(Media.url("https://example.com/a.png"))
                .input(Media.bytes(new byte[] {1, 2, 3}, "image/webp")));

        assertThat(Json.at(sent, "messages.0.content")).isEqualTo(Json.value("""
                        [{"type":"text","text":"a calm sea"},
                         {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
                         {"type":"image_url","image_url":{"url":"data:image/webp;base64,AQID"}}]"""));
    }

    @Test
    void the_images_come_with_their_bytes_types_tokens_and_cost() {
        ImageResponse response = generate(request());

        assertThat(response.images())
                .containsExactly(
                        new GeneratedImage(Media.bytes(FIRST, "image/png"), null),
                        new GeneratedImage(Media.bytes(SECOND, "image/png"), null));
        assertThat(response.image().bytes().orElseThrow().data()).isEqualTo(FIRST);
        assertThat(response.image().url()).isEmpty();
        assertThat(response.inputTokens()).isEqualTo(12);
        assertThat(response.outputTokens()).isEqualTo(2580);
        assertThat(response.totalTokens()).isEqualTo(2592);
        assertThat(response.cost().amount()).isEqualByComparingTo("0.0774036");
        assertThat(response.id()).isEqualTo("gen-1787300030-img");
        assertThat(response.model()).isEqualTo("google/gemini-2.5-flash-image");
        assertThat(response.provider()).isEqualTo("Google AI Studio");
        assertThat(response.created()).isEqualTo(Instant.ofEpochSecond(1787300000L));
        assertThat(response.warnings()).isEmpty();
    }

    @Test
    void without_image_tokens_all_tokens_that_came_out_count() {
        server.simulator()
                .enqueue(CannedResponse.json(
                        200, Fixtures.text("chat-images.json").replace("\"image_tokens\": 2580,", "")));

        assertThat(server.images().generate(request().build()).outputTokens()).isEqualTo(2580);
    }

    @Test
    void an_image_may_be_an_address() {
        server.simulator().enqueue(answer("{\"images\":[{\"image_url\":{\"url\":\"https://example.com/a.png\"}}]}"));

        GeneratedImage image = server.images().generate(request().build()).image();

        assertThat(image.url()).contains("https://example.com/a.png");
        assertThat(image.bytes()).isEmpty();
    }

    @Test
    void images_of_all_answers_are_given_when_several_were_asked_for() {
        server.simulator().enqueue(CannedResponse.json(200, """
                                {"id":"g","choices":[
                                 {"index":0,"message":{"images":[{"image_url":{"url":"https://example.com/a.png"}}]}},
                                 {"index":1,"message":{"images":[{"image_url":{"url":"https://example.com/b.png"}}]}}]}"""));

        assertThat(server.images().generate(request().n(2).build()).images())
                .extracting(image -> image.url().orElseThrow())
                .containsExactly("https://example.com/a.png", "https://example.com/b.png");
    }

    @Test
    void an_answer_without_an_image_is_an_error_that_has_the_text() {
        server.simulator().enqueue(answer("{\"content\":\"I only write.\"}"));

        assertThatThrownBy(() -> server.images().generate(request().build()))
                .isInstanceOfSatisfying(MalformedResponseException.class, error -> {
                    ImageResponse partial = error.partial(ImageResponse.class).orElseThrow();
                    assertThat(partial.text()).isEqualTo("I only write.");
                    assertThat(partial.images()).isEmpty();
                    assertThat(error.details().generationId()).isEqualTo("g");
                    assertThat(error).hasMessageContaining("without an image");
                    assertThat(error.getMessage()).doesNotContain("I only write.");
                });
    }

    @Test
    void a_stream_gives_each_image_and_ends_with_the_same_as_a_blocking_call() {
        List<ImageEvent> events = new ArrayList<>();
        try (ImageStream stream =
                server.answer("stream-images.sse").images().stream(request().build())) {
            stream.forEach(events::add);
        }

        assertThat(server.receivedBody()).containsEntry("stream", true);
        assertThat(events).filteredOn(ImageEvent.Completed.class::isInstance).isNotEmpty();
        ImageResponse last = ((ImageEvent.Finished) events.get(events.size() - 1)).response();
        assertThat(events)
                .filteredOn(ImageEvent.Completed.class::isInstance)
                .extracting(event -> ((ImageEvent.Completed) event).image())
                .isEqualTo(last.images());
        assertThat(last.image().bytes().orElseThrow().mediaType()).isEqualTo("image/png");
    }

    @Test
    void a_stream_without_an_image_fails_at_its_end() {
        try (ImageStream stream =
                server.answer("stream-simple.sse").images().stream(request().build())) {
            assertThat(stream.next()).isEqualTo(new ImageEvent.Text("content", "Grü"));
            assertThatThrownBy(stream::response)
                    .isInstanceOfSatisfying(
                            MalformedResponseException.class,
                            error -> assertThat(error.partial(ImageResponse.class)
                                            .orElseThrow()
                                            .text())
                                    .isEqualTo("Grüezi 🌍!"));
        }
    }

    @Test
    void options_of_other_providers_are_ignored_with_one_warning() {
        ImageResponse response = generate(request().options(() -> "elsewhere"));

        assertThat(response.warnings()).extracting(Warning::subject).containsExactly("elsewhere");
    }

    private static CannedResponse answer(String message) {
        return CannedResponse.json(200, "{\"id\":\"g\",\"choices\":[{\"index\":0,\"message\":" + message + "}]}");
    }
}
