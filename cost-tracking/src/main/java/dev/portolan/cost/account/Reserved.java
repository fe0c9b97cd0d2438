package dev.portolan.cost.account;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/**
 * Money put by for a call.
 *
 * @param callId for which
 * @param key out of which account
 * @param nanos how many billionths of a US dollar, greater than 0: whole numbers, so that a database can add up many, exactly
 * @param lapses when it is free again if nothing is heard of the call any more
 */
public record Reserved(String callId, AccountKey key, long nanos, Instant lapses) {
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE, 9);

    /** An amount in whole billionths, no less than it was. */
    static BigDecimal roundedUp(BigDecimal dollars) {
        return dollars.setScale(9, RoundingMode.CEILING);
    }

    /**
     * Puts an amount by, or as much of it as can be written down.
     *
     * @param dollars in whole billionths
     */
    static Reserved of(String callId, AccountKey key, BigDecimal dollars, Instant lapses) {
        return new Reserved(callId, key, dollars.min(MOST).movePointRight(9).longValueExact(), lapses);
    }

    BigDecimal dollars() {
        return BigDecimal.valueOf(nanos, 9);
    }
}
