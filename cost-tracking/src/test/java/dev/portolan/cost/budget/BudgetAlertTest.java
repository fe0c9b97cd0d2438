package dev.portolan.cost.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What people read of an alert. */
class BudgetAlertTest {
    private static final Budget DAILY = Budget.of("search", "10.00", Period.DAY);

    private static BudgetState state(Budget budget, String share, @Nullable Instant renews, String reserved) {
        return new BudgetState(budget, share, Instant.EPOCH, renews, new BigDecimal("8.50"), new BigDecimal(reserved));
    }

    @Test
    void a_threshold_is_told_in_percent_with_what_was_spent() {
        BudgetState state = state(DAILY, "", Instant.parse("1970-01-02T00:00:00Z"), "0");

        assertThat(new BudgetAlert(BudgetAlert.Kind.THRESHOLD, state, new BigDecimal("0.8")).message())
                .isEqualTo("The budget 'search' has reached 80%: $8.5 spent of $10.00, until 1970-01-02T00:00:00Z");
        assertThat(new BudgetAlert(BudgetAlert.Kind.THRESHOLD, state, new BigDecimal("10")).message())
                .contains("reached 1000%");
    }

    @Test
    void a_call_that_is_let_through_or_refused_is_told_with_the_share_and_what_is_put_by() {
        Budget each = DAILY.withScope(Scope.eachTag("user")).withMode(Budget.Mode.WARN);

        assertThat(new BudgetAlert(BudgetAlert.Kind.EXCEEDED, state(each, "eve\n", null, "1.50"), null).message())
                .isEqualTo(
                        "A call may exceed the budget 'search' of eve?, which only warns: $8.5 spent and $1.5 put by of "
                                + "$10.00");
        assertThat(new BudgetAlert(BudgetAlert.Kind.REFUSED, state(DAILY, "", null, "0"), null).message())
                .isEqualTo("The budget 'search' refused a call: $8.5 spent of $10.00");
    }
}
