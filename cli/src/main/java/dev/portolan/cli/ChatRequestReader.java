package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.DeveloperMessage;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.SystemMessage;
import dev.portolan.provider.openrouter.ChatRequestJson;
import dev.portolan.provider.openrouter.OpenRouterOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the request that a command line describes. Every fault of it is an {@link IllegalArgumentException}. */
final class ChatRequestReader {
    static final String DEFAULT_MODEL = "openrouter/google/gemini-2.5-flash";

    private static final String STANDARD_INPUT = "-";

    private final PromptOptions asked;
    private final AnswerOptions answer;
    private final ConnectionOptions connection;
    private final Terminal terminal;
    private final Settings settings;

    ChatRequestReader(
            PromptOptions asked,
            AnswerOptions answer,
            ConnectionOptions connection,
            Terminal terminal,
            Settings settings) {
        this.asked = asked;
        this.answer = answer;
        this.connection = connection;
        this.terminal = terminal;
        this.settings = settings;
    }

    /**
     * A request, and how its answer should come.
     *
     * @param streamed whether it should come while it is written
     */
    record Asked(ChatRequest request, boolean streamed) {}

    Asked read(List<String> arguments, Set<String> providers) {
        String body = body(arguments);
        ChatRequest.Builder builder = body == null ? ChatRequest.builder(model()) : parse(body, providers);
        if (answer.model != null) {
            builder.model(ModelOption.parse("--model", answer.model));
        }
        List<ContentPart> attachments = Attachments.of(asked);
        setAnswer(builder);
        builder.call(connection.callOptions());
        addUserMessage(builder, arguments, attachments);
        ChatRequest request = withFallbacks(withSystem(builder.build()));
        return new Asked(request, body == null || ChatRequestJson.asksForStream(body));
    }

    private ModelId model() {
        return answer.model != null
                ? ModelOption.parse("--model", answer.model)
                : settings.get("PORTOLAN_MODEL")
                        .map(model -> ModelOption.parse("PORTOLAN_MODEL", model))
                        .orElseGet(() -> ModelId.parse(DEFAULT_MODEL));
    }

    private @Nullable String body(List<String> arguments) {
        String source = asked.request;
        if (source == null) {
            return null;
        }
        if (!source.equals(STANDARD_INPUT)) {
            return TextSource.file("--request", source);
        }
        if (arguments.contains(STANDARD_INPUT)) {
            throw new IllegalArgumentException(
                    "Standard input can be read once; give '-' to --request or as prompt, not both");
        }
        return terminal.readAll("Type the request as JSON");
    }

    private ChatRequest.Builder parse(String body, Set<String> providers) {
        try {
            return ChatRequestJson.read(body, model(), providers);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--request: " + e.getMessage(), e);
        }
    }

    private void setAnswer(ChatRequest.Builder builder) {
        if (answer.temperature != null) {
            builder.temperature(answer.temperature);
        }
        if (answer.topP != null) {
            builder.topP(answer.topP);
        }
        if (answer.maxTokens != null) {
            builder.maxCompletionTokens(answer.maxTokens).maxTokens(null);
        }
        if (answer.seed != null) {
            builder.seed(answer.seed);
        }
        if (!answer.stop.isEmpty()) {
            builder.stop(answer.stop.toArray(String[]::new));
        }
        if (answer.reasoning != null) {
            builder.reasoning(Reasoning.effort(answer.reasoning));
        }
        if (answer.jsonSchema != null) {
            builder.responseFormat(schema(answer.jsonSchema));
        }
        NamedValues.extras(answer.extras, builder::extra);
    }

    private static ResponseFormat schema(String file) {
        String text = TextSource.file("--json-schema", file);
        String name = String.valueOf(Path.of(file).getFileName())
                .replaceFirst("\\.json$", "")
                .replaceAll("[^A-Za-z0-9_-]", "_");
        try {
            return ResponseFormat.jsonSchema(
                    name.substring(0, Math.min(64, name.length())), RawJson.parse(text.strip()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--json-schema: " + file + ": " + e.getMessage(), e);
        }
    }

    private void addUserMessage(ChatRequest.Builder builder, List<String> arguments, List<ContentPart> attachments) {
        boolean bodyIsEnough = asked.request != null && arguments.isEmpty();
        String text = bodyIsEnough ? "" : Prompt.read(arguments, terminal);
        List<ContentPart> parts = new ArrayList<>();
        if (!text.isBlank()) {
            parts.add(ContentPart.text(text));
        }
        parts.addAll(attachments);
        if (!parts.isEmpty()) {
            builder.user(parts.toArray(ContentPart[]::new));
        } else if (!bodyIsEnough) {
            throw new IllegalArgumentException(
                    "The prompt is empty; give it as an argument, as in: portolan chat \"Why is the sky blue?\"");
        }
    }

    /** Puts the instructions first, in place of those that the conversation begins with. */
    private ChatRequest withSystem(ChatRequest request) {
        if (asked.system == null) {
            return request;
        }
        List<Message> messages = new ArrayList<>(request.messages());
        while (!messages.isEmpty()
                && (messages.get(0) instanceof SystemMessage || messages.get(0) instanceof DeveloperMessage)) {
            messages.remove(0);
        }
        messages.add(0, Message.system(asked.system));
        return new ChatRequest(
                request.model(),
                messages,
                request.sampling(),
                request.toolUse(),
                request.responseFormat(),
                request.reasoning(),
                request.output(),
                request.caller(),
                request.options(),
                request.extras(),
                request.call());
    }

    private ChatRequest withFallbacks(ChatRequest request) {
        if (answer.fallbacks.isEmpty()) {
            return request;
        }
        List<String> models = answer.fallbacks.stream()
                .map(ChatRequestReader::withoutProvider)
                .toList();
        OpenRouterOptions options = request.options(OpenRouterOptions.class)
                .orElseGet(() -> OpenRouterOptions.builder().build());
        return request.toBuilder()
                .options(options.toBuilder()
                        .models(models.toArray(new String[0]))
                        .build())
                .build();
    }

    /** OpenRouter's own name of a model that is written as for {@code --model}; {@code openrouter/auto} is one already. */
    private static String withoutProvider(String model) {
        String prefix = Session.SIMULATED_PROVIDER + "/";
        return model.startsWith(prefix) && model.indexOf('/', prefix.length()) > 0
                ? model.substring(prefix.length())
                : model;
    }
}
