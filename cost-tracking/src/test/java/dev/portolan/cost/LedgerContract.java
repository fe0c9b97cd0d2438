package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every ledger does. */
abstract class LedgerContract {
    Ledger ledger;

    /** An empty ledger. */
    abstract Ledger open() throws Exception;

    @BeforeEach
    void open_a_ledger() throws Exception {
        ledger = open();
    }

    @AfterEach
    void close_the_ledger() {
        ledger.close();
    }

    @Test
    void an_entry_reads_as_it_was_written_whatever_characters_it_holds() {
        CostEvent event = Events.full();

        ledger.record(event);

        assertThat(ledger.find(event.callId())).contains(event);
        assertThat(ledger.entries(LedgerQuery.ALL)).containsExactly(event);
        CostEvent found = ledger.find(event.callId()).orElseThrow();
        assertThat(found.tags().keySet()).containsExactlyElementsOf(event.tags().keySet());
        String odd = event.outcome().error();
        assertThat(ledger.entries(LedgerQuery.builder().tag(odd, odd).build())).containsExactly(event);
        assertThat(ledger.totals(Grouping.tag(odd), LedgerQuery.ALL))
                .extracting(Total::key)
                .containsExactly(odd);
    }

    @Test
    void an_unknown_call_has_no_entry() {
        assertThat(ledger.find("nobody")).isEmpty();
        assertThat(ledger.entries(LedgerQuery.ALL)).isEmpty();
        assertThat(ledger.totals(Grouping.MODEL, LedgerQuery.ALL)).isEmpty();
    }

    @Test
    void a_call_that_is_told_twice_is_charged_once() {
        ledger.record(call("1").cost("1").build());
        ledger.record(call("1").cost("2").build());
        ledger.recordAll(List.of(
                call("1").build(), call("2").cost("4").build(), call("2").build()));

        assertThat(total().amount()).isEqualByComparingTo("5");
        assertThat(total().calls()).isEqualTo(2);
    }

    @Test
    void a_generation_that_is_told_under_two_call_ids_is_charged_once() {
        ledger.record(call("1").generations(List.of("b", "a")).cost("1").build());
        ledger.record(call("2").generations(List.of("c", "a")).cost("2").build());
        ledger.record(call("3").generation("c").cost("4").build());
        ledger.record(call("4").model("other/x").generation("a").cost("8").build());

        assertThat(ledger.find("2")).isEmpty();
        assertThat(ledger.entries(LedgerQuery.ALL))
                .extracting(CostEvent::callId)
                .containsExactly("1", "3", "4");
        assertThat(total().amount()).isEqualByComparingTo("13");
    }

    @Test
    void blank_and_repeated_generation_ids_are_not_kept() {
        ledger.record(call("1").generations(List.of("", "a", "a")).build());
        ledger.record(call("2").generation("").build());

        assertThat(ledger.find("1").orElseThrow().answeredBy().generationIds()).containsExactly("a");
        assertThat(ledger.find("2")).isPresent();
    }

    @Test
    void sums_are_exact_to_the_last_digit() {
        List<String> amounts = List.of(
                "1.6e-7",
                "0.1",
                "0.2",
                "1e-18",
                "3e-30",
                "-0.0000001",
                "123456789012345678901234567890.1",
                "1E+3",
                "-5e20");
        BigDecimal expected = BigDecimal.ZERO;
        for (String amount : amounts) {
            ledger.record(call(amount).cost(amount).build());
            expected = expected.add(new BigDecimal(amount));
        }

        assertThat(total().amount()).isEqualByComparingTo(expected);
        assertThat(ledger.find("1.6e-7").orElseThrow().cost().amount()).isEqualTo(new BigDecimal("1.6e-7"));
        assertThat(ledger.find("1E+3").orElseThrow().cost().amount()).isEqualTo(new BigDecimal("1E+3"));
    }

