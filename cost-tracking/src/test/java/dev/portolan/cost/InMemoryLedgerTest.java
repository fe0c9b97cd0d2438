package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.cost.CostEvent;
import org.junit.jupiter.api.Test;

class InMemoryLedgerTest extends LedgerContract {
    @Override
    Ledger open() {
        return new InMemoryLedger();
    }

    @Test
    void a_full_ledger_drops_the_oldest_and_counts_it() {
        try (InMemoryLedger small = new InMemoryLedger(2)) {
            small.record(call("1").generation("a").build());
            small.record(call("2").build());
            small.record(call("3").build());
            small.record(call("4").generation("a").build());

            assertThat(small.entries(LedgerQuery.ALL))
                    .extracting(CostEvent::callId)
                    .containsExactly("3", "4");
            assertThat(small.dropped()).isEqualTo(2);
        }
    }
}
