package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What makes a message invalid (OpenRouter reference: chat-completions §1.2). */
final class MessageRules {
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool");

    private MessageRules() {}

    static void check(FieldCheck message) {
        message.required("role");
        message.oneOf("role", ROLES);
        message.string("name");
        String role = message.object().string("role", "");
        if (!role.equals("assistant")) {
            message.required("content");
        }
        checkContent(message);
        if (role.equals("tool")) {
            message.required("tool_call_id");
            message.string("tool_call_id");
        }
        if (role.equals("assistant")) {
            checkAssistant(message);
        }
    }

    private static void checkContent(FieldCheck message) {
        Object content = message.object().get("content");
        if (content == null || content instanceof String) {
            return;
        }
        if (!(content instanceof JsonArray)) {
            throw message.error("content", "Expected string or array, received " + FieldCheck.typeOf(content));
        }
        for (FieldCheck part : message.children("content", "cache_control", "prompt_cache_breakpoint")) {
            checkPart(part);
        }
    }

    private static void checkPart(FieldCheck part) {
        part.required("type");
        String type = part.string("type");
        switch (type == null ? "" : type) {
            case "text" -> {
                if (part.string("text") == null) {
                    throw part.error("text", "Required");
                }
                checkCacheControl(part);
            }
            case "image_url" -> {
                FieldCheck image = part.requiredChild("image_url", "detail");
                image.required("url");
                image.string("url");
                image.oneOf("detail", List.of("auto", "low", "high", "original"));
            }
            case "input_audio" -> {
                FieldCheck audio = part.requiredChild("input_audio");
                audio.required("data", "format");
                audio.string("data");
                audio.string("format");
            }
            case "video_url", "input_video" -> {
                FieldCheck video = part.requiredChild("video_url");
                video.required("url");
                video.string("url");
            }
            case "file" -> {
                FieldCheck file = part.requiredChild("file", "filename", "file_data", "file_id");
                file.string("filename");
                file.string("file_data");
                file.string("file_id");
            }
            default ->
                throw part.error(
                        "type",
                        "Invalid discriminator value. Expected 'text', 'image_url', 'input_audio', 'video_url',"
                                + " 'input_video' or 'file', received '" + type + "'");
        }
    }

    private static void checkAssistant(FieldCheck message) {
        for (FieldCheck call : message.children("tool_calls", "index")) {
            call.required("id", "type");
            call.string("id");
            call.oneOf("type", List.of("function"));
            FieldCheck function = call.requiredChild("function");
            function.required("name", "arguments");
            function.string("name");
            function.string("arguments");
        }
        message.string("reasoning");
        message.string("refusal");
        for (FieldCheck detail : message.children("reasoning_details")) {
            detail.required("type");
            checkSignature(detail);
        }
    }

    /** As the providers that sign their reasoning do, but only for signatures that are the simulator's own. */
    private static void checkSignature(FieldCheck detail) {
        String signature = detail.object().string("signature");
        String text = detail.object().string("text");
        if (UpstreamDialect.isOwnSignature(signature)
                && !UpstreamDialect.sign(text).equals(signature)) {
            throw detail.error("signature", "Invalid `signature` in `thinking` block: the reasoning was changed");
        }
    }

    static void checkCacheControl(FieldCheck holder) {
        @Nullable FieldCheck cacheControl = holder.child("cache_control", "ttl");
        if (cacheControl != null) {
            cacheControl.required("type");
            cacheControl.oneOf("type", List.of("ephemeral"));
            cacheControl.oneOf("ttl", List.of("5m", "1h"));
        }
    }
}
