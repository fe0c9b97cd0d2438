package dev.portolan.cost.account;

import dev.portolan.api.ModelId;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.BudgetExceededException.Shortage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call is not made.
 *
 * @param state the budget that has too little left
 * @param model the model that was asked
 * @param amount what the call may cost at most; 0 if that is not known
 * @param renewsIn until the budget renews; {@code null} if that does not help
 */
record Refusal(
        BudgetState state,
        ModelId model,
        BigDecimal amount,
        @Nullable Duration renewsIn) {
    private static final int LONGEST_NAME = 60;

    /** Of several budgets, tells the one that is to be waited for longest. */
    static Refusal of(List<BudgetState> broken, ModelId model, BigDecimal amount, Instant now) {
        BudgetState last = broken.stream()
                .max(Comparator.comparing((BudgetState state) -> renewal(state, amount)))
                .orElseThrow();
        Instant renewal = renewal(last, amount);
        return new Refusal(last, model, amount, renewal.equals(Instant.MAX) ? null : Duration.between(now, renewal));
    }

    /** When the call would fit; {@link Instant#MAX} for never. */
    private static Instant renewal(BudgetState state, BigDecimal amount) {
        Instant renews = state.renews();
        BigDecimal limit = state.budget().limit();
        boolean fits = amount.signum() == 0 ? limit.signum() > 0 : amount.compareTo(limit) <= 0;
        return renews == null || !fits ? Instant.MAX : renews;
    }

    BudgetExceededException exception() {
        Budget budget = state.budget();
        return new BudgetExceededException(
                message(),
                new Shortage(budget.name(), state.share(), budget.limit(), state.left(), amount, state.renews()),
                ErrorDetails.NONE.withModel(model).withRetryAfter(renewsIn));
    }

    private String message() {
        Budget budget = state.budget();
        BigDecimal left = state.left();
        StringBuilder out = new StringBuilder("The budget '");
        out.append(shown(budget.name())).append("' ($").append(budget.limit().toPlainString());
        out.append(words(budget.period()))
                .append(words(budget.scope(), state.share()))
                .append(") ");
        out.append(left.signum() < 0 ? "is overdrawn by $" : "has $").append(dollars(left.abs()));
        out.append(left.signum() < 0 ? "" : " left");
        String call = "this call to " + shown(model.toString());
        if (amount.signum() == 0) {
            out.append(", and what ").append(call).append(" may cost is not known.");
        } else {
            out.append(", and ")
                    .append(call)
                    .append(" may cost up to $")
                    .append(dollars(amount))
                    .append('.');
        }
        if (state.renews() != null) {
            out.append(" It renews at ").append(state.renews()).append('.');
        }
        return out.append(" Nothing was sent. ").append(remedy()).toString();
    }

    private String remedy() {
        String raise = "raise the budget.";
        if (amount.signum() == 0) {
            return renewsIn == null ? "To call it, " + raise : "Wait, or " + raise;
        }
        String less = "sk for fewer tokens (maxTokens), or " + raise;
        return renewsIn == null ? "A" + less : "Wait, a" + less;
    }

    private static String words(Period period) {
        return switch (period) {
            case DAY -> " a day";
            case WEEK -> " a week";
            case MONTH -> " a month";
            case FOREVER -> " in all";
        };
    }

    private static String words(Scope scope, String share) {
        if (scope instanceof Scope.Model one) {
            return ", model " + shown(one.model().toString());
        } else if (scope instanceof Scope.Tag tag) {
            return ", tag " + shown(tag.name()) + "=" + shown(tag.value());
        } else if (scope instanceof Scope.EachTag each) {
            return " for each " + shown(each.name()) + ", here " + shown(share);
        }
        return "";
    }

    private static String dollars(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }

    /** Tags are of any length, and may hold line ends. */
    private static String shown(String name) {
        String text = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
