package dev.portolan.testkit.simulator.account;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.GenerationRecord;
import dev.portolan.testkit.simulator.state.Ledger;
import dev.portolan.testkit.simulator.state.SimulatorState;

/** {@code GET /generation?id=} (OpenRouter reference: catalogue-and-account §4). */
public final class GenerationEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/generation");

    private final Ledger ledger;

    public GenerationEndpoint(SimulatorState state) {
        this.ledger = state.ledger();
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public PathTemplate path() {
        return PATH;
    }

    @Override
    public Answer answer(ReceivedRequest request) {
        String id = request.query().required("id");
        GenerationRecord generation = ledger.ask(id);
        if (generation == null) {
            throw ApiError.classic(404, "Generation " + id + " not found", "not_found");
        }
        return Answer.json(200, new JsonObject().put("data", generation.json()));
    }
}
