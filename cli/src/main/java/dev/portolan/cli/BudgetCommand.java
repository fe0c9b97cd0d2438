package dev.portolan.cli;

import dev.portolan.api.Settings;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists budgets; its subcommands set and remove them. */
@Command(
        name = "budget",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        synopsisSubcommandLabel = "[set | remove]",
        header = "Shows how much may be spent, and what is left of it; sets and removes budgets.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "A call that would break a budget is refused before anything is sent, and ends with an exit code of its own; with "
                    + "--warn it is made. Budgets are kept in the ledger: where that is shared by several instances, so are "
                    + "they. Amounts are exact, in US dollars. Periods begin at midnight in UTC, weeks on Monday.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan budget",
            "  portolan budget set everything --limit 100 --per month",
            "  portolan budget set search --limit 10 --per day --tag team=search --at 0.5,0.8",
            "  portolan budget set each-user --limit 0.50 --per week --each-tag user",
            "  portolan budget set opus --limit 20 --per ever --model openrouter/anthropic/claude-opus-4.1 --warn",
            "  portolan budget remove search",
            "  portolan budget --json | jq '.budgets[] | {name, left: .shares[].left}'",
            "",
            "With --json one object is printed, on one line. Every member is always there, null if there is none:",
            "  simulated (whether for calls that the simulator answers)",
            "  budgets: [{name, limit, period (day, week, month or ever), scope: {kind (all, model, tag or",
            "    each_tag), model, tag, value}, mode (refuse or warn), thresholds, shares}]",
            "  shares: [{share, since, renews (ISO 8601), spent, reserved, left}], one for each value with",
            "    each_tag, else one whose share is empty; amounts are exact decimals; reserved is put by for",
            "    calls under way and for calls of unknown cost",
            "An error is {\"error\": {…}} on standard error, as for 'portolan chat --json'."
        })
