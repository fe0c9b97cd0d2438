package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How calls to embeddings, images and the catalogue find their provider. */
class PortolanPortsTest {
    private static final EmbeddingRequest EMBEDDING =
            EmbeddingRequest.builder("one/m").text("a").build();
    private static final ImageRequest IMAGE =
            ImageRequest.builder("one/m").prompt("a calm sea").build();

    private final AllPorts one = new AllPorts("one");
    private final AllPorts two = new AllPorts("two");
    private final FakeProvider chatOnly = new FakeProvider("hello");
    private final Portolan portolan = Portolan.builder()
            .provider("one", one)
            .provider("two", two)
            .provider("talker", chatOnly)
            .build();

    @AfterEach
    void end() {
        portolan.close();
    }

    /** A provider with every port, whose replies name it. */
    private static final class AllPorts implements Provider {
        private final String name;
        final EmbeddingPort embeddings;
        final ImagePort images;
        final ModelCatalogPort catalog;

        AllPorts(String name) {
            this.name = name;
            this.embeddings = request -> embedded(name);
            this.images = mock(ImagePort.class);
            when(images.generate(any())).thenReturn(drawn(name));
            when(images.stream(any())).thenAnswer(call -> new Drawing(drawn(name)));
            this.catalog = mock(ModelCatalogPort.class);
            when(catalog.models(any()))
                    .thenAnswer(call -> call.<ModelQuery>getArgument(0)
                            .select(List.of(model(name, "b", "2"), model(name, "a", "1"))));
            when(catalog.model(any())).thenReturn(Optional.of(model(name, "a", "1")));
            when(catalog.endpoints(any())).thenReturn(List.of(endpoint(name)));
        }

        @Override
        public Optional<ChatPort> chat() {
            return Optional.empty();
        }

        @Override
        public Optional<EmbeddingPort> embeddings() {
            return Optional.of(embeddings);
        }

        @Override
        public Optional<ImagePort> images() {
            return Optional.of(images);
        }

        @Override
        public Optional<ModelCatalogPort> catalog() {
            return Optional.of(catalog);
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return name;
        }
    }

