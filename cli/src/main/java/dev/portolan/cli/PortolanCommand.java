package dev.portolan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand: shows what there is. */
@Command(
        name = "portolan",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "Calls language, embedding and image models from the shell: through OpenRouter, with exact costs, or offline "
                    + "through a built-in simulator that needs no key.",
            ""
        },
        footerHeading = "%nStart here:%n",
        footer = {
            "  portolan chat \"Why is the sky blue?\"",
            "  portolan embed --input sentences.txt > vectors.jsonl",
            "  portolan image \"a sunset over a calm ocean\" -o sunset.png",
            "  portolan models --input image --sort price",
            "  portolan costs --since 7d --by day",
            "  portolan budget set everything --limit 100 --per month",
            "  portolan simulate         (OpenRouter on a port of this machine, for clients of any language)",
            "  portolan help chat        (all options, exit codes and JSON members of a command)",
            "",
            "Without a key the simulator answers. To ask real models:",
            "  export OPENROUTER_API_KEY=...      (a key from openrouter.ai)"
        })
final class PortolanCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        CommandLine commandLine = spec.commandLine();
        throw new ParameterException(commandLine, "Which command? Try: portolan chat \"Why is the sky blue?\"");
    }
}
