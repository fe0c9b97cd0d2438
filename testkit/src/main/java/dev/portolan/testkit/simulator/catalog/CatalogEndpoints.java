package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The endpoints that list models and providers. They need no key, but for the one that asks for the account's models. */
public final class CatalogEndpoints {
    private final SimulatedCatalog catalog;
    private final ModelList models;
    private final ImageModelList imageModels;

    public CatalogEndpoints(SimulatedCatalog catalog) {
        this.catalog = catalog;
        this.models = new ModelList(catalog);
        this.imageModels = new ImageModelList(catalog);
    }

    public List<Endpoint> all() {
        return List.of(
                open("/models", request -> models.list(request, null)),
                open("/models/count", models::count),
                new Listing(PathTemplate.of("/models/user"), true, request -> models.list(request, null)),
                openByName("/model/{author}/{slug}", (name, request) -> models.model(name)),
                openByName(
                        "/models/{author}/{slug}/endpoints",
                        (name, request) ->
                                models.endpoints(name, !request.bearerToken().isBlank())),
                open("/embeddings/models", request -> models.list(request, "embeddings")),
                open("/images/models", request -> imageModels.list()),
                openByName("/images/models/{author}/{slug}/endpoints", (name, request) -> imageModels.endpoints(name)),
                open("/providers", request -> providers()),
                open(
                        "/endpoints/zdr",
                        request ->
                                models.zeroDataRetention(!request.bearerToken().isBlank())));
    }

    private Answer providers() {
        Map<String, JsonObject> providers = new LinkedHashMap<>();
        for (ServedModel model : catalog.models()) {
            providers.put(
                    model.providerSlug(),
                    new JsonObject()
                            .put("name", model.provider())
                            .put("slug", model.providerSlug())
                            .put("privacy_policy_url", "https://example.com/" + model.providerSlug() + "/privacy")
                            .put("terms_of_service_url", "https://example.com/" + model.providerSlug() + "/terms")
                            .put("status_page_url", null)
                            .put("headquarters", null)
                            .put("datacenters", new JsonArray()));
        }
        return Answer.json(200, new JsonObject().put("data", JsonArray.of(providers.values())));
    }

    private static Endpoint open(String path, Function<ReceivedRequest, Answer> answers) {
        return new Listing(PathTemplate.of(path), false, answers);
    }

    private interface ByName {
        Answer answer(List<String> authorAndSlug, ReceivedRequest request);
    }

    private static Endpoint openByName(String path, ByName answers) {
        PathTemplate template = PathTemplate.of(path);
        return new Listing(template, false, request -> answers.answer(request.pathValues(template), request));
    }

    private record Listing(PathTemplate path, boolean needsKey, Function<ReceivedRequest, Answer> answers)
            implements Endpoint {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public Answer answer(ReceivedRequest request) {
            return answers.apply(request);
        }
    }
}
