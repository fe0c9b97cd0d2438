package dev.portolan.testkit.simulator.embedding;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.ProviderRules;
import dev.portolan.testkit.simulator.routing.Purpose;
import dev.portolan.testkit.simulator.routing.RouteRequest;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.state.Charge;
import dev.portolan.testkit.simulator.state.Generation;
import dev.portolan.testkit.simulator.state.ResponseCache;
import dev.portolan.testkit.simulator.state.SimulatorState;
import dev.portolan.testkit.simulator.vector.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /embeddings} (OpenRouter reference: embeddings). The same text has the same vector in every batch. */
public final class EmbeddingsEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/embeddings");

    private final SimulatorState state;
    private final ResponseCache<JsonArray> cache;

    public EmbeddingsEndpoint(SimulatorState state) {
        this.state = state;
        this.cache = new ResponseCache<>(state.clock());
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public PathTemplate path() {
        return PATH;
    }

    @Override
    public Answer answer(ReceivedRequest request) {
        request.checkSessionId();
        JsonObject body = request.json();
        List<EmbeddingInput> inputs = check(body);
        int longest = inputs.stream().mapToInt(EmbeddingInput::allTokens).max().orElse(0);
        Map<String, Integer> tokens = tokens(inputs);
        RoutedModel routed = state.routing()
                .route(RouteRequest.of(
                        Purpose.EMBEDDINGS,
                        body,
                        List.copyOf(tokens.keySet()),
                        body.has("dimensions") ? List.of("dimensions") : List.of(),
                        longest));
        int dimensions = dimensions(body, routed);

        ResponseCache.Slot slot = ResponseCache.slot(request, "embeddings", routed.id(), body);
        ResponseCache.Entry<JsonArray> cached = slot == null ? null : cache.find(slot);
        Generation generation = state.begin("embeddings", routed, request);
        if (cached != null) {
            state.ledger().note(generation.ended(0, 0, Charge.NOTHING.cost(), details(body, cached.generationId())));
            Usage free = new Usage(Map.of(), Charge.NOTHING);
            return cache.hit(answer(generation, cached.reply(), free), cached);
        }
        JsonArray data = new JsonArray();
        boolean base64 = body.string("encoding_format", "float").equals("base64");
        for (EmbeddingInput input : inputs) {
            float[] vector = Vectors.of(input.features(), dimensions);
            data.add(new JsonObject()
                    .put("object", "embedding")
                    .put("index", data.size())
                    .put("embedding", base64 ? base64(vector) : numbers(vector)));
        }
        Usage usage = new Usage(tokens, charge(routed, tokens, inputs));
        state.ledger().bill(generation.ended(usage.count(), 0, usage.charge().cost(), details(body, null)));
        Answer answer = answer(generation, data, usage);
        if (slot == null) {
            return answer;
        }
        cache.store(slot, data, generation.id());
        return cache.missed(answer, slot);
    }

    private static List<EmbeddingInput> check(JsonObject body) {
        FieldCheck fields = new FieldCheck("", body, Set.of("provider"));
        fields.requiredText("model");
        List<EmbeddingInput> inputs = EmbeddingInput.parse(fields);
        fields.oneOf("encoding_format", List.of("float", "base64"));
        fields.integer("dimensions", 1, Double.POSITIVE_INFINITY);
        fields.string("input_type");
        fields.string("user");
        ProviderRules.check(fields);
        return inputs;
    }

    private static int dimensions(JsonObject body, RoutedModel routed) {
        int full = routed.model().embeddingDimensions();
        int wanted = body.integer("dimensions", full);
        if (wanted != full && !routed.model().supports("dimensions")) {
            throw ApiError.invalidRequest("dimensions: " + routed.id() + " cannot shorten its embeddings of " + full)
                    .afterRouting();
        }
        if (wanted < 1 || wanted > full) {
            throw ApiError.invalidRequest(
                            "dimensions: Number must be less than or equal to " + full + " for " + routed.id())
                    .afterRouting();
        }
        return wanted;
    }

    private static Map<String, Integer> tokens(List<EmbeddingInput> inputs) {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        inputs.forEach(
                input -> input.tokens().forEach((modality, count) -> tokens.merge(modality, count, Integer::sum)));
        return tokens;
    }

    private static Charge charge(RoutedModel routed, Map<String, Integer> tokens, List<EmbeddingInput> inputs) {
        if (routed.free()) {
            return Charge.NOTHING;
        }
        SimulatedModel.Pricing pricing = routed.model().pricing();
        int images = inputs.stream().mapToInt(EmbeddingInput::images).sum();
        return new Charge(
                Charge.times(pricing.prompt(), sum(tokens))
                        .add(Charge.times(pricing.image(), images))
                        .add(Charge.times(pricing.request(), 1)),
                Charge.NOTHING.completion());
    }

    private static int sum(Map<String, Integer> tokens) {
        return tokens.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static JsonObject details(JsonObject body, @Nullable String replayOf) {
        return new JsonObject().put("external_user", body.string("user")).put("response_cache_source_id", replayOf);
    }

    private static Answer answer(Generation generation, JsonArray data, Usage usage) {
        return generation.named(Answer.json(
                200,
                new JsonObject()
                        .put("id", generation.id())
                        .put("object", "list")
                        .put("data", data)
                        .put("model", generation.routed().id())
                        .put("usage", usage.json())));
    }

    private record Usage(Map<String, Integer> tokens, Charge charge) {
        int count() {
            return sum(tokens);
        }

        JsonObject json() {
            JsonObject usage = new JsonObject()
                    .put("prompt_tokens", count())
                    .put("total_tokens", count())
                    .putAll(charge.json());
            if (tokens.size() > 1) {
                JsonObject byModality = new JsonObject();
                tokens.forEach((modality, count) -> byModality.put(modality + "_tokens", count));
                usage.put("prompt_tokens_details", byModality);
            }
            return usage;
        }
    }

    /** Little-endian float32 (OpenRouter reference: embeddings §2). */
    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Each as the shortest decimal that reads back as the very same float. */
    private static JsonArray numbers(float[] vector) {
        JsonArray numbers = new JsonArray();
        for (float number : vector) {
            numbers.add(number);
        }
        return numbers;
    }
}
