package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ChatPort} does. A test of a provider extends this and gives it the port and a model; the more
 * {@linkplain #portIn situations} it brings about, the more is tested.
 *
 * <pre>{@code
 * class AcmeChatTest extends ChatPortContract {
 *     private final Provider acme = new AcmeProviderFactory().create(Settings.fromEnvironment());
 *
 *     protected ChatPort port() {
 *         return acme.chat().orElseThrow();
 *     }
 *
 *     protected ModelId model() {
 *         return ModelId.parse("acme/small");
 *     }
 * }
 * }</pre>
 */
@SuppressWarnings("exports") // who uses it has JUnit and AssertJ
public abstract class ChatPortContract extends StreamingPortContract<ChatPort, ChatEvent, ChatResponse> {
    private static final Tool WEATHER = Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));

    /** For subclasses. */
    protected ChatPortContract() {}

    @Test
    public void an_answer_says_something_and_why_it_ended() {
        ChatResponse reply = port().complete(request(model()).user("Hello").build());

        assertThat(reply.choices()).isNotEmpty();
        assertThat(reply.message().isEmpty()).as("whether nothing was said").isFalse();
        assertThat(reply.finishReason().unified()).isNotEqualTo(FinishReason.Unified.UNKNOWN);
    }

    @Test
    public void events_come_in_order_and_add_up_to_the_reply() {
        try (ChatStream stream = port().stream(request(model()).user("Hello").build())) {
            StreamedEvents.assertLawful(all(stream), stream.response());
        }
    }

    @Test
    public void a_stream_hands_on_its_text_piece_by_piece() {
        StringBuilder text = new StringBuilder();
        try (ChatStream stream = port().stream(request(model()).user("Hello").build())) {
            ChatResponse reply = stream.forEachText(text::append);
            assertThat(text).hasToString(reply.text());
        }
    }

    @Test
    public void instructions_may_be_empty() {
        ChatResponse reply =
                port().complete(request(model()).system("").user("Hello").build());

        assertThat(reply.message().isEmpty()).as("whether nothing was said").isFalse();
    }

    @Test
    public void a_message_of_the_model_goes_back_as_it_came() {
        ChatRequest first = request(model()).user("Hello").build();
        AssistantMessage said = port().complete(first).message();

        ChatResponse reply = port().complete(
                        first.toBuilder().message(said).user("And then?").build());

        assertThat(reply.message().isEmpty()).as("whether nothing was said").isFalse();
        try (ChatStream stream = port().stream(first)) {
            AssistantMessage streamed = stream.response().message();
            ChatRequest next =
                    first.toBuilder().message(streamed).user("And then?").build();
            assertThat(port().complete(next).message().isEmpty()).isFalse();
        }
    }

    @Test
    public void the_choices_of_a_stream_do_not_hang_on_the_thread_that_opened_it() {
        ChatStream stream = port().stream(request(model()).user("Hello").build());

        ChatResponse reply = Background.of(stream::response).result();

        assertThat(reply.message().isEmpty()).as("whether nothing was said").isFalse();
        stream.close();
    }

    @Test
    public void a_tool_is_called_and_its_result_is_answered() {
        ChatPort port = in(Situation.TOOL_CALL);
        ChatRequest question = weather();
        ChatResponse calls = port.complete(question);

        assertThat(calls.toolCalls()).as("the calls that the model wants").isNotEmpty();
        assertThat(calls.finishReason().unified()).isEqualTo(FinishReason.Unified.TOOL_CALLS);
        assertAnswers(port, question, calls);
    }

    @Test
    public void a_tool_is_called_in_a_stream_too() {
        ChatPort port = in(Situation.TOOL_CALL);
        ChatRequest question = weather();
        try (ChatStream stream = port.stream(question)) {
            List<ChatEvent> events = all(stream);
            ChatResponse calls = stream.response();

            assertThat(calls.toolCalls()).as("the calls that the model wants").isNotEmpty();
            StreamedEvents.assertLawful(events, calls);
            assertAnswers(port, question, calls);
        }
    }

    private static void assertAnswers(ChatPort port, ChatRequest question, ChatResponse calls) {
        ChatRequest.Builder answers = question.toBuilder().message(calls.message());
        for (ToolCall call : calls.toolCalls()) {
            assertThat(call.id()).as("the id of a call").isNotBlank();
            assertThat(call.name()).isEqualTo("get_weather");
            assertThat(RawJson.parse(call.arguments()))
                    .as("arguments that are JSON")
                    .isNotNull();
            answers.message(Message.tool(call.id(), "{\"celsius\": 21}"));
        }
        ChatResponse reply = port.complete(answers.build());
        assertThat(reply.text()).as("the answer that uses the result").isNotBlank();
    }

    private ChatRequest weather() {
        return request(modelIn(Situation.TOOL_CALL))
                .user("What is the weather in Zürich?")
                .tool(WEATHER)
                .build();
    }

    private static ChatRequest.Builder request(ModelId model) {
        return ChatRequest.builder(model).call(once());
    }

    @Override
    final Reply call(ChatPort port, ModelId model, String text, Consumer<Extra> more) {
        return port.complete(asked(model, text, more));
    }

    @Override
    final ReplyStream<ChatEvent, ChatResponse> open(ChatPort port, ModelId model, String text, Consumer<Extra> more) {
        return port.stream(asked(model, text, more));
    }

    private static ChatRequest asked(ModelId model, String text, Consumer<Extra> more) {
        ChatRequest.Builder request = request(model).user(text);
        more.accept(new Extra() {
            @Override
            public Extra call(CallOptions options) {
                request.call(options);
                return this;
            }

            @Override
            public Extra options(ProviderOptions options) {
                request.options(options);
                return this;
            }
        });
        return request.build();
    }

    @Override
    final Object essence(Reply reply) {
        return ((ChatResponse) reply).text();
    }

    @Override
    final Optional<ChatResponse> finished(ChatEvent event) {
        return event instanceof ChatEvent.ResponseFinished last ? Optional.of(last.response()) : Optional.empty();
    }

    /** Leaves out ids, times, and what a provider keeps as it came. */
    @Override
    final Object comparable(ChatResponse reply) {
        List<Object> parts = new ArrayList<>(Arrays.asList(
                reply.model(),
                reply.provider(),
                counts(reply.usage()),
                reply.cost(),
                reply.serviceTier(),
                reply.warnings(),
                reply.attempts().size()));
        for (ChatChoice choice : reply.choices()) {
            AssistantMessage message = choice.message();
            parts.addAll(Arrays.asList(
                    choice.index(),
                    choice.finishReason(),
                    choice.logprobs(),
                    message.content(),
                    message.toolCalls().stream()
                            .map(call -> call.name() + call.arguments())
                            .toList(),
                    message.reasoning(),
                    message.reasoningDetails(),
                    message.refusal(),
                    message.images(),
                    message.annotations(),
                    message.extras()));
        }
        return parts;
    }

    private static List<Object> counts(Usage usage) {
        return List.of(
                usage.promptTokens(),
                usage.completionTokens(),
                usage.totalTokens(),
                usage.prompt(),
                usage.completion());
    }

    @Override
    final boolean says(ChatEvent event) {
        return event instanceof ChatEvent.TextDelta;
    }

    @Override
    final void assertPartial(List<ChatEvent> events, PortolanException error) {
        String text = StreamedEvents.text(events, 0);
        assertThat(text).as("the text that came before the end").isNotEmpty();
        assertThat(error.partial()).as("the partial reply").isPresent();
        assertThat(error.partial().orElseThrow().text()).as("its text").isEqualTo(text);
    }

    @Override
    final Provider providerOf(ChatPort port) {
        return new Provider() {
            @Override
            public Optional<ChatPort> chat() {
                return Optional.of(port);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    final ChatPort portOf(Portolan portolan) {
        return portolan.chat();
    }

    @Override
    final CostEvent.Operation operation() {
        return CostEvent.Operation.CHAT;
    }
}
