package dev.portolan.cost.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.cost.InMemoryLedger;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.Period;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LedgerBudgetsTest {
    private final AccountStore store = new InMemoryAccounts(new InMemoryLedger());
    private final List<String> written = new ArrayList<>();
    private final LedgerBudgets budgets = new LedgerBudgets(
            new LedgerBudgets.Transactions() {
                @Override
                public <T> T write(String what, Function<AccountStore, T> work) {
                    written.add(what);
                    return work.apply(store);
                }

                @Override
                public <T> T read(Function<AccountStore, T> work) {
                    return work.apply(store);
                }

                @Override
                public <T> T glance(Function<AccountStore, T> work) {
                    return work.apply(store);
                }
            },
            Clock.systemUTC());

    @Test
    void a_budget_that_stands_is_not_written_again_for_which_other_records_would_have_to_wait() {
        budgets.set(Budget.of("all", "1", Period.DAY));
        budgets.set(Budget.of("all", "1", Period.DAY));
        assertThat(written).containsExactly("set the budget 'all'");

        budgets.set(Budget.of("all", "2", Period.DAY));
        assertThat(written).hasSize(2);
        assertThat(budgets.budgets()).containsExactly(Budget.of("all", "2", Period.DAY));
    }
}
