package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.Media;
import dev.portolan.transport.retrofit.openai.ReasoningDetailJson;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Maps what a model answered before: to OpenRouter all of it goes back
 * (OpenRouter reference: chat-completions §1.2 and §2.4).
 */
final class AnswerMapper {
    private AnswerMapper() {}

    static void put(Map<String, Object> out, AssistantMessage message) {
        WireCall.put(out, "reasoning", message.reasoning());
        if (!message.reasoningDetails().isEmpty()) {
            out.put(
                    "reasoning_details",
                    message.reasoningDetails().stream()
                            .map(ReasoningDetailJson::write)
                            .toList());
        }
        WireCall.put(out, "refusal", message.refusal());
        if (!message.images().isEmpty()) {
            out.put("images", message.images().stream().map(AnswerMapper::image).toList());
        }
        if (message.audio() != null) {
            out.put("audio", audio(message.audio()));
        }
        if (!message.annotations().isEmpty()) {
            out.put(
                    "annotations",
                    message.annotations().stream().map(Annotation::raw).toList());
        }
        WireCall.put(out, "model", message.model());
        message.extras().forEach(out::putIfAbsent);
    }

    private static Object image(Media image) {
        return WireCall.ordered("type", "image_url", "image_url", Map.of("url", WireCall.url(image)));
    }

    private static Object audio(AudioOutput audio) {
        Map<String, Object> out = new LinkedHashMap<>();
        WireCall.put(out, "id", audio.id());
        WireCall.put(out, "data", audio.data() == null ? null : audio.data().data());
        WireCall.put(out, "transcript", audio.transcript());
        WireCall.put(
                out,
                "expires_at",
                audio.expiresAt() == null ? null : audio.expiresAt().getEpochSecond());
        return out;
    }
}
