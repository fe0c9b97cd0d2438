package dev.portolan.checks.samples;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;
import static dev.portolan.testkit.assertion.PortolanAssertions.assertThatThrownBy;

import dev.portolan.api.Portolan;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.fake.FakeCatalog;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeClock;
import dev.portolan.testkit.fake.FakeDrawing;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.FakeModel;
import dev.portolan.testkit.fake.FakeProvider;
import dev.portolan.testkit.fake.FakeReply;
import dev.portolan.testkit.fake.FakeVectors;
import dev.portolan.testkit.fake.RecordingCostSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The samples of {@code docs/testing.md}, each between two marks. */
public final class TestingSamples {
    private TestingSamples() {}

    public static void asked() {
        FakeChat chat = FakeChat.answering("Hello, Ann.");
        new Greeter(chat).greet("Ann");
        // sample: fake_asked
        assertThat(chat)
                .received(1)
                .request()
                .hasModel("openrouter/openai/gpt-4o-mini")
                .hasUserText("Greet Ann.");
        // end
    }

    public static void scripted() {
        Greeter greeter;
        // sample: scripted
        FakeChat chat = new FakeChat()
                .next("Good morning, Ann.", "Good evening, Ann.") // one request each, in this order
                .always(request -> FakeReply.text(request.messages().size() + " messages")); // everything else
        chat.whenUserTextContains("Bob").next("Hello, Bob."); // rules are asked first
        chat.when(request -> !request.toolUse().tools().isEmpty()).always("No tools today.");
        // end
        greeter = new Greeter(chat);
        assertThat(greeter.greet("Ann")).isEqualTo("Good morning, Ann.");
        assertThat(greeter.greet("Bob")).isEqualTo("Hello, Bob.");
        assertThat(greeter.greet("Ann")).isEqualTo("Good evening, Ann.");
        assertThat(greeter.greet("Bob")).isEqualTo("1 messages");
        chat.verifyAllUsed();
    }

    public static void calls(ChatRequest question) {
        // sample: fake_tools
        FakeChat chat = new FakeChat()
                .next(
                        FakeReply.toolCall("get_weather", Map.of("city", "Zürich"))
                                .andToolCall("get_time", "{\"zone\":", " \"Europe/Zurich\"}"), // in two fragments
                        FakeReply.text("21 degrees at noon."));

        ChatResponse calls = chat.complete(question);

        assertThat(calls).hasToolCall("get_weather", "{\"city\": \"Zürich\"}").hasToolCall("get_time");
        // end
        assertThat(chat.complete(question)).hasText("21 degrees at noon.").hasNoToolCalls();
    }

    public static void streams(ChatRequest request) {
        // sample: fake_streams
        FakeChat chat = FakeChat.answering(FakeReply.reasoning("Hm.")
                .andPieces("The sea ", "is ", "calm.")
                .withUsage(12, 7)
                .withCost("0.0001")
                .brokenAfter(3)); // the reasoning and two pieces of text

        try (ChatStream stream = chat.stream(request)) {
            for (ChatEvent event : stream) {
                System.out.println(event);
            }
        } catch (BrokenStreamException e) {
            assertThat(e).hasPartialText("The sea is ");
        }
        assertThat(chat).hasNoOpenStreams();
        // end
    }

    public static void failures(ChatRequest request) {
        // sample: fake_failures
        FakeChat chat = new FakeChat()
                .next(
                        FakeReply.failing(RateLimitedException::new),
                        FakeReply.failing(details ->
                                new RateLimitedException("Busy", details.withRetryAfter(Duration.ofSeconds(2)))))
                .always("At last.");
        // end
        assertThatThrownBy(() -> chat.complete(request)).isInstanceOf(RateLimitedException.class);
        assertThatThrownBy(() -> chat.complete(request)).hasMessage("Busy");
        assertThat(chat.complete(request)).hasText("At last.");
    }

