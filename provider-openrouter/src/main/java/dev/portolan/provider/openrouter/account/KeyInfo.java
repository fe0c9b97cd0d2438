package dev.portolan.provider.openrouter.account;

import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the API key may do and has spent, in US dollars (OpenRouter reference: catalogue-and-account §6).
 *
 * @param label the key's name; a shortened key, if it was given none
 * @param limit the most it may spend; {@code null} for no limit
 * @param limitRemaining what is left of the limit; {@code null} for no limit
 * @param limitReset when the limit renews: {@code daily weekly monthly}; {@code null} for never
 * @param usage what it ever spent
 * @param usageDaily what it spent today, in UTC
 * @param usageWeekly what it spent this week
 * @param usageMonthly what it spent this month
 * @param byokUsage what it ever spent with the caller's own provider keys
 * @param freeTier whether the account never bought credits
 * @param managementKey whether it may read the account's credits
 * @param expiresAt when it ends; {@code null} for never
 * @param raw all that was told
 */
public record KeyInfo(
        String label,
        @Nullable BigDecimal limit,
        @Nullable BigDecimal limitRemaining,
        @Nullable String limitReset,
        BigDecimal usage,
        BigDecimal usageDaily,
        BigDecimal usageWeekly,
        BigDecimal usageMonthly,
        BigDecimal byokUsage,
        boolean freeTier,
        boolean managementKey,
        @Nullable Instant expiresAt,
        RawJson raw) {
    /** Shows no usage, and the label only as the server shortened it. */
    @Override
    public String toString() {
        return "KeyInfo[" + label + ", " + (limit == null ? "no limit" : "limit " + limit) + "]";
    }
}
