package dev.portolan.cli;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code portolan} command. */
public final class Main {
    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;
    private final Clock clock;

    Main(Terminal terminal, Settings settings, Function<Settings, Portolan> opener, Clock clock) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
        this.clock = clock;
    }

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String... args) {
        // Standard error is for people; what a library logs on its own account is not for them.
        LogManager.getLogManager().reset();
        System.exit(new Main(Terminal.ofProcess(), Settings.fromEnvironment(), Portolan::load, Clock.systemUTC())
                .run(args));
    }

    /** Runs the command; returns its exit code. */
    int run(String... args) {
        try {
            return commandLine(args).execute(args);
        } catch (Throwable error) {
            return report(error, args);
        }
    }

    private CommandLine commandLine(String... args) {
        Help.Ansi colours = terminal.isInteractive(Terminal.Stream.OUT)
                        && settings.get("NO_COLOR").isEmpty()
                ? Help.Ansi.ON
                : Help.Ansi.OFF;
        return new CommandLine(new PortolanCommand())
                .addSubcommand(calling(new ChatCommand(terminal, settings, opener)))
                .addSubcommand(calling(new EmbedCommand(terminal, settings, opener)))
                .addSubcommand(calling(new ImageCommand(terminal, settings, opener)))
                .addSubcommand(calling(new ModelsCommand(terminal, settings, opener)))
                .addSubcommand(reading(new CommandLine(new CostsCommand(terminal, settings, opener, clock))))
                .addSubcommand(budget())
                .addSubcommand(simulate())
                .addSubcommand("help", new CommandLine.HelpCommand())
                .setExpandAtFiles(false) // a prompt may begin with @, and so does a preset
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(30)
                .setColorScheme(Help.defaultColorScheme(colours))
                .setOut(printer(terminal::out))
                .setErr(printer(text -> terminal.err(text, false)))
                .setParameterExceptionHandler((error, arguments) -> report(error, args))
                .setExecutionExceptionHandler((error, command, result) -> report(error, args));
    }

    /** A command that calls a provider: what is the same of all of them is told here. */
    private static CommandLine calling(Object command) {
        CommandLine commandLine = new CommandLine(command);
        CommandLine.Model.UsageMessageSpec help = commandLine.getCommandSpec().usageMessage();
        help.exitCodeList(ExitCode.meanings()).footer(Environment.before(help.footer()));
        return commandLine;
    }

    /** For a command that calls nobody, and works on the ledger. */
    private static CommandLine reading(CommandLine commandLine) {
        CommandLine.Model.UsageMessageSpec help = commandLine.getCommandSpec().usageMessage();
        help.exitCodeList(ExitCode.meanings()).footer(Environment.ofLedger(help.footer()));
        return commandLine;
    }

    private CommandLine budget() {
        CommandLine budget = new BudgetCommand(terminal, settings, clock).commandLine();
        budget.getSubcommands().values().forEach(Main::reading);
        return reading(budget);
    }

    private CommandLine simulate() {
        CommandLine simulate = new CommandLine(new SimulateCommand(terminal, clock));
        simulate.getCommandSpec().usageMessage().exitCodeList(SimulateCommand.exitCodes());
        return simulate;
    }

    private int report(Throwable error, String... args) {
        if (error instanceof OutputFailed failed && failed.readerGone()) {
            return ExitCode.OK.code();
        }
        List<String> options = Arrays.asList(args);
        options = options.subList(0, options.contains("--") ? options.indexOf("--") : options.size());
        boolean verbose = options.contains(OutputOptions.VERBOSE) || options.contains(OutputOptions.VERBOSE_SHORT);
        Failure failure = failure(error);
        if (options.contains(OutputOptions.JSON)) {
            terminal.err(failure.json(verbose).text() + "\n", false);
        } else {
            terminal.errLine(failure.line());
            if (verbose) {
                failure.trace().forEach(terminal::errLine);
            }
        }
        return failure.exitCode().code();
    }

    private static Failure failure(Throwable error) {
        if (error instanceof ParameterException usage) {
            String command = usage.getCommandLine().getCommandSpec().qualifiedName();
            return Failure.badInput(
                    usage.getMessage() + suggestions(usage) + " ('" + command + " --help' shows how)",
                    usage.getCause());
        }
        return Failure.of(error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error);
    }

    private static String suggestions(ParameterException usage) {
        if (!(usage instanceof UnmatchedArgumentException unmatched)) {
            return "";
        }
        List<String> suggested = unmatched.getSuggestions();
        if (!unmatched.isUnknownOption() && usage.getCommandLine().getParent() == null) {
            // Whoever writes one word means a command, whoever writes more has forgotten it.
            boolean isWord = unmatched.getUnmatched().get(0).matches("\\p{Lower}+");
            suggested = isWord && !suggested.isEmpty()
                    ? List.of("portolan " + suggested.get(0) + " …", "portolan chat …")
                    : List.of("portolan chat …");
        }
        return suggested.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggested) + "?";
    }

    private static PrintWriter printer(Consumer<String> sink) {
        return new PrintWriter(new Writer() {
            @Override
            public void write(char[] chars, int start, int length) {
                sink.accept(new String(chars, start, length));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }
}
