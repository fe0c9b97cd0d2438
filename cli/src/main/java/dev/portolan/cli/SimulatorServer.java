package dev.portolan.cli;

import dev.portolan.testkit.simulator.Bill;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.ServedRequest;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The testkit's simulator as a server. A class of its own, so that nothing of the testkit is loaded for other commands. */
final class SimulatorServer {
    private static final int LONGEST_WORDS = 60;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Terminal terminal;
    private final Clock clock;
    private final ListenOptions listen;
    private final SimulationOptions simulation;
    private final TrafficOptions traffic;
    private final AtomicLong served = new AtomicLong();

    SimulatorServer(
            Terminal terminal,
            Clock clock,
            ListenOptions listen,
            SimulationOptions simulation,
            TrafficOptions traffic) {
        this.terminal = terminal;
        this.clock = clock;
        this.listen = listen;
        this.simulation = simulation;
        this.traffic = traffic;
    }

    /**
     * Serves until the process is told to end, or this thread is interrupted.
     *
     * @throws IllegalArgumentException if an option is wrong, or the port is taken
     */
    void serve() {
        OpenRouterSimulator.Builder settings = settings();
        try (EndOfProcess end = EndOfProcess.listen()) {
            Bill bill = serveUntil(end, settings);
            if (!traffic.quiet) {
                lines(bill).forEach(terminal::errLine);
            }
        }
    }

    /** Returns the bill of a simulator that is closed, so that what was under way is told and on it. */
    private Bill serveUntil(EndOfProcess end, OpenRouterSimulator.Builder settings) {
        OpenRouterSimulator closed;
        try (OpenRouterSimulator simulator = start(settings)) {
            script(simulator);
            terminal.out(exports(simulator));
            greet(simulator);
            end.await();
            closed = simulator;
        }
        return closed.bill();
    }

    private OpenRouterSimulator.Builder settings() {
        OpenRouterSimulator.Builder settings = OpenRouterSimulator.builder()
                .host(listen.host)
                .port(listen.port)
                .kept(traffic.keep)
                .listener(this::tell);
        if (simulation.key != null) {
            settings.apiKey(simulation.key);
        }
        if (simulation.managementKey) {
            settings.managementKey();
        }
        if (simulation.chunkDelay != null) {
            settings.chunkDelay(simulation.chunkDelay);
        }
        if (simulation.clock != null) {
            Instant time =
                    Moment.parse("--clock", simulation.clock, clock.instant()).begin();
            settings.clock(Clock.fixed(time, ZoneOffset.UTC));
        }
        if (simulation.idPrefix != null) {
            settings.generationPrefix(simulation.idPrefix);
        }
        faults(); // told before anything listens if one cannot be read
        return settings;
    }

    private List<Fault> faults() {
        try {
            return simulation.faults.stream().map(Fault::parse).toList();
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("--fault: " + unreadable.getMessage(), unreadable);
        }
    }

    private OpenRouterSimulator start(OpenRouterSimulator.Builder settings) {
        try {
            return settings.start();
        } catch (UncheckedIOException failed) {
            throw new IllegalArgumentException(whyNot(Objects.requireNonNull(failed.getCause())), failed);
        }
    }

    private String whyNot(Exception cause) {
        String reason = String.valueOf(cause.getMessage());
        if (cause instanceof UnknownHostException || reason.contains("assign requested address")) {
            return "--host: '" + listen.host + "' is no address of this machine; give 127.0.0.1, or 0.0.0.0 for all";
        } else if (cause instanceof BindException && reason.contains("in use")) {
            return "--port: " + listen.port + " is taken by another program on " + listen.host
                    + "; end that one, or give another port (0 takes any that is free)";
        } else if (reason.contains("denied")) {
            return "--port: you may not listen on " + listen.port + "; give one of 1024 or more";
        }
        return "--port: cannot listen on " + listen.host + " port " + listen.port + ": " + reason;
    }

    private void script(OpenRouterSimulator simulator) {
        List<Fault> faults = faults();
        if (simulation.faultRate == null) {
            faults.forEach(simulator.faults()::always);
            return;
        }
        long seed = simulation.seed == null ? 0 : simulation.seed;
        simulator.faults().seeded(seed, simulation.faultRate, faults.isEmpty() ? Fault.everyKindThatEnds() : faults);
    }

