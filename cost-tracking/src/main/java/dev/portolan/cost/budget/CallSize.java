package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Request;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.CacheControl;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolMessage;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How large a call may become: counts what a request holds, from above. The assumptions are told by {@link UpperEstimate}. */
final class CallSize {
    static final long PER_REQUEST = 64;
    static final long PER_PART = 16;
    static final long PER_TOOL = 64;
    static final long FOR_TOOLS = 1024;
    static final long BYTES_PER_MEDIA_TOKEN = 64;
    static final long DISTANT_FILE = 50_000;
    static final long DISTANT_VIDEO = 100_000;
    static final long PER_SEARCH = 8_000;

    private static final long MOST_CHOICES = 1_000_000;
    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final long PIXELS_PER_TOKEN = 256;

    private final ModelId id;
    private final ModelInfo model;
    private final Assumptions assumptions;

    /** Tokens of text and of all else that costs what text does. */
    long text;

    long images;
    long sound;
    long completion;
    long drawn;
    long searches;
    long requests = 1;
    boolean speaks;
    boolean draws;
    boolean cachesForAnHour;

    private CallSize(ModelId id, ModelInfo model, Assumptions assumptions) {
        this.id = id;
        this.model = model;
        this.assumptions = assumptions;
    }

    static CallSize of(Request request, ModelInfo model, Assumptions assumptions) {
        CallSize size = new CallSize(request.model(), model, assumptions);
        size.text += PER_REQUEST;
        size.extras(request.extras());
        if (request instanceof ChatRequest chat) {
            size.chat(chat);
        } else if (request instanceof EmbeddingRequest embedding) {
            size.embedding(embedding);
        } else if (request instanceof ImageRequest image) {
            size.image(image);
        }
        if (size.id.name().endsWith(":online") || names(request.extras(), "plugins", "\"web\"")) {
            size.searches++;
        }
        size.text += size.searches * PER_SEARCH;
        return size;
    }

    /** All tokens going in. */
    long prompt() {
        return text + images * assumptions.imageTokens() + sound;
    }

    private void chat(ChatRequest request) {
        request.messages().forEach(this::message);
        boolean maySearch = request.extras().containsKey("web_search_options");
        for (Tool tool : request.toolUse().tools()) {
            tool(tool);
            maySearch |= searches(tool);
        }
        if (!request.toolUse().tools().isEmpty()) {
            text += FOR_TOOLS;
        }
        if (maySearch) {
            searches += assumptions.webSearches();
        }
        format(request.responseFormat());
        Output output = request.output();
        long choices = Math.max(1, Math.min(MOST_CHOICES, number(request.extras(), "n")));
        speaks = output.modalities().contains(Output.Modality.AUDIO);
        draws = output.modalities().isEmpty()
                ? model.outputModalities().contains("image")
                : output.modalities().contains(Output.Modality.IMAGE);
        completion = choices * (answer(request) + tokens(output.prediction()));
        drawn = draws ? choices * assumptions.drawnImageTokens() : 0;
    }

    /** The tokens of one answer, reasoning among them. */
    private long answer(ChatRequest request) {
        Output output = request.output();
        Reasoning reasoning = request.reasoning();
        long budget = reasoning == null || reasoning.maxTokens() == null ? 0 : reasoning.maxTokens();
        long set = Math.max(or(output.maxCompletionTokens()), or(output.maxTokens()));
        for (String spelling : new String[] {"max_completion_tokens", "max_tokens", "max_output_tokens"}) {
            set = Math.max(set, Math.min(MOST_TOKENS, number(request.extras(), spelling)));
        }
        if (set > 0) {
            return Math.max(set, budget);
        }
        long assumed = assumptions.completionTokens() * 100 / (100 - shareOfReasoning(reasoning)) + budget;
        if (model.maxCompletionTokens() != null) {
            assumed = Math.min(assumed, model.maxCompletionTokens());
        }
        return model.contextLength() == null ? assumed : Math.min(assumed, model.contextLength());
    }

    /** In percent of the whole answer (OpenRouter reference: chat-completions §1.7). */
    private static int shareOfReasoning(@Nullable Reasoning reasoning) {
        if (reasoning == null || reasoning.effort() == null) {
            return reasoning != null && Boolean.TRUE.equals(reasoning.enabled()) ? 50 : 0;
        }
        return switch (reasoning.effort()) {
            case MAX, XHIGH -> 95;
            case HIGH -> 80;
            case MEDIUM -> 50;
            case LOW -> 20;
            case MINIMAL -> 10;
            case NONE -> 0;
        };
    }

    private void message(Message message) {
        text += PER_PART + tokens(message.name());
        cache(message.cacheControl());
        extras(message.extras());
        message.content().forEach(this::part);
        if (message instanceof ToolMessage answer) {
            text += tokens(answer.toolCallId());
        } else if (message instanceof AssistantMessage said) {
            assistant(said);
        }
    }

    private void assistant(AssistantMessage message) {
        for (ToolCall call : message.toolCalls()) {
            text += PER_PART + tokens(call.id()) + tokens(call.name()) + tokens(call.arguments());
            extras(call.extras());
        }
        text += tokens(message.reasoning()) + tokens(message.refusal());
        message.reasoningDetails().forEach(this::reasoning);
        images += message.images().size();
        AudioOutput spoken = message.audio();
        if (spoken != null) {
            text += tokens(spoken.transcript());
            sound += spoken.data() == null ? 0 : mediaTokens(spoken.data().size());
        }
        for (Annotation annotation : message.annotations()) {
            text += tokens(annotation.raw().text());
        }
    }

