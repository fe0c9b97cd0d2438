package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Unsupported;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All ports, and what is beside them, against the simulator: its bill and its catalogue are the measure. */
class SimulatedOpenRouterTest {
    private static final String EMBEDDER = "openrouter/openai/text-embedding-3-small";
    private static final String PAINTER = "openrouter/google/gemini-2.5-flash-image";
    private static final String IMAGE_ONLY = "openrouter/black-forest-labs/flux.2-pro";

    private OpenRouterSimulator simulator;
    private Portolan portolan;

    @BeforeEach
    void start() {
        simulator = OpenRouterSimulator.start();
        portolan = Portolan.load(settings());
    }

    @AfterEach
    void stop() {
        portolan.close();
        simulator.close();
    }

    private Settings settings() {
        return Settings.of(Map.of(
                "OPENROUTER_API_KEY", simulator.apiKey(),
                "OPENROUTER_API_BASE", simulator.baseUrl()));
    }

    @Test
    void ten_thousand_texts_come_back_in_order_and_cost_what_the_bill_says() {
        List<String> texts =
                IntStream.range(0, 10_000).mapToObj(i -> "text number " + i).toList();

        EmbeddingResponse reply = portolan.embeddings()
                .embed(EmbeddingRequest.builder(EMBEDDER)
                        .texts(texts)
                        .encoding(EmbeddingRequest.Encoding.BASE64)
                        .build());

        assertThat(reply.embeddings()).hasSize(10_000);
        assertThat(simulator.requests()).hasSizeGreaterThan(30);
        assertThat(reply.cost()).isEqualTo(Cost.reported(simulator.bill().total()));
        assertThat(reply.embeddings().get(7_321).index()).isEqualTo(7_321);
        assertThat(reply.vector(7_321)).isEqualTo(vectorOf("text number 7321", EmbeddingRequest.Encoding.BASE64));
    }

    @Test
    void numbers_and_base64_give_the_very_same_vectors() {
        assertThat(vectorOf("a calm sea", EmbeddingRequest.Encoding.FLOAT))
                .isEqualTo(vectorOf("a calm sea", EmbeddingRequest.Encoding.BASE64));
    }

    @Test
    void similar_texts_lie_close_together() {
        EmbeddingResponse reply = portolan.embeddings()
                .embed(EmbeddingRequest.builder(EMBEDDER)
                        .text("the ship sails into the harbour")
                        .text("a ship is sailing into the harbour")
                        .text("quarterly tax returns of a bakery")
                        .build());

        double near =
                reply.embeddings().get(0).cosineSimilarity(reply.embeddings().get(1));
        double far =
                reply.embeddings().get(0).cosineSimilarity(reply.embeddings().get(2));
        assertThat(near).isGreaterThan(far + 0.2);
    }

    @Test
    void an_image_has_the_proportions_that_were_asked_for_on_either_route() throws IOException {
        for (ImageRoute route : List.of(ImageRoute.CHAT, ImageRoute.IMAGES)) {
            ImageResponse reply = portolan.images()
                    .generate(ImageRequest.builder(PAINTER)
                            .prompt("a sunset over a calm ocean")
                            .size("1536x1024")
                            .options(OpenRouterOptions.builder()
                                    .imageRoute(route)
                                    .build())
                            .build());

            BufferedImage image = decode(reply.image().image());
            assertThat(image.getWidth() / (double) image.getHeight())
                    .as("%s", route)
                    .isCloseTo(1.5, org.assertj.core.data.Offset.offset(0.03));
        }
        assertThat(simulator.requests())
                .extracting(request -> request.path())
                .containsExactly("/api/v1/chat/completions", "/api/v1/images");
    }

    @Test
    void a_model_that_only_draws_is_found_on_the_other_route_and_remembered() {
        ImageRequest request =
                ImageRequest.builder(IMAGE_ONLY).prompt("a lighthouse").build();

        ImageResponse first = portolan.images().generate(request);
        portolan.images().generate(request);

        assertThat(simulator.requests())
                .extracting(each -> each.path())
                .containsExactly("/api/v1/chat/completions", "/api/v1/images", "/api/v1/images");
        assertThat(first.cost().amount())
                .isEqualByComparingTo(simulator.bill().entries().get(0).cost());
    }

    @Test
    void an_image_can_be_the_start_of_another() {
        Media first = portolan.images()
                .generate(ImageRequest.builder(PAINTER).prompt("a boat").build())
                .image()
                .image();

        ImageResponse second = portolan.images()
                .generate(ImageRequest.builder(PAINTER)
                        .prompt("the same, at night")
                        .input(first)
                        .build());

        assertThat(second.images()).isNotEmpty();
        assertThat(simulator.requests().get(1).body()).contains("\"image_url\"", "data:image/png;base64,");
    }

    @Test
    void a_stream_of_images_shows_previews_and_ends_with_the_reply() {
        List<ImageEvent> events = new ArrayList<>();
        try (ImageStream stream = portolan.images().stream(ImageRequest.builder("openrouter/openai/gpt-5-image-mini")
                .prompt("a harbour")
                .options(OpenRouterOptions.builder()
                        .imageRoute(ImageRoute.IMAGES)
                        .build())
                .build())) {
            stream.forEach(events::add);
        }

        assertThat(events).hasAtLeastOneElementOfType(ImageEvent.Partial.class);
        assertThat(events).hasAtLeastOneElementOfType(ImageEvent.Completed.class);
        assertThat(events.get(events.size() - 1)).isInstanceOf(ImageEvent.Finished.class);
    }