    private static EmbeddingResponse embedded(String by) {
        return new EmbeddingResponse(
                List.of(),
                by,
                null,
                List.of(new Embedding(0, new float[] {1})),
                Usage.NOT_REPORTED,
                Cost.UNKNOWN,
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    private static ImageResponse drawn(String by) {
        return new ImageResponse(
                null,
                by,
                null,
                null,
                List.of(new GeneratedImage(Media.url("https://example.com/a.png"), null)),
                "",
                Usage.NOT_REPORTED,
                Cost.UNKNOWN,
                List.of(),
                List.of(),
                List.of(),
                Map.of());
    }

    private static ModelInfo model(String provider, String name, String price) {
        return new ModelInfo(
                new ModelId(provider, name),
                null,
                name,
                "",
                null,
                null,
                null,
                List.of("text"),
                List.of("text"),
                List.of(),
                Pricing.of(new BigDecimal(price), new BigDecimal(price)),
                Map.of());
    }

    private static ModelEndpoint endpoint(String provider) {
        return new ModelEndpoint(provider, null, null, null, null, null, List.of(), Pricing.UNKNOWN, Map.of());
    }

    /** A stream of one image. */
    private static final class Drawing implements ImageStream {
        private final ImageResponse response;
        private final Iterator<ImageEvent> events;
        private int closed;

        Drawing(ImageResponse response) {
            this.response = response;
            this.events = List.<ImageEvent>of(
                            new ImageEvent.Completed(response.image()), new ImageEvent.Finished(response))
                    .iterator();
        }

        @Override
        public @Nullable ImageEvent next() {
            return events.hasNext() ? events.next() : null;
        }

        @Override
        public ImageResponse response() {
            return response;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    @Test
    void the_first_segment_of_the_model_id_picks_the_provider_of_every_port() {
        EmbeddingRequest other = EmbeddingRequest.builder("two/m").text("a").build();
        ImageRequest otherImage = ImageRequest.builder("two/m").prompt("a").build();

        assertThat(portolan.embeddings().embed(EMBEDDING).model()).isEqualTo("one");
        assertThat(portolan.embeddings().embed(other).model()).isEqualTo("two");
        assertThat(portolan.images().generate(IMAGE).model()).isEqualTo("one");
        assertThat(portolan.images().generate(otherImage).model()).isEqualTo("two");
        try (ImageStream stream = portolan.images().stream(otherImage)) {
            assertThat(stream.response().model()).isEqualTo("two");
        }
        assertThat(portolan.catalog().model(new ModelId("two", "a")))
                .hasValueSatisfying(model -> assertThat(model.id().provider()).isEqualTo("two"));
        assertThat(portolan.catalog().endpoints(new ModelId("one", "a")))
                .extracting(ModelEndpoint::provider)
                .containsExactly("one");
    }

    @Test
    void the_ports_are_always_the_same_ones() {
        assertThat(portolan.embeddings()).isSameAs(portolan.embeddings());
        assertThat(portolan.images()).isSameAs(portolan.images());
        assertThat(portolan.catalog()).isSameAs(portolan.catalog());
    }

    @Test
    void models_of_all_catalogues_are_one_list_in_the_order_asked_for() {
        assertThat(portolan.catalog().models(ModelQuery.ALL))
                .extracting(model -> model.id().toString())
                .containsExactly("one/b", "one/a", "two/b", "two/a");
        assertThat(portolan.catalog().models(ModelQuery.ALL.orderedBy(ModelQuery.Order.PRICE)))
                .extracting(model -> model.id().toString())
                .containsExactly("one/a", "two/a", "one/b", "two/b");
        assertThat(portolan.catalog().models(ModelQuery.ALL.withText("two a")))
                .extracting(model -> model.id().toString())
                .containsExactly("two/a");
    }

    @Test
    void a_list_of_models_leaves_out_a_provider_that_is_not_configured_and_warns_once() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(Portolan.class.getName());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try (Portolan mixed = Portolan.builder()
                .provider(unconfigured("keyless", "KEYLESS_API_KEY is not set"))
                .provider("two", two)
                .build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(mixed.catalog().models(ModelQuery.ALL))
                        .extracting(model -> model.id().toString())
                        .containsExactly("two/b", "two/a");
            }
            assertThat(warnings)
                    .containsExactly("The models of the provider 'keyless' are left out of the catalogue: "
                            + "KEYLESS_API_KEY is not set");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    @Test
    void a_list_of_models_of_which_no_provider_is_configured_is_the_error_of_the_first() {
        try (Portolan keyless = Portolan.builder()
                .provider(unconfigured("keyless", "KEYLESS_API_KEY is not set"))
                .provider("talker", chatOnly)
                .provider(unconfigured("homeless", "HOMELESS_BASE_URL is not set"))
                .build()) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> keyless.catalog().models(ModelQuery.ALL))
                    .withMessage("KEYLESS_API_KEY is not set")
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .singleElement()
                            .extracting(Throwable::getMessage)
                            .isEqualTo("HOMELESS_BASE_URL is not set"));
        }
    }

    private static FakeFactory unconfigured(String name, String message) {
        return new FakeFactory(name, () -> {
            throw new ConfigurationException(message);
        });
    }

    @Test
    void a_provider_without_the_port_is_an_error_that_says_what_it_lacks() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.embeddings()
                        .embed(EmbeddingRequest.builder("talker/m").text("a").build()))
                .withMessage("The provider 'talker' has no embedding models (model id 'talker/m')");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.images()
                        .generate(ImageRequest.builder("talker/m").prompt("a").build()))
                .withMessage("The provider 'talker' has no image models (model id 'talker/m')");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.catalog().model(new ModelId("talker", "m")))
                .withMessage("The provider 'talker' has no catalogue of models (model id 'talker/m')");
    }

    @Test
    void an_unknown_provider_is_an_error_that_lists_what_is_there() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.images().stream(
                        ImageRequest.builder("nobody/m").prompt("a").build()))
                .withMessageContaining("'nobody'")
                .withMessageContaining("one, two, talker");
    }

    @Test
    void a_provider_itself_is_given_by_name_and_type() {
        assertThat(portolan.provider("one", AllPorts.class)).isSameAs(one);
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.provider("talker", AllPorts.class))
                .withMessage("The provider 'talker' is a " + FakeProvider.class.getName() + ", not a "
                        + AllPorts.class.getName());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.provider("nobody", AllPorts.class))
                .withMessageContaining("'nobody'");
    }

    @Test
    void after_the_end_nothing_is_reached() {
        portolan.close();

        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> portolan.embeddings().embed(EMBEDDING));
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> portolan.images().generate(IMAGE));
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> portolan.catalog().models(ModelQuery.ALL));
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> portolan.provider("one", AllPorts.class));
    }

    @Test
    void decorators_are_around_embeddings_and_images_too_and_the_lower_order_is_outside() {
        List<String> order = new ArrayList<>();
        try (Portolan decorated = Portolan.builder()
                .provider("one", one)
                .decorator(new Noting("inner", 2, order))
                .decorator(new Noting("outer", 1, order))
                .build()) {
            decorated.embeddings().embed(EMBEDDING);
            decorated.images().generate(IMAGE);
        }

        assertThat(order).containsExactly("outer embeds", "inner embeds", "outer draws", "inner draws");
    }

    private record Noting(String name, int order, List<String> notes) implements PortDecorator {
        @Override
        public EmbeddingPort decorate(EmbeddingPort port) {
            return request -> {
                notes.add(name + " embeds");
                return port.embed(request);
            };
        }

        @Override
        public ImagePort decorate(ImagePort port) {
            return new ImagePort() {
                @Override
                public ImageResponse generate(ImageRequest request) {
                    notes.add(name + " draws");
                    return port.generate(request);
                }

                @Override
                public ImageStream stream(ImageRequest request) {
                    return port.stream(request);
                }
            };
        }
    }

    @Test
    void a_stream_of_images_is_read_by_a_loop_and_cancelled_like_any_other() {
        Drawing stream = new Drawing(drawn("one"));
        Iterator<ImageEvent> events = stream.iterator();

        assertThat(events.hasNext()).isTrue();
        assertThat(events.hasNext()).isTrue();
        assertThat(events.next()).isInstanceOf(ImageEvent.Completed.class);
        assertThat(events.next()).isInstanceOf(ImageEvent.Finished.class);
        assertThat(events.hasNext()).isFalse();
        assertThatThrownBy(events::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("The stream has ended");
        stream.cancel();
        assertThat(stream.closed).isEqualTo(1);
    }

    @Test
    void the_ports_of_one_provider_take_its_own_models() {
        ProviderPorts ports = portolan.ports("two");
        ImageRequest image = ImageRequest.builder("two/m").prompt("a").build();

        assertThat(ports.provider()).isEqualTo("two");
        assertThat(ports.embeddings()
                        .embed(EmbeddingRequest.builder("two/m").text("a").build())
                        .model())
                .isEqualTo("two");
        assertThat(ports.images().generate(image).model()).isEqualTo("two");
        try (ImageStream stream = ports.images().stream(image)) {
            assertThat(stream.response().model()).isEqualTo("two");
        }
        assertThat(portolan.ports("talker").chat().complete(hello("talker/m")).text())
                .isEqualTo("hello");
        try (ChatStream stream = portolan.ports("talker").chat().stream(hello("talker/m"))) {
            assertThat(stream.response().text()).isEqualTo("hello");
        }
        assertThat(ports.catalog().models(ModelQuery.ALL))
                .extracting(model -> model.id().toString())
                .containsExactly("two/b", "two/a");
        assertThat(ports.catalog().model(new ModelId("two", "a"))).isPresent();
        assertThat(ports.catalog().endpoints(new ModelId("two", "a")))
                .extracting(ModelEndpoint::provider)
                .containsExactly("two");
    }

    @Test
    void the_ports_of_one_provider_refuse_the_models_of_another_before_anything_else_happens() {
        List<String> notes = new ArrayList<>();
        try (Portolan decorated = Portolan.builder()
                .provider("one", one)
                .provider("talker", chatOnly)
                .decorator(new Noting("decorator", 1, notes))
                .sink(event -> notes.add("sink"))
                .build()) {
            ProviderPorts ports = decorated.ports("talker");
            String message =
                    "The model id 'one/m' is not of the provider 'talker', whose port this is. Its models begin "
                            + "with 'talker/'; the ports of the Portolan take those of all providers.";

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.chat().complete(hello("one/m")))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.chat().stream(hello("one/m")))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.embeddings().embed(EMBEDDING))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.images().generate(IMAGE))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.images().stream(IMAGE))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.catalog().model(new ModelId("one", "m")))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.catalog().endpoints(new ModelId("one", "m")))
                    .withMessage(message);
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> ports.billing().find(new ModelId("one", "m"), "gen-1"))
                    .withMessage(message);
        }
        assertThat(notes).isEmpty();
        assertThat(chatOnly.requests).isEmpty();
    }

    @Test
    void a_model_whose_provider_was_forgotten_is_shown_with_it() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.ports("talker").chat().complete(hello("google/gemini-2.5-flash")))
                .withMessage(
                        "The model id 'google/gemini-2.5-flash' is not of the provider 'talker', whose port this is. "
                                + "Write 'talker/google/gemini-2.5-flash'.");
    }

    @Test
    void the_ports_of_one_provider_go_through_decorators_and_sinks_and_end_with_the_portolan() {
        List<String> notes = new ArrayList<>();
        Portolan decorated = Portolan.builder()
                .provider("one", one)
                .decorator(new Noting("decorator", 1, notes))
                .sink(event -> notes.add("sink"))
                .build();
        ProviderPorts ports = decorated.ports("one");

        ports.embeddings().embed(EMBEDDING);
        decorated.close();

        assertThat(notes).containsExactly("decorator embeds", "sink");
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> ports.embeddings().embed(EMBEDDING));
        assertThatExceptionOfType(CallCancelledException.class)
                .isThrownBy(() -> ports.catalog().models(ModelQuery.ALL));
    }

    @Test
    void what_one_provider_lacks_is_an_error_and_so_is_a_provider_that_is_not_there() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.ports("talker").catalog().models(ModelQuery.ALL))
                .withMessage("The provider 'talker' has no catalogue of models");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> portolan.ports("nobody"))
                .withMessageContaining("'nobody'")
                .withMessageContaining("one, two, talker");
    }

    @Test
    void asking_for_the_ports_of_a_provider_does_not_make_it() {
        FakeFactory factory = new FakeFactory("talker", chatOnly);
        try (Portolan lazy = Portolan.builder().provider(factory).build()) {
            ProviderPorts ports = lazy.ports("talker");

            assertThat(factory.asked).isEmpty();
            ports.chat().complete(hello("talker/m"));
            assertThat(factory.asked).hasSize(1);
        }
    }

    private static ChatRequest hello(String model) {
        return ChatRequest.builder(model).user("Hello").build();
    }
}
