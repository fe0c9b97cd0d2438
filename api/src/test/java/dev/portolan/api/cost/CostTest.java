package dev.portolan.api.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CostTest {
    @ParameterizedTest
    @CsvSource({
        "0.00012, $0.00012",
        "1.2E-7, $0.00000012",
        "0, $0",
        "0.10, $0.10",
        "1E+3, $1000",
        "123456789.123456789123456789, $123456789.123456789123456789"
    })
    void a_reported_cost_shows_every_digit(BigDecimal amount, String shown) {
        assertThat(Cost.reported(amount)).hasToString(shown);
        assertThat(Cost.reported(amount).amount()).isEqualTo(amount);
    }

    @Test
    void an_estimated_cost_says_so() {
        assertThat(Cost.estimated(new BigDecimal("0.5"))).hasToString("~$0.5");
        assertThat(Cost.estimated(BigDecimal.ONE).source()).isEqualTo(Cost.Source.ESTIMATED);
        assertThat(Cost.estimated(BigDecimal.ONE)).isNotEqualTo(Cost.reported(BigDecimal.ONE));
    }

    @Test
    void another_currency_is_named() {
        assertThat(new Cost(new BigDecimal("0.5"), "EUR", Cost.Source.REPORTED)).hasToString("EUR 0.5");
        assertThat(new Cost(new BigDecimal("0.5"), "EUR", Cost.Source.ESTIMATED))
                .hasToString("~EUR 0.5");
    }

    @Test
    void an_unknown_cost_is_not_zero() {
        assertThat(Cost.UNKNOWN).hasToString("unknown").isNotEqualTo(Cost.reported(BigDecimal.ZERO));
        assertThat(Cost.UNKNOWN.isKnown()).isFalse();
        assertThat(Cost.UNKNOWN.amount()).isNull();
        assertThat(Cost.reported(BigDecimal.ZERO).isKnown()).isTrue();
    }

    @Test
    void an_amount_from_nobody_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cost(BigDecimal.ONE, Cost.USD, Cost.Source.UNKNOWN))
                .withMessage("A cost has an amount unless its source is UNKNOWN, found 1 from UNKNOWN");
    }

    @ParameterizedTest
    @EnumSource(
            value = Cost.Source.class,
            names = {"REPORTED", "ESTIMATED"})
    void a_source_without_an_amount_is_refused(Cost.Source source) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Cost(null, Cost.USD, source))
                .withMessage("A cost has an amount unless its source is UNKNOWN, found null from " + source);
    }

    @Test
    void currency_and_source_must_be_there() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Cost(BigDecimal.ONE, null, Cost.Source.REPORTED))
                .withMessage("currency");
        assertThatNullPointerException().isThrownBy(() -> new Cost(BigDecimal.ONE, Cost.USD, null));
    }

    @Test
    void totals_are_added_up() {
        Usage usage = Usage.of(10, 5);

        assertThat(usage.totalTokens()).isEqualTo(15);
        assertThat(usage.isReported()).isTrue();
        assertThat(usage.raw()).isNull();
    }

    @Test
    void usage_of_zero_that_was_reported_is_not_missing() {
        Usage zero = new Usage(
                0,
                0,
                0,
                Usage.PromptDetails.NONE,
                Usage.CompletionDetails.NONE,
                RawJson.parse("{\"prompt_tokens\":0}"));

        assertThat(zero.isReported()).isTrue();
        assertThat(Usage.NOT_REPORTED.isReported()).isFalse();
    }

    @Test
    void costs_add_up_exactly() {
        Cost a = Cost.reported(new BigDecimal("1.8e-7"));
        Cost b = Cost.reported(new BigDecimal("0.1"));

        assertThat(a.plus(b)).isEqualTo(Cost.reported(new BigDecimal("0.10000018")));
        assertThat(a.plus(b)).isEqualTo(b.plus(a));
    }

    @Test
    void a_sum_is_estimated_if_a_part_is_and_unknown_if_a_part_is() {
        Cost reported = Cost.reported(BigDecimal.ONE);
        Cost estimated = Cost.estimated(BigDecimal.TEN);

        assertThat(reported.plus(estimated)).isEqualTo(Cost.estimated(new BigDecimal("11")));
        assertThat(estimated.plus(reported)).isEqualTo(Cost.estimated(new BigDecimal("11")));
        assertThat(estimated.plus(estimated).source()).isEqualTo(Cost.Source.ESTIMATED);
        assertThat(reported.plus(Cost.UNKNOWN)).isEqualTo(Cost.UNKNOWN);
        assertThat(Cost.UNKNOWN.plus(reported)).isEqualTo(Cost.UNKNOWN);
        assertThat(Cost.UNKNOWN.plus(Cost.UNKNOWN)).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void costs_in_two_currencies_have_no_sum_that_is_known() {
        Cost euro = new Cost(BigDecimal.ONE, "EUR", Cost.Source.REPORTED);
        Cost unknownEuros = new Cost(null, "EUR", Cost.Source.UNKNOWN);

        assertThat(euro.plus(Cost.reported(BigDecimal.ONE))).isEqualTo(Cost.UNKNOWN);
        assertThat(Cost.reported(BigDecimal.ONE).plus(euro)).isEqualTo(Cost.UNKNOWN);
        assertThat(euro.plus(Cost.UNKNOWN)).isEqualTo(Cost.UNKNOWN);
        assertThat(unknownEuros.plus(Cost.NONE)).isEqualTo(Cost.UNKNOWN);
        assertThat(unknownEuros.plus(euro)).isEqualTo(unknownEuros);
        assertThat(euro.plus(euro)).isEqualTo(new Cost(new BigDecimal("2"), "EUR", Cost.Source.REPORTED));
    }

    @Test
    void what_cost_nothing_adds_nothing_in_any_currency() {
        Cost euro = new Cost(BigDecimal.ONE, "EUR", Cost.Source.REPORTED);

        assertThat(euro.plus(Cost.NONE)).isEqualTo(euro);
        assertThat(Cost.NONE.plus(euro)).isEqualTo(euro);
        assertThat(Cost.NONE.plus(Cost.NONE)).isEqualTo(Cost.NONE);
    }

    @Test
    void usage_adds_up_part_by_part() {
        Usage one = new Usage(
                1,
                2,
                3,
                new Usage.PromptDetails(4, 5, 6, 7),
                new Usage.CompletionDetails(8, 9, 10, 11, 12),
                RawJson.parse("{}"));
        Usage two = new Usage(
                100,
                200,
                300,
                new Usage.PromptDetails(400, 500, 600, 700),
                new Usage.CompletionDetails(800, 900, 1000, 1100, 1200),
                null);

        assertThat(one.plus(two))
                .isEqualTo(new Usage(
                        101,
                        202,
                        303,
                        new Usage.PromptDetails(404, 505, 606, 707),
                        new Usage.CompletionDetails(808, 909, 1010, 1111, 1212),
                        null));
        assertThat(two.plus(Usage.NOT_REPORTED)).isEqualTo(two);
        assertThat(Usage.NOT_REPORTED.plus(Usage.NOT_REPORTED).isReported()).isFalse();
    }
}
