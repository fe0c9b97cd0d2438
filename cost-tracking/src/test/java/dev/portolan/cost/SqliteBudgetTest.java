package dev.portolan.cost;

import java.nio.file.Path;
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
                .build();
    }
}
