package dev.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Listens to what the ledger logs: that a call could not be written down is no reason for its answer to fail, but whoever
 * asked should hear of it.
 */
final class LedgerLog extends Handler {
    private static final String PORTOLAN = "dev.portolan.api.Portolan";
    private static final String BUDGETS = "dev.portolan.cost.budget.BudgetAlert";
    private static final String LEDGER = "ledger: ";
    private static final String LOST = "lost";

    /** Held, since the logging of the JDK does not. */
    private final List<Logger> loggers = List.of(Logger.getLogger("dev.portolan.cost"), Logger.getLogger(PORTOLAN));

    /** By the kind of trouble. */
    private final Map<String, String> first = new LinkedHashMap<>();

    private boolean lost;

    private LedgerLog() {}

    static LedgerLog listen() {
        LedgerLog log = new LedgerLog();
        log.loggers.forEach(logger -> logger.addHandler(log));
        return log;
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            boolean severe = record.getLevel().equals(Level.SEVERE);
            lost |= severe;
            // What follows is most often the same trouble once more.
            first.computeIfAbsent(kind(record, severe), kind -> message(record));
        }
    }

    /** What budgets and catalogues warn of is no trouble of the ledger. */
    private static String kind(LogRecord record, boolean severe) {
        String name = record.getLoggerName();
        boolean ledgers = !name.equals(BUDGETS) && !name.equals(PORTOLAN);
        return severe ? LOST : ledgers ? LEDGER + name : "warning: " + name;
    }

    /** A lost record says it best itself, what is kept is said by the log, and why by the failure. */
    private static String message(LogRecord record) {
        String message = new SimpleFormatter().formatMessage(record);
        Throwable thrown = record.getThrown();
        if (thrown == null || thrown.getMessage() == null) {
            return message;
        }
        return record.getLevel().equals(Level.SEVERE) ? thrown.getMessage() : message + ": " + thrown.getMessage();
    }

    /** What to tell, line by line; empty if all is well. Of a record that is lost nothing that led to it. */
    synchronized List<String> notices() {
        List<String> notices = new ArrayList<>();
        first.forEach((kind, message) -> {
            if (!kind.startsWith(LEDGER)) {
                notices.add((kind.equals(LOST) ? LEDGER : "warning: ") + message);
            } else if (!lost) {
                notices.add(LEDGER + message);
            }
        });
        first.clear();
        lost = false;
        return notices;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(this));
    }
}
