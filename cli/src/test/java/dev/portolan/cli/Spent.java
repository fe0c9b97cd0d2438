package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerFactory;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Builds calls that are in a ledger; what a test does not name is ordinary. */
final class Spent {
    private final String callId;
    private String model = "openrouter/acme/large";
    private Operation operation = Operation.CHAT;
    private Outcome outcome = new Outcome(Outcome.Status.COMPLETED, null, 1);
    private Cost cost = Cost.UNKNOWN;
    private Instant started = Instant.parse("2026-03-04T12:00:00Z");
    private List<String> generations = List.of();
    private final Map<String, String> tags = new LinkedHashMap<>();

    private Spent(String callId) {
        this.callId = callId;
    }

    /** A call that cost so many dollars. */
    static Spent call(String callId, String dollars) {
        return call(callId, Cost.reported(new BigDecimal(dollars)));
    }

    static Spent call(String callId, Cost cost) {
        Spent spent = new Spent(callId);
        spent.cost = cost;
        return spent;
    }

    Spent of(String newModel) {
        model = newModel;
        return this;
    }

    Spent on(String time) {
        started = Instant.parse(time);
        return this;
    }

    Spent by(Operation kind) {
        operation = kind;
        return this;
    }

    Spent failing(String error) {
        outcome = new Outcome(Outcome.Status.FAILED, error, 3);
        return this;
    }

    Spent generation(String id) {
        generations = List.of(id);
        return this;
    }

    Spent tag(String name, String value) {
        tags.put(name, value);
        return this;
    }

    private CostEvent event() {
        return new CostEvent(
                callId,
                operation,
                ModelId.parse(model),
                new AnsweredBy("acme/large-2", "Acme", generations),
                tags,
                Usage.of(1000, 20),
                cost,
                new Timing(started, Duration.ofMillis(1234), Duration.ofMillis(250)),
                outcome);
    }

    /** Writes calls down in the file of that name. */
    static void in(Path file, Spent... calls) {
        Settings settings = Settings.of(Map.of("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + file));
        try (Ledger ledger = LedgerFactory.open(settings)) {
            ledger.recordAll(Stream.of(calls).map(Spent::event).toList());
        }
    }
}
