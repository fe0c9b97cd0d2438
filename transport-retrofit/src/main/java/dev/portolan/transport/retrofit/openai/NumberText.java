package dev.portolan.transport.retrofit.openai;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON number that comes byte by byte and becomes a {@code float}: the nearest one, as {@link Float#parseFloat} gives it,
 * without making an object for each. Not thread-safe.
 */
final class NumberText {
    /** Powers of ten that a {@code double} holds exactly. */
    private static final double[] POWERS = powers();

    /** More digits than this do not fit into a {@code long}. */
    private static final int MOST_DIGITS = 18;

    private byte[] text = new byte[32];
    private int length;
    private boolean ended;

    /**
     * Takes a byte of a number or of the space around it.
     *
     * @return whether it is such a byte
     * @throws NumberFormatException if it comes after the end of the number
     */
    boolean add(byte c) {
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '"') {
            ended = length > 0;
            return true;
        }
        if ((c < '0' || c > '9') && c != '-' && c != '.' && c != 'e' && c != 'E' && c != '+') {
            return false;
        }
        if (ended) {
            throw new NumberFormatException();
        }
        if (length == text.length) {
            text = Arrays.copyOf(text, length * 2);
        }
        text[length++] = c;
        return true;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /**
     * The number; the next one begins.
     *
     * @throws NumberFormatException if it is none
     */
    float take() {
        float quick = quick();
        float value =
                Float.isNaN(quick) ? Float.parseFloat(new String(text, 0, length, StandardCharsets.ISO_8859_1)) : quick;
        length = 0;
        ended = false;
        return value;
    }

    /** Without making a string; not a number where that is not certain to be right. */
    private float quick() {
        boolean negative = text[0] == '-';
        long digits = 0;
        int count = 0;
        int behindPoint = -1;
        int exponent = 0;
        for (int i = negative ? 1 : 0; i < length; i++) {
            byte c = text[i];
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
                count += digits == 0 ? 0 : 1;
                behindPoint += behindPoint < 0 ? 0 : 1;
            } else if (c == '.' && behindPoint < 0 && i > 0) {
                behindPoint = 0;
            } else if (c == 'e' || c == 'E') {
                exponent = exponent(i + 1);
                break;
            } else {
                return Float.NaN;
            }
            if (count > MOST_DIGITS) {
                return Float.NaN;
            }
        }
        exponent -= Math.max(0, behindPoint);
        if (count == 0 || Math.abs(exponent) >= POWERS.length) {
            return Float.NaN;
        }
        double value = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        return nearest(negative ? -value : value);
    }

    /** Far too large for {@link #quick} if it is no exponent of at most two digits. */
    private int exponent(int start) {
        boolean signed = start < length && (text[start] == '-' || text[start] == '+');
        int from = signed ? start + 1 : start;
        if (from >= length || length - from > 2) {
            return Integer.MAX_VALUE / 2;
        }
        int value = 0;
        for (int i = from; i < length; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return Integer.MAX_VALUE / 2;
            }
            value = value * 10 + (text[i] - '0');
        }
        return signed && text[start] == '-' ? -value : value;
    }

    /**
     * Two roundings have been made, so {@code value} may be off by two units in its last place; not a number in the rare
     * case that this decides which {@code float} is the nearest.
     */
    private static float nearest(double value) {
        double error = 2 * Math.ulp(value);
        float low = (float) (value - error);
        return low == (float) (value + error) ? low : Float.NaN;
    }

    private static double[] powers() {
        double[] powers = new double[23];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
