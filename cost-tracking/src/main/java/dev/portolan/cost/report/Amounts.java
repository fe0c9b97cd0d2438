package dev.portolan.cost.report;

import dev.portolan.api.cost.Cost;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;

/** Writes amounts, counts and times for people. */
final class Amounts {
    /** As wide as a digit. */
    private static final String BLANK = "\u2007";

    private static final int LEAST_DECIMALS = 2;
    private static final BigDecimal[] STEPS = {
        BigDecimal.ONE, BigDecimal.valueOf(2), BigDecimal.valueOf(5), BigDecimal.TEN
    };

    private Amounts() {}

    /** To the last digit and at least to the cent, with its currency. */
    static String exact(BigDecimal amount, String currency) {
        return (amount.signum() < 0 ? "-" : "") + sign(currency) + digits(amount.abs());
    }

    private static String sign(String currency) {
        return currency.equals(Cost.USD) ? "$" : currency + " ";
    }

    private static String digits(BigDecimal amount) {
        return shown(amount).toPlainString();
    }

    private static BigDecimal shown(BigDecimal amount) {
        BigDecimal digits = amount.stripTrailingZeros();
        return digits.scale() < LEAST_DECIMALS ? digits.setScale(LEAST_DECIMALS) : digits;
    }

    /** How many decimals a column of these needs. */
    static int decimals(Collection<Total> totals) {
        return totals.stream()
                .mapToInt(total -> shown(total.amount()).scale())
                .max()
                .orElse(LEAST_DECIMALS);
    }

    /** To the last digit, filled up so that the points of a column stand below each other. */
    static String aligned(Total total, int decimals) {
        int missing = decimals - shown(total.amount()).scale();
        return exact(total.amount(), total.currency()) + BLANK.repeat(Math.max(0, missing));
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String seconds(Duration time) {
        long millis = time.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        return BigDecimal.valueOf(millis, 3).setScale(millis < 10_000 ? 2 : 1, RoundingMode.HALF_UP) + " s";
    }

    /** A part of a whole in per cent; {@code 0.04%} rather than 0 for what is not nothing. */
    static String percent(BigDecimal part, BigDecimal whole) {
        if (whole.signum() <= 0) {
            return "–";
        }
        BigDecimal percent = part.movePointRight(2).divide(whole, 4, RoundingMode.HALF_UP);
        int decimals = percent.compareTo(BigDecimal.ONE) < 0 && percent.signum() > 0 ? 2 : 1;
        return percent.setScale(decimals, RoundingMode.HALF_UP) + "%";
    }

    /** A round step so that some four of them reach a height. */
    static BigDecimal step(BigDecimal height) {
        if (height.signum() <= 0) {
            return BigDecimal.ONE;
        }
        BigDecimal rough = height.divide(BigDecimal.valueOf(4), height.scale() + 10, RoundingMode.CEILING);
        BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(rough.precision() - rough.scale() - 1);
        for (BigDecimal step : STEPS) {
            if (step.multiply(power).compareTo(rough) >= 0) {
                return step.multiply(power);
            }
        }
        return BigDecimal.TEN.multiply(power);
    }

    /** A mark of an axis of amounts. */
    static String mark(BigDecimal amount, String currency) {
        BigDecimal digits = amount.stripTrailingZeros();
        return sign(currency)
                + (digits.scale() > 0 && digits.scale() < LEAST_DECIMALS ? digits.setScale(LEAST_DECIMALS) : digits)
                        .toPlainString();
    }
}
