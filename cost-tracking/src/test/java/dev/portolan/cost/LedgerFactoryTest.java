package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.CostSink;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.CostSinkFactory;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

class LedgerFactoryTest {
    @TempDir
    private Path folder;

    private String sqlite() {
        return "jdbc:sqlite:" + folder.resolve("ledger.db");
    }

    @Test
    void it_is_found_by_the_service_loader_and_keeps_the_ledger_in_memory_unless_told() {
        assertThat(ServiceLoader.load(CostSinkFactory.class).stream().map(ServiceLoader.Provider::type))
                .contains(LedgerFactory.class);
        assertThat(LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_URL", "memory"))))
                .isInstanceOf(InMemoryLedger.class);
    }

    @Test
    void a_sqlite_url_makes_a_durable_ledger_with_a_journal_beside_the_file() {
        try (Ledger ledger = LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite())))) {
            ledger.record(call("1").build());

            assertThat(ledger).isInstanceOf(JournaledLedger.class);
            assertThat(ledger.toString())
                    .contains(folder.resolve("ledger.db.pending").toString());
        }
        try (Ledger again = LedgerFactory.open(
                Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite(), "PORTOLAN_LEDGER_MODE", "ASYNC")))) {
            assertThat(again).isInstanceOf(AsyncLedger.class);
            assertThat(again.find("1")).isPresent();
        }
    }

    @Test
    void the_mode_deferred_does_not_open_the_database_for_a_record() {
        Settings settings = Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite(), "PORTOLAN_LEDGER_MODE", "deferred"));
        try (Ledger ledger = LedgerFactory.open(settings)) {
            ledger.record(call("1").build());

            assertThat(ledger).isInstanceOf(DeferredLedger.class);
            assertThat(folder.resolve("ledger.db")).doesNotExist();
            assertThat(folder.resolve("ledger.db.pending")).isNotEmptyFile();
        }
        try (Ledger ledger = LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite())))) {
            assertThat(ledger.find("1")).isPresent();
        }
        assertThat(folder.resolve("ledger.db.pending")).isEmptyFile();
    }

    @Test
    void the_data_folder_is_the_one_that_is_set_or_the_one_of_the_system() {
        assertThat(LedgerFactory.dataFolder(
                        Settings.of(Map.of("PORTOLAN_DATA_DIR", folder.toString(), "XDG_DATA_HOME", "/elsewhere"))))
                .isEqualTo(folder);
        assertThat(LedgerFactory.dataFolder(
                        Settings.of(Map.of("XDG_DATA_HOME", folder.toString(), "LOCALAPPDATA", folder.toString()))))
                .endsWithRaw(Path.of("portolan"));
        assertThat(LedgerFactory.dataFolder(Settings.of(Map.of())))
                .startsWithRaw(Path.of(System.getProperty("user.home")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mysql://me:s3cret@host/db?password=s3cret",
                "ledger.db",
                "jdbc:sqlite::memory:",
                "jdbc:sqlite:",
                "jdbc:sqlite:file:x?mode=memory",
                "jdbc:postgresql://host:port/db?password=s3cret"
            })
    void a_wrong_url_is_named_without_its_password(String url) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_URL", url))))
                .withMessageContaining("PORTOLAN_LEDGER_URL")
                .satisfies(
                        e -> assertThat(e).hasStackTraceContaining("PORTOLAN").hasMessageNotContaining("s3cret"));
    }

    @Test
    void none_means_that_nothing_is_tracked() {
        Settings none = Settings.of(Map.of("PORTOLAN_LEDGER_URL", "none"));

        assertThat(new LedgerFactory().create(none, sources())).isEmpty();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(none))
                .withMessageContaining("PORTOLAN_LEDGER_URL is 'none'");
    }

    @Test
    void the_settings_make_the_tracking_of_a_portolan() throws Exception {
        for (String reconcile : List.of("true", "FALSE")) {
            Settings settings =
                    Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite(), "PORTOLAN_LEDGER_RECONCILE", reconcile));
            CostSink sink = new LedgerFactory().create(settings, sources()).orElseThrow();
            sink.record(call(reconcile).build());
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .anyMatch(thread -> thread.getName().equals("portolan-reconciliation")))
                    .isEqualTo(reconcile.equals("true"));
            ((AutoCloseable) sink).close();
        }
        try (Ledger ledger = LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite())))) {
            assertThat(ledger.entries(LedgerQuery.ALL)).hasSize(2);
        }
        Settings wrong = Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite(), "PORTOLAN_LEDGER_RECONCILE", "maybe"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new LedgerFactory().create(wrong, sources()))
                .withMessage("PORTOLAN_LEDGER_RECONCILE is 'maybe'; expected 'true' or 'false'");
    }

    @Test
    void while_the_ledger_is_down_calls_pass_unless_the_settings_are_strict() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Settings down = Settings.of(Map.of(
                "PORTOLAN_LEDGER_URL",
                "jdbc:postgresql://127.0.0.1:" + port + "/db",
                "PORTOLAN_LEDGER_JOURNAL",
                folder.resolve("calls.pending").toString()));
        ChatRequest request = ChatRequest.builder("toy/large").user("Hi").build();

        for (String strict : List.of("false", "TRUE")) {
            CostSink sink = new LedgerFactory()
                    .create(down.with("PORTOLAN_BUDGET_STRICT", strict), sources())
                    .orElseThrow();
            ThrowingCallable reserving = () -> ((SpendingGuard) sink).reserve("1", request);
            if (strict.equals("false")) {
                assertThatCode(reserving).doesNotThrowAnyException();
            } else {
                assertThatExceptionOfType(BudgetExceededException.class)
                        .isThrownBy(reserving)
                        .withMessageContaining("Nothing was sent");
            }
            ((AutoCloseable) sink).close();
        }
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new LedgerFactory().create(down.with("PORTOLAN_BUDGET_STRICT", "very"), sources()))
                .withMessage("PORTOLAN_BUDGET_STRICT is 'very'; expected 'true' or 'false'");
    }

    private static CostSinkFactory.Sources sources() {
        return new CostSinkFactory.Sources(Mockito.mock(ModelCatalogPort.class), new FakeBooks());
    }

    @Test
    void a_wrong_mode_is_named() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> LedgerFactory.open(Settings.of(Map.of("PORTOLAN_LEDGER_MODE", "fast"))))
                .withMessage("PORTOLAN_LEDGER_MODE is 'fast'; expected 'durable', 'async' or 'deferred'");
    }

    @Test
    void a_server_that_cannot_be_reached_leaves_the_records_to_the_journal() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Path journal = folder.resolve("calls.pending");
        Settings settings = Settings.of(Map.of(
                "PORTOLAN_LEDGER_URL",
                "jdbc:postgresql://127.0.0.1:" + port + "/db?user=me&password=s3cret",
                "PORTOLAN_LEDGER_PASSWORD",
                "s3cret",
                "PORTOLAN_LEDGER_JOURNAL",
                journal.toString()));

        try (Ledger ledger = LedgerFactory.open(settings)) {
            ledger.record(call("1").build());

            assertThat(Files.readString(journal)).contains("openrouter");
            assertThat(ledger.toString()).doesNotContain("s3cret");
        }

        settings = settings.with("PORTOLAN_LEDGER_URL", sqlite());
        try (Ledger ledger = LedgerFactory.open(settings)) {
            assertThat(ledger.find("1")).isPresent();
        }
    }

    @Test
    void a_ledger_given_in_code_takes_the_place_of_the_one_of_the_settings() {
        Settings settings = Settings.of(Map.of("PORTOLAN_LEDGER_URL", sqlite()));

        Portolan.builder()
                .settings(settings)
                .discover()
                .sinkFactory(CostTracking.builder().build())
                .build()
                .close();
        assertThat(folder.resolve("ledger.db")).doesNotExist();

        Portolan.builder().settings(settings).discover().build().close();
        assertThat(folder.resolve("ledger.db")).exists();
    }
}
