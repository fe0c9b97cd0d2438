package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.SimulatedModel.Reasoning;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The models that a simulator serves: the one source of their prices. */
final class SimulatedCatalog {
    private final Map<String, SimulatedModel> models = new LinkedHashMap<>();

    /** Takes models beside the standard ones; one of the same id takes the standard one's place. */
    SimulatedCatalog(Collection<SimulatedModel> more) {
        standard().forEach(model -> models.put(model.id(), model));
        more.forEach(model -> models.put(model.id(), model));
    }

    List<SimulatedModel> models() {
        return List.copyOf(models.values());
    }

    @Nullable SimulatedModel find(String id) {
        return models.get(id);
    }

    /** The first model of the catalogue that fits, or null. */
    @Nullable SimulatedModel first(Predicate<SimulatedModel> fitting) {
        return models.values().stream().filter(fitting).findFirst().orElse(null);
    }

    private static List<SimulatedModel> standard() {
        return List.of(
                SimulatedModel.builder("openai/gpt-4o-mini")
                        .name("OpenAI: GPT-4o-mini")
                        .provider("OpenAI", "openai")
                        .prices("0.00000015", "0.0000006")
                        .cachePrices("0.000000075", "0.00000015")
                        .contextLength(128_000)
                        .reads("text", "image", "file")
                        .reasoning(Reasoning.NONE)
                        .unsupported("top_k", "min_p", "top_a", "repetition_penalty", "verbosity")
                        .build(),
                SimulatedModel.builder("openai/gpt-5-mini")
                        .name("OpenAI: GPT-5 Mini")
                        .provider("OpenAI", "openai")
                        .prices("0.00000025", "0.000002")
                        .cachePrices("0.000000025", "0.00000025")
                        .contextLength(400_000)
                        .reads("text", "image", "file")
                        .unsupported("top_k", "min_p", "top_a", "repetition_penalty", "logprobs", "top_logprobs")
                        .build(),
                SimulatedModel.builder("anthropic/claude-sonnet-4.5")
                        .name("Anthropic: Claude Sonnet 4.5")
                        .provider("Anthropic", "anthropic")
                        .prices("0.000003", "0.000015")
                        .cachePrices("0.0000003", "0.00000375")
                        .contextLength(1_000_000)
                        .reads("text", "image", "file")
                        .unsupported("logprobs", "top_logprobs", "logit_bias", "seed", "min_p", "top_a")
                        .build(),
                SimulatedModel.builder("anthropic/claude-haiku-4.5")
                        .name("Anthropic: Claude Haiku 4.5")
                        .provider("Anthropic", "anthropic")
                        .prices("0.000001", "0.000005")
                        .cachePrices("0.0000001", "0.00000125")
                        .contextLength(200_000)
                        .reads("text", "image")
                        .unsupported("logprobs", "top_logprobs", "logit_bias", "seed", "min_p", "top_a")
                        .build(),
                SimulatedModel.builder("google/gemini-2.5-flash")
                        .name("Google: Gemini 2.5 Flash")
                        .provider("Google AI Studio", "google-ai-studio")
                        .prices("0.0000003", "0.0000025")
                        .cachePrices("0.00000003", "0.0000003833")
                        .contextLength(1_048_576)
                        .reads("text", "image", "audio", "file", "video")
                        .unsupported("logprobs", "top_logprobs", "logit_bias", "min_p", "top_a")
                        .build(),
                SimulatedModel.builder("google/gemini-2.5-flash-image")
                        .name("Google: Gemini 2.5 Flash Image")
                        .provider("Google AI Studio", "google-ai-studio")
                        .prices("0.0000003", "0.0000025")
                        .imageOutputPrice("0.00003")
                        .contextLength(32_768)
                        .reads("text", "image")
                        .writes("text", "image")
                        .reasoning(Reasoning.NONE)
                        .unsupported("tools", "tool_choice", "parallel_tool_calls", "logprobs", "top_logprobs")
                        .build(),
                SimulatedModel.builder("deepseek/deepseek-chat-v3.1")
                        .name("DeepSeek: DeepSeek V3.1")
                        .provider("DeepInfra", "deepinfra")
                        .prices("0.0000002", "0.0000008")
                        .contextLength(163_840)
                        .build(),
                SimulatedModel.builder("deepseek/deepseek-r1-0528")
                        .name("DeepSeek: R1 0528")
                        .provider("Novita", "novita")
                        .prices("0.0000004", "0.00000175")
                        .contextLength(163_840)
                        .reasoning(Reasoning.MANDATORY)
                        .build(),
                SimulatedModel.builder("meta-llama/llama-3.3-70b-instruct")
                        .name("Meta: Llama 3.3 70B Instruct")
                        .provider("Together", "together")
                        .prices("0.00000013", "0.00000039")
                        .contextLength(131_072)
                        .reasoning(Reasoning.NONE)
                        .build(),
                SimulatedModel.builder("mistralai/mistral-small-3.2-24b-instruct")
                        .name("Mistral: Mistral Small 3.2 24B")
                        .provider("Mistral", "mistral")
                        .prices("0.00000006", "0.00000018")
                        .contextLength(131_072)
                        .reads("text", "image")
                        .reasoning(Reasoning.NONE)
                        .build(),
                SimulatedModel.builder("qwen/qwen3-32b")
                        .name("Qwen: Qwen3 32B")
                        .provider("Alibaba", "alibaba")
                        .prices("0.00000005", "0.0000002")
                        .contextLength(40_960)
                        .build(),
                SimulatedModel.builder("x-ai/grok-4-fast")
                        .name("xAI: Grok 4 Fast")
                        .provider("xAI", "xai")
                        .prices("0.0000002", "0.0000005")
                        .contextLength(2_000_000)
                        .reads("text", "image")
                        .build(),
                SimulatedModel.builder("black-forest-labs/flux.2-pro")
                        .name("Black Forest Labs: FLUX.2 Pro")
                        .provider("Black Forest Labs", "black-forest-labs")
                        .imageOutputPrice("0.000007324")
                        .contextLength(46_864)
                        .reads("text", "image")
                        .writes("image")
                        .reasoning(Reasoning.NONE)
                        .unsupported("tools", "tool_choice", "parallel_tool_calls", "response_format")
                        .build(),
                SimulatedModel.builder("openai/text-embedding-3-small")
                        .name("OpenAI: Text Embedding 3 Small")
                        .provider("OpenAI", "openai")
                        .prices("0.00000002", "0")
                        .contextLength(8_192)
                        .writes("embeddings")
                        .reasoning(Reasoning.NONE)
                        .build());
    }
}
