package dev.portolan.cli;

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
    /** Held, since the logging of the JDK does not. */
    private final List<Logger> loggers =
            List.of(Logger.getLogger("dev.portolan.cost"), Logger.getLogger("dev.portolan.api.Portolan"));

    private final Map<Level, String> first = new LinkedHashMap<>();

    private LedgerLog() {}

    static LedgerLog listen() {
        LedgerLog log = new LedgerLog();
        log.loggers.forEach(logger -> logger.addHandler(log));
        return log;
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            // What follows is most often the same trouble once more.
            first.computeIfAbsent(record.getLevel(), level -> message(record));
        }
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
        String lost = first.get(Level.SEVERE);
        List<String> notices = lost == null ? List.copyOf(first.values()) : List.of(lost);
        first.clear();
        return notices.stream().map(message -> "ledger: " + message).toList();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(this));
    }
}
