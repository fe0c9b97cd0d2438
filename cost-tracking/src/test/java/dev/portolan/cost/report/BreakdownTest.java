package dev.portolan.cost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.cost.Cost;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakdownTest {
    private final Spending spending = new Spending();

    @ParameterizedTest
    @ValueSource(strings = {"model", "provider", "upstream", "day", "week", "month", "operation", "outcome", "tag:a:b"})
    void a_breakdown_is_known_by_its_name(String name) {
        assertThat(Breakdown.parse(name)).hasToString(name).isEqualTo(Breakdown.parse(" " + name + " "));
        assertThat(Breakdown.parse(name).isTime())
                .isEqualTo(List.of("day", "week", "month").contains(name));
    }

    @Test
    void the_name_of_a_tag_keeps_its_case_and_the_words_have_none() {
        assertThat(Breakdown.parse("TAG:Team")).isEqualTo(Breakdown.tag("Team"));
        assertThat(Breakdown.parse("Model")).isEqualTo(Breakdown.MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "tag:", "tag", ""})
    void another_word_is_told_with_those_there_are(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Breakdown.parse(word))
                .withMessageContaining("model, provider, upstream, day, week, month, operation, outcome, tag:NAME");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01, 2026-W09, 2026-03",
        "2026-03-02, 2026-W10, 2026-03",
        "2025-12-31, 2026-W01, 2025-12",
        "2027-01-03, 2026-W53, 2027-01"
    })
    void days_make_up_weeks_from_monday_and_months(String day, String week, String month) {
        spending.call(day, "openrouter/a", "1");

        assertThat(Breakdown.WEEK.totals(spending.ledger, LedgerQuery.ALL))
                .extracting(Total::key)
                .containsExactly(week);
        assertThat(Breakdown.MONTH.totals(spending.ledger, LedgerQuery.ALL))
                .extracting(Total::key)
                .containsExactly(month);
    }

    @Test
    void sums_of_sums_are_exact_and_currencies_stay_apart() {
        spending.call("2026-03-02", "openrouter/a", "1e-30")
                .call("2026-03-03", "openrouter/a", "12345678901234567890.1")
                .call("2026-03-04", "openrouter/a", Cost.UNKNOWN, Map.of())
                .call("2026-03-04", "openrouter/a", Cost.estimated(BigDecimal.ONE), Map.of())
                .call("2026-03-05", "openrouter/a", new Cost(BigDecimal.TEN, "EUR", Cost.Source.REPORTED), Map.of());

        assertThat(Breakdown.WEEK.totals(spending.ledger, LedgerQuery.ALL))
                .extracting(
                        Total::currency,
                        total -> total.amount().toPlainString(),
                        Total::calls,
                        Total::unknownCalls,
                        Total::estimatedCalls,
                        Total::totalTokens)
                .containsExactly(
                        tuple("EUR", "10", 1L, 0L, 0L, 1_020L),
                        tuple("USD", "12345678901234567891.1" + "0".repeat(28) + "1", 4L, 1L, 1L, 4_080L));
    }

    @Test
    void counts_of_tokens_that_no_number_holds_stay_at_the_greatest() {
        Total many = new Total("a", "USD", 1, 0, 0, BigDecimal.ONE, Long.MAX_VALUE, 1, Long.MAX_VALUE);

        assertThat(Breakdown.together(List.of(many, many)))
                .containsExactly(new Total("", "USD", 2, 0, 0, new BigDecimal("2"), Long.MAX_VALUE, 2, Long.MAX_VALUE));
    }
}
