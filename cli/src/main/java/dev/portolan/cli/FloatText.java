package dev.portolan.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Writes floats as the shortest decimals that give back the same float. {@link Float#toString} does not before JDK 19, and
 * is slow for vectors of thousands.
 */
final class FloatText {
    private static final int MOST_DIGITS = 9;
    private static final double[] POWERS = new double[23]; // the powers of ten that a double holds exactly

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private FloatText() {}

    /** Appends a JSON number; {@code null} for what JSON has no number for. */
    static void append(StringBuilder out, float value) {
        if (!Float.isFinite(value)) {
            out.append("null");
            return;
        }
        if (Float.floatToRawIntBits(value) < 0) {
            out.append('-');
        }
        double magnitude = Math.abs((double) value);
        if (magnitude == 0) {
            out.append('0');
        } else if (magnitude < 1e-7 || magnitude >= 1e7) {
            out.append(slowly(magnitude));
        } else {
            appendUsual(out, magnitude);
        }
    }

    private static void appendUsual(StringBuilder out, double magnitude) {
        int integerDigits = 0;
        while (integerDigits < 8 && magnitude >= POWERS[integerDigits]) {
            integerDigits++;
        }
        int leadingZeros = 0;
        while (integerDigits == 0 && magnitude * POWERS[leadingZeros + 1] < 1) {
            leadingZeros++;
        }
        for (int digits = Math.max(1, integerDigits); digits <= MOST_DIGITS; digits++) {
            int decimals = digits - integerDigits + leadingZeros;
            long scaled = Math.round(magnitude * POWERS[decimals]);
            double candidate = scaled / POWERS[decimals];
            if ((float) candidate == (float) magnitude && !isBetweenFloats(candidate, (float) magnitude)) {
                appendDecimal(out, scaled, decimals);
                return;
            }
        }
        out.append(slowly(magnitude));
    }

    /** Half-way between two floats the double, which is rounded itself, does not tell how the decimal is rounded. */
    private static boolean isBetweenFloats(double candidate, float value) {
        double above = ((double) value + Math.nextUp(value)) / 2;
        double below = ((double) value + Math.nextDown(value)) / 2;
        return candidate == above || candidate == below;
    }

    private static void appendDecimal(StringBuilder out, long scaled, int decimals) {
        String digits = Long.toString(scaled);
        int point = digits.length() - decimals;
        if (decimals == 0) {
            out.append(digits);
        } else if (point > 0) {
            out.append(digits, 0, point).append('.').append(digits, point, digits.length());
        } else {
            out.append("0.").append("0".repeat(-point)).append(digits);
        }
    }

    private static String slowly(double magnitude) {
        BigDecimal exact = new BigDecimal(magnitude);
        for (int digits = 1; digits < MOST_DIGITS; digits++) {
            String shorter = exact.round(new MathContext(digits)).toString();
            if (Float.parseFloat(shorter) == (float) magnitude) {
                return shorter;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS)).toString();
    }
}
