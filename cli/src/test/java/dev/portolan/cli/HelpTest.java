package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.error.NotFoundException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    private final FakeModels models = new FakeModels();

    @ParameterizedTest
    @ValueSource(strings = {"chat --help", "help chat", "chat -h"})
    void the_help_of_chat_tells_options_exit_codes_environment_and_examples(String line) {
        Run run = Run.with(models).run(line.split(" "));

        assertThat(run.exitCode).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("--model", "--request", "Exit codes:", "  130   cancelled with Ctrl-C")
                .contains("OPENROUTER_API_KEY", "OR_API_KEY", "OPENROUTER_API_BASE", "OR_SITE_URL", "OR_APP_NAME")
                .contains("Examples:", "cost: {amount, currency, source}");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void the_help_of_chat_names_each_member_of_an_error() {
        models.refusing(details -> new NotFoundException("There is no such model", details));
        Run failed = Run.with(models).run("chat", "--json", "--verbose", "Hello");

        String help = Run.with(models).run("help", "chat").out();

        String errors = help.substring(help.indexOf("An error is an object"));
        assertThat(failed.errorJson().keySet())
                .isNotEmpty()
                .allSatisfy(member -> assertThat(errors).containsPattern("\\b" + member + "\\b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"embed", "image", "models"})
    void the_help_of_every_command_tells_exit_codes_environment_and_examples(String command) {
        Run run = Run.with(models).run("help", command);

        assertThat(run.exitCode).isZero();
        assertThat(run.out())
                .contains("Exit codes:", "OPENROUTER_API_KEY", "--offline", "--base-url")
                .contains("Examples:", "  portolan " + command + " ", "With --json");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"costs", "budget"})
    void the_help_of_a_command_that_reads_the_ledger_tells_where_that_is(String command) {
        Run run = Run.with(models).run("help", command);

        assertThat(run.exitCode).isZero();
        assertThat(run.out())
                .contains("Exit codes:", "PORTOLAN_LEDGER_URL", "PORTOLAN_DATA_DIR", "--offline")
                .contains("Examples:", "  portolan " + command + " ", "With --json");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "remove"})
    void the_help_of_a_subcommand_is_complete_too(String subcommand) {
        Run run = Run.with(models).run("budget", subcommand, "--help");

        assertThat(run.exitCode).isZero();
        assertThat(run.out())
                .startsWith((subcommand.equals("set") ? "Sets" : "Removes") + " a budget")
                .contains("Exit codes:", "PORTOLAN_LEDGER_URL", "  portolan budget " + subcommand + " ")
                .doesNotContain("%%");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void the_help_of_the_command_shows_where_to_start() {
        Run run = Run.with(models).run("--help");

        assertThat(run.exitCode).isZero();
        assertThat(run.out())
                .contains(
                        "portolan chat \"Why is the sky blue?\"", "portolan embed", "portolan image", "portolan models")
                .contains("portolan costs")
                .contains("portolan help chat");
        assertThat(run.out().lines()).allSatisfy(text -> assertThat(text).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void the_version_is_one_line() {
        Run run = Run.with(models).run("--version");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).startsWith("portolan ").endsWith(")\n").hasLineCount(1);
    }

    @Test
    void a_command_line_without_a_command_says_what_to_do() {
        Run run = Run.with(models).run();

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("portolan chat").hasLineCount(1);
    }

    @Test
    void a_prompt_without_a_command_is_told_with_what_was_probably_meant() {
        Run run = Run.with(models).run("Why is the sky blue?");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("did you mean portolan chat").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"embde", "imge", "model"})
    void a_mistyped_command_is_told_with_what_was_probably_meant(String command) {
        Run run = Run.with(models).run(command, "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err())
                .contains("did you mean portolan "
                        + Map.of("embde", "embed", "imge", "image", "model", "models")
                                .get(command))
                .hasLineCount(1);
    }

    @Test
    void a_mistyped_option_is_told_with_what_was_probably_meant() {
        Run run = Run.with(models).run("chat", "--temperatur=1", "Hello");

        assertThat(run.exitCode).isEqualTo(2);
        assertThat(run.err()).contains("did you mean --temperature").hasLineCount(1);
    }
}
