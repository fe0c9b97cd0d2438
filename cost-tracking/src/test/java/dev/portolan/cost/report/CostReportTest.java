package dev.portolan.cost.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.Total;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CostReportTest {
    private final Spending spending = new Spending();

    @Test
    void every_part_adds_up_to_what_the_ledger_says() {
        Random dice = new Random(7);
        for (int i = 0; i < 300; i++) {
            spending.call(
                    "2026-0" + (1 + dice.nextInt(3)) + "-1" + dice.nextInt(10),
                    "openrouter/m" + dice.nextInt(4),
                    dice.nextInt(9) == 0
                            ? Cost.UNKNOWN
                            : Cost.reported(BigDecimal.valueOf(dice.nextInt(1_000_000), dice.nextInt(20))),
                    dice.nextBoolean() ? Map.of("team", "t" + dice.nextInt(3)) : Map.of(),
                    Status.values()[dice.nextInt(3)],
                    dice.nextInt(5_000),
                    null);
        }
        LedgerQuery query = LedgerQuery.builder()
                .since(Instant.parse("2026-01-15T00:00:00Z"))
                .build();

        CostReport report = spending.report(query);

        List<Total> expected = spending.ledger.totals(Grouping.NOTHING, query);
        assertThat(report.total()).isEqualTo(expected).isNotEmpty();
        assertThat(report.tagNames()).containsExactly("team");
        for (String by :
                List.of("model", "provider", "upstream", "day", "week", "month", "operation", "outcome", "tag:team")) {
            Breakdown breakdown = Breakdown.parse(by);
            assertThat(report.by(breakdown)).as(by).isEqualTo(breakdown.totals(spending.ledger, query));
            assertThat(Breakdown.together(report.by(breakdown))).as(by).isEqualTo(expected);
        }
        assertThat(report.by(Breakdown.tag("user"))).isEmpty();
        assertThat(report.query()).isEqualTo(query);
        assertThat(report.made()).isEqualTo("2026-03-31T20:00:00Z");
    }

    @Test
    void times_are_those_that_half_and_95_in_100_calls_stayed_below() {
        for (int i = 1; i <= 100; i++) {
            spending.call(
                    "2026-03-01",
                    "openrouter/a",
                    Cost.NONE,
                    Map.of(),
                    Status.COMPLETED,
                    i * 10L,
                    i % 2 == 0 ? (long) i : null);
        }
        spending.call("2026-03-01", "openrouter/a", Cost.NONE, Map.of(), Status.FAILED, 900_000, null)
                .call("2026-03-01", "openrouter/b", Cost.NONE, Map.of(), Status.COMPLETED, 7, null)
                .call("2026-03-01", "openrouter/c", Cost.NONE, Map.of(), Status.CANCELLED, 7, null);

        assertThat(spending.report().speeds())
                .containsExactly(
                        new Speed("openrouter/a", 100, times(500, 950), times(50, 96)),
                        new Speed("openrouter/b", 1, times(7, 7), null));
    }

    private static Speed.Percentiles times(long half, long most) {
        return new Speed.Percentiles(Duration.ofMillis(half), Duration.ofMillis(most));
    }

    @Test
    void calls_of_unknown_cost_are_listed_up_to_a_number() {
        for (int i = 0; i < CostReport.MOST_OPEN + 5; i++) {
            spending.call("2026-03-01", "openrouter/a", Cost.UNKNOWN, Map.of());
        }

        assertThat(spending.report().open())
                .hasSize(CostReport.MOST_OPEN)
                .extracting(CostEvent::cost, event -> event.model().toString())
                .containsOnly(tuple(Cost.UNKNOWN, "openrouter/a"));
        assertThat(spending.report().total().get(0).unknownCalls()).isEqualTo(CostReport.MOST_OPEN + 5);
    }
}
