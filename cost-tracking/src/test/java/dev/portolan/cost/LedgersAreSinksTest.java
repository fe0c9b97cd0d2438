package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.testkit.contract.CostSinkContract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Ledgers keep the contract of the port that they are behind; what more they do is in {@link LedgerContract}. */
class LedgersAreSinksTest {
    @Nested
    class InMemory extends AsSink {
        @Override
        Ledger open(Path folder) {
            return new InMemoryLedger();
        }
    }

    @Nested
    class Sqlite extends AsSink {
        @Override
        Ledger open(Path folder) {
            return JdbcLedger.builder("jdbc:sqlite:" + folder.resolve("ledger.db"))
                    .build();
        }
    }

    @Nested
    class Async extends AsSink {
        @Override
        Ledger open(Path folder) {
            return new AsyncLedger(new InMemoryLedger());
        }
    }

    @Nested
    class Journaled extends AsSink {
        @Override
        Ledger open(Path folder) {
            return new JournaledLedger(new InMemoryLedger(), folder.resolve("journal"));
        }
    }

    @Nested
    class Deferred extends AsSink {
        @Override
        Ledger open(Path folder) {
            Path journal = folder.resolve("journal");
            return new DeferredLedger(journal, () -> new JournaledLedger(new InMemoryLedger(), journal));
        }
    }

    private abstract static class AsSink extends CostSinkContract {
        private Ledger ledger;

        abstract Ledger open(Path folder);

        @BeforeEach
        void open_the_ledger(@TempDir Path folder) {
            ledger = open(folder);
        }

        @AfterEach
        void close_the_ledger() {
            ledger.close();
        }

        @Override
        protected Ledger sink() {
            return ledger;
        }

        @Override
        protected List<CostEvent> recorded() {
            return ledger.entries(LedgerQuery.ALL);
        }
    }
}
