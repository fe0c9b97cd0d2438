package dev.portolan.api.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricingTest {
    private static final Instant NOON = Instant.parse("2026-08-22T12:00:00Z");
    private static final Usage.PromptDetails NO_IN = Usage.PromptDetails.NONE;
    private static final Usage.CompletionDetails NO_OUT = Usage.CompletionDetails.NONE;

    private static Usage usage(long in, long out, Usage.PromptDetails inDetails, Usage.CompletionDetails outDetails) {
        return new Usage(in, out, in + out, inDetails, outDetails, null);
    }

    private static @Nullable BigDecimal price(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }

    /** Each kind of token at a price of its own; reasoning as given. */
    private static Pricing full(
            @Nullable String reasoning, @Nullable String discount, Pricing.Conditional... overrides) {
        return new Pricing(
                price("2"),
                price("10"),
                price("1000"),
                price("5000"),
                price("3"),
                price("30"),
                price("4"),
                price("40"),
                price("0.4"),
                price("0.2"),
                price("2.5"),
                price("5"),
                price(reasoning),
                price("100"),
                price(discount),
                List.of(overrides));
    }

    private static Pricing.Conditional when(long moreThan, @Nullable String from, @Nullable String to, String prompt) {
        return new Pricing.Conditional(
                moreThan,
                from == null ? null : LocalTime.parse(from),
                to == null ? null : LocalTime.parse(to),
                Pricing.of(new BigDecimal(prompt), null));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        // in, out, cached, written, audio in, reasoning, image, audio out, searches, amount (a request costs 1000)
        "plain tokens,          100, 10,  0,  0,  0, 0, 0, 0, 0, 1300",
        "all cached,            100,  0, 100, 0,  0, 0, 0, 0, 0, 1020",
        "some cached,           100,  0,  60, 0,  0, 0, 0, 0, 0, 1092",
        "written to the cache,  100,  0,  0, 60,  0, 0, 0, 0, 0, 1230",
        "sound in,              100,  0,  0,  0, 50, 0, 0, 0, 0, 1300",
        "reasoning,               0, 10,  0,  0,  0, 4, 0, 0, 0, 1140",
        "an image,                0, 10,  0,  0,  0, 0, 4, 0, 0, 1180",
        "sound out,               0, 10,  0,  0,  0, 0, 0, 4, 0, 1220",
        "two searches,            0,  1,  0,  0,  0, 0, 0, 0, 2, 1210",
        "more cached than there, 10,  0, 20,  0,  0, 0, 0, 0, 0, 1004"
    })
    void each_kind_of_token_has_its_price(
            String what,
            long in,
            long out,
            long cached,
            long written,
            long audioIn,
            long reasoning,
            long image,
            long audioOut,
            long searches,
            BigDecimal amount) {
        Usage usage = usage(
                in,
                out,
                new Usage.PromptDetails(cached, written, audioIn, 0),
                new Usage.CompletionDetails(reasoning, image, audioOut, 0, 0));

        Cost cost = full("20", null).estimate(usage, searches, NOON);

        assertThat(cost.amount()).isEqualByComparingTo(amount);
        assertThat(cost.source()).isEqualTo(Cost.Source.ESTIMATED);
    }

    @Test
    void a_price_of_0_for_reasoning_means_that_of_any_token_coming_out() {
        Usage usage = usage(0, 10, NO_IN, new Usage.CompletionDetails(4, 0, 0, 0, 0));

        assertThat(full("0", null).estimate(usage, 0, NOON).amount()).isEqualByComparingTo("1100");
        assertThat(full(null, null).estimate(usage, 0, NOON).amount()).isEqualByComparingTo("1100");
    }

    @Test
    void a_kind_without_a_price_costs_what_the_whole_does() {
        Usage usage =
                usage(100, 10, new Usage.PromptDetails(10, 20, 30, 0), new Usage.CompletionDetails(1, 2, 3, 0, 0));

        assertThat(Pricing.of(new BigDecimal("2"), new BigDecimal("10"))
                        .estimate(usage, 0, NOON)
                        .amount())
                .isEqualByComparingTo("300");
    }

    @Test
    void amounts_are_exact() {
        Pricing pricing = Pricing.of(new BigDecimal("0.00000015"), new BigDecimal("0.0000006"));

        assertThat(pricing.estimate(Usage.of(3, 7)).amount()).isEqualByComparingTo("0.00000465");
        assertThat(pricing.estimate(Usage.of(3, 7))).hasToString("~$0.00000465");
        assertThat(Pricing.of(new BigDecimal("0.1"), new BigDecimal("0.2"))
                        .estimate(Usage.of(1, 1))
                        .amount())
                .isEqualTo(new BigDecimal("0.3"));
    }

    @Test
    void prices_may_be_told_for_a_million_tokens() {
        Pricing pricing = Pricing.perMillion("0.15", " 0 ");

        assertThat(pricing.prompt()).isEqualByComparingTo("0.00000015");
        assertThat(pricing.completion()).isEqualByComparingTo("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pricing.perMillion("1,5", "2"))
                .withMessage("The price of a million tokens is '1,5'; expected dollars, such as '0.20'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pricing.perMillion("1", "-2"))
                .withMessageContaining("'-2'; expected 0 or more");
    }

    @Test
    void a_discount_is_taken_off_exactly() {
        assertThat(full(null, "0.1").estimate(Usage.of(100, 10), 0, NOON).amount())
                .isEqualByComparingTo("1170");
    }

    @Test
    void what_is_free_costs_0_and_that_is_known() {
        Cost cost = Pricing.of(BigDecimal.ZERO, BigDecimal.ZERO).estimate(Usage.of(100, 10));

        assertThat(cost.amount()).isEqualByComparingTo("0");
        assertThat(cost.isKnown()).isTrue();
    }

    @Test
    void a_price_that_varies_or_is_not_told_makes_the_cost_unknown() {
        BigDecimal one = BigDecimal.ONE;
        BigDecimal varies = new BigDecimal("-1");

        assertThat(Pricing.UNKNOWN.estimate(Usage.of(1, 1))).isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.of(varies, varies).estimate(Usage.of(1, 1))).isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.of(one, varies).estimate(Usage.of(1, 1))).isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.of(one, null).estimate(Usage.of(1, 1))).isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.of(one, one).estimate(Usage.of(1, 1), 1, NOON)).isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.of(varies, varies).varies()).isTrue();
        assertThat(Pricing.of(varies, varies).isKnown()).isFalse();
        assertThat(Pricing.UNKNOWN.varies()).isFalse();
    }

    @Test
    void a_price_that_is_not_needed_need_not_be_known() {
        assertThat(Pricing.of(BigDecimal.ONE, null).estimate(Usage.of(3, 0)).amount())
                .isEqualByComparingTo("3");
    }

    @Test
    void usage_that_was_not_reported_is_not_free() {
        assertThat(Pricing.of(BigDecimal.ONE, BigDecimal.ONE).estimate(Usage.NOT_REPORTED))
                .isEqualTo(Cost.UNKNOWN);
        assertThat(Pricing.UNKNOWN.estimate(Usage.NOT_REPORTED)).isEqualTo(Cost.UNKNOWN);
        Usage empty = new Usage(0, 0, 7, NO_IN, NO_OUT, RawJson.parse("{\"total_tokens\":7}"));
        assertThat(full(null, null).estimate(empty, 1, NOON)).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void all_kinds_of_tokens_in_one_call_are_each_counted_once() {
        Usage usage = usage(
                1000, 100, new Usage.PromptDetails(100, 200, 300, 50), new Usage.CompletionDetails(10, 20, 30, 5, 5));

        // 400 plain * 2 + 100 cached * 0.2 + 200 written * 2.5 + 300 of sound * 4,
        // 40 plain * 10 + 10 reasoning * 20 + 20 image * 30 + 30 sound * 40, 3 searches * 100, 1 request * 1000
        assertThat(full("20", null).estimate(usage, 3, NOON).amount()).isEqualByComparingTo("6220");
    }

    @ParameterizedTest
    @CsvSource({"199999, 2", "200000, 2", "200001, 7"})
    void a_price_for_long_prompts_holds_above_the_boundary_only(long tokens, BigDecimal prompt) {
        Pricing pricing = full(null, null, when(200_000, null, null, "7"));

        assertThat(pricing.at(tokens, NOON).prompt()).isEqualByComparingTo(prompt);
        assertThat(pricing.at(tokens, NOON).completion()).isEqualByComparingTo("10");
        assertThat(pricing.estimate(Usage.of(tokens, 0), 0, NOON).amount())
                .isEqualByComparingTo(
                        prompt.multiply(BigDecimal.valueOf(tokens)).add(new BigDecimal("1000")));
    }

    @ParameterizedTest
    @CsvSource({"16:29:59, 2", "16:30:00, 7", "23:59:59, 7", "00:00:00, 7", "00:29:59, 7", "00:30:00, 2", "12:00:00, 2"
    })
    void a_price_by_the_hour_may_hold_over_midnight(String time, BigDecimal prompt) {
        Pricing pricing = full(null, null, when(-1, "16:30", "00:30", "7"));

        assertThat(pricing.at(0, Instant.parse("2026-08-22T" + time + "Z")).prompt())
                .isEqualByComparingTo(prompt);
    }

    @ParameterizedTest
    @CsvSource({"08:59:59, 2", "09:00:00, 7", "16:59:59, 7", "17:00:00, 2"})
    void a_price_by_the_hour_holds_from_its_start_until_before_its_end(String time, BigDecimal prompt) {
        assertThat(full(null, null, when(-1, "09:00", "17:00", "7"))
                        .at(5, Instant.parse("2026-08-22T" + time + "Z"))
                        .prompt())
                .isEqualByComparingTo(prompt);
    }

    @Test
    void all_conditions_of_an_entry_must_hold_and_later_entries_win() {
        Pricing pricing = full(
                null, null, when(100, null, null, "7"), when(100, "09:00", "17:00", "8"), when(500, null, null, "9"));

        assertThat(pricing.at(100, NOON).prompt()).isEqualByComparingTo("2");
        assertThat(pricing.at(101, NOON).prompt()).isEqualByComparingTo("8");
        assertThat(pricing.at(101, NOON.plusSeconds(6 * 3600)).prompt()).isEqualByComparingTo("7");
        assertThat(pricing.at(501, NOON).prompt()).isEqualByComparingTo("9");
    }

    @Test
    void more_usage_never_costs_less() {
        Pricing pricing = full("20", "0.25");
        BigDecimal last = BigDecimal.ZERO;
        for (int tokens = 1; tokens < 500; tokens += 7) {
            BigDecimal amount = pricing.estimate(usage(tokens, tokens, NO_IN, NO_OUT), 0, NOON)
                    .amount();
            assertThat(amount).isGreaterThan(last);
            last = amount;
        }
    }

    @Test
    void an_estimate_has_no_zeros_that_only_multiplying_left() {
        assertThat(Pricing.perMillion("0.15", "0.60").estimate(Usage.of(1_000, 200)))
                .hasToString("~$0.00027");
        assertThat(Pricing.perMillion("10", "0").estimate(Usage.of(10_000_000, 0)))
                .isEqualTo(Cost.estimated(new BigDecimal("100")));
    }
}
