package dev.portolan.cli;

import static dev.portolan.cli.Spent.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.spi.Provider;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CostsCommandTest {
    private static final String NOW = "2026-03-05T06:00:00Z"; // a Thursday

    @TempDir
    private Path folder;

    private Run run(String... args) {
        return prepared().run(withCommand(args));
    }

    private Run prepared() {
        return Run.withProviders().in(folder).at(NOW).setting("OPENROUTER_API_KEY", "sk-or-test");
    }

    private static String[] withCommand(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(0, "costs");
        return all.toArray(String[]::new);
    }

    private void spend(Spent... calls) {
        Spent.in(folder.resolve("ledger.db"), calls);
    }

    private void spendSome() {
        spend(
                call("1", "0.5").tag("team", "search").on("2026-03-01T10:00:00Z"),
                call("2", "0.0000624").of("openrouter/acme/small").tag("team", "mail"),
                call("3", "12.25").of("openrouter/acme/small").on("2026-03-05T05:00:00Z"),
                call("4", Cost.estimated(new BigDecimal("0.1"))).of("toy/one").by(Operation.IMAGE),
                call("5", Cost.UNKNOWN)
                        .of("toy/one")
                        .failing("RateLimitedException")
                        .generation("gen-5"));
    }

    // Sums

    @Test
    void the_table_has_exact_sums_by_model_the_dearest_first_and_the_points_below_each_other() {
        spendSome();

        Run run = run();

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("""
                        MODEL                  CALLS     IN  OUT      COST $  ESTIMATED  UNKNOWN
                        openrouter/acme/small      2  2,000   40  12.2500624
                        openrouter/acme/large      1  1,000   20   0.50
                        toy/one                    2  2,000   40   0.10               1        1
                        total                      5  5,000  100  12.8500624          1        1
                        """);
        assertThat(run.err()).isEqualTo("""
                        1 call of unknown cost is not in these sums; see portolan costs --open
                        1 call in these sums has a cost that is estimated from list prices
                        5 calls · $12.8500624
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider  | openrouter, toy",
                "upstream  | Acme",
                "day       | 2026-03-01, 2026-03-04, 2026-03-05",
                "week      | 2026-W09, 2026-W10",
                "month     | 2026-03",
                "operation | chat, image",
                "OUTCOME   | completed, failed",
                "tag:team  | –, search, mail"
            })
    void sums_are_by_anything_and_times_are_in_their_order(String by, String keys) {
        spendSome();

        Run run = run("--by", by);

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out().lines().skip(1).map(line -> line.split(" ", 2)[0]).toList())
                .containsExactlyElementsOf(List.of((keys + ", total").split(", ")));
    }

    @Test
    void several_breakdowns_are_a_table_each() {
        spendSome();

        assertThat(run("--by", "day", "--by", "provider").out())
                .startsWith("DAY ")
                .contains("\n\nPROVIDER ");
    }

    @Test
    void a_limit_adds_up_the_others() {
        spendSome();

        assertThat(run("--limit=1", "--sort=key").out()).isEqualTo("""
                        MODEL                  CALLS     IN  OUT      COST $  ESTIMATED  UNKNOWN
                        openrouter/acme/large      1  1,000   20   0.50
                        2 others                   4  4,000   80  12.3500624          1        1
                        total                      5  5,000  100  12.8500624          1        1
                        """);
        assertThat(run("--limit=1", "--sort=calls", "--by=day").out()).contains("\n2026-03-04 ", "\n2 others ");
    }

    @Test
    void currencies_have_sums_of_their_own() {
        spend(call("1", "1"), call("2", new Cost(BigDecimal.TEN, "EUR", Cost.Source.REPORTED)));

        Run run = run();

        assertThat(run.out()).isEqualTo("""
                        MODEL                  CALLS     IN  OUT   COST  CURRENCY
                        openrouter/acme/large      1  1,000   20  10.00  EUR
                        openrouter/acme/large      1  1,000   20   1.00  USD
                        total                      1  1,000   20  10.00  EUR
                        total                      1  1,000   20   1.00  USD
                        """);
        assertThat(run.err()).isEqualTo("2 calls · EUR 10 and $1\n");
    }

    // Which calls

    @ParameterizedTest
    @CsvSource({
        "--since=2026-03-05, 1",
        "--since=2026-03-04, 4",
        "--since=2026-03-04T12:00:01Z, 1",
        "--since=2026-03-04T13:00:00+01:00, 4",
        "--since=2026-03-04T12:00, 4",
        "--since=24h, 4",
        "--since=PT17H, 1",
        "--since=7d, 5",
        "--since=1w, 5",
        "--since=90m, 1",
        "--since=today, 1",
        "--since=yesterday, 4",
        "--since=week, 4",
        "--since=month, 5",
        "--since=2026, 5",
        "--until=2026-03-04, 4",
        "--until=2026-03-04T12:00:00Z, 1",
        "--until=yesterday, 4",
        "--until=1h, 4",
        "--since=2026-03 --until=2026-03, 5",
        "--model=openrouter/acme/small, 2",
        "--provider=toy, 2",
        "--operation=image, 1",
        "--outcome=failed, 1",
        "--tag=team=search, 1"
    })
    void calls_are_chosen_by_time_and_by_all_they_have(String options, int calls) {
        spendSome();

        Run run = run(options.split(" "));

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("(?m)^" + calls + " calls? · ");
    }

    @Test
    void the_period_is_told() {
        spendSome();

        assertThat(run("--since=2026-03-01", "--until=today").err())
                .endsWith(" · since 2026-03-01T00:00:00Z, before 2026-03-06T00:00:00Z\n");
    }

    @Test
    void an_empty_ledger_is_no_error_and_makes_no_file() {
        Run run = run();

        assertThat(run.exitCode).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("No calls are written down yet").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
        spendSome();
        assertThat(run("--since=2027").err()).isEqualTo("no call fits · since 2027-01-01T00:00:00Z\n");
        assertThat(run("--json", "--since=2027").out())
                .contains("\"totals\":[],\"tables\":[{\"by\":\"model\",\"rows\":[]}]");
    }

    // Single calls

    @Test
    void entries_are_listed_newest_first() {
        spendSome();

        Run run = run("--entries", "--limit=2", "--until=yesterday");

        assertThat(run.out()).isEqualTo("""
                        TIME (UTC)           MODEL    TAGS     IN  OUT     COST  LATENCY  FIRST  OUTCOME                        GENERATION
                        2026-03-04 12:00:00  toy/one  –     1,000   20  unknown    1.23s  0.25s  failed (RateLimitedException)  gen-5
                        2026-03-04 12:00:00  toy/one  –     1,000   20   ~$0.10    1.23s  0.25s  completed                      –
                        """);
        assertThat(run.err()).startsWith("the newest 2 calls; --limit shows more");
        assertThat(run("--entries", "--tag=team=search").out()).contains(" team=search ", "$0.50");
    }

    @Test
    void calls_of_unknown_cost_are_listed_with_what_can_be_done() {
        spendSome();
        spend(call("6", Cost.UNKNOWN).on("2026-03-05T05:58:00Z"));

        Run run = run("--open");

        assertThat(run.out()).isEqualTo("""
                        TIME (UTC)           AGE  MODEL                  TAGS  OUTCOME                        GENERATION
                        2026-03-04 12:00:00  18h  toy/one                –     failed (RateLimitedException)  gen-5
                        2026-03-05 05:58:00   2m  openrouter/acme/large  –     completed                      –
                        """);
        assertThat(run.err())
                .isEqualTo("2 calls of unknown cost: the provider can be asked for 1, by the generation id; 1 had no "
                        + "generation id yet\n");
        assertThat(run("--open", "--provider=nobody").err()).isEqualTo("no call of unknown cost\n");
    }

    @Test
    void what_the_provider_was_not_asked_yet_is_asked_for_and_written_down() {
        spend(
                call("1", Cost.UNKNOWN).of("openrouter/acme/large").generation("gen-1"),
                call("2", Cost.UNKNOWN).of("openrouter/acme/large").generation("gen-2"));
        Provider billed = new Provider() {
            @Override
            public Optional<BillingPort> billing() {
                return Optional.of((model, id) -> id.equals("gen-1")
                        ? Optional.of(new BillingPort.Bill(Cost.reported(new BigDecimal("0.0625")), Usage.of(3, 4)))
                        : Optional.empty());
            }

            @Override
            public void close() {}
        };

        Run run = Run.with(billed).in(folder).at(NOW).run("costs", "--reconcile");

        assertThat(run.err())
                .startsWith("1 call settled, 1 still open that can be asked for\n")
                .contains("1 call of unknown cost is not in these sums");
        assertThat(run("--entries", "--csv").out()).contains("0.0625");
    }

    @Test
    void a_provider_that_cannot_be_asked_is_told_with_the_reason() {
        spend(
                call("1", Cost.UNKNOWN).of("openrouter/acme/large").generation("gen-1"),
                call("2", Cost.UNKNOWN).of("openrouter/acme/large").generation("gen-2"));

        Run run = Run.withProviders().in(folder).at(NOW).run("costs", "--reconcile");

        assertThat(run.exitCode).isZero();
        assertThat(run.err())
                .startsWith("0 calls settled, 2 still open that can be asked for\n"
                        + "ledger: What calls of openrouter cost cannot be asked for: There is no API key for OpenRouter: "
                        + "set OPENROUTER_API_KEY")
                .containsOnlyOnce("cannot be asked for");
    }

    @Test
    void the_simulator_of_an_earlier_command_cannot_be_asked() {
        Spent.in(folder.resolve("simulated.db"), call("2", Cost.UNKNOWN).generation("gen-2"));

        Run run = run("--offline", "--reconcile");

        assertThat(run.exitCode).isEqualTo(ExitCode.BAD_INPUT.code());
        assertThat(run.err()).contains("--reconcile asks providers").hasLineCount(1);
    }

    // For programs

    @Test
    void json_has_every_member_and_exact_amounts() {
        spend(call("1", "1.6e-7").tag("team", "search"), call("2", "12345678901234567890.5"));

        Run run = run("--json", "--by=tag:team", "--since=month");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .hasLineCount(1)
                .isEqualTo("{\"simulated\":false,\"since\":\"2026-03-01T00:00:00Z\","
                        + "\"until\":null,\"totals\":[{\"currency\":\"USD\",\"calls\":2,\"unknownCalls\":0,\"estimatedCalls\":0,"
                        + "\"amount\":12345678901234567890.50000016,\"promptTokens\":2000,\"completionTokens\":40,"
                        + "\"totalTokens\":2040}],\"tables\":[{\"by\":\"tag:team\",\"rows\":[{\"key\":null,\"currency\":\"USD\","
                        + "\"calls\":1,\"unknownCalls\":0,\"estimatedCalls\":0,\"amount\":12345678901234567890.5,"
                        + "\"promptTokens\":1000,\"completionTokens\":20,\"totalTokens\":1020},{\"key\":\"search\",\"currency\":"
                        + "\"USD\",\"calls\":1,\"unknownCalls\":0,\"estimatedCalls\":0,\"amount\":0.00000016,"
                        + "\"promptTokens\":1000,\"completionTokens\":20,\"totalTokens\":1020}]}]}\n");
    }

    @Test
    void json_of_single_calls_has_all_that_is_written_down() {
        spendSome();

        assertThat(run("--json", "--entries", "--tag=team=search").out())
                .contains("\"entries\":[{\"callId\":\"1\",\"operation\":\"chat\",\"model\":\"openrouter/acme/large\",")
                .contains("\"tags\":{\"team\":\"search\"},\"started\":\"2026-03-01T10:00:00Z\",\"latency\":1.234,"
                        + "\"firstToken\":0.250,\"outcome\":\"completed\",\"error\":null,\"attempts\":1,")
                .contains("\"cost\":{\"amount\":0.5,\"currency\":\"USD\",\"source\":\"reported\"}");
        assertThat(run("--json", "--open").out())
                .contains("\"open\":[{\"callId\":\"5\"", "\"age\":64800,\"canBeAskedFor\":true");
    }

    @Test
    void csv_has_exact_decimals_and_nothing_that_a_spreadsheet_would_run() {
        spend(
                call("1", "-0.25").tag("team", "=HYPERLINK(\"http://evil\",\"x\")"),
                call("2", "1e-20").tag("team", "@SUM(1)"),
                call("3", "1E+3").tag("team", "a, \"b\"\nc"),
                call("4", "0").tag("team", "+1"),
                call("5", "0").tag("team", "-1"));

        assertThat(run("--csv", "--by=tag:team", "--sort=key").out())
                .isEqualTo("by,key,currency,calls,unknown_calls,estimated_calls,amount,prompt_tokens,completion_tokens,"
                        + "total_tokens\r\n"
                        + "tag:team,'+1,USD,1,0,0,0,1000,20,1020\r\n"
                        + "tag:team,'-1,USD,1,0,0,0,1000,20,1020\r\n"
                        + "tag:team,\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\",USD,1,0,0,-0.25,1000,20,1020\r\n"
                        + "tag:team,'@SUM(1),USD,1,0,0,0.00000000000000000001,1000,20,1020\r\n"
                        + "tag:team,\"a, \"\"b\"\"\nc\",USD,1,0,0,1000,1000,20,1020\r\n");
    }

    @Test
    void csv_of_single_calls_is_one_line_each() {
        spendSome();

        assertThat(run("--csv", "--entries", "--outcome=failed").out())
                .isEqualTo("call_id,started,age_seconds,operation,model,answered_model,upstream,tags,prompt_tokens,"
                        + "completion_tokens,total_tokens,amount,currency,cost_source,latency_seconds,"
                        + "first_token_seconds,outcome,error,attempts,generation_ids\r\n"
                        + "5,2026-03-04T12:00:00Z,64800,chat,toy/one,acme/large-2,Acme,,1000,20,1020,,USD,unknown,"
                        + "1.234,0.250,failed,RateLimitedException,3,gen-5\r\n");
    }

    @Test
    void on_a_terminal_the_table_fits_its_width() {
        spend(call("1", "0.5").of("openrouter/acme/" + "very-".repeat(20) + "large"));

        Run narrow = prepared().onTerminal(Terminal.Stream.OUT).wide(60).run("costs");

        assertThat(narrow.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
        assertThat(narrow.out()).contains("…", "very-large", "0.50");
    }

    // The page

    @Test
    void a_page_is_written_and_its_name_printed() throws IOException {
        spendSome();
        Path page = folder.resolve("costs.html");

        Run run = run("--html", page.toString(), "--since=month");

        assertThat(run.exitCode).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(page + "\n");
        assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("12.8500624", "2026-03-01");
        Run again = run("--html", page.toString());
        assertThat(again.exitCode).isEqualTo(2);
        assertThat(again.err())
                .contains("costs.html exists; --force overwrites it")
                .hasLineCount(1);
        assertThat(run("--html", page.toString(), "--force").exitCode).isZero();
    }

    // Which ledger

    @Test
    void simulated_calls_are_in_a_ledger_of_their_own() {
        spend(call("1", "1"));
        Spent.in(folder.resolve("simulated.db"), call("2", "0.25"), call("3", "0.25"));

        assertThat(run().err()).isEqualTo("1 call · $1\n");
        assertThat(run("--offline").err()).isEqualTo("2 simulated calls · $0.5\n");
        assertThat(run("--offline", "--json").out()).startsWith("{\"simulated\":true,");
    }

    @Test
    void without_a_key_the_simulated_calls_are_shown_unless_there_are_others() {
        Spent.in(folder.resolve("simulated.db"), call("2", "0.25"));
        Run keyless = Run.withProviders().in(folder).run("costs");

        assertThat(keyless.err()).startsWith("OPENROUTER_API_KEY is not set").contains("1 simulated call · $0.25");
        assertThat(run().err()).startsWith("No calls are written down yet");
        spend(call("1", "1"));
        assertThat(Run.withProviders().in(folder).run("costs").err()).isEqualTo("1 call · $1\n");
    }

    @Test
    void the_ledger_of_the_settings_is_read_and_simulated_calls_in_it_are_told() {
        Path shared = folder.resolve("shared.db");
        Spent.in(shared, call("1", "1"), call("2", "0.25").tag("simulated", "true"));

        Run run = prepared()
                .setting("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + shared)
                .run("costs");

        assertThat(run.err())
                .startsWith("1 call in these sums, $0.25 in all, were answered by the simulator")
                .endsWith("2 calls · $1.25\n");
        assertThat(prepared()
                        .setting("PORTOLAN_LEDGER_URL", "jdbc:sqlite:" + shared)
                        .run("costs", "--offline")
                        .err())
                .isEqualTo("1 simulated call · $0.25\n");
        assertThat(prepared()
                        .setting("PORTOLAN_LEDGER_URL", "memory")
                        .run("costs")
                        .err())
                .startsWith("PORTOLAN_LEDGER_URL is 'memory'")
                .contains("no call fits");
        assertThat(prepared()
                        .setting("PORTOLAN_LEDGER_URL", "none")
                        .run("costs")
                        .err())
                .startsWith("portolan: PORTOLAN_LEDGER_URL is 'none'")
                .hasLineCount(1);
    }

    @Test
    void a_ledger_that_cannot_be_read_is_told_with_its_exit_code() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Run down = prepared()
                .setting("PORTOLAN_LEDGER_URL", "jdbc:postgresql://127.0.0.1:" + port + "/db?password=s3cret")
                .run("costs", "--json");
        Run wrong = prepared()
                .setting("PORTOLAN_LEDGER_URL", "jdbc:mysql://host/db?password=s3cret")
                .run("costs");
        Files.writeString(folder.resolve("ledger.db"), "Dear ledger, ".repeat(100));
        Run letter = run();

        assertThat(down.exitCode).isEqualTo(9);
        assertThat(down.errorJson()).containsEntry("type", "ledger");
        assertThat(wrong.exitCode).isEqualTo(3);
        assertThat(wrong.err()).startsWith("portolan: PORTOLAN_LEDGER_URL is").hasLineCount(1);
        assertThat(letter.exitCode).isEqualTo(3);
        assertThat(letter.err()).contains("ledger.db").hasLineCount(1);
        assertThat(down.err() + wrong.err()).doesNotContain("s3cret");
    }

    @Test
    void faults_of_the_command_line_are_told_in_one_line() {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("--since=soon", "--since: 'soon' is not a time; write 2026-01-31");
        faults.put("--since=2026-13-01", "is not a time");
        faults.put("--until=7x", "--until: '7x' is not a time");
        faults.put("--by=colour", "--by: 'colour' is not one of model, provider, upstream, day, week, month");
        faults.put("--by=tag:", "'tag:' is not one of");
        faults.put("--sort=cheap", "'cheap' is not one of cost, calls, key");
        faults.put("--limit=0", "--limit must be at least 1, found 0");
        faults.put("--model=gpt", "--model: Bad model id 'gpt'");
        faults.put("--operation=video", "'video' is not one of chat, embedding, image");
        faults.put("--outcome=good", "'good' is not one of completed, failed, cancelled");
        faults.put("--tag=team", "--tag: expected NAME=VALUE");
        faults.put("--json --csv", "--json, --csv and --html exclude each other");
        faults.put("--entries --open", "--entries and --open list single calls");
        faults.put("--entries --by=day", "exclude each other, --by and --sort");
        faults.put("--html=x.html --by=day", "--html writes all there is");
        faults.put("--html=missing/x.html", "there is no folder");
        faults.put("--html=.", "'.' is not a file name");
        faults.put("--force", "--force is for the file of --html");

        faults.forEach((arguments, expected) -> {
            Run run = run(arguments.split(" "));

            assertThat(run.exitCode).as("%s: %s", arguments, run.err()).isEqualTo(2);
            String err = run.err();
            if (!arguments.contains("--json")) {
                assertThat(err).startsWith("portolan: ").hasLineCount(1);
            }
            assertThat(err).as("%s", arguments).contains(expected);
        });
    }
}
