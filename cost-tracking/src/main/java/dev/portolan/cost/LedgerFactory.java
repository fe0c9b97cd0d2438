package dev.portolan.cost;

import dev.portolan.api.Settings;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.CostSinkFactory;
import dev.portolan.cost.budget.BudgetAlert;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Makes the ledger that the settings ask for, and with it the {@link CostTracking} of every {@code Portolan} that finds this:
 *
 * <ul>
 *   <li>{@value #URL}: {@code jdbc:sqlite:/path/ledger.db}, {@code jdbc:postgresql://host/database}, {@code memory}, which is
 *       the default, or {@code none}: nothing is written down, and no cost estimated
 *   <li>{@value #USER} and {@value #PASSWORD}: whom to log in as; default: as the URL says
 *   <li>{@value #MODE}: {@code durable}, the default; {@code async}: see {@link AsyncLedger} for what that can lose; or
 *       {@code deferred}, for programs that run for a moment: see {@link DeferredLedger}
 *   <li>{@value #JOURNAL}: the file that keeps records while the database is down; default: beside the SQLite file, with
 *       {@code .pending} at its end, else in the user's data folder. Calls under way are noted in files beside it, see
 *       {@link CostTracking}
 *   <li>{@value #RECONCILE}: {@code true}, the default, or {@code false}: whether what calls did cost is asked for later if
 *       nobody told, see {@link Reconciler}
 *   <li>{@value #STRICT}: {@code true} refuses calls while the ledger is down and its budgets cannot be asked; default: {@code
 *       false}, they are let through
 *   <li>{@value #DATA_DIR}: the user's data folder; default: where the system has such things
 * </ul>
 *
 * <p>A database that cannot be reached when this makes the ledger is no error: the journal takes the records until it can.
 */
public final class LedgerFactory implements CostSinkFactory {
    /** Names the database. */
    public static final String URL = "PORTOLAN_LEDGER_URL";

    /** Names the database's user. */
    public static final String USER = "PORTOLAN_LEDGER_USER";

    /** The user's password. */
    public static final String PASSWORD = "PORTOLAN_LEDGER_PASSWORD";

    /** Durable, asynchronous or deferred. */
    public static final String MODE = "PORTOLAN_LEDGER_MODE";

    /** Names the file that keeps records while the database is down. */
    public static final String JOURNAL = "PORTOLAN_LEDGER_JOURNAL";

    /** Whether unknown costs are asked for later. */
    public static final String RECONCILE = "PORTOLAN_LEDGER_RECONCILE";

    /** Whether calls are refused while budgets cannot be asked. */
    public static final String STRICT = "PORTOLAN_BUDGET_STRICT";

    /** Names the folder of what is kept for the user. */
    public static final String DATA_DIR = "PORTOLAN_DATA_DIR";

    private static final String NONE = "none";
    private static final System.Logger LOG = System.getLogger(LedgerFactory.class.getName());
    private static final System.Logger ALERTS = System.getLogger(BudgetAlert.class.getName());

    /** For ServiceLoader. */
    public LedgerFactory() {}

    @Override
    public String name() {
        return CostTracking.NAME;
    }

    @Override
    public Optional<CostSink> create(Settings settings, Sources sources) {
        CostTracking.Builder tracking = CostTracking.builder().onBudget(LedgerFactory::log);
        String reconcile = settings.get(RECONCILE).orElse("true").toLowerCase(Locale.ROOT);
        if (reconcile.equals("false")) {
            tracking.withoutReconciliation();
        } else if (!reconcile.equals("true")) {
            throw new ConfigurationException(RECONCILE + " is '" + reconcile + "'; expected 'true' or 'false'");
        }
        String strict = settings.get(STRICT).orElse("false").toLowerCase(Locale.ROOT);
        if (strict.equals("true")) {
            tracking.guarding(guard -> guard.strict(true));
        } else if (!strict.equals("false")) {
            throw new ConfigurationException(STRICT + " is '" + strict + "'; expected 'true' or 'false'");
        }
        if (settings.get(URL).filter(NONE::equals).isPresent()) {
            return Optional.empty();
        }
        return tracking.ledger(open(settings)).build().create(settings, sources);
    }

    /** Who has no code to listen has a log. A refusal reaches the caller. */
    private static void log(BudgetAlert alert) {
        ALERTS.log(
                alert.kind() == BudgetAlert.Kind.REFUSED ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                alert.message());
    }

    /**
     * The ledger that the settings ask for, to read it or to hand it to a {@code Portolan} in code.
     *
     * @throws ConfigurationException if a setting is wrong, the driver is missing, or there is to be no ledger; the message
     *     names it
     */
    public static Ledger open(Settings settings) {
        String mode = settings.get(MODE).orElse("durable").toLowerCase(Locale.ROOT);
        if (!mode.equals("durable") && !mode.equals("async") && !mode.equals("deferred")) {
            throw new ConfigurationException(MODE + " is '" + mode + "'; expected 'durable', 'async' or 'deferred'");
        }
        String url = settings.get(URL).orElse("memory");
        if (url.equals("memory")) {
            return new InMemoryLedger();
        }
        if (url.equals(NONE)) {
            throw new ConfigurationException(
                    URL + " is 'none', so there is no ledger to open. Set it to the database that has the costs");
        }
        JdbcAddress.dialectOf(url);
        Path journal = journal(settings, url);
        if (mode.equals("deferred")) {
            return new DeferredLedger(journal, () -> open(settings.with(MODE, "durable")));
        }
        JdbcLedger.Builder builder = JdbcLedger.builder(url);
        settings.get(USER).ifPresent(builder::user);
        settings.get(PASSWORD).ifPresent(builder::password);
        JdbcLedger database = builder.build();
        try {
            database.check();
        } catch (LedgerException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The ledger is down at the start; records go to the journal " + journal + " until it is back",
                    e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
        Ledger ledger = new JournaledLedger(database, journal);
        return mode.equals("async") ? new AsyncLedger(ledger) : ledger;
    }

    private static Path journal(Settings settings, String url) {
        Optional<String> set = settings.get(JOURNAL);
        if (set.isPresent()) {
            return path(JOURNAL, set.get());
        }
        if (JdbcAddress.dialectOf(url) == Dialect.SQLITE) {
            Path file = JdbcAddress.fileOf(url);
            return file.resolveSibling(file.getFileName() + ".pending");
        }
        // One for each database, whoever logs in.
        int query = url.indexOf('?');
        CRC32 name = new CRC32();
        name.update((query < 0 ? url : url.substring(0, query)).getBytes(StandardCharsets.UTF_8));
        return dataFolder(settings).resolve("ledger-" + Long.toHexString(name.getValue()) + ".pending");
    }

    /**
     * The folder of what is kept for the user: {@value #DATA_DIR} if it is set, else {@code portolan} in
     * {@code %LOCALAPPDATA%} on Windows, in {@code ~/Library/Application Support} on macOS, and elsewhere in
     * {@code $XDG_DATA_HOME} or {@code ~/.local/share}. It may not be there yet.
     *
     * @throws ConfigurationException if the setting is no path
     */
    public static Path dataFolder(Settings settings) {
        Optional<String> set = settings.get(DATA_DIR);
        if (set.isPresent()) {
            return path(DATA_DIR, set.get());
        }
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        Path home = Path.of(System.getProperty("user.home", ""));
        if (os.contains("win")) {
            return folder(settings, "LOCALAPPDATA", home.resolve("AppData").resolve("Local"));
        }
        if (os.contains("mac")) {
            return home.resolve("Library").resolve("Application Support").resolve("portolan");
        }
        return folder(settings, "XDG_DATA_HOME", home.resolve(".local").resolve("share"));
    }

    private static Path folder(Settings settings, String name, Path usual) {
        return settings.get(name).map(set -> path(name, set)).orElse(usual).resolve("portolan");
    }

    private static Path path(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigurationException(
                    name + " is '" + text + "', which is no path on this machine", ErrorDetails.NONE, e);
        }
    }
}
