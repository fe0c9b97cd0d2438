package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetAlert.Kind;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the budgets of every ledger do. */
abstract class BudgetContract {
    private static final ModelId MODEL = ModelId.parse("openrouter/google/gemini-2.5-flash");
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    final FakeClock clock = new FakeClock("2026-03-11T12:00:00Z");
    final List<BudgetAlert> alerts = Collections.synchronizedList(new ArrayList<>());
    Ledger ledger;
    BudgetBook budgets;

    /** An empty ledger. */
    abstract Ledger open() throws Exception;

    /** The same ledger as another process would open it; for one that others cannot open, itself. */
    abstract Ledger another();

    @BeforeEach
    void open_a_ledger() throws Exception {
        ledger = open();
        budgets = ledger.budgets();
        budgets.listen(alerts::add);
    }

    @AfterEach
    void close_the_ledger() {
        ledger.close();
    }

    @Test
    void what_is_spent_is_the_exact_sum_of_the_entries_and_a_repeated_record_changes_nothing() {
        budgets.set(Budget.of("all", "10.00", Period.DAY));

        record("1", "1.6e-7");
        record("1", "5");
        ledger.recordAll(List.of(
                event("2").cost("0.1").build(),
                event("2").cost("7").build(),
                event("3").cost("3e-30").build(),
                event("4").cost(Cost.UNKNOWN).build(),
                event("5")
                        .cost(new Cost(BigDecimal.TEN, "EUR", Cost.Source.REPORTED))
                        .build(),
                event("6").cost("-0.00000001").build()));

        assertThat(state().spent()).isEqualByComparingTo("0.100000150000000000000000000003");
        assertThat(state().left()).isEqualByComparingTo("9.899999849999999999999999999997");
        assertThat(state().reserved()).isZero();
        assertThat(state().since()).isEqualTo("2026-03-11T00:00:00Z");
        assertThat(state().renews()).isEqualTo("2026-03-12T00:00:00Z");
    }

    @Test
    void a_call_that_would_break_a_budget_is_refused_and_told_what_is_left() {
        budgets.set(Budget.of("search", "10.00", Period.DAY).withScope(Scope.tag("team", "search")));
        Map<String, String> tags = Map.of("team", "search");
        ledger.record(event("1").tag("team", "search").cost("9.98").build());
        reserve("2", "0.0077", tags);

        BudgetExceededException refused =
                catchThrowableOfType(BudgetExceededException.class, () -> reserve("3", "0.0456", tags));

        assertThat(refused)
                .hasMessage("The budget 'search' ($10.00 a day, tag team=search) has $0.0123 left, and this call to"
                        + " openrouter/google/gemini-2.5-flash may cost up to $0.0456. It renews at"
                        + " 2026-03-12T00:00:00Z. Nothing was sent. Wait, ask for fewer tokens (maxTokens), or raise the"
                        + " budget.");
        assertThat(refused.retryAfter()).contains(Duration.ofHours(12));
        assertThat(refused.details().model()).isEqualTo(MODEL);
        BudgetExceededException.Shortage shortage = refused.shortage().orElseThrow();
        assertThat(shortage.budget()).isEqualTo("search");
        assertThat(shortage.limit()).isEqualTo(new BigDecimal("10.00"));
        assertThat(shortage.left()).isEqualByComparingTo("0.0123");
        assertThat(shortage.asked()).isEqualByComparingTo("0.0456");
        assertThat(shortage.renews()).isEqualTo("2026-03-12T00:00:00Z");
        assertThat(state().reserved()).isEqualByComparingTo("0.0077");
        reserve("3", "0.0123", tags);
        assertThat(state().left()).isZero();
    }

    @Test
    void waiting_is_advised_only_where_it_helps() {
        budgets.set(Budget.of("day", "1", Period.DAY));
        assertThat(refusal("1", "1.5"))
                .hasMessageEndingWith("Nothing was sent. Ask for fewer tokens (maxTokens), or raise the budget.")
                .satisfies(e -> assertThat(e.retryAfter()).isEmpty());

        budgets.set(Budget.of("ever", "1", Period.FOREVER));
        record("1", "1");
        assertThat(refusal("2", "0.5"))
                .as("the one that renews last is told")
                .hasMessageContaining("'ever' ($1 in all) has $0 left")
                .satisfies(e -> assertThat(e.retryAfter()).isEmpty())
                .satisfies(e -> assertThat(e.shortage().orElseThrow().renews()).isNull());

        record("2", "0.25");
        assertThat(refusal("3", "0"))
                .hasMessageContaining(
                        "is overdrawn by $0.25, and what this call to " + MODEL + " may cost is not known.")
                .hasMessageEndingWith("To call it, raise the budget.");
    }

