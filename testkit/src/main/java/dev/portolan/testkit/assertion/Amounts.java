package dev.portolan.testkit.assertion;

import dev.portolan.api.cost.Cost;
import java.math.BigDecimal;

/** Money and tokens. */
final class Amounts {
    private Amounts() {}

    static boolean isDollars(Cost cost, String dollars) {
        BigDecimal amount = cost.amount();
        return amount != null && cost.currency().equals(Cost.USD) && amount.compareTo(new BigDecimal(dollars)) == 0;
    }

    static String tokens(long prompt, long completion) {
        return prompt + " tokens in, " + completion + " out";
    }
}