    @Test
    void sums_beyond_64_bits_do_not_overflow() {
        Usage many = Usage.of(Long.MAX_VALUE / 2, 0);
        for (int i = 0; i < 12; i++) {
            ledger.record(call("" + i)
                    .cost("999999999.999999999999999999")
                    .usage(many)
                    .build());
        }

        assertThat(total().amount()).isEqualByComparingTo("11999999999.999999999999999988");
        assertThat(total().promptTokens()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_thousand_digits_are_taken_and_more_are_refused() {
        String most = "1e-1000";
        ledger.record(call("1").cost(most).build());
        ledger.record(call("2").cost("1e+1000").build());

        assertThat(total().amount()).isEqualByComparingTo(new BigDecimal(most).add(new BigDecimal("1e+1000")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.record(call("3").cost("1e-1001").build()))
                .withMessageContaining("call 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.record(call("3").started(Instant.MAX).build()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ledger.record(call(" ").build()));
    }

    @Test
    void an_unknown_cost_is_counted_apart_and_is_not_0() {
        ledger.record(call("1").cost("0").build());
        ledger.record(call("2").cost(Cost.UNKNOWN).build());
        ledger.record(call("3").cost(Cost.estimated(BigDecimal.ONE)).build());

        Total total = total();
        assertThat(total.calls()).isEqualTo(3);
        assertThat(total.unknownCalls()).isEqualTo(1);
        assertThat(total.estimatedCalls()).isEqualTo(1);
        assertThat(total.amount()).isEqualByComparingTo("1");
        assertThat(total.isComplete()).isFalse();
        assertThat(total.promptTokens()).isEqualTo(30);
        assertThat(ledger.find("2").orElseThrow().cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void an_unknown_cost_that_can_be_asked_for_is_settled_once() {
        ledger.record(call("1").cost(Cost.UNKNOWN).build());
        ledger.record(call("2")
                .cost(Cost.UNKNOWN)
                .generation("g")
                .usage(Usage.NOT_REPORTED)
                .build());
        ledger.record(call("3").generation("h").build());

        assertThat(ledger.unsettled(10)).extracting(CostEvent::callId).containsExactly("2");
        Instant begun = ledger.find("2").orElseThrow().timing().started();
        assertThat(ledger.unsettled(LedgerQuery.builder()
                        .since(begun)
                        .until(begun.plusNanos(1))
                        .build()))
                .hasSize(1);
        assertThat(ledger.unsettled(LedgerQuery.builder().until(begun).build())).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.unsettled(0));
        Cost cost = Cost.reported(new BigDecimal("0.125"));
        assertThat(ledger.settle("2", cost, Usage.of(7, 3))).isTrue();
        assertThat(ledger.settle("2", Cost.NONE, Usage.of(9, 9))).isFalse();
        assertThat(ledger.settle("nobody", cost, Usage.NOT_REPORTED)).isFalse();

        assertThat(ledger.unsettled(10)).isEmpty();
        CostEvent settled = ledger.find("2").orElseThrow();
        assertThat(settled.cost()).isEqualTo(cost);
        assertThat(settled.usage()).isEqualTo(Usage.of(7, 3));
        assertThat(settled.answeredBy().generationIds()).containsExactly("g");
        assertThat(total().amount()).isEqualByComparingTo("0.625");
        assertThatIllegalArgumentException().isThrownBy(() -> ledger.settle("1", Cost.UNKNOWN, Usage.NOT_REPORTED));
    }

    @Test
    void an_estimate_is_replaced_by_what_was_reported_and_usage_stays_if_none_comes() {
        ledger.record(call("1").cost(Cost.estimated(new BigDecimal("3e-30"))).build());

        assertThat(ledger.settle("1", Cost.reported(BigDecimal.ONE), Usage.NOT_REPORTED))
                .isTrue();

        assertThat(ledger.find("1").orElseThrow().usage()).isEqualTo(Usage.of(10, 5));
        assertThat(total().amount()).isEqualByComparingTo("1");
        assertThat(total().estimatedCalls()).isZero();
    }

    @Test
    void what_was_settled_stands_in_the_totals_of_its_tags() {
        ledger.record(call("1")
                .tag("team", "red")
                .tag("env", "prod")
                .cost(Cost.UNKNOWN)
                .build());
        ledger.record(call("2").tag("team", "red").cost("1e-27").build());

        assertThat(ledger.settle("1", Cost.estimated(new BigDecimal("3")), Usage.of(7, 3)))
                .isTrue();
        assertThat(ledger.settle("1", Cost.estimated(new BigDecimal("1e-40")), Usage.of(1, Long.MAX_VALUE / 2)))
                .isTrue();
        assertThat(ledger.settle("1", Cost.reported(new BigDecimal("2")), Usage.of(6, 4)))
                .isTrue();

        assertThat(ledger.totals(Grouping.tag("team"), LedgerQuery.ALL))
                .containsExactly(
                        new Total("red", "USD", 2, 0, 0, new BigDecimal("2.000000000000000000000000001"), 16, 9, 25));
        assertThat(ledger.totals(
                        Grouping.MODEL, LedgerQuery.builder().tag("env", "prod").build()))
                .extracting(Total::amount)
                .containsExactly(new BigDecimal("2"));
        assertThat(ledger.find("1").orElseThrow().tags()).hasSize(2);
    }

    @Test
    void a_period_holds_its_beginning_and_not_its_end() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        ledger.record(call("late").started(noon.plusNanos(1)).build());
        ledger.record(call("at").started(noon).build());
        ledger.record(call("early").started(noon.minusNanos(1)).build());

        assertThat(ids(LedgerQuery.builder().since(noon))).containsExactly("at", "late");
        assertThat(ids(LedgerQuery.builder().until(noon))).containsExactly("early");
        assertThat(ids(LedgerQuery.builder().since(noon).until(noon.plusNanos(1))))
                .containsExactly("at");
        assertThat(ids(LedgerQuery.builder()
                        .since(Instant.MIN)
                        .until(Instant.MAX)
                        .limit(2)))
                .containsExactly("early", "at");
    }

    @Test
    void the_newest_entries_come_first_when_asked_for() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        ledger.record(
                call("early").started(noon.minusNanos(1)).tag("team", "red").build());
        ledger.record(call("late").started(noon.plusNanos(1)).tag("team", "red").build());
        ledger.record(call("same-1").started(noon).tag("team", "red").build());
        ledger.record(call("same-2").started(noon).tag("team", "blue").build());

        assertThat(ids(LedgerQuery.builder().newestFirst())).containsExactly("late", "same-2", "same-1", "early");
        assertThat(ids(LedgerQuery.builder().newestFirst().limit(2))).containsExactly("late", "same-2");
        assertThat(ids(LedgerQuery.builder().newestFirst().tag("team", "red").limit(2)))
                .containsExactly("late", "same-1");
    }

    @Test
    void a_tag_is_not_found_in_the_text_of_another() {
        ledger.record(call("1").tag("a", "b").tag("c", "d").build());
        ledger.record(call("2").tag("a", "bc").build());
        ledger.record(call("3").tag("xa", "b").build());
        ledger.record(call("4").tag("a", "b\u001ec\u001fd").build());
        ledger.record(call("5").tag("a\u001fb", "").build());

        assertThat(ids(LedgerQuery.builder().tag("a", "b").tag("c", "d"))).containsExactly("1");
        assertThat(ids(LedgerQuery.builder().tag("a", "b"))).containsExactly("1");
        assertThat(ledger.totals(
                        Grouping.tag("c"), LedgerQuery.builder().tag("a", "b").build()))
                .extracting(Total::key, Total::calls)
                .containsExactly(tuple("d", 1L));
        assertThat(ledger.totals(Grouping.tag("a"), LedgerQuery.ALL))
                .extracting(Total::key)
                .containsExactly(null, "b", "b\u001ec\u001fd", "bc");
    }

    @Test
    void tags_of_any_length_are_taken() {
        String lengthy = new Random(1)
                .ints(20_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        ledger.record(call("1").tag(lengthy, lengthy).build());
        ledger.record(call("2").tag(lengthy, lengthy + "x").build());

        assertThat(ids(LedgerQuery.builder().tag(lengthy, lengthy))).containsExactly("1");
        assertThat(ledger.totals(Grouping.tag(lengthy), LedgerQuery.ALL))
                .extracting(Total::key)
                .containsExactly(lengthy, lengthy + "x");
    }

    @Test
    void entries_are_chosen_by_each_thing_they_have() {
        ledger.record(
                call("1").model("openrouter/a").tag("team", "red").tag("x", "1").build());
        ledger.record(call("2")
                .model("other/a")
                .operation(Operation.IMAGE)
                .tag("team", "red")
                .build());
        ledger.record(call("3")
                .model("openrouter/b")
                .status(Outcome.Status.FAILED)
                .tag("x", "red")
                .build());

        assertThat(ids(LedgerQuery.builder().provider("openrouter"))).containsExactly("1", "3");
        assertThat(ids(LedgerQuery.builder().model(ModelId.parse("openrouter/a"))))
                .containsExactly("1");
        assertThat(ids(LedgerQuery.builder().operation(Operation.IMAGE))).containsExactly("2");
        assertThat(ids(LedgerQuery.builder().status(Outcome.Status.FAILED))).containsExactly("3");
        assertThat(ids(LedgerQuery.builder().tag("team", "red"))).containsExactly("1", "2");
        assertThat(ids(LedgerQuery.builder().tag("team", "red").tag("x", "1"))).containsExactly("1");
    }

    @Test
    void totals_are_grouped_by_tag_and_calls_without_it_come_first() {
        ledger.record(call("1").tag("team", "red").cost("1").build());
        ledger.record(call("2").tag("team", "blue").cost("2").build());
        ledger.record(call("3").tag("team", "red").cost("4").build());
        ledger.record(call("4").cost("8").build());

        assertThat(ledger.totals(Grouping.tag("team"), LedgerQuery.ALL))
                .extracting(Total::key, total -> total.amount().toPlainString())
                .containsExactly(tuple(null, "8"), tuple("blue", "2"), tuple("red", "5"));
    }

    @Test
    void totals_by_two_things_have_a_row_and_a_column() {
        Instant next = Instant.parse("2026-03-02T00:00:00Z");
        ledger.record(call("1").tag("team", "red").cost("1").build());
        ledger.record(call("2").cost("2").build());
        ledger.record(call("3").tag("team", "red").cost("3e-30").build());
        ledger.record(call("4").tag("team", "red").started(next).cost("8").build());

        assertThat(ledger.totals(Grouping.DAY, Grouping.tag("team"), LedgerQuery.ALL))
                .extracting(
                        CrossTotal::row,
                        cell -> cell.total().key(),
                        cell -> cell.total().amount().toPlainString())
                .containsExactly(
                        tuple("2026-03-01", null, "2"),
                        tuple("2026-03-01", "red", "1." + "0".repeat(29) + "3"),
                        tuple("2026-03-02", "red", "8"));
        assertThat(ledger.totals(Grouping.tag("team"), Grouping.tag("team"), LedgerQuery.ALL))
                .extracting(CrossTotal::row, cell -> cell.total().key())
                .containsExactly(tuple(null, null), tuple("red", "red"));
    }

    @Test
    void the_names_of_tags_are_those_of_the_calls_that_match() {
        ledger.record(call("1").tag("team", "red").tag("a\u0000b", "1").build());
        ledger.record(call("2").model("other/x").tag("user", "eve").build());

        assertThat(ledger.tagNames(LedgerQuery.ALL)).containsExactly("a\u0000b", "team", "user");
        assertThat(ledger.tagNames(
                        LedgerQuery.builder().provider("other").limit(1).build()))
                .containsExactly("user");
        assertThat(ledger.tagNames(LedgerQuery.builder().tag("team", "blue").build()))
                .isEmpty();
    }

    @Test
    void the_latest_entries_come_newest_first() {
        Instant noon = Instant.parse("2026-03-01T12:00:00Z");
        for (int i = 1; i <= 4; i++) {
            ledger.record(call("" + i).started(noon.plusSeconds(i % 4)).build());
        }

        assertThat(ledger.entries(LedgerQuery.builder().newestFirst().limit(3).build()))
                .extracting(CostEvent::callId)
                .containsExactly("3", "2", "1");
    }

    @Test
    void entries_of_unknown_cost_are_listed_whether_they_can_be_asked_for_or_not() {
        ledger.record(call("1").cost(Cost.UNKNOWN).build());
        ledger.record(call("2").cost("0").build());
        ledger.record(call("3").cost(Cost.UNKNOWN).generation("g").build());
        ledger.record(call("4").cost(Cost.UNKNOWN).model("other/x").build());

        assertThat(ledger.unknown(LedgerQuery.ALL))
                .extracting(CostEvent::callId)
                .containsExactly("1", "3", "4");
        assertThat(ledger.unknown(
                        LedgerQuery.builder().provider("openrouter").limit(1).build()))
                .extracting(CostEvent::callId)
                .containsExactly("1");
    }

    @Test
    void currencies_are_never_added_together() {
        ledger.record(call("1").cost("1").build());
        ledger.record(call("2")
                .cost(new Cost(BigDecimal.TEN, "EUR", Cost.Source.REPORTED))
                .build());

        assertThat(ledger.totals(Grouping.NOTHING, LedgerQuery.ALL))
                .extracting(Total::currency)
                .containsExactly("EUR", "USD");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void totals_are_those_of_the_events_themselves_whatever_they_are(long seed) {
        Random dice = new Random(seed);
        InMemoryLedger model = new InMemoryLedger();
        List<CostEvent> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            events.add(Events.random("call-" + dice.nextInt(180), dice));
        }
        model.recordAll(events);
        ledger.recordAll(events);

        List<LedgerQuery> queries = List.of(
                LedgerQuery.ALL,
                LedgerQuery.builder().tag("team", "red").build(),
                LedgerQuery.builder().tag("team", "").newestFirst().limit(7).build(),
                LedgerQuery.builder().tag("env", "prod").tag("team", "blue").build(),
                LedgerQuery.builder()
                        .model(ModelId.parse("openrouter/a/b"))
                        .newestFirst()
                        .build(),
                LedgerQuery.builder()
                        .tag("env", "prod")
                        .status(Outcome.Status.FAILED)
                        .build(),
                LedgerQuery.builder()
                        .since(Instant.parse("2026-03-02T00:00:00Z"))
                        .until(Instant.parse("2026-03-04T00:00:00Z"))
                        .provider("openrouter")
                        .build());
        List<Grouping> groupings = new ArrayList<>(List.of(Grouping.Field.values()));
        groupings.add(Grouping.tag("team"));
        groupings.add(Grouping.tag("env"));
        groupings.add(Grouping.tag("nobody"));
        for (LedgerQuery query : queries) {
            assertThat(ledger.entries(query)).isEqualTo(model.entries(query));
            for (Grouping by : groupings) {
                assertThat(ledger.totals(by, query))
                        .as("by %s of %s", by, query)
                        .isEqualTo(model.totals(by, query));
                assertThat(ledger.totals(Grouping.DAY, by, query))
                        .as("by day and %s of %s", by, query)
                        .isEqualTo(model.totals(Grouping.DAY, by, query));
            }
            assertThat(ledger.unknown(query)).isEqualTo(model.unknown(query));
            assertThat(ledger.tagNames(query)).isEqualTo(model.tagNames(query));
        }
        assertThat(ledger.unsettled(20)).isEqualTo(model.unsettled(20));
    }

    @Test
    void many_threads_lose_nothing_and_count_nothing_twice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread * 100;
                // Each call is told by two threads.
                ends.add(threads.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        String id = "call-" + (first + i) % 800;
                        ledger.record(
                                call(id).generation("gen-" + id).cost("1.6e-7").build());
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(total().calls()).isEqualTo(800);
        assertThat(total().amount()).isEqualByComparingTo("0.000128");
    }

    @Test
    void the_record_of_an_interrupted_caller_is_written_and_the_interrupt_stays() {
        Thread.currentThread().interrupt();
        ledger.record(call("1").build());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(ledger.find("1")).isPresent();
        assertThat(ledger.find("1").orElseThrow().timing().latency()).isEqualTo(Duration.ofNanos(1_234_567_890));
    }

    Total total() {
        return ledger.totals(Grouping.NOTHING, LedgerQuery.ALL).get(0);
    }

    private List<String> ids(LedgerQuery.Builder query) {
        return ledger.entries(query.build()).stream().map(CostEvent::callId).toList();
    }
}