    @Test
    void an_entry_takes_the_place_of_what_was_put_by_for_its_call() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0.6");
        assertThat(state().reserved()).isEqualByComparingTo("0.6");
        refusal("2", "0.5");

        record("1", "0.1");

        assertThat(state().reserved()).isZero();
        assertThat(state().spent()).isEqualByComparingTo("0.1");
        reserve("2", "0.9");
    }

    @Test
    void an_entry_of_unknown_cost_keeps_what_was_put_by_until_it_is_settled() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0.6");
        ledger.record(event("1").cost(Cost.UNKNOWN).generation("gen-1").build());

        assertThat(state())
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(zero(), number("0.6"));

        assertThat(ledger.settle("1", Cost.estimated(number("0.25")), Usage.NOT_REPORTED))
                .isTrue();
        assertThat(state())
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(number("0.25"), zero());

        assertThat(ledger.settle("1", Cost.reported(number("0.125")), Usage.NOT_REPORTED))
                .isTrue();
        assertThat(ledger.settle("1", Cost.reported(number("0.5")), Usage.NOT_REPORTED))
                .isFalse();
        assertThat(ledger.settle("nobody", Cost.reported(number("0.5")), Usage.NOT_REPORTED))
                .isFalse();
        assertThat(state().spent()).isEqualByComparingTo("0.125");
    }

    @Test
    void what_is_put_by_lapses_when_nothing_is_heard_of_the_call() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0.6");
        ledger.record(event("1").cost(Cost.UNKNOWN).build());

        clock.advance(HALF_AN_HOUR.minusNanos(1));
        refusal("2", "0.5");
        clock.advance(Duration.ofNanos(1));

        assertThat(state().reserved()).isZero();
        reserve("2", "1");
        assertThat(state().reserved()).isEqualByComparingTo("1");
        clock.advance(Duration.ofHours(-1));
        assertThat(state().reserved()).as("the lapsed one is gone").isEqualByComparingTo("1");
    }

    @Test
    void what_was_put_by_for_a_call_that_is_not_made_is_given_back() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        budgets.set(Budget.of("more", "2", Period.MONTH));
        reserve("1", "0.6");
        reserve("2", "0.3");

        budgets.release("1");
        budgets.release("nobody");

        assertThat(budgets.states(clock.instant()))
                .extracting(BudgetState::reserved)
                .containsExactly(number("0.3"), number("0.3"));
    }

    @Test
    void a_call_that_asks_again_gets_no_second_share() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0.6");

        reserve("1", "0.9");

        assertThat(state().reserved()).isEqualByComparingTo("0.9");
    }

    @Test
    void money_is_put_by_out_of_every_budget_or_out_of_none() {
        budgets.set(Budget.of("a", "1", Period.DAY));
        budgets.set(Budget.of("b", "0.5", Period.DAY).withScope(Scope.model(MODEL)));
        budgets.set(Budget.of("c", "0.1", Period.DAY).withScope(Scope.model(ModelId.parse("other/model"))));

        assertThat(refusal("1", "0.6")).hasMessageContaining("'b' ($0.5 a day, model " + MODEL + ")");
        assertThat(reservedByBudget()).containsExactly(tuple("a", zero()), tuple("b", zero()), tuple("c", zero()));

        reserve("1", "0.5");
        assertThat(reservedByBudget())
                .containsExactly(tuple("a", number("0.5")), tuple("b", number("0.5")), tuple("c", zero()));
    }

    @Test
    void each_value_of_a_tag_has_the_whole_budget_for_itself_whatever_it_is() {
        String odd = "tab\t nul\u0000 esc\u001b 'quote' \ud83d\ude00 lone\ud800 \u00e9 ";
        String beginning = odd + "x".repeat(5000);
        budgets.set(Budget.of("each", "1", Period.DAY).withScope(Scope.eachTag("user")));
        ledger.record(event("1").tag("user", "ann").cost("0.75").build());
        ledger.record(event("2").tag("user", beginning + "1").cost("0.25").build());
        ledger.record(event("3").tag("user", beginning + "2").cost("0.5").build());
        ledger.record(event("4").cost("8").build());
        reserve("5", "0.75", Map.of("user", beginning + "1"));
        reserve("6", "0.5", Map.of("user", "zoe"));
        reserve("7", "100", Map.of());

        assertThat(refusal("8", "0.5", Map.of("user", "ann")))
                .hasMessageContaining("'each' ($1 a day for each user, here ann) has $0.25 left")
                .satisfies(e -> assertThat(e.shortage().orElseThrow().share()).isEqualTo("ann"));
        assertThat(refusal("8", "0.5", Map.of("user", beginning + "1")))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).doesNotContainPattern("\\p{Cntrl}"));
        assertThat(budgets.states(clock.instant()))
                .extracting(BudgetState::share, BudgetState::spent, BudgetState::reserved)
                .containsExactly(
                        tuple("ann", number("0.75"), zero()),
                        tuple(beginning + "1", number("0.25"), number("0.75")),
                        tuple(beginning + "2", number("0.5"), zero()),
                        tuple("zoe", zero(), number("0.5")));
    }

    @Test
    void a_budget_reads_as_it_was_set_also_by_another_process() {
        List<Budget> all = List.of(
                new Budget(
                        "a 'b' \"c\" :d ? \u00e9 \ud83d\ude00 \u0000",
                        new BigDecimal("10.00"),
                        Period.MONTH,
                        Scope.tag("t \u0000", "v \ud800"),
                        Budget.Mode.WARN,
                        List.of()),
                Budget.of("b", "1e-20", Period.WEEK).withScope(Scope.eachTag("user")),
                Budget.of("c", "0", Period.FOREVER).withScope(Scope.model(MODEL)),
                Budget.of("d", "1E+3", Period.DAY).withThresholds(new BigDecimal("2.50"), new BigDecimal("0.1")));
        all.forEach(budgets::set);

        try (Ledger other = another()) {
            assertThat(other.budgets().budgets()).isEqualTo(all);
            assertThat(other.budgets().budgetsFor(ModelId.parse("x/y"), Map.of("user", "u")))
                    .extracting(Budget::name)
                    .containsExactly("b", "d");
            assertThat(other.budgets().remove("d")).isTrue();
            assertThat(other.budgets().remove("d")).isFalse();
        }
        assertThat(budgets.budgets()).isEqualTo(all.subList(0, 3));
        assertThat(budgets.budgetsFor(MODEL, Map.of())).isEqualTo(all.subList(2, 3));
    }

    @Test
    void what_another_process_sets_and_spends_holds_at_once() {
        reserve("1", "100");
        try (Ledger other = another()) {
            other.budgets().set(Budget.of("all", "1", Period.DAY));
            refusal("2", "1.5");
            other.budgets().reserve("3", MODEL, Map.of(), number("0.5"), clock.instant(), Instant.MAX);
            refusal("4", "0.75");
            other.record(event("3").cost("0.25").build());
            reserve("4", "0.75");
            record("4", "0.5");
            assertThat(other.budgets().states(clock.instant()))
                    .extracting(BudgetState::spent)
                    .containsExactly(number("0.75"));
        }
    }

    @Test
    void a_new_period_begins_with_nothing_spent_and_calls_under_way_belong_to_the_one_they_began_in() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        clock.set("2026-03-11T23:59:59Z");
        reserve("1", "0.75");
        Instant before = clock.instant();
        clock.advance(Duration.ofSeconds(1));

        reserve("2", "1");
        assertThat(state().reserved()).isEqualByComparingTo("1");
        ledger.record(event("1").started(before).cost("0.5").build());

        assertThat(state().spent()).isZero();
        assertThat(budgets.states(before))
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(tuple(number("0.5"), zero()));
        assertThat(refusal("3", "0.001").retryAfter()).contains(Duration.ofDays(1));
    }

    @Test
    void days_weeks_and_months_are_those_of_the_calendar() {
        for (Period period : Period.values()) {
            budgets.set(Budget.of(period.name(), "1", period));
        }
        ledger.record(event("1")
                .started(Instant.parse("2026-03-11T00:00:00Z"))
                .cost("1")
                .build());
        ledger.record(event("2")
                .started(Instant.parse("2026-03-10T23:59:59.999999999Z"))
                .cost("2")
                .build());
        ledger.record(event("3")
                .started(Instant.parse("2026-03-08T23:59:59.999999999Z"))
                .cost("4")
                .build());
        ledger.record(event("4")
                .started(Instant.parse("2026-02-28T23:59:59Z"))
                .cost("8")
                .build());
        ledger.record(event("5")
                .started(Instant.parse("1969-12-31T23:59:59Z"))
                .cost("16")
                .build());

        assertThat(spentByBudget(clock.instant()))
                .containsExactly(
                        tuple("DAY", number("1")),
                        tuple("FOREVER", number("31")),
                        tuple("MONTH", number("7")),
                        tuple("WEEK", number("3")));
        assertThat(spentByBudget(Instant.parse("2026-03-01T00:00:00Z")))
                .containsExactly(
                        tuple("DAY", zero()),
                        tuple("FOREVER", number("31")),
                        tuple("MONTH", number("7")),
                        tuple("WEEK", number("8")));
    }

    @Test
    void a_budget_that_is_set_in_the_middle_of_a_period_counts_what_was_spent_in_it() {
        ledger.record(event("old")
                .started(Instant.parse("2026-03-10T12:00:00Z"))
                .tag("user", "ann")
                .cost("64")
                .build());
        ledger.record(event("1").tag("user", "ann").cost("0.1").build());
        ledger.record(event("2").tag("user", "bob").cost("0.2").build());
        ledger.record(event("3").cost("0.4").build());
        ledger.record(event("4").tag("user", "bob").cost(Cost.UNKNOWN).build());
        ledger.record(event("ahead")
                .started(Instant.parse("2026-03-13T00:00:00Z"))
                .tag("user", "bob")
                .cost("5")
                .build());

        budgets.set(Budget.of("all", "1", Period.DAY));
        budgets.set(Budget.of("bob", "1", Period.DAY).withScope(Scope.tag("user", "bob")));
        budgets.set(Budget.of("each", "1", Period.DAY).withScope(Scope.eachTag("user")));
        budgets.set(Budget.of("model", "1", Period.DAY).withScope(Scope.model(MODEL)));
        record("5", "0.05");

        assertThat(spentByShare(clock.instant()))
                .containsExactly(
                        tuple("all", "", number("0.75")),
                        tuple("bob", "", number("0.2")),
                        tuple("each", "ann", number("0.1")),
                        tuple("each", "bob", number("0.2")),
                        tuple("model", "", number("0.75")));
        assertThat(spentByShare(Instant.parse("2026-03-13T12:00:00Z")))
                .contains(tuple("all", "", number("5")), tuple("each", "bob", number("5")));
    }

    @Test
    void a_period_before_the_budget_was_set_is_added_up_from_the_entries() {
        Instant yesterday = Instant.parse("2026-03-10T12:00:00Z");
        ledger.record(
                event("1").started(yesterday).tag("user", "ann").cost("0.5").build());
        budgets.set(Budget.of("each", "1", Period.DAY).withScope(Scope.eachTag("user")));

        ledger.record(
                event("2").started(yesterday).tag("user", "ann").cost("0.25").build());

        assertThat(spentByShare(yesterday)).containsExactly(tuple("each", "ann", number("0.75")));
        // A process with a clock that is behind.
        Map<String, String> ann = Map.of("user", "ann");
        budgets.reserve("3", MODEL, ann, number("0.25"), yesterday, clock.instant());
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> budgets.reserve("4", MODEL, ann, number("0.01"), yesterday, clock.instant()));
        assertThat(spentByShare(clock.instant())).isEmpty();
    }

    @Test
    void a_budget_that_is_set_anew_keeps_what_is_put_by_unless_it_is_for_other_calls() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0.5");
        record("2", "0.25");

        budgets.set(Budget.of("all", "2", Period.DAY).withMode(Budget.Mode.WARN));
        assertThat(state())
                .extracting(BudgetState::spent, BudgetState::reserved, BudgetState::left)
                .containsExactly(number("0.25"), number("0.5"), number("1.25"));

        budgets.set(Budget.of("all", "2", Period.DAY).withScope(Scope.model(MODEL)));
        assertThat(state())
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(number("0.25"), zero());

        budgets.remove("all");
        assertThat(budgets.states(clock.instant())).isEmpty();
        record("1", "0.5");
        budgets.set(Budget.of("all", "2", Period.DAY));
        assertThat(state().spent()).isEqualByComparingTo("0.75");
    }

    @Test
    void a_call_of_unknown_price_is_let_through_as_long_as_anything_is_left() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        reserve("1", "0");
        reserve("2", "0.999");
        reserve("3", "0");
        assertThat(state().reserved()).isEqualByComparingTo("0.999");

        record("2", "1");

        assertThat(refusal("4", "0")).hasMessageEndingWith("Wait, or raise the budget.");
    }

    @Test
    void what_is_put_by_is_rounded_up_and_may_be_of_any_size() {
        budgets.set(Budget.of("all", "1e30", Period.DAY));
        reserve("1", "1e-18");
        reserve("2", "0.0000000011");
        assertThat(state().reserved()).isEqualByComparingTo("0.000000003");

        for (int i = 3; i < 6; i++) {
            reserve("" + i, "5e9");
        }
        assertThat(state().reserved()).isEqualByComparingTo("15000000000.000000003");
        refusal("6", "1e31");
        reserve("6", "1e29");
        assertThat(state().reserved()).isGreaterThan(number("24000000000"));
    }

    @Test
    void a_budget_of_nothing_lets_nothing_through() {
        budgets.set(Budget.of("none", "0", Period.FOREVER));

        refusal("1", "0");
        refusal("1", "1e-20");
    }

    @Test
    void a_negative_amount_or_a_blank_call_is_an_error() {
        assertThatIllegalArgumentException().isThrownBy(() -> reserve("1", "-1"));
        assertThatIllegalArgumentException().isThrownBy(() -> reserve(" ", "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> reserve("1", "1e-1001"));
    }

    @Test
    void each_threshold_is_told_once_when_it_is_reached() {
        budgets.set(Budget.of("all", "10", Period.DAY)
                .withThresholds(number("0.1"), number("0.5"), number("0.8"), number("1")));
        reserve("1", "4");
        record("2", "0.99");
        assertThat(alerts).isEmpty();

        record("3", "0.01");
        assertThat(told()).containsExactly(tuple(Kind.THRESHOLD, number("0.1"), number("1"), number("4")));

        ledger.recordAll(List.of(
                event("4").cost("3").build(),
                event("1").cost("4").build(),
                event("3").cost("9").build()));
        assertThat(told())
                .containsExactly(
                        tuple(Kind.THRESHOLD, number("0.1"), number("1"), number("4")),
                        tuple(Kind.THRESHOLD, number("0.5"), number("8"), zero()),
                        tuple(Kind.THRESHOLD, number("0.8"), number("8"), zero()));

        record("5", "-4");
        ledger.record(event("6").cost(Cost.estimated(number("4"))).build());
        ledger.settle("6", Cost.reported(number("6")), Usage.NOT_REPORTED);
        assertThat(alerts).hasSize(4);
        assertThat(alerts.get(3).threshold()).isEqualByComparingTo("1");

        clock.advance(Duration.ofDays(1));
        record("7", "1");
        assertThat(alerts).as("a new period").hasSize(5);
    }

    @Test
    void a_threshold_that_was_passed_before_a_budget_was_set_is_not_told() {
        record("1", "6");
        budgets.set(Budget.of("all", "10", Period.DAY));
        record("2", "1");
        assertThat(alerts).isEmpty();

        record("3", "1");
        assertThat(alerts).extracting(BudgetAlert::threshold).containsExactly(number("0.8"));
    }

    @Test
    void a_refusal_is_told_once_in_a_period() {
        budgets.set(Budget.of("all", "1", Period.DAY).withThresholds());
        for (int day = 0; day < 2; day++) {
            record("spent-" + day, "0.5");
            refusal("a-" + day, "0.75");
            refusal("b-" + day, "0.75");
            assertThat(told()).hasSize(day + 1).endsWith(tuple(Kind.REFUSED, null, number("0.5"), zero()));
            clock.advance(Duration.ofDays(1));
        }
    }

    @Test
    void what_was_told_of_a_budget_is_not_told_again_because_a_process_starts_that_sets_it_as_it_stands() {
        Map<String, String> search = Map.of("team", "search");
        Map<String, String> ads = Map.of("team", "ads");
        List<Budget> given = List.of(
                Budget.of("strict", "1", Period.DAY)
                        .withScope(Scope.tag("team", "search"))
                        .withThresholds(number("0.5")),
                Budget.of("warning", "1.00", Period.DAY)
                        .withScope(Scope.tag("team", "ads"))
                        .withMode(Budget.Mode.WARN));
        given.forEach(budgets::set);
        ledger.record(event("1").tag("team", "search").cost("0.75").build());
        refusal("2", "0.5", search);
        reserve("3", "2", ads);
        assertThat(alerts).extracting(BudgetAlert::kind).containsExactly(Kind.THRESHOLD, Kind.REFUSED, Kind.EXCEEDED);

        try (Ledger other = another()) {
            given.forEach(other.budgets()::set);
        }
        ledger.record(event("4").tag("team", "search").cost("-0.5").build());
        ledger.record(event("5").tag("team", "search").cost("0.5").build());
        refusal("6", "0.5", search);
        reserve("7", "2", ads);

        assertThat(alerts).hasSize(3);
        assertThat(budgets.states(clock.instant()))
                .extracting(BudgetState::spent, BudgetState::reserved)
                .containsExactly(tuple(number("0.75"), zero()), tuple(zero(), number("4")));
    }

    @Test
    void a_budget_that_warns_lets_calls_through_and_tells_once_in_a_period() {
        budgets.set(
                Budget.of("warn", "1", Period.DAY).withMode(Budget.Mode.WARN).withThresholds());
        reserve("1", "0.75");
        assertThat(alerts).isEmpty();

        reserve("2", "0.75");
        reserve("3", "0.75");
        reserve("4", "0");

        assertThat(told()).containsExactly(tuple(Kind.EXCEEDED, null, zero(), number("0.75")));
        assertThat(state().left()).isEqualByComparingTo("-1.25");
        budgets.set(Budget.of("strict", "1", Period.DAY));
        refusal("5", "1.5");
        assertThat(alerts).extracting(BudgetAlert::kind).containsExactly(Kind.EXCEEDED, Kind.REFUSED);
    }

    @Test
    void a_call_that_one_budget_refuses_exceeds_no_other() {
        budgets.set(Budget.of("warn", "1", Period.DAY).withMode(Budget.Mode.WARN));
        budgets.set(Budget.of("strict", "1", Period.DAY));

        refusal("1", "2");

        assertThat(alerts).extracting(alert -> alert.state().budget().name()).containsExactly("strict");
        budgets.remove("strict");
        reserve("1", "2");
        assertThat(alerts).extracting(BudgetAlert::kind).containsExactly(Kind.REFUSED, Kind.EXCEEDED);
    }

    @Test
    void a_listener_that_fails_hurts_neither_the_call_nor_another_listener() {
        BudgetBook other = ledger.budgets();
        other.listen(alert -> {
            throw new IllegalStateException("listener");
        });
        List<BudgetAlert> heard = new ArrayList<>();
        other.listen(heard::add);
        budgets.set(Budget.of("all", "1", Period.DAY));

        record("1", "0.5");

        assertThat(ledger.find("1")).isPresent();
        assertThat(heard).hasSize(1).isEqualTo(alerts);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_listener_may_write_to_the_ledger_that_tells_it() {
        List<String> heard = new ArrayList<>();
        ledger.budgets().listen(alert -> {
            if (heard.isEmpty()) {
                heard.add(alert.state().budget().name());
                record("told", "0.1");
            }
        });
        budgets.set(Budget.of("all", "1", Period.DAY));

        record("1", "0.5");

        assertThat(heard).containsExactly("all");
        assertThat(ledger.find("told")).isPresent();
        assertThat(state().spent()).isEqualByComparingTo("0.6");
    }

    @Test
    void however_many_ask_at_once_no_more_is_given_than_there_is() throws Exception {
        budgets.set(Budget.of("all", "1", Period.DAY));
        budgets.set(Budget.of("each", "0.9", Period.DAY).withScope(Scope.eachTag("team")));
        AtomicInteger given = new AtomicInteger();

        inParallel(6, thread -> {
            try (Ledger one = another()) {
                for (int i = 0; i < 10; i++) {
                    String id = thread + "-" + i;
                    Map<String, String> tags = Map.of("team", i % 2 == 0 ? "red" : "blue");
                    try {
                        one.budgets().reserve(id, MODEL, tags, number("0.03"), clock.instant(), Instant.MAX);
                        given.incrementAndGet();
                        if (i % 3 == 0) {
                            one.record(event(id)
                                    .tag("team", tags.get("team"))
                                    .cost("0.03")
                                    .build());
                        }
                    } catch (BudgetExceededException full) {
                        assertThat(full.shortage().orElseThrow().left()).isLessThan(number("0.03"));
                    }
                }
            }
        });

        assertThat(given).hasValue(33);
        List<BudgetState> states = budgets.states(clock.instant());
        assertThat(states.get(0).left()).isEqualByComparingTo("0.01");
        assertThat(states.get(1).left().add(states.get(2).left())).isEqualByComparingTo("0.81");
    }

    @Test
    void a_budget_that_is_set_while_calls_are_recorded_misses_none_and_counts_none_twice() throws Exception {
        inParallel(4, thread -> {
            try (Ledger one = another()) {
                for (int i = 0; i < 12; i++) {
                    if (thread == 0) {
                        // Each once, so that no later one makes good for it.
                        one.budgets().set(Budget.of("all-" + i / 2, "1", Period.DAY));
                        one.budgets().set(Budget.of("each", "1", Period.MONTH).withScope(Scope.eachTag("n")));
                        one.budgets().remove("each");
                        one.budgets()
                                .set(Budget.of("each-" + i / 4, "1", Period.MONTH)
                                        .withScope(Scope.eachTag("n")));
                    } else {
                        String id = thread + "-" + i;
                        one.recordAll(List.of(
                                event(id + "a")
                                        .tag("n", "" + i % 2)
                                        .cost(Cost.estimated(number("0.1")))
                                        .build(),
                                event(id + "b")
                                        .tag("n", "" + thread % 2)
                                        .cost("0.2")
                                        .build()));
                        one.settle(id + "a", Cost.reported(number("7")), Usage.NOT_REPORTED);
                    }
                }
            }
        });

        LedgerQuery query = LedgerQuery.ALL;
        for (BudgetState state : budgets.states(clock.instant())) {
            Grouping by = state.share().isEmpty() ? Grouping.NOTHING : Grouping.tag("n");
            assertThat(ledger.totals(by, query))
                    .filteredOn(total -> total.key() != null && total.key().equals(state.share()))
                    .extracting(Total::amount)
                    .containsExactly(state.spent());
        }
        assertThat(spentByBudget(clock.instant())).contains(tuple("all-0", number("259.2")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatever_happens_the_books_are_those_of_a_naive_model(long seed) {
        live(seed);
    }

    final void live(long seed) {
        Random dice = new Random(seed);
        NaiveBudgets naive = new NaiveBudgets();
        clock.set("2026-03-03T00:00:00Z");
        for (int step = 0; step < 100; step++) {
            String callId = "call-" + dice.nextInt(120);
            switch (dice.nextInt(10)) {
                case 0 -> {
                    Budget budget = anyBudget(dice);
                    budgets.set(budget);
                    naive.set(budget);
                }
                case 1 -> {
                    if (dice.nextInt(3) == 0) {
                        String name = "budget-" + dice.nextInt(4);
                        assertThat(budgets.remove(name)).isEqualTo(naive.remove(name));
                    }
                }
                case 2 -> clock.advance(Duration.ofMinutes(dice.nextInt(300)));
                case 3 -> {
                    budgets.release(callId);
                    naive.release(callId);
                }
                case 4 -> {
                    Cost cost = dice.nextBoolean() ? Cost.estimated(number("0.7")) : Cost.reported(number("1e-9"));
                    assertThat(ledger.settle(callId, cost, Usage.NOT_REPORTED)).isEqualTo(naive.settle(callId, cost));
                }
                case 5, 6, 7 -> {
                    CostEvent event = Events.random(callId, dice);
                    ledger.record(event);
                    naive.record(event);
                }
                default -> {
                    CostEvent like = Events.random(callId, dice);
                    BigDecimal amount = number(List.of("0", "0.3", "2", "1e-18").get(dice.nextInt(4)));
                    Instant now = dice.nextInt(4) == 0 ? like.timing().started() : clock.instant();
                    Instant lapses = now.plusSeconds(dice.nextInt(40_000));
                    boolean given = true;
                    try {
                        budgets.reserve(callId, like.model(), like.tags(), amount, now, lapses);
                    } catch (BudgetExceededException e) {
                        given = false;
                    }
                    assertThat(given)
                            .as("step %s", step)
                            .isEqualTo(naive.reserve(callId, like.model(), like.tags(), amount, now, lapses));
                }
            }
            if (step % 30 == 29) {
                for (int day = 1; day <= 5; day++) {
                    Instant time = Instant.parse("2026-03-0" + day + "T12:00:00Z");
                    assertThat(budgets.states(time)).as("step %s", step).isEqualTo(naive.states(time));
                }
            }
        }
        assertThat(budgets.states(clock.instant())).isNotEmpty().isEqualTo(naive.states(clock.instant()));
    }

    private static Budget anyBudget(Random dice) {
        List<Scope> scopes = List.of(
                Scope.ALL,
                Scope.model(ModelId.parse("openrouter/a/b")),
                Scope.tag("team", "red"),
                Scope.eachTag("team"));
        return Budget.of(
                        "budget-" + dice.nextInt(4),
                        List.of("1", "20", "1e4", "1e12").get(dice.nextInt(4)),
                        Period.values()[dice.nextInt(4)])
                .withScope(scopes.get(dice.nextInt(4)))
                .withMode(Budget.Mode.values()[dice.nextInt(2)]);
    }

    private interface Part {
        void run(int thread) throws Exception;
    }

    private static void inParallel(int count, Part part) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Callable<Void>> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int thread = i;
                parts.add(() -> {
                    part.run(thread);
                    return null;
                });
            }
            for (Future<Void> end : threads.invokeAll(parts)) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Events event(String callId) {
        return call(callId).model(MODEL.toString()).started(clock.instant());
    }

    private void record(String callId, String dollars) {
        ledger.record(event(callId).cost(dollars).build());
    }

    private void reserve(String callId, String amount) {
        reserve(callId, amount, Map.of());
    }

    private void reserve(String callId, String amount, Map<String, String> tags) {
        budgets.reserve(
                callId,
                MODEL,
                tags,
                number(amount),
                clock.instant(),
                clock.instant().plus(HALF_AN_HOUR));
    }

    private BudgetExceededException refusal(String callId, String amount) {
        return refusal(callId, amount, Map.of());
    }

    private BudgetExceededException refusal(String callId, String amount, Map<String, String> tags) {
        BudgetExceededException refused =
                catchThrowableOfType(BudgetExceededException.class, () -> reserve(callId, amount, tags));
        assertThat(refused).as("call %s for %s", callId, amount).isNotNull();
        return refused;
    }

    private BudgetState state() {
        List<BudgetState> states = budgets.states(clock.instant());
        assertThat(states).hasSize(1);
        return states.get(0);
    }

    private List<Tuple> reservedByBudget() {
        return budgets.states(clock.instant()).stream()
                .map(state -> tuple(state.budget().name(), state.reserved()))
                .toList();
    }

    private List<Tuple> spentByBudget(Instant time) {
        return budgets.states(time).stream()
                .map(state -> tuple(state.budget().name(), state.spent()))
                .toList();
    }

    private List<Tuple> spentByShare(Instant time) {
        return budgets.states(time).stream()
                .map(state -> tuple(state.budget().name(), state.share(), state.spent()))
                .toList();
    }

    private List<Tuple> told() {
        return alerts.stream()
                .map(alert -> tuple(
                        alert.kind(),
                        alert.threshold(),
                        alert.state().spent(),
                        alert.state().reserved()))
                .toList();
    }

    private static BigDecimal number(String digits) {
        return new BigDecimal(digits);
    }

    private static BigDecimal zero() {
        return BigDecimal.ZERO;
    }
}