    public static void time(ChatRequest request) {
        // sample: fake_time
        FakeClock clock = new FakeClock();
        FakeChat chat = FakeChat.answering(FakeReply.pieces("One", " moment")
                        .after(Duration.ofSeconds(10))
                        .paced(Duration.ofSeconds(3)))
                .clock(clock);

        chat.complete(request); // returns at once
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(13));

        ChatRequest hasty = request.toBuilder().timeout(Duration.ofSeconds(5)).build();
        assertThatThrownBy(() -> chat.complete(hasty)).isInstanceOf(CallTimeoutException.class);
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(18));
        // end
    }

    public static void hanging(ChatRequest request) {
        // sample: fake_hang
        FakeChat chat = FakeChat.answering(FakeReply.pieces("One").andHang());
        ChatStream stream = chat.stream(request);

        new Thread(stream::close).start(); // or interrupt the reader, or close the Portolan

        assertThatThrownBy(stream::response).isInstanceOf(CallCancelledException.class);
        // end
    }

    public static void others() {
        // sample: fake_others
        FakeEmbeddings embeddings = new FakeEmbeddings(); // or new FakeEmbeddings(1536)
        EmbeddingResponse vectors = embeddings.embed(EmbeddingRequest.builder(
                        "openrouter/openai/text-embedding-3-small")
                .texts(List.of("The ship sails at noon.", "At noon the ship is sailing.", "Bread is baked at dawn."))
                .build());
        assertThat(vectors).hasVectorCount(3).isNearer(0, 1, 2);
        embeddings.next(FakeVectors.failing(RateLimitedException::new));

        FakeImages images =
                new FakeImages().always(FakeDrawing.ofPrompt().withPreviews(2).withCost("0.04"));
        images.generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                .prompt("a sunset over a calm ocean")
                .size("96x64") // a real PNG of this size
                .build());
        assertThat(images).request().hasPrompt("a sunset over a calm ocean");

        FakeCatalog catalog = FakeCatalog.of(
                FakeModel.of("openrouter/openai/gpt-4o-mini")
                        .withContext(128_000)
                        .withInput("text", "image")
                        .withParameters("tools", "temperature")
                        .withPrice("0.00000015", "0.0000006"),
                FakeModel.of("openrouter/google/gemini-2.5-flash-image").withOutput("image"));
        assertThat(catalog.models(ModelQuery.ALL.withParameters("tools"))).hasSize(1);
        // end
    }

    public static void whole() {
        // sample: fake_portolan
        FakeChat chat = FakeChat.answering(FakeReply.text("Hello, Ann.").withCost("0.0001"));
        RecordingCostSink sink = new RecordingCostSink();
        FakeGuard guard =
                new FakeGuard().refuseWhen(request -> request.call().tags().isEmpty());
        try (Portolan portolan = Portolan.builder()
                .provider("openrouter", FakeProvider.of(chat).with(new FakeEmbeddings()))
                .guard(guard)
                .sink(sink)
                .build()) {
            assertThatThrownBy(() -> new Greeter(portolan.chat()).greet("Ann"))
                    .isInstanceOf(BudgetExceededException.class);
            portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Greet Ann.")
                            .tag("team", "search")
                            .build());
        }
        assertThat(sink)
                .recorded(1)
                .event()
                .isCompleted()
                .hasTag("team", "search")
                .hasCost("0.0001");
        assertThat(sink.total("team", "search")).hasToString("$0.0001");
        assertThat(guard).wasAsked(2).refused(1).hasNothingOpen();
        // end
    }

    public static void asserting(ChatRequest first, ChatRequest second) {
        FakeChat chat = FakeChat.answering("Hello.");
        chat.complete(first);
        chat.stream(second).close();
        // sample: fake_assertions
        assertThat(chat)
                .received(2)
                .request()
                .hasSystemText("Be kind.")
                .hasUserText("Greet Ann.")
                .hasTool("get_weather")
                .hasTag("team", "search")
                .request() // the next one
                .hasUserTextContaining("Bob")
                .wasStreamed()
                .hasNoFurtherRequests();
        // end
    }
}
