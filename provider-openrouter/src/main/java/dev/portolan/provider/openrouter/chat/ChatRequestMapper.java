package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.chat.Caller;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.chat.ToolUse;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.provider.openrouter.wire.WireCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps a {@link ChatRequest} to the body and headers of {@code POST /chat/completions} (chat-completions.md §1). A pure
 * function: the same request always gives the same body, members in the same order, because OpenRouter's response cache
 * counts the order (routing.md §6).
 */
public final class ChatRequestMapper {
    private final ChatRequest request;
    private final WireCall call;

    private ChatRequestMapper(ChatRequest request) {
        this.request = request;
        this.call = new WireCall(request.model());
    }

    /**
     * Maps a request.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    public static WireCall map(ChatRequest request, boolean stream) {
        return new ChatRequestMapper(request).map(stream);
    }

    private WireCall map(boolean stream) {
        OpenRouterOptions options = request.options(OpenRouterOptions.class)
                .orElse(OpenRouterOptions.builder().build());
        ChatMessageMapper messages =
                new ChatMessageMapper(supportsCacheControl(WireCall.wireName(request.model()), options));
        call.put("messages", request.messages().stream().map(messages::map).toList());
        tools(request.toolUse(), messages);
        responseFormat(request.responseFormat());
        reasoning(request.reasoning());
        sampling(request.sampling());
        output(request.output());
        caller(request.caller());
        OptionsMapper.map(options, call);
        call.put(
                "cache_control",
                options.cacheControl() == null ? null : ChatMessageMapper.wire(options.cacheControl()));
        call.put("usage", Map.of("include", true));
        if (stream) {
            call.put("stream", true);
            call.put("stream_options", Map.of("include_usage", true));
        }
        call.extras(request.extras());
        call.warnings().addAll(messages.warnings());
        call.ignored(request.options());
        return call;
    }

    /** By the names of models that are known to take it, as LiteLLM does; with Qwen, whom routing.md §7 adds. */
    private static boolean supportsCacheControl(String model, OpenRouterOptions options) {
        List<String> fallbacks = options.models() == null ? List.of() : options.models();
        return Stream.concat(Stream.of(model), fallbacks.stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> Stream.of("claude", "gemini", "minimax", "glm", "z-ai", "qwen")
                        .anyMatch(name::contains));
    }

    private void tools(ToolUse use, ChatMessageMapper messages) {
        if (!use.tools().isEmpty()) {
            call.put(
                    "tools",
                    use.tools().stream().map(tool -> tool(tool, messages)).toList());
        }
        call.put("tool_choice", use.choice() == null ? null : toolChoice(use.choice()));
        call.put("parallel_tool_calls", use.parallel());
    }

    private static Object tool(Tool tool, ChatMessageMapper messages) {
        if (tool instanceof Tool.Raw raw) {
            return raw.json();
        }
        Map<String, Object> out = new LinkedHashMap<>();
        if (tool instanceof Tool.Function function) {
            Map<String, Object> inner = new LinkedHashMap<>();
            inner.put("name", function.name());
            WireCall.put(inner, "description", function.description());
            WireCall.put(inner, "parameters", function.parameters());
            WireCall.put(inner, "strict", function.strict());
            out.put("type", "function");
            out.put("function", inner);
            messages.cacheControl(out, function.cacheControl());
        } else if (tool instanceof Tool.Server server) {
            out.put("type", server.type());
            WireCall.put(out, "parameters", server.parameters());
        }
        return out;
    }

    private static @Nullable Object toolChoice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Function function) {
            return WireCall.ordered("type", "function", "function", Map.of("name", function.name()));
        } else if (choice instanceof ToolChoice.Server server) {
            return Map.of("type", server.type());
        } else if (choice instanceof ToolChoice.Raw raw) {
            return raw.json();
        }
        return WireCall.word((ToolChoice.Mode) choice);
    }

    private void responseFormat(@Nullable ResponseFormat format) {
        if (format instanceof ResponseFormat.Text) {
            call.put("response_format", Map.of("type", "text"));
        } else if (format instanceof ResponseFormat.JsonObject) {
            call.put("response_format", Map.of("type", "json_object"));
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            Map<String, Object> inner = new LinkedHashMap<>();
            inner.put("name", schema.name());
            WireCall.put(inner, "description", schema.description());
            WireCall.put(inner, "schema", schema.schema());
            WireCall.put(inner, "strict", schema.strict());
            call.put("response_format", WireCall.ordered("type", "json_schema", "json_schema", inner));
        } else if (format instanceof ResponseFormat.Grammar grammar) {
            call.put("response_format", WireCall.ordered("type", "grammar", "grammar", grammar.grammar()));
        } else if (format instanceof ResponseFormat.Python) {
            call.put("response_format", Map.of("type", "python"));
        } else if (format instanceof ResponseFormat.Raw raw) {
            call.put("response_format", raw.json());
        }
    }

    private void reasoning(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        Map<String, Object> out = new LinkedHashMap<>();
        WireCall.put(out, "effort", WireCall.word(reasoning.effort()));
        WireCall.put(out, "max_tokens", reasoning.maxTokens());
        WireCall.put(out, "exclude", reasoning.exclude());
        WireCall.put(out, "enabled", reasoning.enabled());
        WireCall.put(out, "summary", WireCall.word(reasoning.summary()));
        WireCall.put(out, "context", WireCall.word(reasoning.context()));
        WireCall.put(out, "mode", WireCall.word(reasoning.mode()));
        call.put("reasoning", out);
    }

    private void sampling(Sampling sampling) {
        call.put("temperature", sampling.temperature());
        call.put("top_p", sampling.topP());
        call.put("top_k", sampling.topK());
        call.put("min_p", sampling.minP());
        call.put("top_a", sampling.topA());
        call.put("frequency_penalty", sampling.frequencyPenalty());
        call.put("presence_penalty", sampling.presencePenalty());
        call.put("repetition_penalty", sampling.repetitionPenalty());
        call.put("seed", sampling.seed());
        call.put("stop", sampling.stop().isEmpty() ? null : sampling.stop());
        call.put("logit_bias", sampling.logitBias().isEmpty() ? null : sampling.logitBias());
    }

    private void output(Output output) {
        call.put("max_completion_tokens", output.maxCompletionTokens());
        call.put("max_tokens", output.maxTokens());
        if (!output.modalities().isEmpty()) {
            call.put(
                    "modalities",
                    output.modalities().stream().map(WireCall::word).toList());
        }
        Output.AudioFormat audio = output.audio();
        if (audio != null) {
            call.put("audio", WireCall.ordered("voice", audio.voice(), "format", audio.format()));
        }
        call.put("verbosity", WireCall.word(output.verbosity()));
        call.put("logprobs", output.logprobs());
        call.put("top_logprobs", output.topLogprobs());
        if (output.prediction() != null) {
            call.put("prediction", WireCall.ordered("type", "content", "content", output.prediction()));
        }
    }

    private void caller(Caller caller) {
        call.put("user", caller.user());
        call.put("metadata", caller.metadata().isEmpty() ? null : caller.metadata());
        call.put("service_tier", caller.serviceTier());
        call.put("prompt_cache_key", caller.promptCacheKey());
    }
}