    /** Lines that a shell can read; the names are those that Portolan, LiteLLM and the clients from npm and PyPI read. */
    private String exports(OpenRouterSimulator simulator) {
        StringBuilder lines = new StringBuilder();
        for (String name : List.of("OPENROUTER_API_BASE", "OPENROUTER_BASE_URL", "OPENAI_BASE_URL")) {
            lines.append("export ")
                    .append(name)
                    .append('=')
                    .append(simulator.baseUrl())
                    .append('\n');
        }
        for (String name : List.of("OPENROUTER_API_KEY", "OPENAI_API_KEY")) {
            lines.append(
                    simulation.key == null
                            ? "export " + name + "=" + simulator.apiKey() + "\n"
                            : "# " + name + " is the key that --key gave\n");
        }
        return lines.toString();
    }

    private void greet(OpenRouterSimulator simulator) {
        if (!isLoopback()) {
            terminal.errLine(
                    "Other machines reach it too: whoever does can read what is asked here, and script faults.");
        }
        if (!traffic.quiet) {
            terminal.errLine("Simulating OpenRouter at " + simulator.baseUrl() + ", faults and books at "
                    + simulator.controlUrl() + "; Ctrl-C ends it");
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(listen.host).isLoopbackAddress();
        } catch (UnknownHostException listensAllTheSame) {
            return false;
        }
    }

    private void tell(ServedRequest request) {
        served.incrementAndGet();
        if (!traffic.quiet) {
            terminal.errLine(line(request));
        }
    }

    private String line(ServedRequest call) {
        String path = call.request().apiPath();
        String whole = call.request().path().split("[?#]", 2)[0];
        List<String> parts = new ArrayList<>();
        parts.add(TIME.format(clock.instant().atZone(ZoneId.systemDefault())) + " "
                + call.request().method() + " " + words(path.isEmpty() ? whole : path));
        call.request().model().ifPresent(model -> parts.add(words(model)));
        if (call.request().streaming()) {
            parts.add("streamed");
        }
        parts.add(Integer.toString(call.status()));
        call.billed()
                .ifPresent(entry -> parts.add(
                        entry.promptTokens() + " in, " + entry.completionTokens() + " out · " + dollars(entry.cost())));
        parts.add(call.time().toMillis() + " ms");
        call.fault().ifPresent(fault -> parts.add("fault: " + words(fault.toString())));
        if (call.outcome() != BillEntry.Outcome.DELIVERED) {
            parts.add(call.outcome() == BillEntry.Outcome.CUT ? "cut off" : "the client left");
        }
        return String.join(" · ", parts);
    }

    /** What a client sent may be anything, and long. */
    private static String words(String text) {
        String shown = Failure.withoutKeys(Terminal.oneLine(text));
        return shown.length() <= LONGEST_WORDS ? shown : shown.substring(0, LONGEST_WORDS - 1) + "…";
    }

    private static String dollars(BigDecimal amount) {
        return "$" + amount.toPlainString();
    }

    private List<String> lines(Bill bill) {
        List<String> lines = new ArrayList<>();
        if (!bill.entries().isEmpty()) {
            lines.addAll(table(bill).lines(Integer.MAX_VALUE));
        }
        long generations = bill.entries().size() + bill.droppedEntries();
        lines.add(Summary.count(served.get(), "request") + " · " + Summary.count(generations, "generation") + " · "
                + dollars(bill.total()) + " of play money");
        return lines;
    }

    private static Table table(Bill bill) {
        Map<String, List<BillEntry>> byModel = new TreeMap<>();
        bill.entries()
                .forEach(entry -> byModel.computeIfAbsent(entry.model(), model -> new ArrayList<>())
                        .add(entry));
        List<BigDecimal> costs = new ArrayList<>(
                byModel.values().stream().map(SimulatorServer::cost).toList());
        costs.add(bill.droppedCost());
        DecimalColumn amounts = DecimalColumn.of(costs);
        Table table = new Table(
                Table.Column.text("MODEL"),
                Table.Column.number("CALLS"),
                Table.Column.number("IN"),
                Table.Column.number("OUT"),
                Table.Column.number("COST $"));
        byModel.forEach((model, entries) -> table.row(
                model,
                Integer.toString(entries.size()),
                Long.toString(
                        entries.stream().mapToLong(BillEntry::promptTokens).sum()),
                Long.toString(
                        entries.stream().mapToLong(BillEntry::completionTokens).sum()),
                amounts.cell(cost(entries))));
        if (bill.droppedEntries() > 0) {
            table.row(
                    "older ones, not kept",
                    Long.toString(bill.droppedEntries()),
                    "",
                    "",
                    amounts.cell(bill.droppedCost()));
        }
        return table;
    }

    private static BigDecimal cost(List<BillEntry> entries) {
        return entries.stream().map(BillEntry::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
