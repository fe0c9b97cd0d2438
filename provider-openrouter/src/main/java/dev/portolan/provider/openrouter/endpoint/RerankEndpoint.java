package dev.portolan.provider.openrouter.endpoint;

import dev.portolan.api.RawJson;
import dev.portolan.provider.openrouter.rerank.RerankRequest;
import dev.portolan.provider.openrouter.rerank.RerankResponse;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.OptionsMapper;
import dev.portolan.provider.openrouter.wire.UsageDecoder;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code POST /rerank} (OpenRouter reference: catalogue-and-account §7). */
public final class RerankEndpoint {
    private final OpenAiClient<OpenRouterApi> client;

    /** With this client. */
    public RerankEndpoint(OpenAiClient<OpenRouterApi> client) {
        this.client = client;
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#rerank}. */
    public RerankResponse rerank(RerankRequest request) {
        WireCall call = ModelNames.callOf(request.model());
        call.put("query", request.query());
        call.put("documents", request.documents());
        call.put("top_n", request.topN());
        if (request.options() != null) {
            OptionsMapper.mapShared(request.options(), call);
        }
        return response(request, client.post(call, request.call(), OpenRouterApi::rerank));
    }

    private static RerankResponse response(RerankRequest request, RawJson json) {
        Map<String, RawJson> told = JsonTree.members(json);
        RawJson usageJson = told.get("usage");
        UsageDecoder.Reading usage =
                usageJson == null || usageJson.isNull() ? UsageDecoder.Reading.NONE : UsageDecoder.read(usageJson);
        Long searchUnits = JsonTree.value(JsonTree.members(usageJson).get("search_units"), Lenient::whole);
        String model = JsonTree.text(told.get("model"));
        return new RerankResponse(
                JsonTree.text(told.get("id")),
                model == null ? request.model().name() : model,
                JsonTree.text(told.get("provider")),
                results(told.get("results")),
                searchUnits == null ? 0 : searchUnits,
                usage.usage(),
                usage.cost());
    }

    private static List<RerankResponse.Result> results(@Nullable RawJson json) {
        List<RerankResponse.Result> results = new ArrayList<>();
        for (RawJson row : JsonTree.elements(json)) {
            Map<String, RawJson> told = JsonTree.members(row);
            Integer index = JsonTree.value(told.get("index"), Lenient::smallWhole);
            Double score = JsonTree.value(told.get("relevance_score"), Lenient::real);
            if (index != null) {
                results.add(new RerankResponse.Result(index, score == null ? 0 : score, told.get("document")));
            }
        }
        results.sort(Comparator.comparingDouble(RerankResponse.Result::relevanceScore)
                .reversed());
        return results;
    }
}
