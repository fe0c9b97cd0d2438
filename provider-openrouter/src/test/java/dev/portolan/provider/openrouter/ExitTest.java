package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM that has used the library comes to its end by itself, whatever was left open. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitTest {
    /** OkHttp keeps idle connections for a minute; nothing of the kind may hold the JVM. */
    private static final long SECONDS = 40;

    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        simulator.close();
    }

    /** What the other JVM does before its {@code main} returns. */
    enum Leaving {
        CLOSES,
        LEAVES_ALL_OPEN
    }

    /** Runs in a JVM of its own. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Portolan portolan =
                    Portolan.load(Settings.of(Map.of("OPENROUTER_API_KEY", "k", "OPENROUTER_API_BASE", args[0])));
            String reply = portolan.chat().complete(chat("an answer")).text();
            try (ChatStream stream = portolan.chat().stream(chat("a stream"))) {
                reply += stream.response().text();
            }
            EmbeddingRequest.Builder texts = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                    .batching(new EmbeddingRequest.Batching(1, 1000, 4));
            for (int i = 0; i < 8; i++) {
                texts.text("text " + i);
            }
            int vectors =
                    portolan.embeddings().embed(texts.build()).embeddings().size();
            ChatStream open = portolan.chat().stream(chat("STALL"));
            Object first = open.next();
            if (Leaving.valueOf(args[1]) == Leaving.CLOSES) {
                portolan.close();
            }
            System.out.println(reply.length() > 20 && vectors == 8 && first != null ? "all went well" : "wrong");
        }

        private static ChatRequest chat(String text) {
            return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                    .user(text)
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_jvm_exits_by_itself_at_the_end_of_main(Leaving leaving) throws Exception {
        simulator.faults().on(request -> request.body().contains("STALL")).always(Fault.stallAfterEvents(3));
        Path output = folder.resolve("output");

        Process program = start(leaving, output);

        try {
            assertThat(program.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as(leaving.name())
                    .isTrue();
        } finally {
            program.destroyForcibly();
        }
        assertThat(Files.readString(output)).isEqualToIgnoringNewLines("all went well");
        assertThat(program.exitValue()).isZero();
    }

    @Test
    void nothing_that_the_library_starts_is_a_thread_that_keeps_a_jvm_alive() {
        try (Portolan portolan = Portolan.load(Settings.of(
                Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())))) {
            portolan.embeddings()
                    .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                            .text("one")
                            .text("two")
                            .batching(new EmbeddingRequest.Batching(1, 1000, 2))
                            .build());

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().matches("(portolan|OkHttp|Okio).*"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }

    private Process start(Leaving leaving, Path output) throws IOException {
        Path arguments = folder.resolve("arguments"); // the class path can be longer than a command line
        Files.writeString(
                arguments,
                "-cp \"" + System.getProperty("java.class.path").replace("\\", "\\\\") + "\"",
                StandardCharsets.UTF_8);
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + arguments,
                Program.class.getName(),
                simulator.baseUrl(),
                leaving.name());
        // With these a JVM says that it has picked them up.
        program.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }
}
