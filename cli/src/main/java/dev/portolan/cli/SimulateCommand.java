package dev.portolan.cli;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** Simulates OpenRouter for clients of any language, until it is told to end. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Simulates OpenRouter on a port of this machine, for clients of any language.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "Chat, streams, tools, structured output, embeddings, images, rerank, speech, transcription and the catalogue, with "
                    + "the refusals and the exact prices of the real thing; nothing is sent anywhere, and nothing costs "
                    + "anything. The same requests in the same order get the same answers, ids included.",
            "",
            "Standard output gets the lines to export, as soon as it listens. Standard error gets a line for each request, "
                    + "without prompts and keys, and the bill at the end. Ctrl-C ends it, and so does SIGTERM.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Any key is accepted if --key does not name one, so that a client which has a key already needs no",
            "other. The base URL ends in /api/v1; the same is at /v1, as OpenAI has it.",
            "",
            "While it runs, other programs script faults and read the books, without a key:",
            "  curl localhost:4010/simulator/faults -d '{\"fault\":\"status 429 retry-after=2s\",\"times\":3}'",
            "  curl localhost:4010/simulator/faults -d '{\"fault\":\"cut events=3\",\"stream\":true}'",
            "  curl localhost:4010/simulator/faults             (what is scripted, and what happened)",
            "  curl -X DELETE localhost:4010/simulator/faults",
            "  curl localhost:4010/simulator/requests?last=1    (with bodies, without keys)",
            "  curl localhost:4010/simulator/bill",
            "  curl localhost:4010/simulator/status",
            "  curl -X POST localhost:4010/simulator/reset      (as after the start)",
            "",
            "Examples:",
            "  portolan simulate",
            "  portolan simulate --port 0 --quiet > simulator.env &    then: . ./simulator.env",
            "  portolan simulate --clock 2026-01-31 --chunk-delay 20ms",
            "  portolan simulate --fault-rate 0.2 --seed 42",
            "  portolan simulate --host 0.0.0.0 --key sk-test          (for other containers)"
        })
final class SimulateCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Clock clock;

    @ArgGroup(validate = false, heading = "%nWhere it listens:%n", order = 1)
    private ListenOptions listen = new ListenOptions();

    @ArgGroup(validate = false, heading = "%nHow it answers:%n", order = 2)
    private SimulationOptions simulation = new SimulationOptions();

    @ArgGroup(validate = false, heading = "%nWhat is kept and printed:%n", order = 3)
    private TrafficOptions traffic = new TrafficOptions();

    SimulateCommand(Terminal terminal, Clock clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        listen.check();
        simulation.check();
        traffic.check();
        new SimulatorServer(terminal, clock, listen, simulation, traffic).serve();
        return ExitCode.OK.code();
    }

    /** What the exit codes mean here, for the help text. */
    static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("   0", "it was told to end");
        codes.put("   1", "something unexpected");
        codes.put("   2", "wrong options, or a port that is taken: correct the command line");
        return codes;
    }
}
