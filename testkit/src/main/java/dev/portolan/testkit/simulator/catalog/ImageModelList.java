package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Router;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.List;

/** The image models as the image endpoint's own discovery shows them (OpenRouter reference: images §2). */
final class ImageModelList {
    private final SimulatedCatalog catalog;

    ImageModelList(SimulatedCatalog catalog) {
        this.catalog = catalog;
    }

    Answer list() {
        JsonArray data = new JsonArray();
        for (ServedModel model : catalog.models()) {
            if (model.writes("image")) {
                data.add(item(model));
            }
        }
        return Answer.json(200, new JsonObject().put("data", data));
    }

    private static JsonObject item(ServedModel model) {
        return new JsonObject()
                .put("id", model.id())
                .put("name", model.name())
                .put("description", "The simulator's stand-in for " + model.name() + ".")
                .put("created", model.created().getEpochSecond())
                .put(
                        "architecture",
                        new JsonObject()
                                .put("input_modalities", JsonArray.of(model.inputModalities()))
                                .put("output_modalities", JsonArray.of(model.outputModalities())))
                .put("supported_parameters", model.images().descriptors(model))
                .put("supports_streaming", model.images().streams())
                .put("endpoints", Router.BASE_PATH + "/images/models/" + model.id() + "/endpoints");
    }

    /** Without the wrapper {@code data} that all others have. */
    Answer endpoints(List<String> authorAndSlug) {
        String id = String.join("/", authorAndSlug);
        ServedModel model = catalog.find(id);
        if (model == null || !model.writes("image")) {
            throw ApiError.classic(404, "Model " + id + " not found", "not_found");
        }
        JsonObject endpoint = new JsonObject()
                .put("provider_name", model.provider())
                .put("provider_slug", model.providerSlug())
                .put("provider_tag", model.providerSlug())
                .put("supported_parameters", model.images().descriptors(model))
                .put("allowed_passthrough_parameters", new JsonArray())
                .put("supports_streaming", model.images().streams())
                .put("pricing", ImageAbility.pricing(model));
        return Answer.json(200, new JsonObject().put("id", id).put("endpoints", JsonArray.of(endpoint)));
    }
}
