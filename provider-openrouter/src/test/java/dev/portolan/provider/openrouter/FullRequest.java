package dev.portolan.provider.openrouter;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolChoice;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** A request with every field set, and a conversation with every kind of message and part. */
final class FullRequest {
    private FullRequest() {}

    static ChatRequest.Builder builder() {
        ChatRequest.Builder builder = ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5");
        messages().forEach(builder::message);
        sampling(builder);
        tools().forEach(builder::tool);
        return builder.toolChoice(ToolChoice.function("get_weather"))
                .parallelToolCalls(true)
                .responseFormat(ResponseFormat.jsonSchema("answer", RawJson.parse("{\"type\":\"object\"}")))
                .reasoning(new Reasoning(
                        Reasoning.Effort.HIGH,
                        null,
                        false,
                        true,
                        Reasoning.Summary.AUTO,
                        Reasoning.Context.AUTO,
                        Reasoning.Mode.STANDARD))
                .maxCompletionTokens(1000)
                .maxTokens(1000)
                .modalities(Output.Modality.TEXT, Output.Modality.AUDIO)
                .audio(new Output.AudioFormat("alloy", "pcm16"))
                .verbosity(Output.Verbosity.LOW)
                .logprobs(true)
                .topLogprobs(2)
                .prediction("Probably this.")
                .endUser("user-1")
                .metadata("order", "4711")
                .serviceTier("flex")
                .promptCacheKey("key-1")
                .options(options().build())
                .extra("safe_prompt", true);
    }

    static List<Message> messages() {
        byte[] png =
                Media.bytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}) instanceof Media.Bytes b
                        ? b.data()
                        : new byte[0];
        return List.of(
                Message.system("Be brief.").withName("rules").withCacheControl(CacheControl.EPHEMERAL),
                Message.developer("Be exact.").withName("dev"),
                Message.user(parts().toArray(ContentPart[]::new)).withName("ann"),
                assistant(png),
                Message.tool("call_1", "Sunny").withCacheControl(CacheControl.ephemeral(CacheControl.Ttl.ONE_HOUR)),
                Message.user("Thanks, and tomorrow?"),
                Message.assistant("Tomorrow"));
    }

    static List<ContentPart> parts() {
        return List.of(
                ContentPart.text("Look:"),
                ContentPart.text("a long text", CacheControl.ephemeral(CacheControl.Ttl.FIVE_MINUTES)),
                new ContentPart.Text("cached", null, true),
                ContentPart.image("https://example.com/a.png"),
                new ContentPart.Image(Media.bytes(new byte[] {1, 2, 3}, "image/png"), ContentPart.Image.Detail.HIGH),
                ContentPart.audio(new byte[] {4, 5}, "wav"),
                ContentPart.video("https://example.com/a.mp4"),
                ContentPart.file("a.pdf", "https://example.com/a.pdf"),
                ContentPart.file("b.pdf", "%PDF-1.7".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                new ContentPart.File(null, null, "file-1"),
                new ContentPart.Raw(RawJson.parse(
                        "{\"type\":\"input_video\",\"video_url\":{\"url\":\"https://example.com/b.mp4\"}}")));
    }

    static AssistantMessage assistant(byte[] image) {
        return AssistantMessage.builder()
                .text("Let me see.")
                .toolCalls(List.of(new ToolCall("call_1", "get_weather", "{\"city\":\"Zürich\"}")))
                .reasoning("The user wants the weather.")
                .reasoningDetails(List.of(
                        new ReasoningDetail.Text(
                                "The user wants the weather.",
                                "sig",
                                new ReasoningDetail.Origin(null, "anthropic-claude-v1", 0L, Map.of())),
                        new ReasoningDetail.Summary("Weather.", ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.Encrypted("abc=", ReasoningDetail.Origin.NONE),
                        new ReasoningDetail.ServerToolCall(
                                "openrouter:datetime", "{}", "now", "stc_1", ReasoningDetail.Origin.NONE)))
                .refusal("No.")
                .images(List.of(Media.bytes(image, "image/png"), Media.url("https://example.com/c.png")))
                .audio(new AudioOutput(
                        "audio_1",
                        new Media.Bytes(new byte[] {1}, "audio/wav"),
                        "Hello",
                        Instant.ofEpochSecond(1787303700)))
                .annotations(List.of(new Annotation.Raw(RawJson.parse(
                        "{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://example.com\"}}"))))
                .model("anthropic/claude-sonnet-4.5")
                .name("bot")
                .extras(Map.of("thought", RawJson.of("x")))
                .build();
    }

    static List<Tool> tools() {
        return List.of(
                new Tool.Function(
                        "get_weather",
                        "Weather now",
                        RawJson.parse("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"),
                        true,
                        CacheControl.EPHEMERAL),
                Tool.server("openrouter:datetime"),
                Tool.server("openrouter:web_search", Map.of("max_results", 3)),
                new Tool.Raw(RawJson.parse("{\"type\":\"web_search\",\"search_context_size\":\"low\"}")));
    }

    static OpenRouterOptions.Builder options() {
        return OpenRouterOptions.builder()
                .models("google/gemini-2.5-flash")
                .route("fallback")
                .transforms("middle-out")
                .provider(preferences().build())
                .preset("support")
                .plugin(Plugin.web().with("max_results", 3))
                .plugin(Plugin.fileParser("native"))
                .imageConfig("aspect_ratio", "16:9")
                .sessionId("session-1")
                .cacheControl(CacheControl.EPHEMERAL)
                .promptCacheOptions(new PromptCacheOptions("30m"))
                .responseCache(new ResponseCache(true, Duration.ofMinutes(1), true))
                .maxToolCalls(5)
                .stopServerToolsWhen(StopCondition.stepCount(3))
                .searchContextSize("low")
                .xSearchFilter(new XSearchFilter(
                        List.of("openrouter"),
                        List.of(),
                        LocalDate.of(2026, 1, 31),
                        LocalDate.of(2026, 2, 1),
                        true,
                        false))
                .structuredOutputs(true)
                .includeReasoning(true)
                .trace("trace_id", "t-1")
                .debug(false)
                .routerMetadata(true)
                .categories("cli-agent")
                .anthropicBeta("structured-outputs-2025-11-13");
    }

    static ProviderPreferences.Builder preferences() {
        BigDecimal price = new BigDecimal("1.50");
        return ProviderPreferences.builder()
                .order("anthropic")
                .only("anthropic", "google-vertex")
                .ignore("deepinfra")
                .allowFallbacks(true)
                .requireParameters(false)
                .dataCollection(ProviderPreferences.DataCollection.ALLOW)
                .zdr(false)
                .enforceDistillableText(false)
                .quantizations("fp8", "unknown")
                .sort(new ProviderPreferences.Sort(
                        ProviderPreferences.Sort.By.PRICE, ProviderPreferences.Sort.Partition.MODEL))
                .preferredMinThroughput(ProviderPreferences.Threshold.of(20))
                .preferredMaxLatency(ProviderPreferences.Threshold.percentiles(1.0, 2.0, 3.0, 4.0))
                .maxPrice(new ProviderPreferences.MaxPrice(price, price, price, price, price, true));
    }

    private static void sampling(ChatRequest.Builder builder) {
        builder.temperature(0.7)
                .topP(0.9)
                .topK(40)
                .minP(0.1)
                .topA(0.2)
                .frequencyPenalty(0.5)
                .presencePenalty(-0.5)
                .repetitionPenalty(1.1)
                .seed(42L)
                .stop("END")
                .logitBias(Map.of("50256", -100.0));
    }
}
