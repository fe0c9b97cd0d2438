package dev.portolan.testkit.assertion;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;
import static dev.portolan.testkit.assertion.PortolanAssertions.assertThatCode;
import static dev.portolan.testkit.assertion.PortolanAssertions.assertThatThrownBy;
import static dev.portolan.testkit.assertion.PortolanAssertions.catchThrowableOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.FakeProvider;
import dev.portolan.testkit.fake.FakeReply;
import dev.portolan.testkit.fake.RecordingCostSink;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PortolanAssertionsTest {
    private record Options(String provider) implements ProviderOptions {}

    private final FakeChat chat = FakeChat.answering("Hello.");

    @Test
    void requests_are_gone_through_one_by_one() {
        chat.complete(rich());
        chat.stream(asking("Greet Bob.")).response();

        assertThat(chat)
                .received(2)
                .hasNoOpenStreams()
                .usedAllReplies()
                .request()
                .hasModel("openrouter/openai/gpt-4o-mini")
                .hasSystemText("Be kind.")
                .hasUserText("Greet Ann.")
                .hasUserTextContaining("Ann")
                .hasTool("get_weather")
                .hasTool("openrouter:web_search")
                .hasToolResult("call-1", "21")
                .hasMessageCount(3)
                .hasTemperature(0.2)
                .hasMaxCompletionTokens(100)
                .hasTag("team", "search")
                .hasNoTag("user")
                .hasOptions(new Options("openrouter"))
                .hasOptions(Options.class)
                .hasExtra("brand_new", true)
                .hasTimeout(Duration.ofSeconds(5))
                .wasNotStreamed()
                .request()
                .hasUserText("Greet Bob.")
                .hasNoSystemText()
                .hasNoTools()
                .wasStreamed()
                .hasNoFurtherRequests();
        assertThat(chat).lastRequest().hasUserText("Greet Bob.");
        assertThat(chat).request(1).hasUserText("Greet Bob.");
    }

    @Test
    void messages_say_what_was_expected_what_was_found_and_where() {
        chat.complete(asking("Greet Ann."));
        chat.stream(asking("Greet Bob."));

        failsWith(() -> assertThat(chat).received(1), """
                Expecting FakeChat to have received 1 request
                but it received 2:
                  1. to openrouter/openai/gpt-4o-mini: "Greet Ann."
                  2. to openrouter/openai/gpt-4o-mini: "Greet Bob." (streamed)""");
        failsWith(() -> assertThat(chat).request().request().hasUserText("Greet Ann."), """
                Expecting request 2 of 2 to have the user text:
                  "Greet Ann."
                but had:
                  "Greet Bob."
                """.stripTrailing());
        failsWith(() -> assertThat(chat).request().hasNoFurtherRequests(), "but there is 1 more:");
        failsWith(() -> assertThat(chat).request(2), "Expecting FakeChat to have received a request number 3");
        failsWith(() -> assertThat(chat).lastRequest().request(), "it was the last");
        failsWith(
                () -> assertThat(chat).hasNoOpenStreams(),
                "but it has 1 stream that nobody has read to the end or closed");
        failsWith(() -> assertThat(chat).as("the greeter").receivedNothing(), "[the greeter]");
    }

    @Test
    void each_assertion_about_a_request_can_fail() {
        chat.complete(rich());
        ChatRequestAssert request = assertThat(chat).request();

        failsWith(() -> request.hasModel("openrouter/other"), "the model");
        failsWith(() -> request.hasSystemText("Be rude."), "the system text");
        failsWith(request::hasNoSystemText, "Be kind.");
        failsWith(() -> request.hasUserTextContaining("Bob"), "\"Greet Ann.\"");
        failsWith(() -> request.hasTool("get_time"), "its tools were [get_weather, openrouter:web_search]");
        failsWith(request::hasNoTools, "its tools were");
        failsWith(() -> request.hasToolResult("call-1", "22"), "it was:\n  [21]");
        failsWith(() -> request.hasToolResult("call-2", "22"), "no result of that call");
        failsWith(() -> request.hasMessageCount(1), "it has 3:");
        failsWith(() -> request.hasTemperature(0.3), "the temperature");
        failsWith(() -> request.hasMaxCompletionTokens(1), "the most tokens");
        failsWith(() -> request.hasTag("team", "support"), "its tags were {team=search}");
        failsWith(() -> request.hasNoTag("team"), "its tags were {team=search}");
        failsWith(() -> request.hasOptions(new Options("other")), "its options were");
        failsWith(() -> request.hasExtra("brand_new", false), "its extras were {brand_new=true}");
        failsWith(() -> request.hasTimeout(Duration.ofSeconds(6)), "the time limit");
        failsWith(request::wasStreamed, "it was a blocking call");
        failsWith(() -> assertThat((ChatRequest) null).hasModel("a/b"), "not to be null");
    }

    @Test
    void replies_are_asserted_about() {
        FakeReply reply = FakeReply.text("Hello.")
                .andToolCall("get_weather", "{\"city\": \"Zürich\", ", "\"days\": 2.0}")
                .withUsage(12, 7)
                .withCost("0.00010")
                .withWarning("top_k", "left out");
        ChatResponse response = FakeChat.answering(reply).complete(asking("Hello"));

        assertThat(response)
                .hasText("Hello.")
                .hasTextContaining("Hell")
                .hasToolCall("get_weather")
                .hasToolCall("get_weather", "{\"days\": 2, \"city\": \"Zürich\"}")
                .hasFinishReason(FinishReason.Unified.TOOL_CALLS)
                .isComplete()
                .hasCost("0.0001")
                .hasUsage(12, 7)
                .hasWarning("top_k")
                .hasAttempts(0)
                .hasImageCount(0)
                .hasModel("openai/gpt-4o-mini");
        failsWith(() -> assertThat(response).hasText("Bye."), "but had:\n  \"Hello.\"");
        failsWith(
                () -> assertThat(response).hasToolCall("get_weather", "{\"city\": \"Bern\"}"),
                "its tool calls were [get_weather{\"city\": \"Zürich\", \"days\": 2.0}]");
        failsWith(() -> assertThat(response).hasNoToolCalls(), "its tool calls were");
        failsWith(() -> assertThat(response).hasCost("0.0002"), "it cost $0.00010");
        failsWith(() -> assertThat(response).hasNoWarnings(), "top_k: left out");
        failsWith(() -> assertThat(response).hasUsage(1, 2), "12 tokens in, 7 out");
        failsWith(
                () -> assertThat(FakeChat.answering(FakeReply.text("a").withFinishReason("length"))
                                .complete(asking("Hello")))
                        .isComplete(),
                "its finish reason was LENGTH");
    }

    @Test
    void embeddings_and_images_are_asserted_about() {
        FakeEmbeddings embeddings = new FakeEmbeddings();
        FakeImages images = new FakeImages();

        assertThat(embeddings.embed(EmbeddingRequest.builder("openrouter/e")
                        .texts(List.of("a calm sea", "the calm sea", "bread and butter"))
                        .dimensions(128)
                        .inputType("search_query")
                        .build()))
                .hasVectorCount(3)
                .hasDimensions(128)
                .isNearer(0, 1, 2)
                .hasCost("0");
        assertThat(images.generate(ImageRequest.builder("openrouter/i")
                        .prompt("a sunset")
                        .size("32x16")
                        .quality("low")
                        .build()))
                .hasImageCount(1)
                .hasText("");

        assertThat(embeddings)
                .received(1)
                .request()
                .hasTexts("a calm sea", "the calm sea", "bread and butter")
                .hasInputCount(3)
                .hasDimensions(128)
                .hasInputType("search_query")
                .hasNoFurtherRequests();
        assertThat(images)
                .request()
                .hasPrompt("a sunset")
                .hasSize("32x16")
                .hasQuality("low")
                .hasInputCount(0);
        failsWith(() -> assertThat(embeddings).request().hasTexts("a storm"), "the texts");
        failsWith(() -> assertThat(images).request().hasPrompt("a sunrise"), "\"a sunset\"");
    }

    @Test
    void costs_and_guards_are_asserted_about() {
        RecordingCostSink sink = new RecordingCostSink();
        FakeGuard guard = new FakeGuard();
        chat.next(FakeReply.text("Hello.").withCost("0.0001").withUsage(3, 2).withId("gen-1"))
                .next(FakeReply.failing(RateLimitedException::new));
        try (Portolan portolan = Portolan.builder()
                .provider("openrouter", FakeProvider.of(chat))
                .sink(sink)
                .guard(guard)
                .build()) {
            portolan.chat().complete(rich());
            assertThatThrownBy(() -> portolan.chat().complete(rich())).isInstanceOf(RateLimitedException.class);
            portolan.chat().stream(rich()).close();
            guard.refuseNext();
            assertThatThrownBy(() -> portolan.chat().complete(rich())).hasMessageContaining("fake guard");
        }

        assertThat(sink)
                .recorded(3)
                .event()
                .isCompleted()
                .hasModel("openrouter/openai/gpt-4o-mini")
                .hasOperation(CostEvent.Operation.CHAT)
                .hasTag("team", "search")
                .hasCost("0.0001")
                .hasUsage(3, 2)
                .hasAttempts(1)
                .hasGenerationIds("gen-1")
                .event()
                .isFailedWith(RateLimitedException.class)
                .hasCost("0")
                .event()
                .isCancelled()
                .hasUnknownCost()
                .hasNoFurtherEvents();
        assertThat(guard).wasAsked(4).refused(1).hasNothingOpen();
        failsWith(() -> assertThat(sink).hasTotalCost("0.0001"), "it was unknown:");
        failsWith(() -> assertThat(sink).event(1).isCompleted(), "it was FAILED with RateLimitedException");
        failsWith(() -> assertThat(sink).recorded(1), "it recorded 3:\n  1. CHAT of openrouter/openai/gpt-4o-mini");
        failsWith(() -> assertThat(guard).refused(0), "it refused 1 of:");
    }

    @Test
    void a_call_that_a_guard_was_told_of_twice_fails_whoever_swallowed_the_exception() {
        FakeGuard guard = new FakeGuard();
        SpendingGuard.Reservation reservation = guard.reserve("call-1", asking("Hello"));
        CostEvent event = new CostEvent(
                "call-1",
                CostEvent.Operation.CHAT,
                asking("Hello").model(),
                CostEvent.AnsweredBy.UNKNOWN,
                Map.of(),
                Usage.of(3, 2),
                Cost.NONE,
                new CostEvent.Timing(Instant.EPOCH, Duration.ZERO, null),
                new CostEvent.Outcome(CostEvent.Outcome.Status.COMPLETED, null, 1));
        reservation.settle(event);
        assertThat(guard).hasNothingOpen();

        assertThatThrownBy(() -> reservation.settle(event)).hasMessage("The call call-1 was settled twice");

        failsWith(() -> assertThat(guard).hasNothingOpen(), "it was told more often of:\n  1. openrouter/openai/gpt");
        assertThat(guard.asked().get(0).timesSettled()).isEqualTo(2);
    }

    @Test
    void failures_are_asserted_about() {
        chat.next(FakeReply.pieces("Hel", "lo.").brokenAfter(1))
                .next(FakeReply.failing(
                        details -> new RateLimitedException("Busy", details.withRetryAfter(Duration.ofSeconds(2)))));

        assertThat(catchThrowableOfType(BrokenStreamException.class, () -> chat.complete(asking("Hello"))))
                .hasPartialText("Hel")
                .isNotRetryable()
                .hasModel("openrouter/openai/gpt-4o-mini")
                .hasMessageContaining("broke");
        RateLimitedException busy =
                catchThrowableOfType(RateLimitedException.class, () -> chat.complete(asking("Hello")));
        assertThat(busy).isRetryable().hasRetryAfter(Duration.ofSeconds(2)).hasAttempts(1);
        failsWith(() -> assertThat(busy).hasRetryAfter(Duration.ofSeconds(3)), "it asks for PT2S");
        failsWith(() -> assertThat(busy).hasPartialText("Hel"), "nothing had arrived");
    }

    @Test
    void the_same_import_serves_the_assertions_of_assertj() {
        assertThat("text").startsWith("te");
        assertThat(List.of(1, 2)).hasSize(2);
        assertThat(Map.of("a", 1)).containsKey("a");
        assertThat(Optional.of(1)).isPresent();
        assertThat(new BigDecimal("1.0")).isEqualByComparingTo("1");
        assertThat(Instant.EPOCH).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(RawJson.parse("1")).hasToString("1");
        assertThat(new IllegalStateException("no")).hasMessage("no");
        assertThat(5).isPositive();
        assertThatCode(() -> {}).doesNotThrowAnyException();
    }

    private static void failsWith(ThrowingCallable assertion, String message) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }

    private static ChatRequest rich() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .system("Be kind.")
                .user("Greet Ann.")
                .message(Message.tool("call-1", "21"))
                .tool(Tool.function("get_weather", "The weather", RawJson.parse("{}")))
                .tool(Tool.server("openrouter:web_search"))
                .temperature(0.2)
                .maxCompletionTokens(100)
                .options(new Options("openrouter"))
                .extra("brand_new", true)
                .tag("team", "search")
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private static ChatRequest asking(String text) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user(text).build();
    }
}
