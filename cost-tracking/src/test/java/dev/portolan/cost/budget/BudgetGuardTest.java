package dev.portolan.cost.budget;

import static dev.portolan.cost.budget.Models.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.verifyNoMoreInteractions;
import static org.mockito.Mockito.when;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.SpendingGuard.Reservation;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.cost.FakeClock;
import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.LedgerException;
import dev.portolan.cost.price.PriceBook;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetGuardTest {
    private final FakeClock clock = new FakeClock("2026-03-11T12:00:00Z");
    private final InMemoryLedger ledger = new InMemoryLedger(100, clock);
    private final BudgetBook budgets = ledger.budgets();
    private final ModelCatalogPort catalog = mock(ModelCatalogPort.class);
    private final BudgetGuard guard = builder(budgets).build();

    private BudgetGuard.Builder builder(BudgetBook book) {
        return BudgetGuard.builder(book, new PriceBook(catalog)).clock(clock);
    }

    private void priced(String prompt, String completion) {
        when(catalog.model(Models.ID))
                .thenReturn(Optional.of(model().price("prompt", prompt)
                        .price("completion", completion)
                        .build()));
    }

    @Test
    void what_a_call_may_cost_is_put_by_and_its_entry_gives_it_back() {
        priced("0", "0.0001");
        budgets.set(Budget.of("all", "1", Period.DAY));

        Reservation reservation = guard.reserve("1", request().build());

        assertThat(state().reserved()).isEqualByComparingTo("0.1");
        CostEvent event = event("1", Cost.reported(new BigDecimal("0.02")), Outcome.Status.COMPLETED);
        reservation.settle(event);
        assertThat(state().reserved()).as("not before it is counted").isEqualByComparingTo("0.1");
        ledger.record(event);
        assertThat(state().reserved()).isZero();
        assertThat(state().spent()).isEqualByComparingTo("0.02");
    }

    @Test
    void a_call_that_would_break_a_budget_is_refused() {
        priced("0", "0.0001");
        budgets.set(Budget.of("search", "0.15", Period.DAY).withScope(Scope.tag("team", "search")));
        ChatRequest tagged = request().tag("team", "search").build();
        guard.reserve("1", tagged);

        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> guard.reserve("2", tagged))
                .withMessageContaining("has $0.05 left, and this call to openrouter/a/b may cost up to $0.1");
        assertThat(guard.reserve("3", request().build())).isSameAs(Reservation.NONE);
    }

    @Test
    void a_call_that_no_budget_is_for_is_not_estimated() {
        budgets.set(Budget.of("other", "1", Period.DAY).withScope(Scope.model(ModelId.parse("x/y"))));

        assertThat(guard.reserve("1", request().build())).isSameAs(Reservation.NONE);

        verifyNoInteractions(catalog);
    }

    @Test
    void a_call_that_costs_nothing_is_let_through_whatever_is_left() {
        priced("0", "0");
        budgets.set(Budget.of("none", "0", Period.FOREVER));

        assertThat(guard.reserve("1", request().build())).isSameAs(Reservation.NONE);
    }

    @Test
    void a_call_of_unknown_price_is_refused_only_if_nothing_is_left() {
        when(catalog.model(Models.ID)).thenReturn(Optional.empty());
        budgets.set(Budget.of("all", "1", Period.DAY));
        guard.reserve("1", request().build());
        BudgetGuard strange = builder(budgets)
                .estimate((request, model, when) -> new Cost(BigDecimal.TEN, "EUR", Cost.Source.ESTIMATED))
                .build();
        strange.reserve("2", request().build());
        assertThat(state().reserved()).isZero();

        budgets.set(Budget.of("all", "0", Period.DAY));

        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> guard.reserve("3", request().build()));
    }

    @Test
    void a_failed_call_that_cost_nothing_is_given_back_even_if_it_is_not_recorded() {
        priced("0", "0.0001");
        budgets.set(Budget.of("all", "1", Period.DAY));
        Reservation refusedByAnother = guard.reserve("1", request().build());
        Reservation broken = guard.reserve("2", request().build());
        Reservation cached = guard.reserve("3", request().build());

        refusedByAnother.settle(event("1", Cost.NONE, Outcome.Status.FAILED));
        broken.settle(event("2", Cost.UNKNOWN, Outcome.Status.FAILED));
        cached.settle(event("3", Cost.NONE, Outcome.Status.COMPLETED));

        assertThat(state().reserved()).as("2 and 3").isEqualByComparingTo("0.2");
    }

    @Test
    void money_lapses_a_minute_after_the_calls_own_time_limit_or_after_half_an_hour() {
        assertThat(lapse(request().timeout(Duration.ofSeconds(30)).build(), guard))
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(lapse(request().timeout(Duration.ZERO).build(), guard)).isEqualTo(Duration.ofMinutes(30));
        assertThat(lapse(request().timeout(Duration.ofDays(4_000_000)).build(), guard))
                .isEqualTo(Duration.ofDays(365).plusMinutes(1));
        assertThat(lapse(request().build(), guard)).isEqualTo(Duration.ofMinutes(30));
        BudgetGuard patient = builder(budgets).lapse(Duration.ofHours(2)).build();
        assertThat(lapse(request().build(), patient)).isEqualTo(Duration.ofHours(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder(budgets).lapse(Duration.ZERO))
                .withMessageContaining("lapse");
    }

    /** How long it takes until what was put by is free. */
    private Duration lapse(ChatRequest request, BudgetGuard asked) {
        priced("0", "0.0001");
        budgets.set(Budget.of("all", "1", Period.FOREVER));
        asked.reserve("call", request);
        Instant now = clock.instant();
        long seconds = 0;
        for (long step = Duration.ofDays(730).toSeconds(); step > 0; step /= 2) {
            while (reservedAt(now.plusSeconds(seconds + step)).signum() > 0) {
                seconds += step;
            }
        }
        budgets.release("call");
        return Duration.ofSeconds(seconds + 1);
    }

    private BigDecimal reservedAt(Instant time) {
        return budgets.states(time).get(0).reserved();
    }

    @Test
    void calls_are_let_through_while_the_budgets_cannot_be_asked_and_the_ledger_is_left_alone() {
        BudgetBook down = mock(BudgetBook.class);
        when(down.budgetsFor(Models.ID, Map.of())).thenThrow(new LedgerException("The ledger is down", null));
        BudgetGuard lenient = builder(down).build();

        assertThat(lenient.reserve("1", request().build())).isSameAs(Reservation.NONE);
        assertThat(lenient.reserve("2", request().build())).isSameAs(Reservation.NONE);
        verify(down, times(1)).budgetsFor(Models.ID, Map.of());

        clock.advance(BudgetGuard.DEFAULT_PAUSE);
        lenient.reserve("3", request().build());
        verify(down, times(2)).budgetsFor(Models.ID, Map.of());
        verifyNoMoreInteractions(down);
    }

    @Test
    void a_strict_guard_refuses_while_the_budgets_cannot_be_asked() {
        BudgetBook down = mock(BudgetBook.class);
        when(down.budgetsFor(Models.ID, Map.of())).thenReturn(budgetList());
        doThrow(new ConfigurationException("The password is wrong"))
                .doNothing()
                .when(down)
                .reserve(any(), any(), any(), any(), any(), any());
        BudgetGuard strict =
                builder(down).strict(true).pause(Duration.ofSeconds(10)).build();
        priced("0", "0.0001");

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(BudgetExceededException.class)
                    .isThrownBy(() -> strict.reserve("1", request().build()))
                    .withMessageContaining("The password is wrong")
                    .withMessageContaining("Nothing was sent")
                    .satisfies(e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(10)))
                    .satisfies(e -> assertThat(e.shortage()).isEmpty());
        }
        clock.advance(Duration.ofSeconds(10));
        assertThatCode(() -> strict.reserve("2", request().build())).doesNotThrowAnyException();
        assertThatCode(() -> strict.reserve("3", request().build())).doesNotThrowAnyException();
    }

    private static List<Budget> budgetList() {
        return List.of(Budget.of("all", "1", Period.DAY));
    }

    @Test
    void money_that_cannot_be_given_back_is_no_failure_of_the_call() {
        BudgetBook down = mock(BudgetBook.class);
        when(down.budgetsFor(Models.ID, Map.of())).thenReturn(budgetList());
        doThrow(new LedgerException("The ledger is down", null)).when(down).release("1");
        priced("0", "0.0001");
        Reservation reservation = builder(down).build().reserve("1", request().build());

        reservation.settle(event("1", Cost.NONE, Outcome.Status.FAILED));

        verify(down).release("1");
        verify(down, never()).states(any());
    }

    private BudgetState state() {
        return budgets.states(clock.instant()).get(0);
    }

    private static ChatRequest.Builder request() {
        return ChatRequest.builder(Models.ID).user("Hello").maxTokens(1000);
    }

    private CostEvent event(String callId, Cost cost, Outcome.Status status) {
        return new CostEvent(
                callId,
                Operation.CHAT,
                Models.ID,
                AnsweredBy.UNKNOWN,
                Map.of(),
                Usage.NOT_REPORTED,
                cost,
                new Timing(clock.instant(), Duration.ZERO, null),
                new Outcome(status, null, 1));
    }
}
