package dev.portolan.api.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Output;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckedChatTest {
    private static final ModelId MODEL = ModelId.parse("openrouter/acme/small-1");

    private final List<ChatRequest> sent = new ArrayList<>();
    private final ChatPort port = new ChatPort() {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return answer(request).finish();
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return ReplayedStream.of(answer(request));
        }

        private ChatAssembler answer(ChatRequest request) {
            sent.add(request);
            ChatAssembler reply = new ChatAssembler();
            reply.text(0, "ok");
            reply.finishReason(0, "stop");
            return reply;
        }
    };

    /** Text only, 1,000 tokens in all and 100 coming out; knows temperature, max_tokens and tools. */
    private static ModelInfo small() {
        return new ModelInfo(
                MODEL,
                null,
                "Small 1",
                "",
                null,
                1_000L,
                100L,
                List.of("text"),
                List.of("text"),
                List.of("temperature", "max_tokens", "tools"),
                Pricing.UNKNOWN,
                Map.of());
    }

    private record OneModel(Optional<ModelInfo> info) implements ModelCatalogPort {
        @Override
        public List<ModelInfo> models(ModelQuery query) {
            return info.stream().toList();
        }

        @Override
        public Optional<ModelInfo> model(ModelId id) {
            return info;
        }

        @Override
        public List<ModelEndpoint> endpoints(ModelId id) {
            return List.of();
        }
    }

    private CheckedChat chat(Unsupported policy) {
        return new CheckedChat(port, new OneModel(Optional.of(small())), policy);
    }

    private static ChatRequest.Builder hello() {
        return ChatRequest.builder(MODEL).user("Hello");
    }

    private List<String> subjects(Unsupported policy, ChatRequest request) {
        return chat(policy).complete(request).warnings().stream()
                .map(warning -> warning.subject())
                .toList();
    }

    @Test
    void a_request_within_the_models_means_is_sent_as_it_is() {
        ChatRequest request = hello().temperature(0.5).maxCompletionTokens(100).build();

        assertThat(subjects(Unsupported.FAIL, request)).isEmpty();
        assertThat(sent).containsExactly(request);
    }

    @Test
    void output_that_the_model_does_not_give_is_said_before_the_call() {
        ChatRequest request =
                hello().modalities(Output.Modality.TEXT, Output.Modality.IMAGE).build();

        assertThat(subjects(Unsupported.WARN, request)).containsExactly("modalities");
        assertThatThrownBy(() -> chat(Unsupported.FAIL).complete(request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not give image")
                .hasMessageContaining(MODEL.toString());
        assertThat(sent).hasSize(1);
    }

    @Test
    void content_that_the_model_does_not_take_is_said_before_the_call() {
        ChatRequest request = ChatRequest.builder(MODEL)
                .user(ContentPart.text("What is this?"), ContentPart.image("https://example.com/a.png"))
                .build();

        assertThat(subjects(Unsupported.WARN, request)).containsExactly("messages");
        assertThatThrownBy(() -> chat(Unsupported.FAIL).complete(request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not take image");
    }

    @Test
    void more_than_the_model_has_room_for_is_said_before_the_call() {
        ChatRequest longAnswer = hello().maxTokens(101).build();
        ChatRequest longPrompt =
                ChatRequest.builder(MODEL).user("word ".repeat(2_000)).build();

        assertThat(subjects(Unsupported.WARN, longAnswer)).containsExactly("max_tokens");
        assertThatThrownBy(() -> chat(Unsupported.FAIL).complete(longAnswer))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessageContaining("at most 100");
        assertThatThrownBy(() -> chat(Unsupported.FAIL).complete(longPrompt))
                .isInstanceOf(ContextTooLongException.class)
                .hasMessageContaining("1000");
    }

    @Test
    void every_parameter_that_the_model_lacks_is_dropped_with_a_warning_of_its_own() {
        ChatRequest request = hello().temperature(0.5)
                .topK(40)
                .seed(1L)
                .stop("end")
                .logprobs(true)
                .topLogprobs(2)
                .build();

        assertThat(subjects(Unsupported.DROP, request)).containsExactly("top_k", "seed", "stop", "logprobs");
        assertThat(sent).containsExactly(hello().temperature(0.5).build());
    }

    @Test
    void a_stream_carries_the_warnings_to_its_end() {
        try (ChatStream stream = chat(Unsupported.WARN).stream(hello().topK(40).build())) {
            assertThat(stream.response().warnings())
                    .extracting(warning -> warning.subject())
                    .containsExactly("top_k");
        }
    }

    @Test
    void a_catalogue_without_the_model_lets_requests_through() {
        ChatRequest request = hello().topK(40).build();

        new CheckedChat(port, new OneModel(Optional.empty()), Unsupported.FAIL).complete(request);

        assertThat(sent).containsExactly(request);
    }

    @Test
    void a_catalogue_that_cannot_be_read_lets_requests_through_with_a_warning() {
        ModelCatalogPort broken = new ModelCatalogPort() {
            @Override
            public List<ModelInfo> models(ModelQuery query) {
                throw new ConnectionException("down", ErrorDetails.NONE);
            }

            @Override
            public Optional<ModelInfo> model(ModelId id) {
                throw new ConnectionException("down", ErrorDetails.NONE);
            }

            @Override
            public List<ModelEndpoint> endpoints(ModelId id) {
                return List.of();
            }
        };

        ChatResponse reply = new CheckedChat(port, broken, Unsupported.FAIL)
                .complete(hello().topK(40).build());

        assertThat(reply.warnings()).extracting(warning -> warning.subject()).containsExactly("catalog");
    }
}
