package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Scope;
import java.util.List;

/**
 * Budgets as one JSON object: what {@code portolan budget --json} prints. Every member is always there, {@code null} if there
 * is none.
 *
 * <p>{@code budgets} is an array of objects with {@code name}, {@code limit} (an exact decimal, in US dollars), {@code period}
 * ({@code day week month ever}), {@code scope} ({@code {kind, model, tag, value}}; kind is {@code all model tag each_tag}),
 * {@code mode} ({@code refuse warn}), {@code thresholds} (parts of the limit), and {@code shares}, an array of {@code {share,
 * since, renews, spent, reserved, left}}.
 */
final class BudgetsJson {
    private BudgetsJson() {}

    static RawJson of(boolean simulated, List<Budget> budgets, List<BudgetState> states) {
        return RawJson.of(
                Json.object("simulated", simulated, "budgets", Json.each(budgets, budget -> budget(budget, states))));
    }

    private static Object budget(Budget budget, List<BudgetState> states) {
        List<BudgetState> own = states.stream()
                .filter(state -> state.budget().name().equals(budget.name()))
                .toList();
        return Json.object(
                "name", budget.name(),
                "limit", Json.plain(budget.limit()),
                "period", BudgetTable.word(budget.period()),
                "scope", scope(budget.scope()),
                "mode", BudgetTable.word(budget.mode()),
                "thresholds", budget.thresholds().stream().map(Json::plain).toList(),
                "shares", Json.each(own, BudgetsJson::share));
    }

    private static Object scope(Scope scope) {
        String kind = "all";
        String model = null;
        String tag = null;
        String value = null;
        if (scope instanceof Scope.Model one) {
            kind = "model";
            model = one.model().toString();
        } else if (scope instanceof Scope.Tag one) {
            kind = "tag";
            tag = one.name();
            value = one.value();
        } else if (scope instanceof Scope.EachTag each) {
            kind = "each_tag";
            tag = each.name();
        }
        return Json.object("kind", kind, "model", model, "tag", tag, "value", value);
    }

    private static Object share(BudgetState state) {
        return Json.object(
                "share", state.share(),
                "since", state.since().toString(),
                "renews", Json.text(state.renews()),
                "spent", Json.plain(state.spent()),
                "reserved", Json.plain(state.reserved()),
                "left", Json.plain(state.left()));
    }
}
