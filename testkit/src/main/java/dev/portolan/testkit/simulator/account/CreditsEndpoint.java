package dev.portolan.testkit.simulator.account;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.Ledger;
import dev.portolan.testkit.simulator.state.SimulatorState;

/** {@code GET /credits} (OpenRouter reference: catalogue-and-account §5). */
public final class CreditsEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/credits");
    private static final int BOUGHT = 100;

    private final Ledger ledger;
    private final boolean managementKey;

    public CreditsEndpoint(SimulatorState state, boolean managementKey) {
        this.ledger = state.ledger();
        this.managementKey = managementKey;
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
        if (!managementKey) {
            throw ApiError.classic(403, "Only management keys can perform this operation", "permission_denied");
        }
        JsonObject credits = new JsonObject()
                .put("total_credits", BOUGHT)
                .put("total_usage", ledger.bill().total());
        return Answer.json(200, new JsonObject().put("data", credits));
    }
}
