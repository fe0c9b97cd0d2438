package dev.portolan.cost.proof;

import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.error.BudgetExceededException;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of its own that makes calls, with the settings of its environment. */
final class CallingProcess {
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
                case "mixed" ->
                    new MixedCalls(portolan)
                            .make(
                                    Integer.parseInt(arguments[1]),
                                    Integer.parseInt(arguments[2]),
                                    Integer.parseInt(arguments[3]));
                case "until-refused" -> System.out.println(untilRefused(portolan));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
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
