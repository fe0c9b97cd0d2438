package dev.portolan.transport.retrofit.openai;

import static dev.portolan.transport.retrofit.openai.WireCall.put;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.DeveloperMessage;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.SystemMessage;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolMessage;
import dev.portolan.api.chat.UserMessage;
import dev.portolan.transport.retrofit.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps messages and their parts (OpenRouter reference: chat-completions §1.2), and counts the prompt-cache breakpoints
 * among them. Make one for each request; used by one thread.
 */
public final class MessageMapper {
    private static final int MAX_BREAKPOINTS = 4;

    private final boolean supportsCacheControl;
    private final String whyRemoved;
    private final Answered answered;
    private int breakpoints;
    private int removed;
    private int homeless;

    /**
     * With the ways of a provider.
     *
     * @param supportsCacheControl whether breakpoints are sent; otherwise they are left out, with a warning
     * @param whyRemoved why not, to be read after "Removed from 2 place(s): "
     * @param answered what goes back of a model's own answers
     */
    public MessageMapper(boolean supportsCacheControl, String whyRemoved, Answered answered) {
        this.supportsCacheControl = supportsCacheControl;
        this.whyRemoved = whyRemoved;
        this.answered = answered;
    }

    /** What goes back of a model's own answers, beside content and tool calls. */
    public interface Answered {
        /** Puts it. */
        void put(Map<String, Object> out, AssistantMessage message);
    }

    /** Maps a message. */
    public Map<String, Object> map(Message message) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (message instanceof SystemMessage) {
            out.put("role", "system");
            content(out, message);
        } else if (message instanceof DeveloperMessage) {
            out.put("role", "developer");
            content(out, message);
        } else if (message instanceof UserMessage) {
            out.put("role", "user");
            content(out, message);
        } else if (message instanceof ToolMessage tool) {
            out.put("role", "tool");
            out.put("tool_call_id", tool.toolCallId());
            content(out, message);
        } else if (message instanceof AssistantMessage assistant) {
            out.put("role", "assistant");
            content(out, message);
            if (!assistant.toolCalls().isEmpty()) {
                out.put(
                        "tool_calls",
                        assistant.toolCalls().stream()
                                .map(MessageMapper::toolCall)
                                .toList());
            }
            answered.put(out, assistant);
        }
        put(out, "name", message.name());
        if (!(message instanceof AssistantMessage)) {
            message.extras().forEach(out::putIfAbsent);
        }
        return out;
    }

    /** What has to be said about breakpoints, once all messages and tools are mapped. */
    public List<Warning> warnings() {
        List<Warning> warnings = new ArrayList<>();
        if (removed > 0) {
            warnings.add(new Warning("cache_control", "Removed from " + removed + " place(s): " + whyRemoved));
        }
        if (homeless > 0) {
            warnings.add(new Warning(
                    "cache_control", "Left out of " + homeless + " message(s) that have no content to put it on"));
        }
        if (breakpoints > MAX_BREAKPOINTS) {
            warnings.add(new Warning(
                    "cache_control",
                    "The request has " + breakpoints + " breakpoints; providers take at most " + MAX_BREAKPOINTS));
        }
        return warnings;
    }

    /** Adds a breakpoint, if there is one and the model takes it. */
    public void cacheControl(Map<String, Object> out, @Nullable CacheControl cacheControl) {
        if (cacheControl == null) {
            return;
        }
        if (supportsCacheControl) {
            breakpoints++;
            out.put("cache_control", wire(cacheControl));
        } else {
            removed++;
        }
    }

    /** A breakpoint as the wire writes it. */
    public static Map<String, Object> wire(CacheControl cacheControl) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("type", "ephemeral");
        CacheControl.Ttl ttl = cacheControl.ttl();
        put(out, "ttl", ttl == null ? null : ttl.wire());
        return out;
    }

    private void content(Map<String, Object> out, Message message) {
        List<ContentPart> parts = message.content();
        CacheControl onLast = message.cacheControl();
        if (parts.isEmpty()) {
            homeless += onLast == null ? 0 : 1;
            out.put(
                    "content",
                    message instanceof AssistantMessage assistant && hasSomethingElse(assistant) ? null : "");
        } else if (parts.size() == 1 && isPlain(parts.get(0)) && (onLast == null || !supportsCacheControl)) {
            removed += onLast == null ? 0 : 1;
            out.put("content", message.text());
        } else {
            List<Object> blocks = new ArrayList<>(parts.size());
            for (int i = 0; i < parts.size(); i++) {
                blocks.add(part(parts.get(i), i == parts.size() - 1 ? onLast : null));
            }
            out.put("content", blocks);
        }
    }

    private static boolean hasSomethingElse(AssistantMessage message) {
        return !message.toolCalls().isEmpty() || message.refusal() != null || message.audio() != null;
    }

    private static boolean isPlain(ContentPart part) {
        return part instanceof ContentPart.Text text && text.cacheControl() == null && !text.promptCacheBreakpoint();
    }

    private Object part(ContentPart part, @Nullable CacheControl ofMessage) {
        if (part instanceof ContentPart.Raw raw && ofMessage == null) {
            return raw.json();
        }
        Map<String, Object> out = new LinkedHashMap<>();
        CacheControl own = null;
        if (part instanceof ContentPart.Text text) {
            out.put("type", "text");
            out.put("text", text.text());
            own = text.cacheControl();
            if (text.promptCacheBreakpoint()) {
                out.put("prompt_cache_breakpoint", Map.of("mode", "explicit"));
            }
        } else if (part instanceof ContentPart.Image image) {
            Map<String, Object> url = new LinkedHashMap<>();
            url.put("url", WireCall.url(image.image()));
            put(url, "detail", WireCall.word(image.detail()));
            out.put("type", "image_url");
            out.put("image_url", url);
        } else if (part instanceof ContentPart.Audio audio) {
            out.put("type", "input_audio");
            out.put("input_audio", WireCall.ordered("data", audio.data().data(), "format", audio.format()));
        } else if (part instanceof ContentPart.Video video) {
            out.put("type", "video_url");
            out.put("video_url", Map.of("url", WireCall.url(video.video())));
        } else if (part instanceof ContentPart.File file) {
            Map<String, Object> inner = new LinkedHashMap<>();
            put(inner, "filename", file.filename());
            put(inner, "file_data", file.data() == null ? null : WireCall.url(file.data()));
            put(inner, "file_id", file.fileId());
            out.put("type", "file");
            out.put("file", inner);
        } else if (part instanceof ContentPart.Raw raw) {
            out.putAll(JsonTree.members(raw.json()));
        }
        cacheControl(out, own != null ? own : ofMessage);
        return out;
    }

    private static Object toolCall(ToolCall call) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", call.id());
        out.put("type", "function");
        out.put("function", WireCall.ordered("name", call.name(), "arguments", call.arguments()));
        for (Map.Entry<String, RawJson> extra : call.extras().entrySet()) {
            out.putIfAbsent(extra.getKey(), extra.getValue());
        }
        return out;
    }
}
