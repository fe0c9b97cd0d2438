package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryBudgetTest extends BudgetContract {
    @Override
    Ledger open() {
        return new InMemoryLedger(InMemoryLedger.DEFAULT_CAPACITY, clock);
    }

    @Override
    Ledger another() {
        return ledger;
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void however_often_it_happens_the_books_are_those_of_a_naive_model(long seed) {
        live(seed);
    }

    @Test
    void an_entry_that_leaves_for_want_of_room_stays_spent() {
        try (InMemoryLedger small = new InMemoryLedger(1, clock)) {
            small.budgets().set(Budget.of("all", "1", Period.DAY));
            small.record(call("1").started(clock.instant()).cost("0.25").build());
            small.record(call("2").started(clock.instant()).cost("0.5").build());

            assertThat(small.dropped()).isEqualTo(1);
            assertThat(small.budgets().states(clock.instant()))
                    .extracting(BudgetState::spent)
                    .containsExactly(new BigDecimal("0.75"));
        }
    }

    @Test
    void periods_long_past_are_added_up_from_the_entries() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        for (int day = 0; day < 5; day++) {
            ledger.record(call("" + day)
                    .started(clock.instant())
                    .cost("0." + (day + 1))
                    .build());
            clock.advance(Duration.ofDays(1));
        }
        for (int day = 4; day >= 0; day--) {
            clock.advance(Duration.ofDays(-1));
            assertThat(budgets.states(clock.instant()))
                    .extracting(BudgetState::spent)
                    .containsExactly(new BigDecimal("0." + (day + 1)));
        }
    }
}
