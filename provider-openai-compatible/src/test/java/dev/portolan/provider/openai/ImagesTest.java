package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ImagesTest {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    private static final String PNG_BASE64 = "iVBORw0KGgo=";

    @RegisterExtension
    private final Server server = new Server();

    private static ImageRequest.Builder request() {
        return ImageRequest.builder("local/gpt-image-1").prompt("a harbour");
    }

    private ImagePort images() {
        return server.provider().images().orElseThrow();
    }

    @Test
    void an_image_comes_as_bytes_with_its_tokens_and_an_unknown_cost() {
        server.json(
                200,
                "{\"created\":1713833628,\"background\":\"opaque\",\"output_format\":\"png\",\"size\":\"1024x1536\","
                        + "\"data\":[{\"b64_json\":\"" + PNG_BASE64
                        + "\"}],\"usage\":{\"total_tokens\":100,\"input_tokens\":50,"
                        + "\"output_tokens\":50,\"input_tokens_details\":{\"text_tokens\":10,\"image_tokens\":40}}}");

        ImageResponse drawn = images().generate(request()
                .size("1024x1536")
                .quality("high")
                .n(1)
                .endUser("u")
                .build());

        assertThat(drawn.image().bytes()).contains(new Media.Bytes(PNG, "image/png"));
        assertThat(drawn.inputTokens()).isEqualTo(50);
        assertThat(drawn.outputTokens()).isEqualTo(50);
        assertThat(drawn.cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(drawn.model()).isEqualTo("gpt-image-1");
        RecordedRequest received = server.received();
        assertThat(received.getTarget()).isEqualTo("/v1/images/generations");
        assertThat(Server.bodyOf(received)).isEqualTo("""
                {"model":"gpt-image-1","prompt":"a harbour","n":1,"size":"1024x1536","quality":"high","user":"u"}""");
    }

    @Test
    void an_image_at_an_address_is_one_too_and_no_usage_is_unknown() {
        server.json(
                200,
                "{\"created\":1,\"data\":[{\"url\":\"https://example.com/a.png\",\"revised_prompt\":\"a calm harbour\"}]}");

        ImageResponse drawn = images().generate(request().size("auto").build());

        assertThat(drawn.image().image()).isEqualTo(Media.url("https://example.com/a.png"));
        assertThat(drawn.image().revisedPrompt()).isEqualTo("a calm harbour");
        assertThat(drawn.usage().isReported()).isFalse();
        assertThat(server.receivedBody().text()).contains("\"size\":\"auto\"");
    }

    @Test
    void images_to_start_from_go_to_the_other_endpoint_as_a_form() {
        server.json(200, "{\"created\":1,\"data\":[{\"b64_json\":\"" + PNG_BASE64 + "\"}]}");

        images().generate(request()
                .input(Media.bytes(PNG))
                .input(Media.url("data:image/webp;base64,AQID"))
                .size("1024x1024")
                .extra("input_fidelity", "high")
                .build());

        RecordedRequest received = server.received();
        assertThat(received.getTarget()).isEqualTo("/v1/images/edits");
        assertThat(received.getHeaders().get("Content-Type")).startsWith("multipart/form-data; boundary=");
        assertThat(Server.bodyOf(received))
                .contains(
                        "name=\"model\"\r\n",
                        "\r\n\r\ngpt-image-1\r\n",
                        "name=\"size\"\r\n",
                        "\r\n\r\n1024x1024\r\n",
                        "name=\"input_fidelity\"\r\n",
                        "\r\n\r\nhigh\r\n",
                        "name=\"image[]\"; filename=\"image.png\"\r\nContent-Type: image/png\r\n",
                        "name=\"image[]\"; filename=\"image.webp\"\r\nContent-Type: image/webp\r\n",
                        "\u0001\u0002\u0003\r\n");
    }

    @Test
    void an_image_to_start_from_that_is_elsewhere_is_refused_before_anything_is_sent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> images().generate(request()
                        .input(Media.url("https://example.com/a.png"))
                        .build()))
                .withMessageContaining("must be given by its bytes");
        assertThat(server.requests()).isZero();
    }

    private static List<ImageEvent> events(ImageStream stream) {
        try (stream) {
            List<ImageEvent> events = new ArrayList<>();
            stream.forEach(events::add);
            return events;
        }
    }

    private static String event(String type, String more) {
        return "{\"type\":\"image_generation." + type + "\",\"b64_json\":\"" + PNG_BASE64
                + "\",\"created_at\":1,\"size\":" + "\"1024x1024\"" + more + "}";
    }

    @Test
    void previews_come_if_they_are_asked_for_and_the_end_of_the_connection_is_the_end() {
        server.chunksOnly(
                event("partial_image", ",\"partial_image_index\":0"),
                event("completed", ",\"usage\":{\"total_tokens\":3,\"input_tokens\":1,\"output_tokens\":2}"));

        List<ImageEvent> events =
                events(images().stream(request().extra("partial_images", 1).build()));

        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isInstanceOf(ImageEvent.Partial.class);
        assertThat(events.get(1)).isInstanceOf(ImageEvent.Completed.class);
        assertThat(((ImageEvent.Finished) events.get(2)).response().totalTokens())
                .isEqualTo(3);
        assertThat(server.receivedBody().text()).contains("\"stream\":true", "\"partial_images\":1");
    }

    @Test
    void a_stream_that_ends_before_its_last_image_is_broken() {
        server.chunksOnly(event("completed", ""));

        assertThatExceptionOfType(BrokenStreamException.class)
                .isThrownBy(() -> events(images().stream(
                        request().n(2).extra("partial_images", 1).build())));
    }

    @Test
    void without_previews_no_stream_is_asked_for() {
        server.json(200, "{\"created\":1,\"data\":[{\"b64_json\":\"" + PNG_BASE64 + "\"}]}");

        assertThat(events(images().stream(request().build()))).hasSize(2);
        assertThat(server.receivedBody().text()).doesNotContain("stream");
    }
}
