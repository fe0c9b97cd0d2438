package dev.portolan.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** From the start of a JVM to the first reply, and how much memory that took. */
public final class StartUp {
    private static final String MEMORY_LINE = "VmHWM:";

    private StartUp() {}

    /**
     * Takes the address of the stub and how often; starts this very program again for each, with {@code -} in place of the
     * number.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[1].equals("-")) {
            try (Contender.Client client = Contender.found().open(Work.BLOCKING.baseUrl(arguments[0]))) {
                System.out.println(client.complete());
                System.out.println(peakKilobytes());
            }
            return;
        }
        String name = Contender.found().name();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            long begun = System.nanoTime();
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            StartUp.class.getName(),
                            arguments[0],
                            "-")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                String reply = lines.readLine();
                double millis = (System.nanoTime() - begun) / 1e6;
                if (reply == null || Integer.parseInt(reply) <= 0) {
                    throw new IOException("No reply of " + name);
                }
                new Figure(name, "START", "millis", millis).print();
                new Figure(name, "START", "megabytes", Double.parseDouble(lines.readLine()) / 1_000).print();
            }
            child.waitFor();
        }
    }

    /** The most memory that the process had, as Linux tells it; 0 elsewhere. */
    static long peakKilobytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith(MEMORY_LINE))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
