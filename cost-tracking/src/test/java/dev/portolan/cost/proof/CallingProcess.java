package dev.portolan.cost.proof;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of its own that makes calls, with the settings of its environment. */
final class CallingProcess {
    /** What is printed once so many calls have ended. */
    static final String WARM = "warm";

    static final int CALLS_TO_WARM_UP = 2000;

    private CallingProcess() {}

    /** Starts one; its standard output can be read. */
    static Process start(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CallingProcess.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    public static void main(String... arguments) throws Exception {
        try (Portolan portolan = Portolan.load()) {
            switch (arguments[0]) {
                case "mixed" -> {
                    int from = Integer.parseInt(arguments[1]);
                    int to = Integer.parseInt(arguments[2]);
                    int threads = Integer.parseInt(arguments[3]);
                    int half = Math.min(to, from + CALLS_TO_WARM_UP);
                    new MixedCalls(portolan).make(from, half, threads);
                    System.out.println(WARM);
                    new MixedCalls(portolan).make(half, to, threads);
                }
                case "until-refused" -> System.out.println(untilRefused(portolan));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Of which forty tokens cost a fraction of a cent. */
    static SimulatedModel dearModel() {
        return SimulatedModel.builder("proof/dear").prices("0.00001", "0.0001").build();
    }

    static boolean isCompletion(SimulatorRequest request) {
        return request.path().endsWith("/chat/completions");
    }

    /** Returns how many calls were made before the budget was used up. */
    private static int untilRefused(Portolan portolan) {
        for (int made = 0; ; made++) {
            try {
                portolan.chat()
                        .complete(ChatRequest.builder("openrouter/proof/dear")
                                .user("Spend a little, please: " + made)
                                .maxTokens(40)
                                .tag("fleet", "eight")
                                .build());
            } catch (BudgetExceededException refused) {
                return made;
            }
        }
    }
}
