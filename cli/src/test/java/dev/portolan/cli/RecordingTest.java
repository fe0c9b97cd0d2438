package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What commands write down of their calls. */
@Timeout(60)
class RecordingTest {
    @TempDir
    private Path folder;

    private Run offline() {
        return Run.withProviders().in(folder);
    }

    @Test
    void every_call_is_written_down_once_whoever_answers_it() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            Run paid = offline()
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .setting("OPENROUTER_API_BASE", server.baseUrl());
            paid.run("chat", "--tag", "team=search", "--tag", "user=eve", "Hello");
            paid.run("embed", "a calm sea");
            paid.run("image", "-o", folder.resolve("sea.png").toString(), "a calm sea");
            paid.run("models");

            Run costs = offline().setting("OPENROUTER_API_KEY", server.apiKey());
            assertThat(costs.run("costs", "--by=operation").out())
                    .contains("chat ", "embedding ", "image ")
                    .contains(" " + server.bill().total().toPlainString());
            assertThat(server.requests())
                    .noneSatisfy(request -> assertThat(request.toString()).contains("team"));
        }
        assertThat(offline()
                        .run("costs", "--entries", "--tag=team=search", "--csv")
                        .out())
                .contains(",team=search user=eve,")
                .hasLineCount(2);
        assertThat(folder.resolve("simulated.db")).doesNotExist();
    }

    @Test
    void simulated_calls_never_mix_with_real_ones() {
        assertThat(offline().run("chat", "Hello").exitCode).isZero();
        assertThat(offline().setting("OPENROUTER_API_KEY", "sk-or-test").run("chat", "--offline", "Hello").exitCode)
                .isZero();

        assertThat(folder.resolve("ledger.db.pending")).doesNotExist();
        assertThat(folder.resolve("simulated.db.pending")).isNotEmptyFile();
        assertThat(offline().run("costs", "--offline").err()).startsWith("2 simulated calls · $");
    }

    @Test
    void a_call_does_not_open_the_database() {
        offline().run("chat", "--offline", "Hello");

        assertThat(folder.resolve("simulated.db")).doesNotExist();
        assertThat(folder.resolve("simulated.db.pending")).isNotEmptyFile();
    }

    @Test
    void the_folder_of_the_ledger_is_for_its_owner_alone() throws IOException {
        Path made = folder.resolve("share").resolve("portolan");

        Run.withProviders().in(made).run("chat", "--offline", "Hello");

        assertThat(made).isDirectory();
        if (made.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void in_a_ledger_of_the_settings_simulated_calls_are_marked() {
        Run shared = offline().setting("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + folder.resolve("shared.db"));
        assertThat(shared.run("chat", "--tag=team=search", "Hello").exitCode).isZero();
        assertThat(shared.run("embed", "Hello").exitCode).isZero();
        assertThat(shared.run("image", "-o", folder.resolve("a.png").toString(), "a cat").exitCode)
                .isZero();

        Run costs = offline().setting("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + folder.resolve("shared.db"));
        assertThat(costs.run("costs", "--tag=simulated=true").err()).contains("3 calls · $");
        assertThat(folder.resolve("simulated.db.pending")).doesNotExist();
    }

    @Test
    void a_ledger_that_cannot_be_written_does_not_spoil_the_answer() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");

        Run run = Run.withProviders().in(file).run("chat", "--offline", "Hello");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).contains("simulator");
        assertThat(run.err().lines().skip(1))
                .singleElement()
                .asString()
                .startsWith("ledger: Call ")
                .contains("was not recorded", file.toString(), "PORTOLAN_LEDGER_JOURNAL");
    }

    @Test
    void a_wrong_ledger_is_told_before_anything_is_asked() {
        Run run =
                offline().setting("PORTOLAN_LEDGER_URL", "jdbc:mysql://host/db").run("chat", "--offline", "Hello");

        assertThat(run.exitCode).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("portolan: PORTOLAN_LEDGER_URL is").hasLineCount(1);
    }

    @Test
    void a_tag_needs_a_name_and_a_value() {
        for (String tag : new String[] {"team", "=search", "team="}) {
            Run run = offline().run("chat", "--offline", "--tag", tag, "Hello");

            assertThat(run.exitCode).isEqualTo(2);
            assertThat(run.err()).containsIgnoringCase("tag").hasLineCount(1);
        }
    }
}
