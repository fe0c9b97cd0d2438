package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.DeveloperMessage;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.SystemMessage;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolMessage;
import dev.portolan.api.chat.UserMessage;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Members;
import dev.portolan.transport.retrofit.openai.AnnotationJson;
import dev.portolan.transport.retrofit.openai.ReasoningDetailJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages written as JSON (OpenRouter reference: chat-completions §1.2). What has no field is kept as an extra,
 * or as a raw part.
 */
public final class ChatMessageJson {
    private ChatMessageJson() {}

    public static Message read(RawJson json, String path) {
        Members message = Members.of(json, path);
        String role = message.requiredText("role");
        RawJson content = message.raw("content");
        List<ContentPart> parts = content == null ? List.of() : content(content, message.path("content"));
        String name = message.text("name");
        CacheControl cacheControl = cacheControl(message);
        if (!role.equals("assistant")) {
            message.withoutNulls();
        }
        try {
            return switch (role) {
                case "system" -> new SystemMessage(parts, name, cacheControl, message.left());
                case "developer" -> new DeveloperMessage(parts, name, cacheControl, message.left());
                case "user" -> new UserMessage(parts, name, cacheControl, message.left());
                case "tool" ->
                    new ToolMessage(message.requiredText("tool_call_id"), parts, name, cacheControl, message.left());
                case "assistant" -> assistant(message, parts, name, cacheControl);
                default ->
                    throw new IllegalArgumentException(
                            "role must be system, developer, user, assistant or tool, found '" + role + "'");
            };
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            throw problem.startsWith(path) ? e : new IllegalArgumentException(path + ": " + problem, e);
        }
    }

    /** Takes a breakpoint that has only the known members; another stays where it is. */
    public static @Nullable CacheControl cacheControl(Members members) {
        if (!members.has("cache_control")) {
            return null;
        }
        Map<String, RawJson> marks = JsonTree.members(members.left().get("cache_control"));
        String type = JsonTree.text(marks.remove("type"));
        String ttl = JsonTree.text(marks.remove("ttl"));
        if (!"ephemeral".equals(type) || !marks.isEmpty()) {
            return null;
        }
        if (ttl == null) {
            members.raw("cache_control");
            return CacheControl.EPHEMERAL;
        }
        for (CacheControl.Ttl known : CacheControl.Ttl.values()) {
            if (known.wire().equals(ttl)) {
                members.raw("cache_control");
                return CacheControl.ephemeral(known);
            }
        }
        return null;
    }

    private static List<ContentPart> content(RawJson content, String path) {
        if (Members.isText(content)) {
            return List.of(ContentPart.text(Members.text(content, path)));
        }
        List<ContentPart> parts = new ArrayList<>();
        for (RawJson part : Members.elements(content, path)) {
            parts.add(part(part, path + "[" + parts.size() + "]"));
        }
        return parts;
    }

    private static ContentPart part(RawJson json, String path) {
        Members part = Members.of(json, path).withoutNulls();
        ContentPart read = switch (part.requiredText("type")) {
            case "text" -> text(part);
            case "image_url" -> image(part);
            case "input_audio" -> audio(part);
            case "video_url" -> video(part);
            case "file" -> file(part);
            default -> null;
        };
        return read == null || !part.left().isEmpty() ? new ContentPart.Raw(json) : read;
    }

    private static ContentPart text(Members part) {
        String text = part.requiredText("text");
        CacheControl cacheControl = cacheControl(part);
        Map<String, RawJson> breakpoint = JsonTree.members(part.left().get("prompt_cache_breakpoint"));
        boolean explicit = breakpoint.size() == 1 && "explicit".equals(JsonTree.text(breakpoint.get("mode")));
        if (explicit) {
            part.raw("prompt_cache_breakpoint");
        }
        return new ContentPart.Text(text, cacheControl, explicit);
    }

    private static @Nullable ContentPart image(Members part) {
        Members image = part.object("image_url");
        if (image == null) {
            throw new IllegalArgumentException(part.path("image_url") + " is missing");
        }
        image.withoutNulls();
        ContentPart read = new ContentPart.Image(
                Media.url(image.requiredText("url")), image.constant("detail", ContentPart.Image.Detail.class));
        return image.left().isEmpty() ? read : null;
    }

