package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortolanTest {
    private final FakeProvider openRouter = new FakeProvider("from OpenRouter");
    private final FakeProvider local = new FakeProvider("from a local server");

    private static ChatRequest requestTo(String model) {
        return ChatRequest.builder(model).user("Hello").build();
    }

    @Nested
    class Routing {
        @Test
        void the_first_segment_of_the_model_id_picks_the_provider() {
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .provider("local", local)
                    .build()) {
                assertThat(portolan.chat()
                                .complete(requestTo("openrouter/openrouter/auto"))
                                .text())
                        .isEqualTo("from OpenRouter");
                assertThat(portolan.chat()
                                .complete(requestTo("local/openrouter/auto"))
                                .text())
                        .isEqualTo("from a local server");
            }
            assertThat(openRouter.requests).containsExactly(requestTo("openrouter/openrouter/auto"));
            assertThat(local.requests).containsExactly(requestTo("local/openrouter/auto"));
        }

        @Test
        void streams_go_the_same_way() {
            try (Portolan portolan = Portolan.builder()
                            .provider("openrouter", openRouter)
                            .provider("local", local)
                            .build();
                    ChatStream stream = portolan.chat().stream(requestTo("local/qwen3"))) {
                assertThat(stream.response().text()).isEqualTo("from a local server");
            }
            assertThat(openRouter.requests).isEmpty();
        }

        @Test
        void an_unknown_provider_is_an_error_that_lists_what_is_there_and_shows_the_way_out() {
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .provider("local", local)
                    .build()) {
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> portolan.chat().complete(requestTo("google/gemini-2.5-flash")))
                        .withMessage("There is no provider named 'google' (model id 'google/gemini-2.5-flash'). "
                                + "Found: openrouter, local; for example 'openrouter/google/gemini-2.5-flash'.");
            }
        }

        @Test
        void without_any_provider_the_error_names_the_artifact_to_add() {
            try (Portolan portolan = Portolan.builder().build()) {
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> portolan.chat().stream(requestTo("openrouter/auto")))
                        .withMessage("There is no provider named 'openrouter' (model id 'openrouter/auto'). "
                                + "No provider was found; is one, such as portolan-provider-openrouter, "
                                + "on the class path?");
            }
        }

        @Test
        void a_provider_without_chat_models_is_an_error_that_names_it() {
            Provider mute = new Provider() {
                @Override
                public Optional<ChatPort> chat() {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };
            try (Portolan portolan = Portolan.builder().provider("mute", mute).build()) {
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> portolan.chat().complete(requestTo("mute/model")))
                        .withMessage("The provider 'mute' has no chat models (model id 'mute/model')");
            }
        }

        @Test
        void the_names_of_the_providers_come_in_the_order_in_which_they_were_added() {
            try (Portolan portolan = Portolan.builder()
                    .provider("z", openRouter)
                    .provider("a", local)
                    .build()) {
                assertThat(portolan.providers()).containsExactly("z", "a");
                assertThatThrownBy(() -> portolan.providers().remove("z"))
                        .isInstanceOf(UnsupportedOperationException.class);
            }
        }

        @Test
        void the_chat_port_is_always_the_same_one() {
            try (Portolan portolan = Portolan.builder().build()) {
                assertThat(portolan.chat()).isSameAs(portolan.chat());
            }
        }
    }

    @Nested
    class Building {
        @Test
        void two_factories_of_one_name_are_an_error_that_lists_both_with_their_classes() {
            ProviderFactory first = new FakeFactory("openrouter", openRouter);
            ProviderFactory second = new OtherFactory();

            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() ->
                            Portolan.builder().provider(first).provider(second).build())
                    .withMessage("Two providers are named 'openrouter'. Found: openrouter ("
                            + FakeFactory.class.getName() + "), openrouter (" + OtherFactory.class.getName()
                            + "). Remove one.");
        }

        @Test
        void two_given_providers_of_one_name_are_listed_with_the_classes_that_the_caller_wrote() {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> Portolan.builder()
                            .provider("openrouter", openRouter)
                            .provider("openrouter", local)
                            .build())
                    .withMessageContaining(FakeProvider.class.getName());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Open Router", "openrouter/"})
        void a_name_that_no_model_id_can_have_is_refused(String name) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> Portolan.builder()
                            .provider(new FakeFactory(name, openRouter))
                            .build())
                    .withMessage("The provider " + FakeFactory.class.getName() + " has the name '" + name
                            + "'; use lower-case letters, digits, '-', '_' and '.'");
        }

        @Test
        void a_factory_gets_the_settings_that_were_given() {
            Settings settings = Settings.of(java.util.Map.of("KEY", "1"));
            FakeFactory factory = new FakeFactory("openrouter", openRouter);
            try (Portolan portolan =
                    Portolan.builder().provider(factory).settings(settings).build()) {
                portolan.chat().complete(requestTo("openrouter/auto"));
            }
            assertThat(factory.asked).containsExactly(settings);
        }

        @Test
        void a_builder_can_build_twice_without_sharing_what_it_makes() {
            FakeFactory factory = new FakeFactory("openrouter", () -> new FakeProvider("hello"));
            Portolan.Builder builder = Portolan.builder().provider(factory);
            try (Portolan first = builder.build();
                    Portolan second = builder.provider("local", local).build()) {
                first.chat().complete(requestTo("openrouter/auto"));
                second.chat().complete(requestTo("openrouter/auto"));
                assertThat(first.providers()).containsExactly("openrouter");
            }
            assertThat(factory.asked).hasSize(2);
        }
    }

    private static final class OtherFactory implements ProviderFactory {
        @Override
        public String name() {
            return "openrouter";
        }

        @Override
        public Provider create(Settings settings) {
            return new FakeProvider("other");
        }
    }

    @Nested
    class Making {
        @Test
        void a_provider_is_made_when_its_first_model_is_used() {
            FakeFactory used = new FakeFactory("used", openRouter);
            FakeFactory unused = new FakeFactory("unused", local);
            try (Portolan portolan =
                    Portolan.builder().provider(used).provider(unused).build()) {
                assertThat(used.asked).isEmpty();

                portolan.chat().complete(requestTo("used/a"));
                portolan.chat().complete(requestTo("used/b"));
            }
            assertThat(used.asked).hasSize(1);
            assertThat(unused.asked).isEmpty();
        }

        @Test
        @Timeout(60)
        void a_provider_is_made_once_even_when_many_threads_use_it_at_the_same_moment() throws Exception {
            int threads = 8;
            ExecutorService executor = Executors.newFixedThreadPool(threads);
            try {
                for (int round = 0; round < 50; round++) {
                    FakeFactory factory = new FakeFactory("openrouter", () -> new FakeProvider("hello"));
                    CyclicBarrier barrier = new CyclicBarrier(threads);
                    try (Portolan portolan =
                            Portolan.builder().provider(factory).build()) {
                        List<Future<ChatResponse>> replies = new ArrayList<>();
                        for (int i = 0; i < threads; i++) {
                            replies.add(executor.submit(() -> {
                                barrier.await(30, TimeUnit.SECONDS);
                                return portolan.chat().complete(requestTo("openrouter/auto"));
                            }));
                        }
                        for (Future<ChatResponse> reply : replies) {
                            assertThat(reply.get(30, TimeUnit.SECONDS).text()).isEqualTo("hello");
                        }
                    }
                    assertThat(factory.asked).hasSize(1);
                }
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void a_provider_that_could_not_be_made_fails_its_own_calls_only_and_is_tried_again() {
            List<RuntimeException> failures =
                    new ArrayList<>(List.of(new ConfigurationException("OPENROUTER_API_KEY is not set")));
            FakeFactory factory = new FakeFactory("openrouter", () -> {
                if (!failures.isEmpty()) {
                    throw failures.remove(0);
                }
                return openRouter;
            });
            try (Portolan portolan = Portolan.builder()
                    .provider(factory)
                    .provider("local", local)
                    .build()) {
                assertThatExceptionOfType(ConfigurationException.class)
                        .isThrownBy(() -> portolan.chat().complete(requestTo("openrouter/auto")))
                        .withMessage("OPENROUTER_API_KEY is not set");
                assertThat(portolan.chat().complete(requestTo("local/qwen3")).text())
                        .isEqualTo("from a local server");
                assertThat(portolan.chat()
                                .complete(requestTo("openrouter/auto"))
                                .text())
                        .isEqualTo("from OpenRouter");
            }
        }
    }

    @Nested
    class Closing {
        @Test
        void closes_the_providers_that_were_used() {
            Portolan portolan = Portolan.builder()
                    .provider(new FakeFactory("openrouter", openRouter))
                    .provider(new FakeFactory("local", local))
                    .build();
            portolan.chat().complete(requestTo("openrouter/auto"));
            portolan.chat().complete(requestTo("local/qwen3"));

            portolan.close();

            assertThat(openRouter.closed).hasValue(1);
            assertThat(local.closed).hasValue(1);
        }

        @Test
        void does_not_make_a_provider_only_to_close_it() {
            FakeFactory factory = new FakeFactory("openrouter", openRouter);

            Portolan.builder().provider(factory).build().close();

            assertThat(factory.asked).isEmpty();
        }

        @Test
        void closes_a_given_provider_even_if_it_was_never_used() {
            Portolan.builder().provider("openrouter", openRouter).build().close();

            assertThat(openRouter.closed).hasValue(1);
        }

        @Test
        void again_does_nothing() {
            Portolan portolan =
                    Portolan.builder().provider("openrouter", openRouter).build();
            portolan.chat().complete(requestTo("openrouter/auto"));

            portolan.close();
            portolan.close();

            assertThat(openRouter.closed).hasValue(1);
        }

        @Test
        void goes_on_when_a_provider_fails_to_close() {
            Provider stubborn = new Provider() {
                @Override
                public Optional<ChatPort> chat() {
                    return openRouter.chat();
                }

                @Override
                public void close() {
                    throw new IllegalStateException("will not close");
                }
            };
            Portolan portolan = Portolan.builder()
                    .provider("stubborn", stubborn)
                    .provider("local", local)
                    .build();
            portolan.chat().complete(requestTo("stubborn/auto"));
            portolan.chat().complete(requestTo("local/qwen3"));

            assertThatThrownBy(portolan::close).hasStackTraceContaining("will not close");

            assertThat(local.closed).hasValue(1);
        }

        @Test
        void refuses_later_calls() {
            FakeFactory unused = new FakeFactory("unused", local);
            Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .provider(unused)
                    .build();
            portolan.chat().complete(requestTo("openrouter/auto"));

            portolan.close();

            for (String model : List.of("openrouter/auto", "unused/model", "unknown/model")) {
                assertThatExceptionOfType(CallCancelledException.class)
                        .isThrownBy(() -> portolan.chat().complete(requestTo(model)))
                        .withMessageStartingWith("This Portolan is closed");
                assertThatExceptionOfType(CallCancelledException.class)
                        .isThrownBy(() -> portolan.chat().stream(requestTo(model)));
            }
            assertThat(openRouter.requests).hasSize(1);
            assertThat(unused.asked).isEmpty();
        }
    }

    @Nested
    class Decorating {
        private final List<String> calls = new ArrayList<>();

        private PortDecorator decorator(String name, int order) {
            return new PortDecorator() {
                @Override
                public int order() {
                    return order;
                }

                @Override
                public ChatPort decorate(ChatPort port) {
                    return new ChatPort() {
                        @Override
                        public ChatResponse complete(ChatRequest request) {
                            calls.add(name);
                            return port.complete(request);
                        }

                        @Override
                        public ChatStream stream(ChatRequest request) {
                            calls.add(name + " of a stream");
                            return port.stream(request);
                        }
                    };
                }
            };
        }

        @Test
        void the_decorator_with_the_lowest_number_is_called_first() {
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .decorator(decorator("inner", 100))
                    .decorator(decorator("outer", -100))
                    .decorator(decorator("middle", 0))
                    .build()) {
                portolan.chat().complete(requestTo("openrouter/auto"));
                portolan.chat().stream(requestTo("openrouter/auto")).close();
            }
            assertThat(calls)
                    .containsExactly(
                            "outer", "middle", "inner", "outer of a stream", "middle of a stream", "inner of a stream");
        }

        @Test
        void decorators_of_one_number_stay_in_the_order_in_which_they_were_added() {
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .decorator(decorator("first", 0))
                    .decorator(decorator("second", 0))
                    .build()) {
                portolan.chat().complete(requestTo("openrouter/auto"));
            }
            assertThat(calls).containsExactly("first", "second");
        }

        @Test
        void a_decorator_that_overrides_nothing_changes_nothing() {
            PortDecorator identity = new PortDecorator() {};

            assertThat(identity.order()).isZero();
            assertThat(identity.decorate(openRouter)).isSameAs(openRouter);
        }

        @Test
        void a_decorator_sees_the_calls_of_every_provider() {
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .provider("local", local)
                    .decorator(decorator("counted", 0))
                    .build()) {
                portolan.chat().complete(requestTo("openrouter/auto"));
                portolan.chat().complete(requestTo("local/qwen3"));
            }
            assertThat(calls).containsExactly("counted", "counted");
        }

        @Test
        void a_decorator_may_send_a_request_elsewhere() {
            PortDecorator elsewhere = new PortDecorator() {
                @Override
                public ChatPort decorate(ChatPort port) {
                    return new ChatPort() {
                        @Override
                        public ChatResponse complete(ChatRequest request) {
                            return port.complete(
                                    request.toBuilder().model("local/qwen3").build());
                        }

                        @Override
                        public ChatStream stream(ChatRequest request) {
                            return port.stream(request);
                        }
                    };
                }
            };
            try (Portolan portolan = Portolan.builder()
                    .provider("openrouter", openRouter)
                    .provider("local", local)
                    .decorator(elsewhere)
                    .build()) {
                assertThat(portolan.chat()
                                .complete(requestTo("openrouter/auto"))
                                .text())
                        .isEqualTo("from a local server");
            }
        }
    }
}
