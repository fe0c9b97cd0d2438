package dev.portolan.provider.openai;

import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.DeveloperMessage;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.transport.retrofit.openai.ChatFields;
import dev.portolan.transport.retrofit.openai.MessageMapper;
import dev.portolan.transport.retrofit.openai.ReasoningDetailJson;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Maps a {@link ChatRequest} to the body of {@code POST /chat/completions}. Used once. */
final class ChatRequestMapper {
    /** The reasoning of Claude behind a LiteLLM proxy, which wants it back for tools. */
    private static final String THINKING_BLOCKS = "thinking_blocks";

    private final ChatRequest request;
    private final Set<Quirk> quirks;
    private final WireCall call;
    private final MessageMapper messages;
    private boolean leftOutImages;
    private final Set<String> leftOutExtras = new TreeSet<>();

    ChatRequestMapper(ChatRequest request, Set<Quirk> quirks) {
        this.request = request;
        this.quirks = quirks;
        this.call = new WireCall(request.model(), request.model().name());
        this.messages = new MessageMapper(
                quirks.contains(Quirk.CACHE_CONTROL),
                "most servers refuse it, and this one is not said to take it",
                this::answered);
    }

    WireCall map(boolean stream) {
        call.put("messages", request.messages().stream().map(this::message).toList());
        ChatFields.tools(call, request.toolUse(), messages);
        ChatFields.responseFormat(call, request.responseFormat());
        reasoning(request.reasoning());
        ChatFields.sampling(call, request.sampling());
        length(request.output());
        ChatFields.output(call, request.output());
        ChatFields.caller(call, request.caller());
        if (stream) {
            ChatFields.stream(call, !quirks.contains(Quirk.NO_STREAM_OPTIONS));
        }
        call.extras(request.extras());
        call.warnings().addAll(messages.warnings());
        if (leftOutImages) {
            call.warn("images", "Images of earlier answers were not sent; give them in a message of the user");
        }
        if (!leftOutExtras.isEmpty()) {
            call.warn(
                    "extras",
                    "Extras of earlier answers were not sent, as many servers refuse them: "
                            + String.join(", ", leftOutExtras) + ". The quirk send_extras sends them");
        }
        call.ignored(request.options(), null);
        return call;
    }

    private Map<String, Object> message(Message message) {
        Map<String, Object> out = messages.map(message);
        if (message instanceof DeveloperMessage && !quirks.contains(Quirk.DEVELOPER_ROLE)) {
            out.put("role", "system");
        }
        return out;
    }

    /** Servers refuse members that they do not know, so only what all know goes back unasked. */
    private void answered(Map<String, Object> out, AssistantMessage message) {
        if (quirks.contains(Quirk.SEND_REASONING)) {
            WireCall.put(out, "reasoning_content", message.reasoning());
            if (!message.reasoningDetails().isEmpty()) {
                out.put(
                        "reasoning_details",
                        message.reasoningDetails().stream()
                                .map(ReasoningDetailJson::write)
                                .toList());
            }
            WireCall.put(out, THINKING_BLOCKS, message.extras().get(THINKING_BLOCKS));
        }
        WireCall.put(out, "refusal", message.refusal());
        if (message.audio() != null && message.audio().id() != null) {
            out.put("audio", Map.of("id", message.audio().id()));
        }
        leftOutImages |= !message.images().isEmpty();
        extras(out, message);
    }

    private void extras(Map<String, Object> out, AssistantMessage message) {
        message.extras().forEach((name, value) -> {
            if (quirks.contains(Quirk.SEND_EXTRAS)) {
                out.putIfAbsent(name, value);
            } else if (!value.isNull() && !name.equals(THINKING_BLOCKS)) {
                leftOutExtras.add(name);
            }
        });
    }

    private void reasoning(@Nullable Reasoning reasoning) {
        if (reasoning == null) {
            return;
        }
        call.put("reasoning_effort", effort(reasoning));
        notSent("reasoning.max_tokens", reasoning.maxTokens());
        notSent("reasoning.exclude", reasoning.exclude());
        notSent("reasoning.summary", reasoning.summary());
        notSent("reasoning.context", reasoning.context());
        notSent("reasoning.mode", reasoning.mode());
    }

    private static @Nullable String effort(Reasoning reasoning) {
        if (Boolean.FALSE.equals(reasoning.enabled())) {
            return "none";
        }
        String word = WireCall.word(reasoning.effort());
        return word == null && Boolean.TRUE.equals(reasoning.enabled()) && reasoning.maxTokens() == null
                ? "medium"
                : word;
    }

    private void notSent(String subject, @Nullable Object value) {
        if (value != null) {
            call.warn(subject, "OpenAI's API does not have it; it was not sent");
        }
    }

    /** Both fields mean the same, and a server knows one name. */
    private void length(Output output) {
        boolean newName = quirks.contains(Quirk.MAX_COMPLETION_TOKENS);
        Integer meant = newName ? output.maxCompletionTokens() : output.maxTokens();
        Integer other = newName ? output.maxTokens() : output.maxCompletionTokens();
        call.put(newName ? "max_completion_tokens" : "max_tokens", meant != null ? meant : other);
        if (meant != null && other != null && !Objects.equals(meant, other)) {
            call.warn(
                    newName ? "max_tokens" : "max_completion_tokens",
                    "The server knows one name for this limit; " + meant + " was sent");
        }
    }
}