final class BudgetCommand implements Callable<Integer> {
    private static final Pattern DOLLARS = Pattern.compile("\\$?(\\d{1,15}(?:\\.\\d{1,18})?)");
    private static final Pattern PART = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)(%?)");

    private final Terminal terminal;
    private final Settings settings;
    private final Clock clock;

    @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 1)
    private BudgetOutputOptions output = new BudgetOutputOptions();

    BudgetCommand(Terminal terminal, Settings settings, Clock clock) {
        this.terminal = terminal;
        this.settings = settings;
        this.clock = clock;
    }

    /** This command with its subcommands. */
    CommandLine commandLine() {
        return new CommandLine(this).addSubcommand(new SetBudget()).addSubcommand(new RemoveBudget());
    }

    @Override
    public Integer call() {
        OpenLedger open = OpenLedger.toRead(settings, output.offline, terminal);
        try (open) {
            BudgetBook book = open.ledger().budgets();
            Instant now = clock.instant();
            List<Budget> budgets = book.budgets();
            List<BudgetState> states = withUntouched(budgets, book.states(now), now);
            if (output.json) {
                terminal.out(BudgetsJson.of(open.place().simulated(), budgets, states)
                                .text()
                        + "\n");
            } else if (budgets.isEmpty()) {
                terminal.errLine("No budget is set; for one: portolan budget set everything --limit 100 --per month");
            } else {
                StringBuilder text = new StringBuilder();
                BudgetTable.of(states)
                        .lines(terminal.width())
                        .forEach(line -> text.append(line).append('\n'));
                terminal.out(text.toString());
                terminal.errLine(Summary.count(budgets.size(), "budget"));
            }
            open.notices().forEach(terminal::errLine);
        }
        return ExitCode.OK.code();
    }

    /** With a share for each budget, since of one that nobody has used yet there may be none. */
    private static List<BudgetState> withUntouched(List<Budget> budgets, List<BudgetState> states, Instant now) {
        List<BudgetState> all = new ArrayList<>();
        for (Budget budget : budgets) {
            List<BudgetState> own = states.stream()
                    .filter(state -> state.budget().name().equals(budget.name()))
                    .toList();
            all.addAll(own);
            if (own.isEmpty()) {
                Period period = budget.period();
                all.add(new BudgetState(
                        budget, "", period.start(now), period.end(now), BigDecimal.ZERO, BigDecimal.ZERO));
            }
        }
        return all;
    }

    /** Sets a budget. */
    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            abbreviateSynopsis = true,
            header = "Sets a budget, in place of the one of that name if there is one.",
            synopsisHeading = "%nUsage: ",
            description = {"", "What was spent in the current period counts already.", ""},
            exitCodeListHeading = "%nExit codes:%n",
            footer = {
                "",
                "Examples:",
                "  portolan budget set everything --limit 100 --per month",
                "  portolan budget set search --limit 10 --per day --tag team=search --at 0.5,0.8",
                "  portolan budget set each-user --limit 0.50 --per week --each-tag user",
                "",
                "With --json the budget is printed, as 'portolan budget --json' does."
            })
    final class SetBudget implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "By which the budget is known: 1 to 100 characters.")
        private String name = "";

        @Option(
                names = "--limit",
                paramLabel = "DOLLARS",
                required = true,
                description = "The most that may be spent, such as 10 or 0.50.")
        private String limit = "";

        @Option(
                names = "--per",
                paramLabel = "PERIOD",
                required = true,
                description = "After which time it renews: day, week, month or ever.")
        private String period = "";

        @Option(
                names = "--tag",
                paramLabel = "NAME=VALUE",
                description = "For the calls on this account, such as team=search. Default: for all calls.")
        private @Nullable String tag;

        @Option(
                names = "--each-tag",
                paramLabel = "NAME",
                description = "For the calls that have this tag; each of its values has the whole budget for itself.")
        private @Nullable String eachTag;

        @Option(
                names = {"-m", "--model"},
                paramLabel = "MODEL",
                description = "For the calls of this model, written <provider>/<model>.")
        private @Nullable String model;

        @Option(names = "--warn", description = "Let calls that would break it through, and warn only.")
        private boolean warn;

        @Option(
                names = "--at",
                paramLabel = "PART",
                split = ",",
                description =
                        "Of which parts of the limit programs are told once they are spent: 0.5,0.8 or 50%%,80%%. "
                                + "Default: 0.5,0.8,1.")
        private List<String> at = List.of();

        @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 1)
        private BudgetOutputOptions printed = new BudgetOutputOptions();

        @Override
        public Integer call() {
            Budget budget = budget();
            OpenLedger open = OpenLedger.toWrite(settings, printed.offline);
            try (open) {
                BudgetBook book = open.ledger().budgets();
                book.set(budget);
                Instant now = clock.instant();
                List<BudgetState> states = withUntouched(List.of(budget), book.states(now), now);
                if (printed.json) {
                    terminal.out(BudgetsJson.of(open.place().simulated(), List.of(budget), states)
                                    .text()
                            + "\n");
                } else {
                    terminal.errLine(sentence(budget, states));
                }
                open.notices().forEach(terminal::errLine);
            }
            return ExitCode.OK.code();
        }

        private Budget budget() {
            var dollars = DOLLARS.matcher(limit.strip());
            if (!dollars.matches()) {
                throw new IllegalArgumentException(
                        "--limit: '" + limit + "' is not an amount of dollars; write 10 or 0.50");
            }
            return new Budget(
                    name,
                    new BigDecimal(dollars.group(1)),
                    period(),
                    scope(),
                    warn ? Budget.Mode.WARN : Budget.Mode.REFUSE,
                    at.isEmpty()
                            ? Budget.DEFAULT_THRESHOLDS
                            : at.stream().map(BudgetCommand::part).toList());
        }

        private Period period() {
            String word = period.strip().toLowerCase(Locale.ROOT);
            return Stream.of(Period.values())
                    .filter(each -> BudgetTable.word(each).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--per: '" + period + "' is not one of "
                            + Stream.of(Period.values()).map(BudgetTable::word).collect(Collectors.joining(", "))));
        }

        private Scope scope() {
            if (Stream.of(tag, eachTag, model).filter(given -> given != null).count() > 1) {
                throw new IllegalArgumentException(
                        "--tag, --each-tag and --model exclude each other; give one, or none for all calls");
            }
            List<Scope> scopes = new ArrayList<>();
            if (tag != null) {
                NamedValues.each(
                        "--tag", "NAME=VALUE", List.of(tag), (key, value) -> scopes.add(Scope.tag(key, value)));
            } else if (eachTag != null) {
                scopes.add(Scope.eachTag(eachTag.strip()));
            } else if (model != null) {
                scopes.add(Scope.model(ModelOption.parse("--model", model)));
            }
            return scopes.isEmpty() ? Scope.ALL : scopes.get(0);
        }
    }

    private static BigDecimal part(String text) {
        var part = PART.matcher(text.strip());
        if (!part.matches()) {
            throw new IllegalArgumentException("--at: '" + text + "' is not a part of the limit; write 0.8 or 80%");
        }
        BigDecimal number = new BigDecimal(part.group(1));
        return part.group(2).isEmpty() ? number : number.movePointLeft(2);
    }

    private static String sentence(Budget budget, List<BudgetState> states) {
        String what = "Budget '" + budget.name() + "' is set: "
                + BudgetTable.dollars(budget.limit())
                + (budget.period() == Period.FOREVER ? " in all" : " per " + BudgetTable.word(budget.period()))
                + " for "
                + BudgetTable.scope(budget.scope());
        if (budget.scope() instanceof Scope.EachTag) {
            return what;
        }
        BudgetState state = states.get(0);
        return what + "; " + BudgetTable.dollars(state.spent()) + " spent, " + BudgetTable.dollars(state.left())
                + " left" + (state.renews() == null ? "" : " until " + state.renews());
    }

    /** Removes a budget. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            sortOptions = false,
            abbreviateSynopsis = true,
            header = "Removes a budget; what was spent stays in the ledger.",
            synopsisHeading = "%nUsage: ",
            description = "",
            exitCodeListHeading = "%nExit codes:%n",
            footer = {"", "Examples:", "  portolan budget remove search"})
    final class RemoveBudget implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "By which the budget is known.")
        private String name = "";

        @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 1)
        private BudgetOutputOptions printed = new BudgetOutputOptions();

        @Override
        public Integer call() {
            OpenLedger open = OpenLedger.toWrite(settings, printed.offline);
            try (open) {
                BudgetBook book = open.ledger().budgets();
                if (!book.remove(name)) {
                    List<String> names =
                            book.budgets().stream().map(Budget::name).toList();
                    throw new IllegalArgumentException("There is no budget '" + name + "'; "
                            + (names.isEmpty() ? "none is set" : "there are: " + String.join(", ", names)));
                }
                terminal.errLine("Budget '" + name + "' is removed");
                open.notices().forEach(terminal::errLine);
            }
            return ExitCode.OK.code();
        }
    }
}
