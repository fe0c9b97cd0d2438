package dev.portolan.cost;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostEvent;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** What a program does that has the ledger on its class path, in small. */
public final class TrackedProgram implements Callable<String> {
    private final Settings settings;

    /** With a ledger in this file. */
    public TrackedProgram(Path file) {
        settings = Settings.of(Map.of("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + file));
    }

    @Override
    public String call() {
        Portolan.load(settings).close();
        try (Ledger ledger = LedgerFactory.open(settings)) {
            ledger.record(Events.call("1").build());
            CostEvent kept = ledger.find("1").orElseThrow();
            return ledger.entries(LedgerQuery.ALL).size() + " calls, " + kept.cost();
        }
    }
}
