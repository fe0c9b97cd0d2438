package dev.portolan.provider.openrouter;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.provider.openrouter.chat.ChatMessageJson;
import dev.portolan.provider.openrouter.chat.OptionsJson;
import dev.portolan.transport.retrofit.json.Members;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a chat request written as JSON, in the form of OpenRouter's and OpenAI's API: the body that one would give to
 * curl or LiteLLM. It is the inverse of what the provider sends; what has no typed field becomes an
 * {@linkplain ChatRequest#extras() extra}, so that every field is kept.
 */
public final class ChatRequestJson {
    private ChatRequestJson() {}

    /**
     * Reads a request.
     *
     * @param json the body, an object with {@code messages}; {@code stream} in it is left to the caller
     * @param defaultModel the model if the body names none
     * @param providers the names of providers: a model that does not begin with one of them is taken to be one of
     *     OpenRouter's
     * @return a builder with every field of the body
     * @throws IllegalArgumentException if the text is not JSON or a field has a wrong type or value; the message names the
     *     field
     */
    public static ChatRequest.Builder read(String json, ModelId defaultModel, Set<String> providers) {
        Members body = Members.of(RawJson.parse(json), "").withoutNulls();
        body.raw("stream");
        String model = body.text("model");
        ChatRequest.Builder builder = ChatRequest.builder(model == null ? defaultModel : modelId(model, providers));
        List<RawJson> messages = body.elements("messages");
        if (messages == null) {
            throw new IllegalArgumentException("messages is missing");
        }
        for (int i = 0; i < messages.size(); i++) {
            builder.message(ChatMessageJson.read(messages.get(i), "messages[" + i + "]"));
        }
        sampling(body, builder);
        tools(body, builder);
        answer(body, builder);
        caller(body, builder);
        OptionsJson.read(body).ifPresent(builder::options);
        body.left().forEach(builder::extra);
        return builder;
    }

    /**
     * Whether the body asks for a stream.
     *
     * @throws IllegalArgumentException if the text is not a JSON object, or {@code stream} is not a boolean
     */
    public static boolean asksForStream(String json) {
        return Boolean.TRUE.equals(Members.of(RawJson.parse(json), "").bool("stream"));
    }

    private static ModelId modelId(String model, Set<String> providers) {
        int slash = model.indexOf('/');
        boolean named = slash > 0 && slash < model.length() - 1 && providers.contains(model.substring(0, slash));
        return named ? ModelId.parse(model) : new ModelId(OpenRouterProviderFactory.NAME, model);
    }

    private static void sampling(Members body, ChatRequest.Builder builder) {
        builder.temperature(body.real("temperature"))
                .topP(body.real("top_p"))
                .topK(body.smallWhole("top_k"))
                .minP(body.real("min_p"))
                .topA(body.real("top_a"))
                .frequencyPenalty(body.real("frequency_penalty"))
                .presencePenalty(body.real("presence_penalty"))
                .repetitionPenalty(body.real("repetition_penalty"))
                .seed(body.whole("seed"))
                .stop(body.textOrTexts("stop").toArray(new String[0]))
                .logitBias(body.map(
                        "logit_bias",
                        value -> Members.decimal(value, "logit_bias").doubleValue()));
    }

    private static void tools(Members body, ChatRequest.Builder builder) {
        List<RawJson> tools = body.elements("tools");
        if (tools != null) {
            for (int i = 0; i < tools.size(); i++) {
                builder.tool(tool(tools.get(i), "tools[" + i + "]"));
            }
        }
        RawJson choice = body.raw("tool_choice");
        builder.toolChoice(choice == null ? null : toolChoice(choice));
        builder.parallelToolCalls(body.bool("parallel_tool_calls"));
    }

    private static Tool tool(RawJson json, String path) {
        Members tool = Members.of(json, path).withoutNulls();
        String type = tool.requiredText("type");
        if (!type.equals("function")) {
            RawJson parameters = tool.raw("parameters");
            return tool.left().isEmpty() ? new Tool.Server(type, parameters) : new Tool.Raw(json);
        }
        Members function = tool.object("function");
        if (function == null) {
            throw new IllegalArgumentException(tool.path("function") + " is missing");
        }
        function.withoutNulls();
        Tool.Function read = new Tool.Function(
                function.requiredText("name"),
                function.text("description"),
                function.raw("parameters"),
                function.bool("strict"),
                ChatMessageJson.cacheControl(tool));
        return tool.left().isEmpty() && function.left().isEmpty() ? read : new Tool.Raw(json);
    }

    private static ToolChoice toolChoice(RawJson json) {
        if (Members.isText(json)) {
            return switch (Members.text(json, "tool_choice")) {
                case "auto" -> ToolChoice.AUTO;
                case "none" -> ToolChoice.NONE;
                case "required" -> ToolChoice.REQUIRED;
                default -> new ToolChoice.Raw(json);
            };
        }
        Members choice = Members.of(json, "tool_choice");
        String type = choice.requiredText("type");
        Members function = choice.object("function");
        ToolChoice read = new ToolChoice.Server(type);
        if (type.equals("function") && function != null) {
            read = new ToolChoice.Function(function.requiredText("name"));
        }
        boolean whole =
                choice.left().isEmpty() && (function == null || function.left().isEmpty());
        return whole ? read : new ToolChoice.Raw(json);
    }

    private static void answer(Members body, ChatRequest.Builder builder) {
        RawJson format = body.raw("response_format");
        builder.responseFormat(format == null ? null : responseFormat(format));
        reasoning(body, builder);
        builder.maxCompletionTokens(body.smallWhole("max_completion_tokens")).maxTokens(body.smallWhole("max_tokens"));
        modalities(body, builder);
        audio(body, builder);
        builder.verbosity(body.constant("verbosity", Output.Verbosity.class))
                .logprobs(body.bool("logprobs"))
                .topLogprobs(body.smallWhole("top_logprobs"));
        prediction(body, builder);
    }

    private static ResponseFormat responseFormat(RawJson json) {
        Members format = Members.of(json, "response_format").withoutNulls();
        ResponseFormat read = switch (format.requiredText("type")) {
            case "text" -> ResponseFormat.TEXT;
            case "json_object" -> ResponseFormat.JSON_OBJECT;
            case "python" -> new ResponseFormat.Python();
            case "grammar" -> new ResponseFormat.Grammar(format.requiredText("grammar"));
            case "json_schema" -> jsonSchema(format, json);
            default -> new ResponseFormat.Raw(json);
        };
        return format.left().isEmpty() ? read : new ResponseFormat.Raw(json);
    }

    private static ResponseFormat jsonSchema(Members format, RawJson json) {
        Members schema = format.object("json_schema");
        if (schema == null) {
            throw new IllegalArgumentException("response_format.json_schema is missing");
        }
        schema.withoutNulls();
        ResponseFormat read = new ResponseFormat.JsonSchema(
                schema.requiredText("name"), schema.text("description"), schema.raw("schema"), schema.bool("strict"));
        return schema.left().isEmpty() ? read : new ResponseFormat.Raw(json);
    }

    /** Kept whole as an extra if it has a word that is not known yet. */
    private static void reasoning(Members body, ChatRequest.Builder builder) {
        RawJson json = body.raw("reasoning");
        if (json == null) {
            return;
        }
        Members reasoning = Members.of(json, "reasoning").withoutNulls();
        Reasoning read = new Reasoning(
                reasoning.constant("effort", Reasoning.Effort.class),
                reasoning.smallWhole("max_tokens"),
                reasoning.bool("exclude"),
                reasoning.bool("enabled"),
                reasoning.constant("summary", Reasoning.Summary.class),
                reasoning.constant("context", Reasoning.Context.class),
                reasoning.constant("mode", Reasoning.Mode.class));
        if (reasoning.left().isEmpty()) {
            builder.reasoning(read);
        } else {
            builder.extra("reasoning", json);
        }
    }

    private static void modalities(Members body, ChatRequest.Builder builder) {
        RawJson json = body.raw("modalities");
        if (json == null) {
            return;
        }
        Map<String, Output.Modality> known =
                Map.of("text", Output.Modality.TEXT, "image", Output.Modality.IMAGE, "audio", Output.Modality.AUDIO);
        List<String> names = Members.elements(json, "modalities").stream()
                .map(each -> Members.text(each, "modalities"))
                .toList();
        if (known.keySet().containsAll(names)) {
            builder.modalities(names.stream().map(known::get).toArray(Output.Modality[]::new));
        } else {
            builder.extra("modalities", json);
        }
    }

    private static void audio(Members body, ChatRequest.Builder builder) {
        RawJson json = body.raw("audio");
        if (json == null) {
            return;
        }
        Members audio = Members.of(json, "audio");
        String voice = audio.text("voice");
        String format = audio.text("format");
        if (voice != null && format != null && audio.left().isEmpty()) {
            builder.audio(new Output.AudioFormat(voice, format));
        } else {
            builder.extra("audio", json);
        }
    }

    private static void prediction(Members body, ChatRequest.Builder builder) {
        RawJson json = body.raw("prediction");
        if (json == null) {
            return;
        }
        Members prediction = Members.of(json, "prediction");
        boolean isText = "content".equals(prediction.text("type"));
        RawJson content = prediction.raw("content");
        if (isText
                && content != null
                && Members.isText(content)
                && prediction.left().isEmpty()) {
            builder.prediction(Members.text(content, "prediction.content"));
        } else {
            builder.extra("prediction", json);
        }
    }

    private static void caller(Members body, ChatRequest.Builder builder) {
        builder.endUser(body.text("user"))
                .serviceTier(body.text("service_tier"))
                .promptCacheKey(body.text("prompt_cache_key"));
        body.map("metadata", value -> Members.text(value, "metadata")).forEach(builder::metadata);
    }
}
