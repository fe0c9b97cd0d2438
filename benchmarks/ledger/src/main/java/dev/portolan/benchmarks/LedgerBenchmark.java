package dev.portolan.benchmarks;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.AsyncLedger;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.JdbcLedger;
import dev.portolan.cost.JournaledLedger;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.provider.openrouter.OpenRouterProviderFactory;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * What a ledger costs: how long it takes to write a call down, what that adds to a call, and how long reports over a million
 * calls take. {@code benchmarks/run ledger} prints it as Markdown.
 */
final class LedgerBenchmark {
    private static final String USAGE = """
            LedgerBenchmark [writes] [calls] [reports] [--entries N] [--records N] [--requests N] [--folder DIR]
              writes     how long record() takes, for each ledger, with 1 and with 8 threads
              calls      what a ledger adds to a whole call against the simulator
              reports    how long reports take, in SQLite and PostgreSQL
              --entries  the calls that reports are over; default 1000000
              --records  the records for each line of writes; default 4000
              --requests the calls for each line of calls; default 1000
              --folder   where the databases are for the time being; default benchmarks/target
            Without a name: all three.""";
    private static final String MODEL = "openrouter/google/gemini-2.5-flash";

    private final Set<String> parts;
    private final Map<String, String> options;
    private final Databases databases;

    private LedgerBenchmark(Set<String> parts, Map<String, String> options, Databases databases) {
        this.parts = parts;
        this.options = options;
        this.databases = databases;
    }

