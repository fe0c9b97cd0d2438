package dev.portolan.cost;

import static dev.portolan.cost.Events.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.ModelId;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.Usage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallLogTest {
    private static final Logger LOG = Logger.getLogger("dev.portolan.cost");
    private static final Instant BEGUN = Instant.parse("2026-03-01T12:00:00.123456Z");

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final FailingLedger ledger = new FailingLedger();

    @BeforeEach
    void silence() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        LOG.setLevel(null);
    }

    private Path journal() {
        return folder.resolve("made").resolve("ledger.pending");
    }

    private CallLog log() {
        return log(CallLog.GROWN);
    }

    private CallLog log(int grown) {
        return new CallLog(journal(), grown, nanos::get);
    }

    private static CallNote begun(String callId) {
        return new CallNote.Begun(
                callId, Operation.CHAT, ModelId.parse("openrouter/a/b"), Map.of("team", "search"), BEGUN);
    }

    private static CallNote answered(String callId, String generation) {
        return new CallNote.Answered(callId, new AnsweredBy("b-2026", "Acme", List.of(generation)));
    }

    private static CallNote ended(String callId) {
        return new CallNote.Ended(callId);
    }

    private static void note(CallLog log, CallNote... notes) {
        Stream.of(notes).forEach(log::note);
    }

    private List<Path> files() throws IOException {
        if (!Files.exists(journal().getParent())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(journal().getParent())) {
            return files.filter(path -> path.getFileName().toString().contains(".calls."))
                    .sorted()
                    .toList();
        }
    }

    private Path file() throws IOException {
        assertThat(files()).hasSize(1);
        return files().get(0);
    }

    /** A file as a process leaves it that was killed now: not locked, and under the name of that process. */
    private Path killed(String name) throws IOException {
        Path left = journal().resolveSibling("ledger.pending.calls.1-0-" + name);
        return Files.copy(file(), left, StandardCopyOption.REPLACE_EXISTING);
    }

    private LeftCalls leftCalls() {
        return new LeftCalls(journal(), ledger);
    }

    @Test
    void calls_that_were_under_way_at_a_crash_are_entered_as_failed_at_an_unknown_cost() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"), begun("2"), begun("3"), answered("2", "gen-2"), ended("1"));
            Path left = killed("a");
            Files.setLastModifiedTime(left, FileTime.from(BEGUN.plusSeconds(60)));

            List<CostEvent> adopted = leftCalls().adopt();

            assertThat(ledger.entries(LedgerQuery.ALL)).isEqualTo(adopted);
            assertThat(adopted).extracting(CostEvent::callId).containsExactly("2", "3");
            assertThat(ledger.find("2"))
                    .contains(new CostEvent(
                            "2",
                            Operation.CHAT,
                            ModelId.parse("openrouter/a/b"),
                            new AnsweredBy("b-2026", "Acme", List.of("gen-2")),
                            Map.of("team", "search"),
                            Usage.NOT_REPORTED,
                            Cost.UNKNOWN,
                            new CostEvent.Timing(BEGUN, Duration.ofSeconds(60), null),
                            new Outcome(Outcome.Status.FAILED, "ProcessEnded", 1)));
            assertThat(adopted.get(1).answeredBy()).isEqualTo(AnsweredBy.UNKNOWN);
            assertThat(ledger.unsettled(10)).extracting(CostEvent::callId).containsExactly("2");
            assertThat(left).doesNotExist();
            assertThat(files()).as("that of the living process").hasSize(1);
            assertThat(leftCalls().adopt()).isEmpty();
        }
    }

    @Test
    void every_character_survives() throws IOException {
        CostEvent full = Events.full();
        Map<String, String> tags = new LinkedHashMap<>(full.tags());
        try (CallLog log = log()) {
            note(
                    log,
                    new CallNote.Begun(
                            full.callId(),
                            full.operation(),
                            full.model(),
                            tags,
                            full.timing().started()),
                    new CallNote.Answered(full.callId(), full.answeredBy()));
            killed("a");

            CostEvent adopted = leftCalls().adopt().get(0);

            assertThat(adopted.callId()).isEqualTo(full.callId());
            assertThat(adopted.model()).isEqualTo(full.model());
            assertThat(adopted.operation()).isEqualTo(full.operation());
            assertThat(adopted.tags()).isEqualTo(tags);
            assertThat(adopted.tags().keySet()).containsExactlyElementsOf(tags.keySet());
            assertThat(adopted.answeredBy()).isEqualTo(full.answeredBy());
            assertThat(adopted.timing().started()).isEqualTo(full.timing().started());
        }
    }

    @Test
    void files_of_living_processes_are_left_alone() throws Exception {
        try (CallLog log = log()) {
            note(log, begun("1"));
            Path living = killed("living");
            ProcessBuilder other = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xshare:auto",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LockHolder.class.getName(),
                    living.toString());
            Process process = other.start();
            try {
                assertThat(process.getInputStream().read()).isEqualTo('L');

                assertThat(leftCalls().adopt()).isEmpty();
                assertThat(living).isNotEmptyFile();
            } finally {
                process.destroyForcibly().waitFor();
            }

            assertThat(leftCalls().adopt()).hasSize(1);
        }
    }

    /** Another process that has a log open. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String[] args) throws IOException {
            try (RandomAccessFile open = new RandomAccessFile(args[0], "rw")) {
                if (CallLog.takesLock(open)) {
                    System.out.write('L');
                    System.out.flush();
                    int end = System.in.read();
                    System.exit(end < 0 ? 0 : 1);
                }
            }
        }
    }

    @Test
    void several_logs_of_one_process_neither_disturb_nor_adopt_each_other() throws IOException {
        try (CallLog one = log();
                CallLog two = log()) {
            note(one, begun("1"));
            note(two, begun("2"));
            assertThat(files()).hasSize(2);

            assertThat(leftCalls().adopt()).isEmpty();

            note(one, ended("1"));
            note(two, ended("2"));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void no_file_is_made_before_the_first_call_and_none_is_left_after_the_last() throws IOException {
        CallLog log = log();
        assertThat(journal().getParent()).doesNotExist();
        note(log, begun("1"));
        if (journal().getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
        }
        note(log, ended("1"));
        log.close();
        note(log, begun("late"));

        assertThat(files()).isEmpty();
    }

    @Test
    void a_call_that_could_not_be_written_down_outlives_the_log() throws IOException {
        CallLog log = log();
        note(log, begun("1"), begun("2"), ended("2"));
        log.close();
        killed("a");

        assertThat(leftCalls().adopt()).extracting(CostEvent::callId).containsExactly("1");
    }

    @Test
    void a_call_whose_record_was_written_before_the_crash_keeps_it() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"), answered("1", "gen-1"));
            ledger.record(call("1").generation("gen-1").cost("0.5").build());
            killed("a");

            leftCalls().adopt();

            assertThat(ledger.entries(LedgerQuery.ALL))
                    .containsExactly(call("1").generation("gen-1").cost("0.5").build());
        }
    }

    @Test
    void a_call_whose_record_waits_in_the_journal_keeps_it_though_the_ledger_is_down() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"), begun("2"));
            ledger.down = true;
            try (JournaledLedger dead = new JournaledLedger(ledger, journal())) {
                dead.record(call("1").cost("0.5").build());
            }
            killed("a");
            JournaledLedger next = new JournaledLedger(ledger, journal());

            assertThat(new LeftCalls(journal(), next).adopt()).hasSize(2);
            ledger.down = false;
            assertThat(next.catchUp()).isTrue();

            assertThat(ledger.find("1").orElseThrow().cost())
                    .isEqualTo(call("1").cost("0.5").build().cost());
            assertThat(ledger.find("2").orElseThrow().outcome().error()).isEqualTo("ProcessEnded");
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    void what_a_ledger_cannot_take_is_adopted_later() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"));
            Path left = killed("a");
            ledger.down = true;
            assertThat(leftCalls().adopt()).isEmpty();
            assertThat(left).isNotEmptyFile();
            ledger.down = false;

            assertThat(leftCalls().adopt()).hasSize(1);
        }
    }

    @Test
    void a_line_that_was_cut_is_ignored_and_nothing_else_is() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"), begun("2"));
            byte[] whole = Files.readAllBytes(file());
            int second = Files.readString(file()).indexOf('\n') + 1;
            for (int end = second; end < whole.length - 1; end += 5) {
                Files.write(killed("a"), Arrays.copyOf(whole, end));
                ledger.clear();

                assertThat(leftCalls().adopt())
                        .as("cut at %d", end)
                        .extracting(CostEvent::callId)
                        .containsExactly("1");
            }
        }
    }

    @Test
    void lines_of_another_kind_and_of_nonsense_are_ignored() throws IOException {
        try (CallLog log = log()) {
            note(log, begun("1"));
            Path left = killed("a");
            Files.writeString(
                    left,
                    Lines.line(List.of("Z", "2", "later")) + "\n\nnonsense\n" + Lines.line(List.of("B", "3")) + "\n"
                            + Lines.line(List.of("B", "4", "DANCE", "p", "m", "0")) + "\n",
                    StandardOpenOption.APPEND);
            Files.write(left, new byte[] {(byte) 0xff, 0, 10}, StandardOpenOption.APPEND);

            assertThat(leftCalls().adopt()).extracting(CostEvent::callId).containsExactly("1");
        }
    }

    @Test
    void the_file_does_not_grow_with_the_calls_that_have_ended() throws IOException {
        try (CallLog log = log(10_000)) {
            note(log, begun("long"), answered("long", "gen-long"));
            for (int i = 0; i < 1000; i++) {
                note(log, begun("" + i), answered("" + i, "gen-" + i), ended("" + i));
                if (i % 20 == 0) {
                    assertThat(Files.size(file())).isLessThan(10_500);
                }
            }
            killed("a");
            CostEvent adopted = leftCalls().adopt().get(0);
            assertThat(adopted.callId()).isEqualTo("long");
            assertThat(adopted.answeredBy().generationIds()).containsExactly("gen-long");

            note(log, ended("long"));
            for (int i = 0; i < 100; i++) {
                note(log, begun("" + i), ended("" + i));
            }
            assertThat(Files.size(file())).isLessThan(10_500);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void with_many_calls_under_way_it_is_begun_anew_only_when_that_is_worth_it() throws IOException {
        try (CallLog log = log(1000)) {
            for (int i = 0; i < 200; i++) {
                note(log, begun("" + i));
            }
            Path first = file();
            assertThat(Files.size(first)).isGreaterThan(10_000);
            note(log, ended("0"));
            assertThat(file()).isEqualTo(first);
            killed("a");

            assertThat(leftCalls().adopt()).hasSize(199);
        }
    }

    @Test
    void where_no_file_can_be_made_calls_go_on_and_it_is_tried_again_later() throws IOException {
        Files.writeString(journal().getParent(), "a file where a folder should be");
        try (CallLog log = log()) {
            note(log, begun("1"), begun("2"), answered("2", "gen-2"), ended("1"));
            Files.delete(journal().getParent());
            note(log, begun("3"));
            assertThat(files()).as("left alone for a while").isEmpty();
            nanos.addAndGet(CallLog.RETRY.toNanos());

            note(log, ended("3"), begun("4"));

            killed("a");
            assertThat(leftCalls().adopt()).extracting(CostEvent::callId).containsExactly("2", "4");
        }
    }

    @Test
    void an_interrupted_caller_breaks_nothing() throws IOException {
        try (CallLog log = log()) {
            Thread.currentThread().interrupt();
            note(log, begun("1"), begun("2"), ended("1"));
            assertThat(Thread.interrupted()).isTrue();
            killed("a");

            assertThat(leftCalls().adopt()).extracting(CostEvent::callId).containsExactly("2");
        }
    }

    @Test
    void many_threads_note_their_calls_while_the_file_is_begun_anew() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (CallLog log = log(5000)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = thread + "-";
                ends.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        note(log, begun(name + i), answered(name + i, "gen-" + name + i));
                        if (i % 100 != 0) {
                            note(log, ended(name + i));
                        }
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
            killed("a");

            assertThat(leftCalls().adopt())
                    .hasSize(20)
                    .allSatisfy(entry ->
                            assertThat(entry.answeredBy().generationIds()).hasSize(1));
        } finally {
            threads.shutdownNow();
        }
    }
}
