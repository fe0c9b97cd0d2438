package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetAlert;
import dev.portolan.cost.budget.BudgetBook;
import dev.portolan.cost.budget.Period;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeferredLedgerTest extends LedgerContract {
    @TempDir
    private Path folder;

    private final InMemoryLedger books = new InMemoryLedger();
    private int openings;

    @Override
    DeferredLedger open() {
        return deferred(1 << 20);
    }

    private DeferredLedger deferred(long mostBytes) {
        return new DeferredLedger(journal(), this::openBooks, mostBytes);
    }

    private Ledger openBooks() {
        openings++;
        return new JournaledLedger(books, journal());
    }

    private Path journal() {
        return folder.resolve("data").resolve("calls.pending");
    }

    @Test
    void a_record_is_in_the_journal_and_the_ledger_is_not_opened_for_it() throws IOException {
        ledger.record(call("1").build());
        ledger.recordAll(List.of(call("2").build(), call("3").build()));
        ledger.close();

        assertThat(openings).isZero();
        assertThat(Files.readAllLines(journal())).hasSize(3);
        assertThat(Files.getPosixFilePermissions(journal())).hasSize(2);
    }

    @Test
    void the_first_query_opens_the_ledger_which_takes_what_waits() {
        ledger.record(call("1").build());
        ledger.record(call("1").build());

        assertThat(ledger.entries(LedgerQuery.ALL))
                .extracting(CostEvent::callId)
                .containsExactly("1");
        ledger.record(call("2").build());

        assertThat(ledger.find("2")).isPresent();
        assertThat(openings).isEqualTo(1);
        assertThat(journal()).isEmptyFile();
    }

    @Test
    void what_waits_is_taken_by_the_next_program_that_opens_the_ledger() {
        ledger.record(call("1").build());
        ledger.close();

        openBooks().close();

        assertThat(books.find("1")).isPresent();
    }

    @Test
    void without_budgets_a_call_does_not_open_the_ledger_to_ask_for_them() {
        BudgetBook budgets = ledger.budgets();
        ModelId model = ModelId.parse("openrouter/a");
        Instant now = Instant.parse("2026-03-01T12:00:00Z");

        assertThat(budgets.budgetsFor(model, Map.of())).isEmpty();
        budgets.reserve("1", model, Map.of(), BigDecimal.ONE, now, now.plusSeconds(60));
        budgets.release("1");

        assertThat(openings).isZero();
    }

    @Test
    void a_budget_that_was_set_holds_for_the_next_program_and_counts_what_waits() {
        ledger.budgets().set(Budget.of("all", "1.00", Period.FOREVER));
        ledger.close();
        try (DeferredLedger next = open()) {
            next.record(call("1").cost("0.75").build());
        }

        try (DeferredLedger next = open()) {
            ModelId model = ModelId.parse("openrouter/a");
            Instant now = Instant.parse("2026-03-01T12:00:00Z");
            assertThat(next.budgets().budgetsFor(model, Map.of())).hasSize(1);
            assertThatExceptionOfType(BudgetExceededException.class)
                    .isThrownBy(() -> next.budgets()
                            .reserve("2", model, Map.of(), new BigDecimal("0.5"), now, now.plusSeconds(60)));
            assertThat(next.budgets().remove("all")).isTrue();
            assertThat(next.budgets().remove("all")).isFalse();
        }
        openings = 0;
        try (DeferredLedger next = open()) {
            assertThat(next.budgets().budgetsFor(ModelId.parse("openrouter/a"), Map.of()))
                    .isEmpty();
        }
        assertThat(openings).isZero();
    }

    @Test
    void a_budget_that_another_program_has_set_is_known_once_the_ledger_was_opened() {
        books.budgets().set(Budget.of("all", "1.00", Period.FOREVER));
        List<BudgetAlert> alerts = new ArrayList<>();
        ledger.budgets().listen(alerts::add);
        ledger.record(call("1").cost("0.75").build());

        assertThat(ledger.budgets().states(Instant.parse("2026-03-01T12:00:00Z")))
                .extracting(state -> state.spent().toPlainString())
                .containsExactly("0.75");
        ledger.record(call("2").cost("0.125").build());

        assertThat(alerts).extracting(alert -> "" + alert.threshold()).containsExactly("0.8");
        try (DeferredLedger next = open()) {
            assertThat(next.budgets().budgetsFor(ModelId.parse("openrouter/a"), Map.of()))
                    .hasSize(1);
        }
    }

    @Test
    void a_journal_that_has_grown_large_is_handed_over_at_the_end() {
        try (DeferredLedger small = deferred(1000)) {
            small.record(call("1").build());
            small.close();
            assertThat(openings).isZero();
        }
        try (DeferredLedger small = deferred(1000)) {
            for (int i = 2; i < 10; i++) {
                small.record(call("" + i).build());
            }
        }

        assertThat(openings).isEqualTo(1);
        assertThat(books.entries(LedgerQuery.ALL)).hasSize(9);
        assertThat(journal()).isEmptyFile();
    }

    @Test
    void a_ledger_that_cannot_be_opened_leaves_the_journal_and_hurts_queries_only() throws IOException {
        DeferredLedger broken = new DeferredLedger(
                journal(),
                () -> {
                    throw new LedgerException("There is no room", null);
                },
                1);
        broken.record(call("1").build());

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> broken.find("1"))
                .withMessage("There is no room");
        assertThatCode(broken::close).doesNotThrowAnyException();
        assertThat(Files.readAllLines(journal())).hasSize(1);
    }

    @Test
    void a_journal_that_cannot_be_written_is_told_with_the_way_out() throws IOException {
        Files.writeString(folder.resolve("data"), "not a folder");

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("1").build()))
                .withMessageContaining("Call 1 was not recorded")
                .withMessageContaining("PORTOLAN_LEDGER_JOURNAL");
    }

    @Test
    void a_closed_ledger_says_so() {
        ledger.close();

        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> ledger.record(call("1").build()))
                .withMessageContaining("closed");
    }
}
