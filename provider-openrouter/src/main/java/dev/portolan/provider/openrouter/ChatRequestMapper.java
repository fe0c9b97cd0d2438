package dev.portolan.provider.openrouter;

import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Caller;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.chat.ToolUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Maps a {@link ChatRequest} to the body and headers of {@code POST /chat/completions} (chat-completions.md §1). A pure
 * function: the same request always gives the same body, members in the same order, because OpenRouter's response cache
 * counts the order (routing.md §6).
 */
final class ChatRequestMapper {
    /** What the mapper sets by itself, and an extra may therefore replace. */
    private static final Set<String> REPLACEABLE = Set.of("usage", "stream_options");

    private final ChatRequest request;
    private final Map<String, Object> body = new LinkedHashMap<>();
    private final List<Warning> warnings = new ArrayList<>();

    private ChatRequestMapper(ChatRequest request) {
        this.request = request;
    }

    /**
     * Maps a request.
     *
     * @throws IllegalArgumentException if an extra has the name of a field that is set
     */
    static ChatCall map(ChatRequest request, boolean stream) {
        return new ChatRequestMapper(request).map(stream);
    }

    /** A name without a slash is one of OpenRouter's own routers: {@code openrouter/auto} means just that. */
    static String wireModel(ModelId model) {
        return model.name().indexOf('/') < 0 ? OpenRouterProviderFactory.NAME + "/" + model.name() : model.name();
    }

