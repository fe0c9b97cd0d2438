package dev.portolan.cli;

import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerFactory;
import java.util.List;

/** A ledger that a command looks at, and where it is. */
final class OpenLedger implements AutoCloseable {
    private static final String NO_KEY =
            "OPENROUTER_API_KEY is not set, and nothing was paid for from here yet: these are calls "
                    + "that the simulator answered. (--offline does without this notice)";
    private static final String FORGETFUL = LedgerFactory.URL
            + " is 'memory', so that nothing outlives its command; unset it, or let it name a database";

    private final LedgerLog log = LedgerLog.listen();
    private final LedgerPlace place;
    private final Ledger ledger;

    private OpenLedger(LedgerPlace place, Ledger ledger) {
        this.place = place;
        this.ledger = ledger;
    }

    /**
     * The ledger of the calls that are paid for; of simulated ones if these are wanted, or if there can be no others. Empty if
     * nothing was ever written down, without a file being made.
     *
     * @throws ConfigurationException if a setting is wrong
     */
    static OpenLedger toRead(Settings settings, boolean simulated, Terminal terminal) {
        LedgerPlace place = LedgerPlace.of(settings, simulated);
        if (!simulated && !place.isShared() && !place.exists() && Session.isUnconfigured(settings)) {
            LedgerPlace other = LedgerPlace.of(settings, true);
            if (other.exists()) {
                terminal.errLine(NO_KEY);
                place = other;
            }
        }
        if (place.isForgetful()) {
            terminal.errLine(FORGETFUL);
        }
        return new OpenLedger(place, place.exists() ? LedgerFactory.open(place.settings()) : new InMemoryLedger());
    }

    /**
     * The ledger of the calls that are paid for, or of simulated ones, made if there is none.
     *
     * @throws ConfigurationException if a setting is wrong, or the ledger would end with the command
     */
    static OpenLedger toWrite(Settings settings, boolean simulated) {
        LedgerPlace place = LedgerPlace.of(settings, simulated);
        if (place.isForgetful()) {
            throw new ConfigurationException(FORGETFUL);
        }
        place.makeFolder();
        return new OpenLedger(place, LedgerFactory.open(place.settings()));
    }

    LedgerPlace place() {
        return place;
    }

    Ledger ledger() {
        return ledger;
    }

    /** What the ledger had to say, such as that it passed over a damaged record, line by line. */
    List<String> notices() {
        return log.notices();
    }

    @Override
    public void close() {
        try {
            ledger.close();
        } finally {
            log.close();
        }
    }
}
