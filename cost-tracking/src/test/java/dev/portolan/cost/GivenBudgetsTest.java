package dev.portolan.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.ModelId;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class GivenBudgetsTest {
    private static final ModelId MODEL = ModelId.parse("toy/large");
    private static final Budget BUDGET = Budget.of("all", "1", Period.DAY);

    private final BudgetBook book = Mockito.mock(BudgetBook.class);
    private final GivenBudgets budgets = new GivenBudgets(List.of(BUDGET), book);
    private final List<FutureTask<List<Budget>>> others = new ArrayList<>();

    private List<Budget> ask() {
        return budgets.budgetsFor(MODEL, Map.of());
    }

    /** Another call that asks, and waits. */
    private void anotherAsks() {
        FutureTask<List<Budget>> other = new FutureTask<>(this::ask);
        others.add(other);
        Thread thread = new Thread(other);
        thread.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (thread.getState() != Thread.State.WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void calls_that_come_while_budgets_are_set_wait_for_them_and_do_not_set_them_again() throws Exception {
        Mockito.when(book.budgetsFor(MODEL, Map.of())).thenReturn(List.of(BUDGET));
        Mockito.doAnswer(setting -> {
                    anotherAsks();
                    anotherAsks();
                    return null;
                })
                .when(book)
                .set(BUDGET);

        assertThat(ask()).containsExactly(BUDGET);

        for (FutureTask<List<Budget>> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).containsExactly(BUDGET);
        }
        Mockito.verify(book).set(BUDGET);
    }

    @Test
    void those_that_waited_while_the_ledger_was_found_down_do_not_find_it_out_once_more() {
        LedgerException down = new LedgerException("down", null);
        Mockito.doAnswer(setting -> {
                    anotherAsks();
                    anotherAsks();
                    throw down;
                })
                .doNothing()
                .when(book)
                .set(BUDGET);

        assertThatExceptionOfType(LedgerException.class).isThrownBy(this::ask).isSameAs(down);

        for (FutureTask<List<Budget>> other : others) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> other.get(10, TimeUnit.SECONDS))
                    .withCause(down);
        }
        Mockito.verify(book).set(BUDGET);
        ask();
        ask();
        Mockito.verify(book, Mockito.times(2)).set(BUDGET);
    }
}
