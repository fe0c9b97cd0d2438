package dev.portolan.provider.openrouter.account;

import java.math.BigDecimal;

/**
 * The account's money, in US dollars (OpenRouter reference: catalogue-and-account §5).
 *
 * @param total what was ever paid in
 * @param used what was ever spent
 */
public record Credits(BigDecimal total, BigDecimal used) {
    /** What is left; negative if more was spent than paid in. */
    public BigDecimal remaining() {
        return total.subtract(used);
    }
}
