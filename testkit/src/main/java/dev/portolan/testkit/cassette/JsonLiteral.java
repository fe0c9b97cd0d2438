package dev.portolan.testkit.cassette;

import java.math.BigDecimal;

/** A number of a JSON document, spelled as it was there. */
final class JsonLiteral extends Number {
    private static final long serialVersionUID = 1;

    private final String spelling;

    JsonLiteral(String spelling) {
        this.spelling = spelling;
    }

    /** The value regardless of the spelling: {@code 1}, {@code 1.0} and {@code 10e-1} are one. */
    String canonical() {
        BigDecimal value;
        try {
            value = new BigDecimal(spelling).stripTrailingZeros();
        } catch (NumberFormatException exponentOutOfRange) {
            return spelling;
        }
        boolean plain = Math.abs((long) value.scale()) <= 30; // 1E+999999999 must not be written out
        return plain ? value.toPlainString() : value.toString();
    }

    @Override
    public int intValue() {
        return (int) doubleValue();
    }

    @Override
    public long longValue() {
        return (long) doubleValue();
    }

    @Override
    public float floatValue() {
        return Float.parseFloat(spelling);
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(spelling);
    }

    @Override
    public String toString() {
        return spelling;
    }
}