    private void reasoning(ReasoningDetail detail) {
        text += PER_PART;
        if (detail instanceof ReasoningDetail.Text plain) {
            text += tokens(plain.text()) + tokens(plain.signature());
        } else if (detail instanceof ReasoningDetail.Summary summary) {
            text += tokens(summary.summary());
        } else if (detail instanceof ReasoningDetail.Encrypted encrypted) {
            text += tokens(encrypted.data());
        } else if (detail instanceof ReasoningDetail.ServerToolCall call) {
            text += tokens(call.toolName()) + tokens(call.arguments()) + tokens(call.result());
        } else if (detail instanceof ReasoningDetail.Raw raw) {
            text += tokens(raw.json().text());
        }
    }

    private void part(ContentPart part) {
        text += PER_PART;
        if (part instanceof ContentPart.Text said) {
            text += tokens(said.text());
            cache(said.cacheControl());
        } else if (part instanceof ContentPart.Image) {
            images++;
        } else if (part instanceof ContentPart.Audio audio) {
            sound += mediaTokens(audio.data().size());
        } else if (part instanceof ContentPart.Video video) {
            long bytes = bytes(video.video());
            text += bytes < 0 ? DISTANT_VIDEO : mediaTokens(bytes);
        } else if (part instanceof ContentPart.File file) {
            long bytes = file.data() == null ? -1 : bytes(file.data());
            text += tokens(file.filename()) + (bytes < 0 ? DISTANT_FILE : bytes);
        } else if (part instanceof ContentPart.Raw raw) {
            text += tokens(raw.json().text());
        }
    }

    /** -1 if it is somewhere else. */
    private static long bytes(Media media) {
        if (media instanceof Media.Bytes content) {
            return content.size();
        }
        String url = ((Media.Url) media).url();
        return url.startsWith("data:") ? url.length() : -1;
    }

    private static long mediaTokens(long bytes) {
        return bytes / BYTES_PER_MEDIA_TOKEN + 1;
    }

    private void tool(Tool tool) {
        text += PER_TOOL;
        if (tool instanceof Tool.Function function) {
            text += tokens(function.name()) + tokens(function.description()) + tokens(function.parameters());
            cache(function.cacheControl());
        } else if (tool instanceof Tool.Server server) {
            text += tokens(server.type()) + tokens(server.parameters());
        } else if (tool instanceof Tool.Raw raw) {
            text += tokens(raw.json());
        }
    }

    private static boolean searches(Tool tool) {
        return (tool instanceof Tool.Server server && server.type().contains("web_search"))
                || (tool instanceof Tool.Raw raw && raw.json().text().contains("web_search"));
    }

    private void format(@Nullable ResponseFormat format) {
        if (format instanceof ResponseFormat.JsonSchema schema) {
            text += PER_TOOL + tokens(schema.name()) + tokens(schema.description()) + tokens(schema.schema());
        } else if (format instanceof ResponseFormat.Grammar grammar) {
            text += PER_TOOL + tokens(grammar.grammar());
        } else if (format instanceof ResponseFormat.Raw raw) {
            text += PER_TOOL + tokens(raw.json());
        } else if (format != null) {
            text += PER_TOOL;
        }
    }

    private void embedding(EmbeddingRequest request) {
        // Each in a request of its own, at worst.
        requests = request.inputs().size();
        for (EmbeddingInput input : request.inputs()) {
            if (input instanceof EmbeddingInput.Text said) {
                text += PER_PART + tokens(said.text());
            } else if (input instanceof EmbeddingInput.Tokens split) {
                text += PER_PART + split.tokens().length;
            } else if (input instanceof EmbeddingInput.Content content) {
                content.parts().forEach(this::part);
            }
        }
    }

    private void image(ImageRequest request) {
        text += tokens(request.prompt());
        images = request.inputs().size();
        long each = Math.max(
                pixels(request.size() == null ? "" : request.size().text()),
                pixels(request.resolution() == null ? "" : request.resolution()));
        int count = request.n() == null ? 1 : request.n();
        drawn = count * Math.max(assumptions.drawnImageTokens(), each / PIXELS_PER_TOKEN);
        draws = true;
    }

    /** Of a size such as {@code 1536x1024} or {@code 2K}; 0 if it does not say. */
    private static long pixels(String size) {
        try {
            int by = size.indexOf('x');
            if (by > 0) {
                return Long.parseLong(size.substring(0, by)) * Long.parseLong(size.substring(by + 1));
            }
            if (size.endsWith("K")) {
                BigDecimal side = new BigDecimal(size.substring(0, size.length() - 1));
                return side.multiply(side).multiply(BigDecimal.valueOf(1 << 20)).longValue();
            }
            return 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void cache(@Nullable CacheControl control) {
        cachesForAnHour |= control != null && control.ttl() == CacheControl.Ttl.ONE_HOUR;
    }

    private void extras(Map<String, RawJson> extras) {
        extras.forEach((name, value) -> text += tokens(name) + tokens(value));
    }

    private static boolean names(Map<String, RawJson> extras, String name, String word) {
        RawJson value = extras.get(name);
        return value != null && value.text().contains(word);
    }

    /** 0 if there is no such number. */
    private static long number(Map<String, RawJson> extras, String name) {
        RawJson value = extras.get(name);
        if (value == null) {
            return 0;
        }
        try {
            BigDecimal number = new BigDecimal(value.text().strip());
            return number.compareTo(BigDecimal.valueOf(MOST_TOKENS)) > 0 ? MOST_TOKENS : number.longValue();
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long or(@Nullable Integer limit) {
        return limit == null ? 0 : limit;
    }

    private long tokens(@Nullable RawJson json) {
        return json == null ? 0 : tokens(json.text());
    }

    private long tokens(@Nullable String said) {
        return said == null || said.isEmpty() ? 0 : assumptions.tokens().applyAsLong(id, said);
    }
}
