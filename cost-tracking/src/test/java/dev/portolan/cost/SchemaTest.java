package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.cost.Usage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger of an older version is brought to this one with all that is in it. The files {@code *-version-1.sql} are what
 * version 1 wrote for {@link #events()}: the rows of its tables, with control characters spelled out.
 */
class SchemaTest {
    @TempDir
    private Path folder;

    private static InMemoryLedger events() {
        InMemoryLedger model = new InMemoryLedger();
        Random dice = new Random(5);
        model.record(Events.full());
        model.record(call("separators")
                .tag("a\u001eb", "\u001f")
                .tag("large", "x")
                .cost("123456.5")
                .usage(Usage.of(5_000_000_000L, 1))
                .build());
        for (int i = 0; i < 60; i++) {
            model.record(Events.random("call-" + i, dice));
        }
        return model;
    }

    @Test
    void a_sqlite_ledger_of_version_1_keeps_every_entry_and_adds_up_the_same() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("ledger.db");
        try (Connection connection = DriverManager.getConnection(url)) {
            fill(connection, "sqlite");
        }

        try (JdbcLedger ledger = JdbcLedger.builder(url).build()) {
            assertThatAllIsThere(ledger);
        }
    }

    @Test
    void a_postgresql_ledger_of_version_1_keeps_every_entry_and_adds_up_the_same() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            try (Connection connection = server.getPostgresDatabase().getConnection()) {
                fill(connection, "postgresql");
            }

            try (JdbcLedger ledger = JdbcLedger.builder(server.getJdbcUrl("postgres", "postgres"))
                    .build()) {
                assertThatAllIsThere(ledger);
            }
        }
    }

    private static void fill(Connection connection, String database) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE portolan_schema (version INTEGER NOT NULL PRIMARY KEY)");
            for (String script : List.of(database + "/1.sql", database + "-version-1.sql")) {
                for (String sql : text(script).split(";\\s*\n", -1)) {
                    if (!sql.isBlank()) {
                        statement.execute(sql);
                    }
                }
            }
        }
    }

    private static String text(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(SchemaTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    private static void assertThatAllIsThere(JdbcLedger ledger) {
        try (InMemoryLedger model = events()) {
            assertThat(ledger.entries(LedgerQuery.ALL)).isEqualTo(model.entries(LedgerQuery.ALL));
            for (LedgerQuery query : List.of(
                    LedgerQuery.ALL, LedgerQuery.builder().tag("team", "red").build())) {
                for (Grouping by :
                        List.of(Grouping.MODEL, Grouping.DAY, Grouping.tag("team"), Grouping.tag("a\u001eb"))) {
                    assertThat(ledger.totals(by, query)).as("by %s", by).isEqualTo(model.totals(by, query));
                }
            }
            assertThat(ledger.find("separators").orElseThrow().tags().keySet()).containsExactly("a\u001eb", "large");
            // The old generations are still known.
            ledger.record(
                    call("again").generation("gen-2").model("openrouter/x").build());
            assertThat(ledger.find("again")).isEmpty();
            ledger.record(call("new").tag("team", "red").build());
            assertThat(ledger.find("new")).isPresent();
        }
    }
}
