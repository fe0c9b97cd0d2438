package dev.portolan.testkit.simulator.account;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.Ledger;
import dev.portolan.testkit.simulator.state.SimulatorState;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;

/** {@code GET /key} (OpenRouter reference: catalogue-and-account §6). The key has no limit. */
public final class KeyEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/key");
    private static final int SHOWN_AT_THE_START = 12;
    private static final int SHOWN_AT_THE_END = 3;

    /** What the official client of OpenRouter, 1.3.19, insists on; newer than the reference. */
    private static final JsonObject NEWER_MEMBERS = new JsonObject()
            .put("allowed_data_regions", JsonArray.of(List.of("global", "europe", "us")))
            .put(
                    "free_model_daily_requests",
                    new JsonObject().put("limit", 1_000).put("used", 0).put("remaining", 1_000))
            .put("organization_id", null)
            .put("workspace_id", null);

    private final Ledger ledger;
    private final Clock clock;
    private final boolean managementKey;

    public KeyEndpoint(SimulatorState state, boolean managementKey) {
        this.ledger = state.ledger();
        this.clock = state.clock();
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
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        JsonObject key = new JsonObject()
                .put("label", label(request.bearerToken()))
                .put("limit", null)
                .put("limit_remaining", null)
                .put("limit_reset", null)
                .put("usage", ledger.bill().total())
                .put("usage_daily", usageSince(today))
                .put("usage_weekly", usageSince(today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))))
                .put("usage_monthly", usageSince(today.withDayOfMonth(1)))
                .put("byok_usage", 0)
                .put("byok_usage_daily", 0)
                .put("byok_usage_weekly", 0)
                .put("byok_usage_monthly", 0)
                .put("include_byok_in_limit", false)
                .put("is_free_tier", false)
                .put("is_management_key", managementKey)
                .put("is_provisioning_key", managementKey)
                .put("creator_user_id", "user_simulator")
                .put("expires_at", null)
                .put(
                        "rate_limit",
                        new JsonObject()
                                .put("requests", -1)
                                .put("interval", "10s")
                                .put("note", "deprecated"))
                .putAll(NEWER_MEMBERS);
        return Answer.json(200, new JsonObject().put("data", key));
    }

    private BigDecimal usageSince(LocalDate day) {
        return ledger.totalSince(day);
    }

    private static String label(String key) {
        return key.length() <= SHOWN_AT_THE_START + SHOWN_AT_THE_END
                ? key
                : key.substring(0, SHOWN_AT_THE_START) + "..." + key.substring(key.length() - SHOWN_AT_THE_END);
    }
}
