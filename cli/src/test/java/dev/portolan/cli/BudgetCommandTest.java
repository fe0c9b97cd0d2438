package dev.portolan.cli;

import static dev.portolan.cli.Spent.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.cost.Cost;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BudgetCommandTest {
    @TempDir
    private Path folder;

    private Run run(String line) {
        return prepared().run(line.isEmpty() ? new String[] {"budget"} : ("budget " + line).split(" "));
    }

    private Run prepared() {
        return Run.withProviders().in(folder).setting("OPENROUTER_API_KEY", "sk-or-test");
    }

    private void spend(Spent... calls) {
        Spent.in(folder.resolve("ledger.db"), calls);
    }

    @Test
    void without_a_budget_the_list_says_how_to_set_one() {
        Run run = run("");

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("No budget is set; for one: portolan budget set ")
                .hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_budget_counts_what_was_spent_already_and_is_listed_with_what_is_left() {
        spend(
                call("1", "2.50").tag("team", "search"),
                call("2", "0.0000624").tag("team", "mail").of("openrouter/acme/small"));

        Run set = run("set search --limit 10 --per ever --tag team=search");
        run("set everything --limit $100 --per ever --warn");
        run("set small --limit 0.00003 --per ever --model openrouter/acme/small");

        assertThat(set.exitCode).as(set.err()).isZero();
        assertThat(set.out()).isEmpty();
        assertThat(set.err())
                .isEqualTo("Budget 'search' is set: $10.00 in all for team=search; $2.50 spent, $7.50 left\n");
        Run list = run("");
        assertThat(list.out()).isEqualTo("""
                        NAME        FOR                    PER     LIMIT $    SPENT $  RESERVED $      LEFT $  RENEWS  USED             MODE
                        everything  all calls              ever  100.00     2.5000624        0.00  97.4999376  never   █░░░░░░░░░ 2%    warn
                        search      team=search            ever   10.00     2.50             0.00   7.50       never   ██░░░░░░░░ 25%   refuse
                        small       openrouter/acme/small  ever    0.00003  0.0000624        0.00  -0.0000324  never   ██████████ 208%  refuse
                        """);
        assertThat(list.err()).isEqualTo("3 budgets\n");
    }

    @Test
    void each_value_of_a_tag_has_the_budget_for_itself() {
        spend(call("1", "0.25").tag("user", "ann"), call("2", "0.75").tag("user", "bob"), call("3", "9"));

        Run set = run("set each-user --limit 1 --per ever --each-tag user");

        assertThat(set.err()).isEqualTo("Budget 'each-user' is set: $1.00 in all for each user\n");
        assertThat(run("").out().lines())
                .anySatisfy(line -> assertThat(line).contains("each-user  each user  ann ", "0.25", "0.75", "25%"))
                .anySatisfy(line -> assertThat(line).contains("each-user  each user  bob ", "75%"))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"day, 2026-03-06", "week, 2026-03-09", "MONTH, 2026-04-01"})
    void periods_are_those_of_the_calendar(String period, String renews) {
        Run set = prepared().at("2026-03-05T06:00:00Z").run("budget", "set", "all", "--limit=1", "--per", period);
        Run list = prepared().at("2026-03-05T06:00:00Z").run("budget");

        assertThat(set.err()).endsWith(" left until " + renews + "T00:00:00Z\n");
        assertThat(list.out()).contains(" " + renews + " ", "░░░░░░░░░░ 0%");
    }

    @Test
    void a_budget_of_the_same_name_takes_its_place_and_one_can_be_removed() {
        run("set all --limit 1 --per ever");
        run("set all --limit 2 --per ever");
        assertThat(run("").out()).contains("2.00").hasLineCount(2);

        Run removed = run("remove all");

        assertThat(removed.exitCode).isZero();
        assertThat(removed.err()).isEqualTo("Budget 'all' is removed\n");
        assertThat(run("").err()).startsWith("No budget is set");
        Run again = run("remove all");
        assertThat(again.exitCode).isEqualTo(2);
        assertThat(again.err())
                .contains("There is no budget 'all'; none is set")
                .hasLineCount(1);
        run("set some --limit 2 --per ever");
        assertThat(run("remove all").err()).contains("there are: some");
    }

    @Test
    void json_has_every_member_and_exact_amounts() {
        spend(call("1", "1.6e-7").tag("team", "search"), call("2", Cost.UNKNOWN).tag("team", "search"));

        Run set = prepared()
                .at("2026-03-05T06:00:00Z")
                .run(
                        "budget",
                        "set",
                        "s",
                        "--limit=0.5",
                        "--per=month",
                        "--tag=team=search",
                        "--at=0.25,80%",
                        "--json");
        Run list = prepared().at("2026-03-05T06:00:00Z").run("budget", "--json");

        assertThat(set.out()).isEqualTo(list.out()).hasLineCount(1);
        assertThat(list.out())
                .isEqualTo("{\"simulated\":false,\"budgets\":[{\"name\":\"s\",\"limit\":0.5,\"period\":\"month\","
                        + "\"scope\":{\"kind\":\"tag\",\"model\":null,\"tag\":\"team\",\"value\":\"search\"},\"mode\":\"refuse\","
                        + "\"thresholds\":[0.25,0.80],\"shares\":[{\"share\":\"\",\"since\":\"2026-03-01T00:00:00Z\",\"renews\":"
                        + "\"2026-04-01T00:00:00Z\",\"spent\":0.00000016,\"reserved\":0,\"left\":0.49999984}]}]}\n");
        assertThat(prepared().run("budget", "--json", "--offline").out())
                .isEqualTo("{\"simulated\":true,\"budgets\":[]}\n");
    }

    @Test
    void a_call_that_would_break_a_budget_reaches_nobody_and_has_its_exit_code() {
        try (OpenRouterSimulator server = OpenRouterSimulator.start()) {
            run("set search --limit 0 --per day --tag team=search");
            Run paying = prepared()
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .setting("OPENROUTER_API_BASE", server.baseUrl());

            Run refused = paying.run("chat", "--tag", "team=search", "--json", "Hello");

            assertThat(refused.exitCode).as(refused.err()).isEqualTo(11);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.errorJson()).containsEntry("type", "budget_exceeded");
            assertThat(server.requests()).noneMatch(request -> request.path().endsWith("/chat/completions"));
            assertThat(run("set search --limit 0 --per day --tag team=search --warn").exitCode)
                    .isZero();
            Run warned = Run.withProviders()
                    .in(folder)
                    .setting("OPENROUTER_API_KEY", server.apiKey())
                    .setting("OPENROUTER_API_BASE", server.baseUrl())
                    .run("chat", "--tag", "team=search", "Hello");
            assertThat(warned.exitCode).as(warned.err()).isZero();
            assertThat(warned.err())
                    .containsPattern(
                            "(?m)^warning: A call may exceed the budget 'search', which only warns: \\$0 spent of \\$0, "
                                    + "until \\S+Z$");
            assertThat(server.requests()).anyMatch(request -> request.path().endsWith("/chat/completions"));
        }
        assertThat(run("").out()).contains("100%", "warn");
    }

    @Test
    void budgets_of_simulated_calls_are_apart() {
        run("set all --limit 1 --per ever --offline");

        assertThat(run("").err()).startsWith("No budget is set");
        assertThat(run("--offline").out()).contains("all ");
    }

    @Test
    void faults_of_the_command_line_are_told_in_one_line() {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("set", "Missing required");
        faults.put("set all --per day", "--limit");
        faults.put("set all --limit 1", "--per");
        faults.put("set all --limit much --per day", "--limit: 'much' is not an amount of dollars");
        faults.put("set all --limit -1 --per day", "--limit: '-1' is not an amount of dollars");
        faults.put("set all --limit 1 --per hour", "--per: 'hour' is not one of day, week, month, ever");
        faults.put("set all --limit 1 --per day --at half", "--at: 'half' is not a part of the limit");
        faults.put("set all --limit 1 --per day --at 0", "greater than 0");
        faults.put("set all --limit 1 --per day --tag team", "--tag: expected NAME=VALUE");
        faults.put("set all --limit 1 --per day --model gpt", "--model: Bad model id 'gpt'");
        faults.put("set all --limit 1 --per day --tag a=b --each-tag c", "exclude each other");
        faults.put("remove", "Missing required");
        faults.put("remov x", "did you mean");

        faults.forEach((arguments, expected) -> {
            Run run = run(arguments);

            assertThat(run.err())
                    .as("%s", arguments)
                    .startsWith("portolan: ")
                    .contains(expected)
                    .hasLineCount(1);
            assertThat(run.exitCode).as("%s", arguments).isEqualTo(2);
        });
        Run nowhere =
                prepared().setting("PORTOLAN_LEDGER_URL", "memory").run("budget", "set", "a", "--limit=1", "--per=day");
        assertThat(nowhere.exitCode).isEqualTo(3);
        assertThat(nowhere.err()).contains("PORTOLAN_LEDGER_URL is 'memory'").hasLineCount(1);
    }
}
