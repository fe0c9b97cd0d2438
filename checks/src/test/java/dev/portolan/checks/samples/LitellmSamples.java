package dev.portolan.checks.samples;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.cost.CostTracking;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.ProviderPreferences;
import dev.portolan.resilience.Fallback;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The samples of {@code docs/from-litellm.md}, each between two marks. */
public final class LitellmSamples {
    private LitellmSamples() {}

    public static void completion() {
        // sample: ll_completion
        Portolan portolan = Portolan.load(); // once in a program; close it at the end
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5")
                        .system("Answer in one sentence.")
                        .user("Why is the sky blue?")
                        .temperature(0.2)
                        .maxTokens(200)
                        .build());
        System.out.println(reply.text());
        System.out.println(
                reply.usage().totalTokens() + " " + reply.finishReason().raw());
        // end
        portolan.close();
    }

    public static void streaming(Portolan portolan, ChatRequest request) {
        // sample: ll_streaming
        try (ChatStream stream = portolan.chat().stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                }
            }
            ChatResponse rebuilt = stream.response(); // stream_chunk_builder, with nothing lost
            System.out.println("\n" + rebuilt.cost());
        }
        // end
    }

    public static void tools(Portolan portolan) {
        // sample: ll_tools
        Tool weather = Tool.function("get_weather", "The weather in a city, now", RawJson.parse("""
                        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}"""));
        ChatRequest question = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("What is the weather in Genoa?")
                .tool(weather)
                .build();
        ChatResponse reply = portolan.chat().complete(question);
        ChatRequest.Builder next = question.toBuilder().message(reply.message());
        for (ToolCall call : reply.toolCalls()) {
            next.message(Message.tool(call.id(), "{\"celsius\": 21}"));
        }
        System.out.println(portolan.chat().complete(next.build()).text());
        // end
    }

    public static void responseFormat(Portolan portolan) {
        // sample: ll_response_format
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Name a harbour.")
                        .responseFormat(ResponseFormat.jsonSchema("harbour", RawJson.parse("""
                                        {"type": "object", "properties": {"name": {"type": "string"}},
                                         "required": ["name"], "additionalProperties": false}""")))
                        .build());
        System.out.println(reply.text()); // JSON
        // end
    }

    public static void extraBody(Portolan portolan) {
        // sample: ll_extra_body
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .topK(40) // typed
                        .options(OpenRouterOptions.builder() // typed, OpenRouter's own
                                .models("anthropic/claude-haiku-4.5")
                                .provider(ProviderPreferences.builder()
                                        .sort(ProviderPreferences.Sort.By.THROUGHPUT)
                                        .build())
                                .build())
                        .extra("brand_new_option", true) // anything else
                        .header("X-Trial", "yes") // extra_headers
                        .build());
        // end
        System.out.println(reply.text());
    }

    public static void embedding(Portolan portolan) {
        // sample: ll_embedding
        EmbeddingResponse vectors = portolan.embeddings()
                .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .texts(List.of("a calm sea", "a storm"))
                        .dimensions(256)
                        .build());
        float[] first = vectors.embeddings().get(0).vector();
        System.out.println(first.length + " " + vectors.cost());
        // end
    }

    public static void image(Portolan portolan) {
        // sample: ll_image
        ImageResponse drawn = portolan.images()
                .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                        .prompt("a sunset over a calm ocean")
                        .size("1792x1024")
                        .quality("medium")
                        .build());
        byte[] png = drawn.image().bytes().orElseThrow().data(); // decoded already
        System.out.println(png.length > 0);
        // end
    }

    public static void reliability() {
        // sample: ll_reliability
        try (Portolan portolan = Portolan.builder()
                .discover()
                .decorator(Fallback.builder()
                        .to("openrouter/anthropic/claude-sonnet-4.5") // fallbacks
                        .onContextTooLong("openrouter/google/gemini-2.5-flash") // context_window_fallback_dict
                        .onContentPolicy("openrouter/x-ai/grok-4-fast") // content_policy_fallbacks
                        .build())
                .build()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .retries(RetryPolicy.DEFAULT.withMaxAttempts(4)) // num_retries=3
                            .timeout(Duration.ofSeconds(60)) // all attempts together
                            .build());
            System.out.println(reply.attempts().size() + " attempts, " + reply.totalCost());
        }
        // end
    }

    public static void budget() {
        // sample: ll_budget
        CostTracking tracking = CostTracking.builder()
                .budget(Budget.of("users", "0.50", Period.DAY).withScope(Scope.eachTag("user")))
                .build();
        try (Portolan portolan =
                Portolan.builder().discover().sinkFactory(tracking).build()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("Hello")
                            .maxTokens(200) // makes the estimate an upper bound
                            .tag("user", "u-4711")
                            .build());
            System.out.println(reply.cost());
        } catch (BudgetExceededException e) {
            System.out.println(e.getMessage()); // nothing was sent
        }
        // end
    }

    public static Portolan callbacks() {
        // sample: ll_callbacks
        Portolan portolan = Portolan.builder()
                .discover()
                .sink(call -> System.out.println(call.outcome().status() + " " + call.model() + " "
                        + call.usage().totalTokens() + " tokens, " + call.cost() + " for "
                        + call.tags().get("team")))
                .sink(call -> {
                    if (call.outcome().status() == CostEvent.Outcome.Status.FAILED) {
                        System.out.println("failed: " + call.outcome().error());
                    }
                })
                .build();
        // end
        return portolan;
    }

    public static void prices(Portolan portolan, ChatResponse reply) {
        // sample: ll_prices
        Cost exact = reply.cost(); // what OpenRouter charged: no table is consulted
        ModelInfo model = portolan.catalog()
                .model(ModelId.parse("openrouter/openai/gpt-4o-mini"))
                .orElseThrow();
        Cost before = model.pricing().estimate(Usage.of(1_000, 200)); // cost_per_token
        System.out.println(exact + " " + before + " of at most " + model.contextLength() + " tokens");
        // end
    }

    public static void mock() {
        // sample: ll_mock
        ChatPort chat = FakeChat.answering("It is raining."); // in the place of portolan.chat()
        ChatResponse reply = chat.complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("What is the weather?")
                .build());
        System.out.println(reply.text()); // It is raining.
        // end
    }

    public static void mockOverHttp() {
        // sample: ll_mock_http
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start();
                Portolan portolan = Portolan.load(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl())))) {
            simulator.enqueue(CannedResponse.json(200, """
                            {"id": "gen-1", "model": "openai/gpt-4o-mini", "choices": [
                             {"message": {"role": "assistant", "content": "It is raining."}, "finish_reason": "stop"}]}"""));
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                            .user("What is the weather?")
                            .build());
            System.out.println(reply.text()); // It is raining.
        }
        // end
    }

    public static void exceptions(Portolan portolan, ChatRequest request) {
        // sample: ll_exceptions
        try {
            portolan.chat().complete(request);
        } catch (RateLimitedException e) {
            System.out.println("wait " + e.retryAfter().orElse(Duration.ofSeconds(30)));
        } catch (ContextTooLongException e) {
            System.out.println("shorten");
        } catch (InsufficientCreditsException e) {
            System.out.println("top up");
        }
        // end
    }
}
