package dev.portolan.cost;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls that were under way when their process ended without a word: found in the files of every {@link CallLog} whose lock
 * nobody holds any more. They are written down as failed, at a cost that nobody knows yet.
 */
final class LeftCalls {
    /** What stands as their error. */
    static final String ERROR = "ProcessEnded";

    private static final System.Logger LOG = System.getLogger(CallLog.class.getName());

    private final Path beside;
    private final Ledger ledger;

    LeftCalls(Path beside, Ledger ledger) {
        this.beside = beside.toAbsolutePath().normalize();
        this.ledger = ledger;
    }

    /**
     * Writes down what other processes left, and removes their files. A call that is in the ledger, or waits in its journal, is
     * passed over there, since it has the same call id and came first. What goes wrong is logged, and tried again next time.
     *
     * @return the calls that were left
     */
    List<CostEvent> adopt() {
        List<CostEvent> adopted = new ArrayList<>();
        Path folder = beside.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return adopted;
        }
        String names = CallLog.namesBegin(beside);
        // Not even opened: closing a file gives up the locks that this process has on it.
        String ours = names + CallLog.process();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, path -> {
            String name = path.getFileName().toString();
            return name.startsWith(names) && !name.startsWith(ours);
        })) {
            for (Path path : files) {
                adopted.addAll(adopt(path));
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Calls that were under way when another process ended could not be written down; their notes stay"
                            + " beside " + beside,
                    e);
        }
        return adopted;
    }

    private List<CostEvent> adopt(Path path) throws IOException {
        List<CostEvent> left;
        try (RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw")) {
            if (!CallLog.takesLock(open) || !Files.exists(path)) {
                return List.of();
            }
            left = read(open, Files.getLastModifiedTime(path).toInstant());
            if (!left.isEmpty()) {
                write(left);
            }
            // So that nobody finds its lines again before it is removed, which some systems do with closed files only.
            open.setLength(0);
        }
        Files.deleteIfExists(path);
        return left;
    }

    private void write(List<CostEvent> left) {
        ledger.recordAll(left);
        if (ledger instanceof AsyncLedger queue) {
            queue.flush();
        }
        LOG.log(
                System.Logger.Level.INFO,
                "{0} calls were under way when a process ended; they are in the ledger as failed",
                left.size());
    }

    private static List<CostEvent> read(RandomAccessFile open, Instant lastSign) throws IOException {
        // Not opened anew: closing any other handle of the file would give up the lock.
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new FileInputStream(open.getFD()), StandardCharsets.UTF_8));
        Map<String, CallNote.Begun> begun = new LinkedHashMap<>();
        Map<String, AnsweredBy> answered = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            try {
                CallNote note = CallNote.read(line);
                if (note instanceof CallNote.Begun call) {
                    begun.put(call.callId(), call);
                } else if (note instanceof CallNote.Answered call) {
                    answered.put(call.callId(), call.by());
                } else {
                    begun.remove(note.callId());
                }
            } catch (IllegalArgumentException e) {
                // The last one may have been cut when the process ended.
                LOG.log(System.Logger.Level.DEBUG, "A line is passed over, since " + e.getMessage());
            }
        }
        List<CostEvent> left = new ArrayList<>();
        for (CallNote.Begun call : begun.values()) {
            left.add(event(call, answered.getOrDefault(call.callId(), AnsweredBy.UNKNOWN), lastSign));
        }
        return left;
    }

    private static CostEvent event(CallNote.Begun call, AnsweredBy by, Instant lastSign) {
        Duration latency = Duration.between(call.at(), lastSign);
        return new CostEvent(
                call.callId(),
                call.operation(),
                call.model(),
                by,
                call.tags(),
                Usage.NOT_REPORTED,
                Cost.UNKNOWN,
                new Timing(call.at(), latency.isNegative() ? Duration.ZERO : latency, null),
                new Outcome(Outcome.Status.FAILED, ERROR, 1));
    }
}
