package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.chat.Caller;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Sampling;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.chat.ToolUse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps the fields of a chat request that all servers call by the same names
 * (OpenRouter reference: chat-completions §1). Pure: the same fields always give the same members in the same order. A
 * dialect calls these in the order in which the members are to stand.
 */
public final class ChatFields {
    private ChatFields() {}

    /** Puts {@code tools}, {@code tool_choice} and {@code parallel_tool_calls}. */
    public static void tools(WireCall call, ToolUse use, MessageMapper messages) {
        if (!use.tools().isEmpty()) {
            call.put(
                    "tools",
                    use.tools().stream().map(tool -> tool(tool, messages)).toList());
        }
        call.put("tool_choice", use.choice() == null ? null : toolChoice(use.choice()));
        call.put("parallel_tool_calls", use.parallel());
    }

    private static Object tool(Tool tool, MessageMapper messages) {
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

    /** Puts {@code response_format}. */
    public static void responseFormat(WireCall call, @Nullable ResponseFormat format) {
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

    /** Puts {@code temperature} and what else steers the choice of tokens. */
    public static void sampling(WireCall call, Sampling sampling) {
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

    /** Puts what the reply may be, but for its length, whose name differs. */
    public static void output(WireCall call, Output output) {
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

    /** Puts {@code user} and what else says on whose behalf is asked. */
    public static void caller(WireCall call, Caller caller) {
        call.put("user", caller.user());
        call.put("metadata", caller.metadata().isEmpty() ? null : caller.metadata());
        call.put("service_tier", caller.serviceTier());
        call.put("prompt_cache_key", caller.promptCacheKey());
    }

    /** Asks for a stream, with the usage in its last chunk unless the caller's extras say otherwise. */
    public static void stream(WireCall call, boolean withUsage) {
        call.put("stream", true);
        if (withUsage) {
            call.putDefault("stream_options", Map.of("include_usage", true));
        }
    }
}