    @Test
    void the_catalogues_prices_are_the_ones_that_are_billed() {
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .build());

        Cost estimate = portolan.catalog()
                .model(ModelId.parse("openrouter/openai/gpt-4o-mini"))
                .orElseThrow()
                .pricing()
                .estimate(reply.usage());

        assertThat(estimate.source()).isEqualTo(Cost.Source.ESTIMATED);
        assertThat(estimate.amount()).isEqualByComparingTo(reply.cost().amount());
    }

    @Test
    void the_catalogue_has_models_of_all_modalities_and_is_asked_once() {
        List<ModelInfo> painters = portolan.catalog().models(ModelQuery.ALL.withOutput("image"));
        List<ModelInfo> embedders = portolan.catalog().models(ModelQuery.ALL.withOutput("embeddings"));
        List<ModelInfo> cheapest = portolan.catalog().models(ModelQuery.ALL.orderedBy(ModelQuery.Order.PRICE));

        assertThat(painters).extracting(model -> model.id().toString()).contains(PAINTER, IMAGE_ONLY);
        assertThat(embedders).extracting(model -> model.id().toString()).contains(EMBEDDER);
        assertThat(cheapest).hasSizeGreaterThan(15);
        assertThat(simulator.requests()).hasSize(3);
        assertThat(portolan.catalog().endpoints(ModelId.parse(PAINTER))).isNotEmpty();
    }

    @Test
    void a_parameter_that_the_model_lacks_is_sent_refused_or_dropped_as_the_caller_chose() {
        ModelInfo model = portolan.catalog().models(ModelQuery.ALL.withOutput("text")).stream()
                .filter(each -> !each.supportedParameters().isEmpty()
                        && !each.supportedParameters().contains("top_k"))
                .findFirst()
                .orElseThrow();
        ChatRequest request =
                ChatRequest.builder(model.id()).user("Hello").topK(40).build();

        assertThat(checked(Unsupported.WARN, request).warnings())
                .extracting(warning -> warning.subject())
                .containsExactly("top_k");
        assertThat(lastBody()).contains("\"top_k\":40");
        assertThat(checked(Unsupported.DROP, request).warnings()).hasSize(1);
        assertThat(lastBody()).doesNotContain("top_k");
        assertThatThrownBy(() -> checked(Unsupported.FAIL, request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("top_k");
    }

    @Test
    void what_a_call_was_billed_for_can_be_asked_later() {
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .build());

        Generation generation = openRouter().generation(reply.id());

        assertThat(generation.cost().amount()).isEqualByComparingTo(reply.cost().amount());
        assertThat(generation.usage().promptTokens()).isEqualTo(reply.usage().promptTokens());
    }

    @Test
    void the_key_the_providers_and_the_credits_can_be_asked() {
        assertThat(openRouter().key().label()).isNotEmpty();
        assertThat(openRouter().providers()).isNotEmpty();
        assertThatThrownBy(() -> openRouter().credits()).isInstanceOf(PermissionDeniedException.class);
    }

    @Test
    void documents_come_back_in_the_order_of_their_relevance() {
        assertThat(openRouter()
                        .rerank(RerankRequest.of(
                                "openrouter/cohere/rerank-v3.5",
                                "When does the ship sail?",
                                List.of("Bread is baked at dawn.", "The ship sails at noon.")))
                        .results())
                .extracting(result -> result.index())
                .containsExactly(1, 0);
    }

    @Test
    void what_was_spoken_can_be_written_down_again() {
        Speech speech = openRouter()
                .speak(SpeechRequest.of(
                        "openrouter/openai/gpt-4o-mini-tts", "Cast off.", "alloy", SpeechRequest.Format.PCM));

        assertThat(speech.sound().size()).isGreaterThan(1000);
        assertThat(openRouter()
                        .transcribe(TranscriptionRequest.of(
                                "openrouter/openai/gpt-4o-mini-transcribe",
                                speech.sound().data(),
                                "pcm"))
                        .text())
                .isEqualTo("Cast off.");
    }

    private OpenRouter openRouter() {
        return portolan.provider("openrouter", OpenRouter.class);
    }

    private ChatResponse checked(Unsupported policy, ChatRequest request) {
        try (Portolan checking = Portolan.builder()
                .settings(settings())
                .discover()
                .unsupported(policy)
                .build()) {
            return checking.chat().complete(request);
        }
    }

    private String lastBody() {
        return simulator.requests().get(simulator.requests().size() - 1).body();
    }

    private float[] vectorOf(String text, EmbeddingRequest.Encoding encoding) {
        return portolan.embeddings()
                .embed(EmbeddingRequest.builder(EMBEDDER)
                        .text(text)
                        .encoding(encoding)
                        .build())
                .vector(0);
    }

    private static BufferedImage decode(Media image) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(((Media.Bytes) image).data()));
    }
}