    private ChatCall map(boolean stream) {
        String model = wireModel(request.model());
        OpenRouterOptions options = request.options(OpenRouterOptions.class)
                .orElse(OpenRouterOptions.builder().build());
        boolean caches = supportsCacheControl(model, options);
        ChatMessageMapper messages = new ChatMessageMapper(caches);
        body.put("model", model);
        body.put("messages", request.messages().stream().map(messages::map).toList());
        tools(request.toolUse(), messages);
        responseFormat(request.responseFormat());
        reasoning(request.reasoning());
        sampling(request.sampling());
        output(request.output());
        caller(request.caller());
        new OptionsMapper(body).map(options);
        if (options.cacheControl() != null) {
            body.put("cache_control", ChatMessageMapper.wire(options.cacheControl()));
        }
        body.put("usage", Map.of("include", true));
        if (stream) {
            body.put("stream", true);
            body.put("stream_options", Map.of("include_usage", true));
        }
        extras();
        warnings.addAll(messages.warnings());
        ignoredOptions();
        return new ChatCall(body, OptionsMapper.headers(options), List.copyOf(warnings));
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
            body.put(
                    "tools",
                    use.tools().stream().map(tool -> tool(tool, messages)).toList());
        }
        put("tool_choice", use.choice() == null ? null : toolChoice(use.choice()));
        put("parallel_tool_calls", use.parallel());
    }

    private static Object tool(Tool tool, ChatMessageMapper messages) {
        if (tool instanceof Tool.Raw raw) {
            return raw.json();
        }
        Map<String, Object> out = new LinkedHashMap<>();
        if (tool instanceof Tool.Function function) {
            Map<String, Object> inner = new LinkedHashMap<>();
            inner.put("name", function.name());
            put(inner, "description", function.description());
            put(inner, "parameters", function.parameters());
            put(inner, "strict", function.strict());
            out.put("type", "function");
            out.put("function", inner);
            messages.cacheControl(out, function.cacheControl());
        } else if (tool instanceof Tool.Server server) {
            out.put("type", server.type());
            put(out, "parameters", server.parameters());
        }
        return out;
    }

    private static @Nullable Object toolChoice(ToolChoice choice) {
        if (choice instanceof ToolChoice.Function function) {
            return ordered("type", "function", "function", Map.of("name", function.name()));
        } else if (choice instanceof ToolChoice.Server server) {
            return Map.of("type", server.type());
        } else if (choice instanceof ToolChoice.Raw raw) {
            return raw.json();
        }
        return wire((ToolChoice.Mode) choice);
    }

    private void responseFormat(@Nullable ResponseFormat format) {
        if (format instanceof ResponseFormat.Text) {
            body.put("response_format", Map.of("type", "text"));
        } else if (format instanceof ResponseFormat.JsonObject) {
            body.put("response_format", Map.of("type", "json_object"));
        } else if (format instanceof ResponseFormat.JsonSchema schema) {
            Map<String, Object> inner = new LinkedHashMap<>();
            inner.put("name", schema.name());
            put(inner, "description", schema.description());
            put(inner, "schema", schema.schema());
            put(inner, "strict", schema.strict());
            body.put("response_format", ordered("type", "json_schema", "json_schema", inner));
        } else if (format instanceof ResponseFormat.Grammar grammar) {
            body.put("response_format", ordered("type", "grammar", "grammar", grammar.grammar()));
        } else if (format instanceof ResponseFormat.Python) {
            body.put("response_format", Map.of("type", "python"));
        } else if (format instanceof ResponseFormat.Raw raw) {
            body.put("response_format", raw.json());
        }
    }

    private void reasoning(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        Map<String, Object> out = new LinkedHashMap<>();
        put(out, "effort", wire(reasoning.effort()));
        put(out, "max_tokens", reasoning.maxTokens());
        put(out, "exclude", reasoning.exclude());
        put(out, "enabled", reasoning.enabled());
        put(out, "summary", wire(reasoning.summary()));
        put(out, "context", wire(reasoning.context()));
        put(out, "mode", wire(reasoning.mode()));
        body.put("reasoning", out);
    }

    private void sampling(Sampling sampling) {
        put("temperature", sampling.temperature());
        put("top_p", sampling.topP());
        put("top_k", sampling.topK());
        put("min_p", sampling.minP());
        put("top_a", sampling.topA());
        put("frequency_penalty", sampling.frequencyPenalty());
        put("presence_penalty", sampling.presencePenalty());
        put("repetition_penalty", sampling.repetitionPenalty());
        put("seed", sampling.seed());
        put("stop", sampling.stop().isEmpty() ? null : sampling.stop());
        put("logit_bias", sampling.logitBias().isEmpty() ? null : sampling.logitBias());
    }

    private void output(Output output) {
        put("max_completion_tokens", output.maxCompletionTokens());
        put("max_tokens", output.maxTokens());
        if (!output.modalities().isEmpty()) {
            body.put(
                    "modalities",
                    output.modalities().stream().map(ChatRequestMapper::wire).toList());
        }
        Output.AudioFormat audio = output.audio();
        if (audio != null) {
            body.put("audio", ordered("voice", audio.voice(), "format", audio.format()));
        }
        put("verbosity", wire(output.verbosity()));
        put("logprobs", output.logprobs());
        put("top_logprobs", output.topLogprobs());
        if (output.prediction() != null) {
            body.put("prediction", ordered("type", "content", "content", output.prediction()));
        }
    }

    private void caller(Caller caller) {
        put("user", caller.user());
        put("metadata", caller.metadata().isEmpty() ? null : caller.metadata());
        put("service_tier", caller.serviceTier());
        put("prompt_cache_key", caller.promptCacheKey());
    }

    private void extras() {
        for (Map.Entry<String, RawJson> extra : request.extras().entrySet()) {
            String name = extra.getKey();
            if (name.equals("stream")) {
                throw new IllegalArgumentException(
                        "The extra 'stream' cannot be set: call complete(…) or stream(…) instead");
            }
            if (body.containsKey(name) && !REPLACEABLE.contains(name)) {
                throw new IllegalArgumentException("The extra '" + name
                        + "' would replace a field of the request that is set already; set it in one place only");
            }
            body.put(name, extra.getValue());
        }
    }

    private void ignoredOptions() {
        for (ProviderOptions other : request.options()) {
            if (!(other instanceof OpenRouterOptions)) {
                warnings.add(new Warning(
                        other.provider(), "The options of the provider '" + other.provider() + "' were ignored"));
            }
        }
    }

    private void put(String name, @Nullable Object value) {
        put(body, name, value);
    }

    static void put(Map<String, Object> out, String name, @Nullable Object value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    static Map<String, Object> ordered(String name1, Object value1, String name2, Object value2) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put(name1, value1);
        out.put(name2, value2);
        return out;
    }

    /** The constant as the wire writes it: in lower case. */
    static @Nullable String wire(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }
}
