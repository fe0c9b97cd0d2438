package dev.portolan.cost;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class SqliteBudgetTest extends BudgetContract {
    @TempDir
    private Path folder;

    @Override
    Ledger open() {
        return another();
    }

    @Override
    Ledger another() {
        return JdbcLedger.builder("jdbc:sqlite:" + folder.resolve("ledger.db"))
                .clock(clock)
                .patience(Duration.ofMinutes(1))
                .build();
    }
}