    /** See the text above. */
    public static void main(String[] arguments) throws Exception {
        Set<String> parts = new LinkedHashSet<>();
        Map<String, String> options = new LinkedHashMap<>(Map.of(
                "--entries", "1000000", "--records", "4000", "--requests", "1000", "--folder", "benchmarks/target"));
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            if (options.containsKey(argument) && i + 1 < arguments.length) {
                options.put(argument, arguments[++i]);
            } else if (List.of("writes", "calls", "reports").contains(argument)) {
                parts.add(argument);
            } else {
                System.out.println(USAGE);
                return;
            }
        }
        try (Databases databases = Databases.start(Path.of(options.get("--folder")))) {
            new LedgerBenchmark(parts, options, databases).run();
        }
    }

    private void run() throws Exception {
        Runtime machine = Runtime.getRuntime();
        System.out.println("Java " + System.getProperty("java.version") + ", " + machine.availableProcessors()
                + " processors. SQLite with synchronous=FULL, PostgreSQL with fsync and synchronous_commit.");
        if (isWanted("writes")) {
            writes();
        }
        if (isWanted("calls")) {
            calls();
        }
        if (isWanted("reports")) {
            reports();
        }
    }

    private boolean isWanted(String part) {
        return parts.isEmpty() || parts.contains(part);
    }

    private int number(String option) {
        return Integer.parseInt(options.getOrDefault(option, ""));
    }

    /** With a journal before the databases, as settings make them. */
    private Map<String, Supplier<Ledger>> ledgers() {
        Map<String, Supplier<Ledger>> ledgers = new LinkedHashMap<>();
        ledgers.put("memory", InMemoryLedger::new);
        ledgers.put("SQLite", () -> journaled(databases.sqlite()));
        ledgers.put("PostgreSQL", () -> journaled(databases.postgresql()));
        ledgers.put("SQLite, async", () -> new AsyncLedger(journaled(databases.sqlite())));
        ledgers.put("PostgreSQL, async", () -> new AsyncLedger(journaled(databases.postgresql())));
        return ledgers;
    }

    private Ledger journaled(JdbcLedger ledger) {
        return new JournaledLedger(ledger, databases.folder().resolve(ledger.hashCode() + ".pending"));
    }

    private void writes() throws Exception {
        System.out.println("\n| record() | threads | p50 | p99 | records/s |\n|---|--:|--:|--:|--:|");
        for (Map.Entry<String, Supplier<Ledger>> kind : ledgers().entrySet()) {
            for (int threads : new int[] {1, 8}) {
                try (Ledger ledger = kind.getValue().get()) {
                    write(ledger, threads, number("--records") / 4, 1);
                    long begun = System.nanoTime();
                    Durations took = write(ledger, threads, number("--records"), 2);
                    // What waits in a queue is written too.
                    ledger.find("");
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %d | %s | %s | %,.0f |%n",
                            kind.getKey(),
                            threads,
                            Durations.shown(took.millis(0.5)),
                            Durations.shown(took.millis(0.99)),
                            number("--records") / seconds);
                }
            }
        }
    }

    private static Durations write(Ledger ledger, int threads, int records, long seed)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<long[]>> ends = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                SampleCalls calls = new SampleCalls(seed * 100 + thread);
                List<CostEvent> events = new ArrayList<>();
                for (int i = 0; i < records / threads; i++) {
                    events.add(calls.next(i * 1.0 * threads / records));
                }
                ends.add(pool.submit(() -> {
                    long[] nanos = new long[events.size()];
                    for (int i = 0; i < nanos.length; i++) {
                        long begun = System.nanoTime();
                        ledger.record(events.get(i));
                        nanos[i] = System.nanoTime() - begun;
                    }
                    return nanos;
                }));
            }
            List<long[]> all = new ArrayList<>();
            for (Future<long[]> end : ends) {
                all.add(end.get());
            }
            return new Durations(all.stream().flatMapToLong(Arrays::stream).toArray());
        } finally {
            pool.shutdownNow();
        }
    }

    private record Variant(String name, Portolan portolan, List<Long> nanos) {}

    /** Each request goes once through each of them, one after the other, so that they meet the same weather. */
    private void calls() {
        List<Ledger> opened = new ArrayList<>();
        List<Variant> variants = new ArrayList<>();
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            variants.add(new Variant("none", portolan(simulator).build(), new ArrayList<>()));
            ledgers().forEach((name, kind) -> {
                Ledger ledger = kind.get();
                opened.add(ledger);
                variants.add(new Variant(name, portolan(simulator).sink(ledger).build(), new ArrayList<>()));
            });
            List<Variant> order = new ArrayList<>(variants);
            int requests = number("--requests");
            for (int i = -requests / 4; i < requests; i++) {
                for (Variant variant : order) {
                    ChatRequest request = ChatRequest.builder(ModelId.parse(MODEL))
                            .user("Call " + i)
                            .tag("team", "red")
                            .build();
                    long begun = System.nanoTime();
                    variant.portolan().chat().complete(request);
                    long took = System.nanoTime() - begun;
                    if (i >= 0) {
                        variant.nanos().add(took);
                    }
                }
                order.add(order.remove(0));
            }
        } finally {
            variants.forEach(variant -> variant.portolan().close());
            opened.forEach(Ledger::close);
        }
        System.out.println(
                "\n| a whole call, ledger | p50 | p99 | p50 of what is added | p99 |\n|---|--:|--:|--:|--:|");
        List<Long> without = variants.get(0).nanos();
        for (Variant variant : variants) {
            long[] with = variant.nanos().stream().mapToLong(Long::longValue).toArray();
            long[] added = new long[with.length];
            Arrays.setAll(added, i -> with[i] - without.get(i));
            Durations all = new Durations(with);
            Durations more = new Durations(added);
            System.out.println("| " + variant.name() + " | " + Durations.shown(all.millis(0.5)) + " | "
                    + Durations.shown(all.millis(0.99)) + " | " + Durations.shown(more.millis(0.5)) + " | "
                    + Durations.shown(more.millis(0.99)) + " |");
        }
    }

    private static Portolan.Builder portolan(OpenRouterSimulator simulator) {
        return Portolan.builder()
                .settings(Settings.of(
                        Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())))
                .provider(new OpenRouterProviderFactory());
    }

    private void reports() {
        int entries = number("--entries");
        Map<String, Map<String, Double>> millis = new LinkedHashMap<>();
        try (JdbcLedger sqlite = databases.sqlite();
                JdbcLedger postgresql = databases.postgresql()) {
            fill(sqlite, entries);
            fill(postgresql, entries);
            databases.settleDown(postgresql);
            time("SQLite", sqlite, millis);
            time("PostgreSQL", postgresql, millis);
        }
        System.out.printf(
                Locale.ROOT,
                "%n| report over %,d calls, median of 5 | SQLite | PostgreSQL |%n|---|--:|--:|%n",
                entries);
        millis.forEach((report, times) -> {
            System.out.print("| " + report);
            times.values().forEach(time -> System.out.printf(Locale.ROOT, " | %,.0f ms", time));
            System.out.println(" |");
        });
    }

    private static void fill(Ledger ledger, int entries) {
        SampleCalls calls = new SampleCalls(7);
        BigDecimal total = BigDecimal.ZERO;
        long begun = System.nanoTime();
        List<CostEvent> some = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            CostEvent event = calls.next((double) i / entries);
            BigDecimal amount = event.cost().amount();
            total = amount == null ? total : total.add(amount);
            some.add(event);
            if (some.size() == 5_000 || i == entries - 1) {
                ledger.recordAll(some);
                some.clear();
            }
        }
        System.err.printf(Locale.ROOT, "%s filled in %.0f s%n", ledger, (System.nanoTime() - begun) / 1e9);
        BigDecimal found =
                ledger.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0).amount();
        if (found.compareTo(total) != 0) {
            throw new IllegalStateException(ledger + " adds up to " + found + "; expected " + total);
        }
    }

    private static void time(String database, Ledger ledger, Map<String, Map<String, Double>> millis) {
        Map<String, Runnable> reports = new LinkedHashMap<>();
        LedgerQuery half = LedgerQuery.builder()
                .since(SampleCalls.FIRST.plus(SampleCalls.SPAN.dividedBy(2)).plus(Duration.ofHours(7)))
                .build();
        LedgerQuery model = LedgerQuery.builder().model(ModelId.parse(MODEL)).build();
        LedgerQuery team = LedgerQuery.builder().tag("team", "team-3").build();
        LedgerQuery env = LedgerQuery.builder().tag("env", "prod").build();
        LedgerQuery newest = LedgerQuery.builder().newestFirst().limit(100).build();
        reports.put("all together", () -> ledger.totals(Grouping.NOTHING, LedgerQuery.ALL));
        reports.put("by model", () -> ledger.totals(Grouping.MODEL, LedgerQuery.ALL));
        reports.put("by day", () -> ledger.totals(Grouping.DAY, LedgerQuery.ALL));
        reports.put("by outcome", () -> ledger.totals(Grouping.OUTCOME, LedgerQuery.ALL));
        reports.put("by tag of 20 values", () -> ledger.totals(Grouping.tag("team"), LedgerQuery.ALL));
        reports.put("by tag of 5,000 values", () -> ledger.totals(Grouping.tag("user"), LedgerQuery.ALL));
        reports.put("by tag that a third does not have", () -> ledger.totals(Grouping.tag("env"), LedgerQuery.ALL));
        reports.put("by model, half of the time", () -> ledger.totals(Grouping.MODEL, half));
        reports.put("by tag, half of the time", () -> ledger.totals(Grouping.tag("team"), half));
        reports.put("by day, one model", () -> ledger.totals(Grouping.DAY, model));
        reports.put("by tag, one model", () -> ledger.totals(Grouping.tag("team"), model));
        reports.put("by model, one of 20 teams", () -> ledger.totals(Grouping.MODEL, team));
        reports.put("by day, a tag of half the calls", () -> ledger.totals(Grouping.DAY, env));
        reports.put("by another tag, a tag of half the calls", () -> ledger.totals(Grouping.tag("team"), env));
        reports.put("the newest 100 calls", () -> ledger.entries(newest));
        reports.put(
                "the newest 100 calls of a team",
                () -> ledger.entries(LedgerQuery.builder()
                        .tag("team", "team-3")
                        .newestFirst()
                        .limit(100)
                        .build()));
        reports.put(
                "the newest 100 calls of a user",
                () -> ledger.entries(LedgerQuery.builder()
                        .tag("user", "user-17")
                        .newestFirst()
                        .limit(100)
                        .build()));
        reports.put("the 100 oldest calls that can be settled", () -> ledger.unsettled(100));
        reports.forEach((name, report) -> {
            report.run();
            long[] nanos = new long[5];
            for (int i = 0; i < nanos.length; i++) {
                long begun = System.nanoTime();
                report.run();
                nanos[i] = System.nanoTime() - begun;
            }
            millis.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(database, new Durations(nanos).millis(0.5));
        });
    }
}
