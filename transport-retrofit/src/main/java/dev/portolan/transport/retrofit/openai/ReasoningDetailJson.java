package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ReasoningDetail.Origin;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of reasoning off the wire and back on it (OpenRouter reference: chat-completions §2.4). Members that came as
 * {@code null}, or that have no field, are kept beside the fields and go back too.
 */
public final class ReasoningDetailJson {
    private ReasoningDetailJson() {}

    /** Reads one; what is of no known shape is kept raw. */
    public static ReasoningDetail read(RawJson json) {
        Map<String, RawJson> members = JsonTree.members(json);
        String type = JsonTree.text(members.get("type"));
        if (type == null) {
            return new ReasoningDetail.Raw(json);
        }
        return switch (type) {
            case "reasoning.text" -> {
                String text = take(members, "text");
                String signature = take(members, "signature");
                yield new ReasoningDetail.Text(text, signature, origin(members));
            }
            case "reasoning.summary" -> {
                String summary = take(members, "summary");
                yield summary == null
                        ? new ReasoningDetail.Raw(json)
                        : new ReasoningDetail.Summary(summary, origin(members));
            }
            case "reasoning.encrypted" -> {
                String data = take(members, "data");
                yield data == null
                        ? new ReasoningDetail.Raw(json)
                        : new ReasoningDetail.Encrypted(data, origin(members));
            }
            case "reasoning.server_tool_call" -> {
                String toolName = take(members, "tool_name");
                String arguments = take(members, "arguments");
                String result = take(members, "result");
                String toolCallId = take(members, "tool_call_id");
                yield toolName == null
                        ? new ReasoningDetail.Raw(json)
                        : new ReasoningDetail.ServerToolCall(toolName, arguments, result, toolCallId, origin(members));
            }
            default -> new ReasoningDetail.Raw(json);
        };
    }

    /** In the form that {@link dev.portolan.transport.retrofit.JsonBody} takes. */
    public static Object write(ReasoningDetail detail) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (detail instanceof ReasoningDetail.Raw raw) {
            return raw.json();
        } else if (detail instanceof ReasoningDetail.Text text) {
            out.put("type", "reasoning.text");
            put(out, "text", text.text());
            put(out, "signature", text.signature());
            finish(out, text.origin());
        } else if (detail instanceof ReasoningDetail.Summary summary) {
            out.put("type", "reasoning.summary");
            out.put("summary", summary.summary());
            finish(out, summary.origin());
        } else if (detail instanceof ReasoningDetail.Encrypted encrypted) {
            out.put("type", "reasoning.encrypted");
            out.put("data", encrypted.data());
            finish(out, encrypted.origin());
        } else if (detail instanceof ReasoningDetail.ServerToolCall call) {
            out.put("type", "reasoning.server_tool_call");
            out.put("tool_name", call.toolName());
            put(out, "arguments", call.arguments());
            put(out, "result", call.result());
            put(out, "tool_call_id", call.toolCallId());
            finish(out, call.origin());
        }
        return out;
    }

    private static void finish(Map<String, Object> out, Origin origin) {
        put(out, "id", origin.id());
        put(out, "format", origin.format());
        put(out, "index", origin.index());
        out.putAll(origin.extras());
    }

    private static void put(Map<String, Object> out, String name, @Nullable Object value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    /** Takes a text out of the members; what is null or of another type stays there. */
    private static @Nullable String take(Map<String, RawJson> members, String name) {
        RawJson value = members.get(name);
        if (value == null || !value.text().startsWith("\"")) {
            return null;
        }
        members.remove(name);
        return JsonTree.text(value);
    }

    private static Origin origin(Map<String, RawJson> members) {
        members.remove("type");
        String id = take(members, "id");
        String format = take(members, "format");
        Long index = JsonTree.value(members.get("index"), Lenient::whole);
        if (index != null) {
            members.remove("index");
        }
        return new Origin(id, format, index, members);
    }
}
