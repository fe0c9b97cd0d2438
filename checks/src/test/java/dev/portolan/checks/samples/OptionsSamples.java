package dev.portolan.checks.samples;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.Tool;
import dev.portolan.provider.openrouter.ChatRequestJson;
import dev.portolan.provider.openrouter.OpenRouter;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.Plugin;
import dev.portolan.provider.openrouter.ProviderPreferences;
import dev.portolan.provider.openrouter.ResponseCache;
import dev.portolan.provider.openrouter.StopCondition;
import dev.portolan.provider.openrouter.account.Generation;
import dev.portolan.provider.openrouter.account.KeyInfo;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.Transcription;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.provider.openrouter.rerank.RerankResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The samples of {@code docs/openrouter-options.md}, each between two marks. */
public final class OptionsSamples {
    private OptionsSamples() {}

    public static ChatRequest routing() {
        // sample: or_routing
        ChatRequest request = ChatRequest.builder("openrouter/meta-llama/llama-3.3-70b-instruct")
                .user("Hello")
                .options(OpenRouterOptions.builder()
                        .provider(ProviderPreferences.builder()
                                .ignore("deepinfra")
                                .allowFallbacks(true)
                                .requireParameters(true) // only those that know every parameter of this request
                                .dataCollection(ProviderPreferences.DataCollection.DENY)
                                .zdr(true)
                                .quantizations("fp8", "bf16")
                                .sort(ProviderPreferences.Sort.By.PRICE)
                                .preferredMinThroughput(ProviderPreferences.Threshold.of(30)) // tokens a second
                                .preferredMaxLatency(ProviderPreferences.Threshold.percentiles(
                                        null, null, 3.0, null)) // seconds, p90
                                .maxPrice(ProviderPreferences.MaxPrice.tokens(
                                        "0.50", "1.50")) // dollars for a million tokens
                                .build())
                        .build())
                .build();
        // end
        return request;
    }

