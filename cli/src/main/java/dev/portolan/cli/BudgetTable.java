package dev.portolan.cli;

import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Budgets, and how it stands with them, as a table for people. */
final class BudgetTable {
    private static final int BAR = 10;
    private static final BigDecimal FULL = BigDecimal.valueOf(100);

    private BudgetTable() {}

    static Table of(List<BudgetState> states) {
        boolean shares = states.stream().anyMatch(state -> !state.share().isEmpty());
        boolean warning = states.stream().anyMatch(state -> state.budget().mode() == Budget.Mode.WARN);
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.Column.text("NAME").shrinking(Table.Shrinks.AT_ITS_END));
        columns.add(Table.Column.text("FOR").shrinking(Table.Shrinks.AT_ITS_END));
        if (shares) {
            columns.add(Table.Column.text("SHARE").shrinking(Table.Shrinks.AT_ITS_END));
        }
        columns.add(Table.Column.text("PER"));
        for (String title : List.of("LIMIT $", "SPENT $", "RESERVED $", "LEFT $")) {
            columns.add(Table.Column.number(title));
        }
        columns.add(Table.Column.text("RENEWS"));
        columns.add(Table.Column.text("USED"));
        if (warning) {
            columns.add(Table.Column.text("MODE"));
        }
        Table table = new Table(columns.toArray(Table.Column[]::new));
        DecimalColumn limits = DecimalColumn.of(
                states.stream().map(state -> state.budget().limit()).toList());
        DecimalColumn spent =
                DecimalColumn.of(states.stream().map(BudgetState::spent).toList());
        DecimalColumn reserved =
                DecimalColumn.of(states.stream().map(BudgetState::reserved).toList());
        DecimalColumn left =
                DecimalColumn.of(states.stream().map(BudgetState::left).toList());
        for (BudgetState state : states) {
            Budget budget = state.budget();
            List<String> cells = new ArrayList<>(List.of(budget.name(), scope(budget.scope())));
            if (shares) {
                cells.add(state.share());
            }
            cells.add(word(budget.period()));
            cells.add(limits.cell(budget.limit()));
            cells.add(spent.cell(state.spent()));
            cells.add(reserved.cell(state.reserved()));
            cells.add(left.cell(state.left()));
            Instant renews = state.renews();
            cells.add(
                    renews == null
                            ? "never"
                            : renews.atOffset(ZoneOffset.UTC).toLocalDate().toString());
            cells.add(bar(budget.limit(), state.spent().add(state.reserved())));
            if (warning) {
                cells.add(word(budget.mode()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** For example {@code ██████░░░░ 62%}; what is more than nothing shows, and what is not all leaves something. */
    private static String bar(BigDecimal limit, BigDecimal used) {
        BigDecimal percent = limit.signum() == 0
                ? (used.signum() > 0 ? FULL : BigDecimal.ZERO)
                : used.movePointRight(2).divide(limit, 0, RoundingMode.FLOOR);
        int filled = percent.min(FULL).max(BigDecimal.ZERO).intValue() * BAR / FULL.intValue();
        if (filled == 0 && used.signum() > 0) {
            filled = 1;
        }
        return "█".repeat(filled) + "░".repeat(BAR - filled) + " " + percent.toPlainString() + "%";
    }

    static String scope(Scope scope) {
        if (scope instanceof Scope.Model model) {
            return model.model().toString();
        } else if (scope instanceof Scope.Tag tag) {
            return tag.name() + "=" + tag.value();
        } else if (scope instanceof Scope.EachTag each) {
            return "each " + each.name();
        }
        return "all calls";
    }

    static String word(Period period) {
        return period == Period.FOREVER ? "ever" : period.name().toLowerCase(Locale.ROOT);
    }

    static String word(Budget.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    static String dollars(BigDecimal amount) {
        return (amount.signum() < 0 ? "-$" : "$") + DecimalColumn.of(List.of()).cell(amount.abs());
    }
}
