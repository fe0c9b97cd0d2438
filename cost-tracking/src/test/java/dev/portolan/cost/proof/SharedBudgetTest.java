package dev.portolan.cost.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Settings;
import dev.portolan.cost.Grouping;
import dev.portolan.cost.Ledger;
import dev.portolan.cost.LedgerFactory;
import dev.portolan.cost.LedgerQuery;
import dev.portolan.cost.budget.Budget;
import dev.portolan.cost.budget.BudgetState;
import dev.portolan.cost.budget.Period;
import dev.portolan.cost.budget.Scope;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.BufferedReader;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Eight processes spend one budget in one PostgreSQL. */
@Tag("proof")
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedBudgetTest {
    private static final int PROCESSES = 8;
    private static final String LIMIT = "1.00";

    /** Of a call of {@link CallingProcess}: forty tokens to come, and a byte of the prompt for a token. */
    private static final BigDecimal HIGHEST_ESTIMATE = new BigDecimal("0.02");

    @TempDir
    private Path folder;

    @Test
    void eight_processes_spend_a_budget_and_never_more_and_what_is_refused_reaches_no_server() throws Exception {
        try (Databases databases = new Databases();
                OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                        .model(CallingProcess.dearModel())
                        .start()) {
            Map<String, String> environment = new HashMap<>(databases.settings("postgresql", folder));
            environment.put("OPENROUTER_API_KEY", simulator.apiKey());
            environment.put("OPENROUTER_API_BASE", simulator.baseUrl());
            try (Ledger ledger = LedgerFactory.open(Settings.of(environment))) {
                ledger.budgets().set(Budget.of("fleet", LIMIT, Period.FOREVER).withScope(Scope.tag("fleet", "eight")));
            }

            int made = 0;
            List<Process> fleet = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                fleet.add(CallingProcess.start(environment, "until-refused"));
            }
            for (Process process : fleet) {
                try (BufferedReader out = process.inputReader()) {
                    made += Integer.parseInt(out.readLine());
                }
                assertThat(process.waitFor()).isZero();
            }

            BigDecimal billed = simulator.bill().total();
            assertThat(billed).isLessThanOrEqualTo(new BigDecimal(LIMIT));
            // Each stopped when its next call might have broken the budget.
            assertThat(billed).isGreaterThan(new BigDecimal(LIMIT).subtract(HIGHEST_ESTIMATE));
            assertThat(simulator.requests().stream().filter(CallingProcess::isCompletion))
                    .hasSize(made);
            assertThat(simulator.bill().entries()).hasSize(made);
            try (Ledger ledger = LedgerFactory.open(Settings.of(environment))) {
                assertThat(ledger.totals(Grouping.NOTHING, LedgerQuery.ALL)
                                .get(0)
                                .amount())
                        .isEqualByComparingTo(billed);
                BudgetState state = ledger.budgets().states(Instant.now()).get(0);
                assertThat(state.spent()).isEqualByComparingTo(billed);
                assertThat(state.reserved()).isZero();
            }
        }
    }
}
