package dev.portolan.testkit.simulator.embedding;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.Answer;
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
import dev.portolan.testkit.simulator.state.SimulatorState;
import dev.portolan.testkit.simulator.text.Tokens;
import dev.portolan.testkit.simulator.vector.Features;
import dev.portolan.testkit.simulator.vector.Vectors;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * {@code POST /rerank} (OpenRouter reference: catalogue-and-account §7). A search unit is a query with up to 100
 * documents.
 */
public final class RerankEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/rerank");
    private static final int DOCUMENTS_PER_SEARCH_UNIT = 100;
    private static final int SCORE_DIGITS = 6;

    /** The likeness that scores one half, and how fast the score rises there. */
    private static final double EVEN = 0.25;

    private static final double STEEPNESS = 12;

    private final SimulatorState state;

    public RerankEndpoint(SimulatorState state) {
        this.state = state;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public PathTemplate path() {
        return PATH;
    }

    private record Document(int index, JsonObject json, Features features, int tokens) {
        static Document of(int index, String text) {
            return new Document(
                    index, new JsonObject().put("text", text), new Features().addText(text), Tokens.count(text));
        }

        static Document of(int index, FieldCheck item) {
            String text = item.string("text");
            String image = item.string("image");
            if (text == null && image == null) {
                throw item.error("text", "At least one of text and image is required");
            }
            Features features = new Features();
            if (text != null) {
                features.addText(text);
            }
            if (image != null) {
                features.addMedium("image", image);
            }
            return new Document(
                    index,
                    new JsonObject().putIfPresent("text", text).putIfPresent("image", image),
                    features,
                    text == null ? 0 : Tokens.count(text));
        }
    }

    private record Result(Document document, BigDecimal score) {}

    @Override
    public Answer answer(ReceivedRequest request) {
        request.checkSessionId();
        JsonObject body = request.json();
        FieldCheck fields = new FieldCheck("", body, Set.of("provider"));
        fields.requiredText("model");
        fields.required("query", "documents");
        String query = body.string("query", "");
        fields.string("query");
        List<Document> documents = documents(fields);
        fields.integer("top_n", 1, Double.POSITIVE_INFINITY);
        ProviderRules.check(fields);

        int queryTokens = Tokens.count(query);
        int longest = documents.stream().mapToInt(Document::tokens).max().orElse(0);
        boolean pictures =
                documents.stream().anyMatch(document -> document.json().has("image"));
        RoutedModel routed = state.routing()
                .route(RouteRequest.of(
                        Purpose.RERANK,
                        body,
                        pictures ? List.of("image") : List.of(),
                        List.of(),
                        queryTokens + longest));
        Generation generation = state.begin("rerank", routed, request);
        int searchUnits = (documents.size() + DOCUMENTS_PER_SEARCH_UNIT - 1) / DOCUMENTS_PER_SEARCH_UNIT;
        int tokens = queryTokens + documents.stream().mapToInt(Document::tokens).sum();
        SimulatedModel.Pricing pricing = routed.model().pricing();
        Charge charge = routed.free()
                ? Charge.NOTHING
                : new Charge(
                        Charge.times(pricing.request(), searchUnits).add(Charge.times(pricing.prompt(), tokens)),
                        BigDecimal.ZERO);
        state.ledger().bill(generation.ended(tokens, 0, charge.cost(), new JsonObject()));

        JsonArray results = new JsonArray();
        ranked(query, documents).stream()
                .limit(body.integer("top_n", documents.size()))
                .forEach(result -> results.add(new JsonObject()
                        .put("index", result.document().index())
                        .put("relevance_score", result.score())
                        .put("document", result.document().json())));
        return generation.named(Answer.json(
                200,
                new JsonObject()
                        .put("id", generation.id())
                        .put("model", routed.id())
                        .put("provider", routed.model().provider())
                        .put("results", results)
                        .put(
                                "usage",
                                new JsonObject()
                                        .put("search_units", searchUnits)
                                        .put("total_tokens", tokens)
                                        .put("cost", charge.cost()))));
    }

    private static List<Document> documents(FieldCheck fields) {
        JsonArray array = fields.array("documents");
        if (array.isEmpty()) {
            throw fields.error("documents", "Array must contain at least 1 element(s)");
        }
        List<Document> documents = new ArrayList<>();
        for (Object item : array.items()) {
            int index = documents.size();
            if (item instanceof String text) {
                documents.add(Document.of(index, text));
            } else if (item instanceof JsonObject object) {
                documents.add(Document.of(index, new FieldCheck("documents." + index, object, Set.of())));
            } else {
                throw fields.error("documents", "Expected string or object, received " + FieldCheck.typeOf(item));
            }
        }
        return documents;
    }

    /** The best first; among equals the one that came first. */
    private static List<Result> ranked(String query, List<Document> documents) {
        Features wanted = new Features().addText(query);
        return documents.stream()
                .map(document -> new Result(document, score(Vectors.likeness(wanted, document.features()))))
                .sorted(Comparator.comparing(Result::score).reversed())
                .toList();
    }

    private static BigDecimal score(double likeness) {
        double score = 1 / (1 + StrictMath.exp(STEEPNESS * (EVEN - likeness)));
        return BigDecimal.valueOf(score).setScale(SCORE_DIGITS, RoundingMode.HALF_UP);
    }
}