    private static @Nullable ContentPart audio(Members part) {
        Members audio = part.object("input_audio");
        if (audio == null) {
            throw new IllegalArgumentException(part.path("input_audio") + " is missing");
        }
        String format = audio.requiredText("format");
        byte[] data = base64(audio.requiredText("data"), audio.path("data"));
        return audio.left().isEmpty() ? ContentPart.audio(data, format) : null;
    }

    private static @Nullable ContentPart video(Members part) {
        Members video = part.object("video_url");
        if (video == null) {
            throw new IllegalArgumentException(part.path("video_url") + " is missing");
        }
        ContentPart read = ContentPart.video(video.requiredText("url"));
        return video.left().isEmpty() ? read : null;
    }

    private static @Nullable ContentPart file(Members part) {
        Members file = part.object("file");
        if (file == null) {
            throw new IllegalArgumentException(part.path("file") + " is missing");
        }
        file.withoutNulls();
        String data = file.text("file_data");
        ContentPart read = new ContentPart.File(
                file.text("filename"), data == null ? null : Media.url(data), file.text("file_id"));
        return file.left().isEmpty() ? read : null;
    }

    private static AssistantMessage assistant(
            Members message, List<ContentPart> parts, @Nullable String name, @Nullable CacheControl cacheControl) {
        AssistantMessage.Builder builder = AssistantMessage.builder();
        parts.forEach(builder::part);
        List<ToolCall> calls = new ArrayList<>();
        for (RawJson call : orEmpty(message.elements("tool_calls"))) {
            calls.add(toolCall(call, message.path("tool_calls") + "[" + calls.size() + "]"));
        }
        String reasoning = message.text("reasoning");
        builder.toolCalls(calls)
                .reasoning(reasoning == null ? message.text("reasoning_content") : reasoning)
                .reasoningDetails(orEmpty(message.elements("reasoning_details")).stream()
                        .map(ReasoningDetailJson::read)
                        .toList())
                .refusal(message.text("refusal"))
                .images(images(message))
                .audio(audioOutput(message))
                .annotations(orEmpty(message.elements("annotations")).stream()
                        .map(AnnotationJson::read)
                        .toList())
                .model(message.text("model"))
                .name(name)
                .cacheControl(cacheControl);
        return builder.extras(message.withoutNulls().left()).build();
    }

    private static ToolCall toolCall(RawJson json, String path) {
        Members call = Members.of(json, path).withoutNulls();
        String type = call.text("type");
        Members function = call.object("function");
        if (function == null || (type != null && !type.equals("function"))) {
            throw new IllegalArgumentException(path + " is not the call of a function");
        }
        call.raw("index");
        String arguments = function.text("arguments");
        return new ToolCall(
                call.requiredText("id"),
                function.requiredText("name"),
                arguments == null ? "" : arguments,
                call.left());
    }

    private static List<Media> images(Members message) {
        List<Media> images = new ArrayList<>();
        for (RawJson image : orEmpty(message.elements("images"))) {
            String path = message.path("images") + "[" + images.size() + "]";
            Members url = Members.of(image, path).object("image_url");
            if (url == null) {
                throw new IllegalArgumentException(path + ".image_url is missing");
            }
            images.add(Media.url(url.requiredText("url")));
        }
        return images;
    }

    private static @Nullable AudioOutput audioOutput(Members message) {
        Members audio = message.object("audio");
        if (audio == null) {
            return null;
        }
        String data = audio.text("data");
        Long expiresAt = audio.whole("expires_at");
        return new AudioOutput(
                audio.text("id"),
                data == null ? null : new Media.Bytes(base64(data, audio.path("data")), "application/octet-stream"),
                audio.text("transcript"),
                expiresAt == null ? null : Instant.ofEpochSecond(expiresAt));
    }

    private static byte[] base64(String text, String path) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + " is not Base64", e);
        }
    }

    private static List<RawJson> orEmpty(@Nullable List<RawJson> elements) {
        return elements == null ? List.of() : elements;
    }
}
