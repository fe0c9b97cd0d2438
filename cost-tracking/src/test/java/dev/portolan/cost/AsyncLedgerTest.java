package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.AsyncLedger.WhenFull;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

class AsyncLedgerTest extends LedgerContract {
    private final InMemoryLedger inner = new InMemoryLedger();

    @Override
    Ledger open() {
        return new AsyncLedger(inner);
    }

    @Test
    void closing_writes_all_that_waits() {
        IntStream.range(0, 2000).forEach(i -> ledger.record(call("" + i).build()));

        ledger.close();

        assertThat(inner.entries(LedgerQuery.ALL)).hasSize(2000);
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("x").build()))
                .withMessageContaining("closed");
    }

    @Test
    void budgets_are_those_of_the_ledger_inside() {
        ledger.budgets().set(Budget.of("all", "1", Period.FOREVER));
        ledger.record(call("1").cost("0.25").build());
        ((AsyncLedger) ledger).flush();

        assertThat(inner.budgets().states(Instant.EPOCH))
                .extracting(BudgetState::spent)
                .containsExactly(new BigDecimal("0.25"));
        assertThat(ledger.budgets()).isSameAs(inner.budgets());
    }

    @Test
    void a_full_queue_refuses_or_makes_the_call_wait() throws Exception {
        for (WhenFull whenFull : WhenFull.values()) {
            CountDownLatch writing = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Ledger slow = Mockito.mock(Ledger.class);
            Mockito.doAnswer(invocation -> {
                        writing.countDown();
                        go.await();
                        return null;
                    })
                    .when(slow)
                    .recordAll(Mockito.anyList());
            try (AsyncLedger full = new AsyncLedger(slow, 1, whenFull)) {
                full.record(call("1").build());
                assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
                full.record(call("2").build());

                if (whenFull == WhenFull.REFUSE) {
                    assertThatExceptionOfType(LedgerException.class)
                            .isThrownBy(() -> full.record(call("3").build()))
                            .withMessageContaining("Call 3");
                    go.countDown();
                } else {
                    CompletableFuture<Void> third = CompletableFuture.runAsync(
                            () -> full.record(call("3").build()));
                    assertThat(third).isNotDone();
                    go.countDown();
                    third.get(10, TimeUnit.SECONDS);
                }
                full.flush();
                assertThat(full.failedRecords()).isZero();
            }
        }
    }

    @Test
    void a_record_that_is_refused_is_counted_and_takes_no_other_with_it() {
        Ledger picky = Mockito.mock(Ledger.class);
        Mockito.doThrow(new LedgerException("no", null)).when(picky).recordAll(Mockito.anyList());
        CostEvent bad = call("bad").build();
        Mockito.doThrow(new LedgerException("no", null)).when(picky).record(bad);
        try (AsyncLedger books = new AsyncLedger(picky)) {
            books.recordAll(List.of(bad, call("good").build()));
            books.flush();

            assertThat(books.failedRecords()).isEqualTo(1);
        }
        Mockito.verify(picky).record(call("good").build());
    }
}
