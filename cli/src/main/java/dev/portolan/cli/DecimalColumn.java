package dev.portolan.cli;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes exact decimals so that their points stand below each other. */
final class DecimalColumn {
    private final int decimals;

    private DecimalColumn(int decimals) {
        this.decimals = decimals;
    }

    /** A column for these amounts. */
    static DecimalColumn of(List<? extends @Nullable BigDecimal> amounts) {
        int most = 0;
        for (BigDecimal amount : amounts) {
            most = Math.max(most, amount == null ? 0 : shown(amount).scale());
        }
        return new DecimalColumn(most);
    }

    /** The amount, at least to the cent, with blanks for the digits that others have and it has not. */
    String cell(BigDecimal amount) {
        BigDecimal shown = shown(amount);
        return shown.toPlainString() + " ".repeat(Math.max(0, decimals - shown.scale()));
    }

    /** A word where others have an amount: it ends above the cents. */
    String cell(String word) {
        return word + " ".repeat(Math.max(0, decimals - 2));
    }

    private static BigDecimal shown(BigDecimal amount) {
        BigDecimal digits = amount.stripTrailingZeros();
        return digits.scale() < 2 ? digits.setScale(2) : digits;
    }
}
