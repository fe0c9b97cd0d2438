package dev.portolan.api.cost;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a call cost, exactly: the digits that the provider sent, never rounded through binary fractions.
 *
 * @param amount in {@code currency}; 0 is a cost, {@code null} means that it is not known
 * @param currency ISO 4217 code; {@value #USD} with OpenRouter
 * @param source who says so
 */
public record Cost(@Nullable BigDecimal amount, String currency, Source source) {
    /** US dollars. */
    public static final String USD = "USD";

    /** Not known; not the same as 0. */
    public static final Cost UNKNOWN = new Cost(null, USD, Source.UNKNOWN);

    /** Nothing was charged. */
    public static final Cost NONE = reported(BigDecimal.ZERO);

    /** Who says what a call cost. */
    public enum Source {
        /** The provider, in its reply. */
        REPORTED,
        /** This library, from tokens and list prices. */
        ESTIMATED,
        /** Nobody. */
        UNKNOWN
    }

    /**
     * Checks that amount and source agree.
     *
     * @throws IllegalArgumentException if there is an amount from nobody, or none from somebody
     */
    public Cost {
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(source, "source");
        if ((amount == null) != (source == Source.UNKNOWN)) {
            throw new IllegalArgumentException(
                    "A cost has an amount unless its source is UNKNOWN, found " + amount + " from " + source);
        }
    }

    /** US dollars, as the provider reported. */
    public static Cost reported(BigDecimal amount) {
        return new Cost(amount, USD, Source.REPORTED);
    }

    /** US dollars, worked out from list prices. */
    public static Cost estimated(BigDecimal amount) {
        return new Cost(amount, USD, Source.ESTIMATED);
    }

    /**
     * This and another together: exact, estimated if either is, unknown if either is. Amounts in two currencies have no sum, so
     * that it is {@link #UNKNOWN} too; nothing is nothing in each.
     */
    public Cost plus(Cost other) {
        BigDecimal theirs = other.amount;
        boolean sameCurrency = currency.equals(other.currency);
        if (amount == null || theirs == null) {
            return sameCurrency ? new Cost(null, currency, Source.UNKNOWN) : UNKNOWN;
        }
        if (!sameCurrency && amount.signum() != 0 && theirs.signum() != 0) {
            return UNKNOWN;
        }
        boolean reported = source == Source.REPORTED && other.source == Source.REPORTED;
        return new Cost(
                amount.add(theirs),
                amount.signum() == 0 ? other.currency : currency,
                reported ? Source.REPORTED : Source.ESTIMATED);
    }

    /** Whether the amount is known. */
    public boolean isKnown() {
        return amount != null;
    }

    /** For people: {@code $0.00012}, {@code ~$0.00012} if estimated, {@code unknown}. */
    @Override
    public String toString() {
        if (amount == null) {
            return "unknown";
        }
        String sign = currency.equals(USD) ? "$" : currency + " ";
        return (source == Source.ESTIMATED ? "~" : "") + sign + amount.toPlainString();
    }
}
