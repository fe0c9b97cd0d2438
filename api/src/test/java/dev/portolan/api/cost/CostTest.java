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
}