    public static void fallbacks(Portolan portolan) {
        // sample: or_fallbacks
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .options(OpenRouterOptions.builder()
                                .models("anthropic/claude-haiku-4.5", "google/gemini-2.5-flash")
                                .build())
                        .build());
        System.out.println(reply.model()); // who answered, and set the price
        // end
    }

    public static ChatRequest plugins() {
        // sample: or_plugins
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Which ships are in the harbour of Genoa today?")
                .options(OpenRouterOptions.builder()
                        .plugin(Plugin.web().with("engine", "exa").with("max_results", 3))
                        .plugin(Plugin.fileParser("mistral-ocr"))
                        .plugin(Plugin.responseHealing())
                        .plugin(Plugin.contextCompression().disabled()) // rather an error than a cut conversation
                        .build())
                .build();
        // end
        return request;
    }

    public static void serverTools(Portolan portolan) {
        // sample: or_server_tools
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Search the web: which ships are in the harbour of Genoa today?")
                        .tool(Tool.server("openrouter:web_search", Map.of("max_results", 3)))
                        .options(OpenRouterOptions.builder()
                                .maxToolCalls(5)
                                .stopServerToolsWhen(StopCondition.cost(new BigDecimal("0.05")))
                                .build())
                        .build());
        reply.message().annotations().forEach(source -> System.out.println(source.raw())); // what it cites
        reply.metadata(OpenRouterMetadata.class)
                .map(OpenRouterMetadata::serverToolUse)
                .ifPresent(use -> System.out.println(use.webSearchRequests() + " searches"));
        // end
    }

    public static void reasoning(Portolan portolan) {
        // sample: or_reasoning
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5")
                        .user("How many hulls have three catamarans?")
                        .reasoning(Reasoning.maxTokens(2_000)) // or effort(HIGH), ENABLED, effort(LOW).excluded()
                        .build());
        System.out.println(reply.message().reasoning());
        System.out.println(reply.usage().completion().reasoningTokens() + " tokens of thought");
        // end
    }

    public static void cacheMarks(Portolan portolan, String manual) {
        // sample: or_cache_marks
        ChatRequest first = ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5")
                .user(
                        ContentPart.text(manual, CacheControl.EPHEMERAL), // cached up to here
                        ContentPart.text("How is the bilge pump serviced?"))
                .options(OpenRouterOptions.builder().sessionId("order-4711").build()) // stays with one provider
                .build();
        System.out.println(portolan.chat().complete(first).usage().prompt().cacheWriteTokens() + " tokens written");
        System.out.println(portolan.chat().complete(first).usage().prompt().cachedTokens() + " tokens read");
        // end
    }

    public static void responseCache(Portolan portolan) {
        // sample: or_response_cache
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Name three knots.")
                .options(OpenRouterOptions.builder()
                        .responseCache(ResponseCache.keep(Duration.ofHours(1)))
                        .build())
                .build();
        portolan.chat().complete(request);
        ChatResponse again = portolan.chat().complete(request);
        System.out.println(again.cost() + ", "
                + again.metadata(OpenRouterMetadata.class).orElseThrow().cache().hit()); // $0, true
        // end
    }

    public static void metadata(Portolan portolan) {
        // sample: or_metadata
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .options(
                                OpenRouterOptions.builder().routerMetadata(true).build())
                        .build());
        OpenRouterMetadata told = reply.metadata(OpenRouterMetadata.class).orElseThrow();
        System.out.println(reply.provider() + " ended with " + told.nativeFinishReason());
        System.out.println("charged " + told.charged() + (told.byok() ? " with our own key" : ""));
        if (told.routing() != null) {
            told.routing().endpoints().forEach(System.out::println); // who could have answered
        }
        // end
    }

    public static ChatRequest extra() {
        // sample: or_extra
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .extra("brand_new_option", Map.of("level", 3)) // any JSON
                .header("X-Trial", "yes")
                .build();
        // end
        return request;
    }

    public static void warnings(Portolan portolan) {
        // sample: or_warnings
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user(ContentPart.text("Hello", CacheControl.EPHEMERAL))
                        .build());
        for (Warning warning : reply.warnings()) {
            System.out.println(warning.subject() + ": " + warning.message());
        }
        // end
    }

    public static void account(Portolan portolan, String generationId) {
        // sample: or_account
        OpenRouter openRouter = portolan.provider("openrouter", OpenRouter.class);
        KeyInfo key = openRouter.key();
        System.out.println(key.usageMonthly() + " spent this month, left: " + key.limitRemaining());
        Generation bill = openRouter.generation(generationId); // of a past reply: reply.id()
        System.out.println(bill.cost() + " to " + bill.provider());
        openRouter.providers().forEach(upstream -> System.out.println(upstream.slug()));
        // end
    }

    public static void rerank(Portolan portolan) {
        // sample: or_rerank
        OpenRouter openRouter = portolan.provider("openrouter", OpenRouter.class);
        List<String> documents = List.of("Bread is baked at dawn.", "The lighthouse of Genoa is from 1543.");
        RerankResponse ranked = openRouter.rerank(
                RerankRequest.of("openrouter/cohere/rerank-v3.5", "How old is the lighthouse of Genoa?", documents));
        System.out.println(documents.get(ranked.results().get(0).index()) + " " + ranked.cost());
        // end
    }

    public static void audio(Portolan portolan) throws IOException {
        // sample: or_audio
        OpenRouter openRouter = portolan.provider("openrouter", OpenRouter.class);
        Speech speech = openRouter.speak(
                SpeechRequest.of("openrouter/openai/gpt-4o-mini-tts", "Cast off!", "alloy", SpeechRequest.Format.MP3));
        Files.write(Path.of("order.mp3"), speech.sound().data());
        Transcription text = openRouter.transcribe(TranscriptionRequest.of(
                "openrouter/openai/gpt-4o-mini-transcribe", Files.readAllBytes(Path.of("order.mp3")), "mp3"));
        System.out.println(text.text());
        // end
    }

    public static void json(Portolan portolan) {
        // sample: or_json
        String body = """
                {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}],
                 "provider": {"sort": "throughput"}}""";
        ModelId otherwise = ModelId.parse("openrouter/openai/gpt-4o-mini"); // if the body names no model
        ChatRequest request =
                ChatRequestJson.read(body, otherwise, portolan.providers()).build();
        // end
        System.out.println(request.options(OpenRouterOptions.class).isPresent());
    }
}
