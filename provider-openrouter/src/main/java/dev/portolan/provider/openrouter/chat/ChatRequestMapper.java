package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.transport.retrofit.openai.ChatFields;
import dev.portolan.transport.retrofit.openai.MessageMapper;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps a {@link ChatRequest} to the body and headers of {@code POST /chat/completions}
 * (OpenRouter reference: chat-completions §1). A pure function: the same request always gives the same body, members in
 * the same order, because OpenRouter's response cache counts the order (OpenRouter reference: routing §6).
 */
public final class ChatRequestMapper {
    private static final OpenRouterOptions NO_OPTIONS =
            OpenRouterOptions.builder().build();

    /** What the names of models have in them that take cache_control. */
    private static final List<String> CACHING_MODELS = List.of("claude", "gemini", "minimax", "glm", "z-ai", "qwen");

    private final ChatRequest request;
    private final WireCall call;

    private ChatRequestMapper(ChatRequest request) {
        this.request = request;
        this.call = ModelNames.callOf(request.model());
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
        OpenRouterOptions options = request.options(OpenRouterOptions.class).orElse(NO_OPTIONS);
        MessageMapper messages = new MessageMapper(
                supportsCacheControl(ModelNames.onWire(request.model()), options),
                "this model caches prompts without being asked, or not at all",
                AnswerMapper::put);
        call.put("messages", request.messages().stream().map(messages::map).toList());
        ChatFields.tools(call, request.toolUse(), messages);
        ChatFields.responseFormat(call, request.responseFormat());
        reasoning(request.reasoning());
        ChatFields.sampling(call, request.sampling());
        call.put("max_completion_tokens", request.output().maxCompletionTokens());
        call.put("max_tokens", request.output().maxTokens());
        ChatFields.output(call, request.output());
        ChatFields.caller(call, request.caller());
        OptionsMapper.map(options, call);
        call.put("cache_control", options.cacheControl() == null ? null : MessageMapper.wire(options.cacheControl()));
        call.putDefault("usage", Map.of("include", true));
        if (stream) {
            ChatFields.stream(call, true);
        }
        call.extras(request.extras());
        call.warnings().addAll(messages.warnings());
        call.ignored(request.options(), OpenRouterOptions.class);
        return call;
    }

    /**
     * By the names of models that are known to take it, as LiteLLM does; with Qwen, whom the OpenRouter reference
     * (routing §7) adds.
     */
    private static boolean supportsCacheControl(String model, OpenRouterOptions options) {
        List<String> fallbacks = options.models() == null ? List.of() : options.models();
        return takesCacheControl(model) || fallbacks.stream().anyMatch(ChatRequestMapper::takesCacheControl);
    }

    private static boolean takesCacheControl(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        for (String part : CACHING_MODELS) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
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
}
