package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.Purpose;
import dev.portolan.testkit.simulator.routing.RouteRequest;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A chat request that kept the rules, read with an eye to what it asks for. */
public record ChatCall(JsonObject body) {
    /** Fields that talk to the router or keep books, not to the model. */
    private static final Set<String> NOT_FOR_THE_MODEL = Set.of(
            "messages",
            "model",
            "models",
            "provider",
            "route",
            "preset",
            "stream",
            "stream_options",
            "usage",
            "modalities",
            "image_config",
            "plugins",
            "cache_control",
            "prompt_cache_key",
            "prompt_cache_options",
            "service_tier",
            "session_id",
            "user",
            "metadata",
            "trace",
            "debug",
            "transforms",
            "max_tool_calls",
            "stop_server_tools_when");

    /** Reads the body of a request; refuses with 400 what is not a valid chat request. */
    static ChatCall parse(ReceivedRequest request) {
        JsonObject body = request.json();
        ChatRequestRules.check(body);
        return new ChatCall(body);
    }

    RouteRequest routeRequest() {
        return new RouteRequest(
                Purpose.CHAT,
                requestedModels(),
                inputs(),
                modalities().isEmpty() ? List.of("text") : modalities(),
                modelParameters(),
                body.object("provider"),
                PromptUse.count(this),
                compressed());
    }

    /**
     * What there is beside text. Not files, which a plugin reads out to models that cannot
     * (OpenRouter reference: chat-completions §1.8).
     */
    private List<String> inputs() {
        return messages().stream()
                .flatMap(message -> message.array("content").objects().stream())
                .map(part -> switch (part.string("type", "")) {
                    case "image_url" -> "image";
                    case "input_audio" -> "audio";
                    case "video_url", "input_video" -> "video";
                    default -> "";
                })
                .filter(modality -> !modality.isEmpty())
                .distinct()
                .toList();
    }

    /** What the plugin for it says, or null (OpenRouter reference: routing §10). */
    private @Nullable Boolean compressed() {
        for (JsonObject plugin : body.array("plugins").objects()) {
            if (plugin.string("id", "").equals("context-compression")) {
                return !plugin.isFalse("enabled");
            }
        }
        return null;
    }

    /** The model and its fallbacks, in the order in which to try them. */
    List<String> requestedModels() {
        List<String> slugs = new ArrayList<>();
        String model = body.string("model");
        if (model != null) {
            slugs.add(model);
        }
        for (String fallback : body.array("models").strings()) {
            if (!slugs.contains(fallback)) {
                slugs.add(fallback);
            }
        }
        return slugs;
    }

    boolean stream() {
        return body.isTrue("stream");
    }

    List<String> modalities() {
        return body.array("modalities").strings();
    }

    /** Whether the answer may have this: all that the model writes, if the request does not say. */
    boolean wants(String modality) {
        return modalities().isEmpty() || modalities().contains(modality);
    }

    /** The fields of the request that a model may or may not support. */
    List<String> modelParameters() {
        return body.names().stream()
                .filter(name -> !NOT_FOR_THE_MODEL.contains(name) && body.get(name) != null)
                .toList();
    }

    int maxTokens() {
        return Math.min(
                body.integer("max_tokens", Integer.MAX_VALUE),
                body.integer("max_completion_tokens", Integer.MAX_VALUE));
    }

    List<String> stops() {
        String single = body.string("stop");
        List<String> stops =
                single != null ? List.of(single) : body.array("stop").strings();
        return stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    List<JsonObject> messages() {
        return body.array("messages").objects();
    }

    JsonObject lastMessage() {
        List<JsonObject> messages = messages();
        return messages.get(messages.size() - 1);
    }

    boolean lastMessageIsFrom(String role) {
        return lastMessage().string("role", "").equals(role);
    }

    /** The last message of the user, or an empty one. */
    JsonObject lastUserMessage() {
        List<JsonObject> messages = messages();
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).string("role", "").equals("user")) {
                return messages.get(i);
            }
        }
        return new JsonObject();
    }

    public String userText() {
        return text(lastUserMessage());
    }

    /** The texts of a message's content, joined. */
    static String text(JsonObject message) {
        if (message.get("content") instanceof String text) {
            return text;
        }
        return message.array("content").objects().stream()
                .map(part -> part.string("text", ""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    static long countParts(JsonObject message, String... types) {
        return message.array("content").objects().stream()
                .filter(part -> Set.of(types).contains(part.string("type", "")))
                .count();
    }

    List<JsonObject> functions() {
        List<JsonObject> functions = new ArrayList<>();
        for (JsonObject tool : body.array("tools").objects()) {
            JsonObject function = tool.object("function");
            if (function != null) {
                functions.add(function);
            }
        }
        return functions;
    }

    /** Plain types of the server tools asked for, the web search of plugins and variants among them. */
    List<String> serverTools(RoutedModel routed) {
        List<String> types = new ArrayList<>();
        for (JsonObject tool : body.array("tools").objects()) {
            String type = tool.string("type", "");
            if (ToolRules.isServerTool(type)) {
                types.add(type.startsWith("web_search") ? "web_search" : type.substring("openrouter:".length()));
            }
        }
        boolean plugin = body.array("plugins").objects().stream()
                .anyMatch(each -> each.string("id", "").equals("web") && !each.isFalse("enabled"));
        boolean wantsWeb = plugin || routed.online() || body.get("web_search_options") != null;
        if (wantsWeb && !types.contains("web_search")) {
            types.add("web_search");
        }
        return types.stream().distinct().toList();
    }

    @Nullable String responseFormat() {
        JsonObject format = body.object("response_format");
        return format == null ? null : format.string("type");
    }
}
