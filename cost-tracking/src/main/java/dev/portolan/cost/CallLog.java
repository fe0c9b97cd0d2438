package dev.portolan.cost;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notes in a file which calls are under way, so that those of a process that was killed can be known: see {@link LeftCalls}.
 *
 * <p>The file is this log's own and locked while it lives; a lock that can be taken is that of a process that has ended. A note
 * is one write at the end of the file, which the operating system keeps when the process is killed; it is not on the disk
 * then, so that a power failure may lose the last ones. When the file has grown, it is begun anew with what is under way.
 *
 * <p>Thread-safe. A file that cannot be written is logged once and tried again every minute; no call fails for it.
 */
final class CallLog implements AutoCloseable {
    static final Duration RETRY = Duration.ofMinutes(1);
    static final int GROWN = 1 << 20;

    private static final System.Logger LOG = System.getLogger(CallLog.class.getName());
    private static final String PROCESS = process(ProcessHandle.current());
    private static final int MOST_KEPT = 20_000;
    private static final int TRIES = 5;

    private final Path beside;
    private final int grown;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    /** The lines of each call under way, to begin the file anew with. */
    private final Map<String, byte[]> underWay = new LinkedHashMap<>();

    private long underWayBytes;
    private @Nullable OwnFile file;
    private @Nullable Long failedAt;
    private boolean gaps;
    private boolean warned;
    private boolean closed;

    private record OwnFile(Path path, RandomAccessFile open) {}

    /** @param beside what the name of the file begins with */
    CallLog(Path beside) {
        this(beside, GROWN, System::nanoTime);
    }

    CallLog(Path beside, int grown, LongSupplier nanoTime) {
        this.beside = beside.toAbsolutePath().normalize();
        this.grown = grown;
        this.nanoTime = nanoTime;
    }

    /**
     * What the names of all files of this process go on with. Its number alone would not do: a container's processes have the
     * same one after each restart.
     */
    static String process() {
        return PROCESS;
    }

    private static String process(ProcessHandle process) {
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return process.pid() + "-" + Long.toHexString(started) + "-";
    }

    static String namesBegin(Path beside) {
        return beside.getFileName() + ".calls.";
    }

    void note(CallNote note) {
        byte[] line = (note.line() + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (closed) {
                return;
            }
            remember(note, line);
            if (isDue()) {
                write(line);
                failedAt = null;
            }
        } catch (IOException e) {
            failedAt = nanoTime.getAsLong();
            gaps = true;
            LOG.log(
                    warned ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "Calls under way cannot be noted beside " + beside
                            + ": those that a crash breaks off leave no trace in the ledger. Let "
                            + LedgerFactory.JOURNAL + " name a file in a folder that can be written",
                    e);
            warned = true;
        } finally {
            lock.unlock();
        }
    }

    private void remember(CallNote note, byte[] line) {
        byte[] known = underWay.get(note.callId());
        if (note instanceof CallNote.Ended) {
            if (known != null) {
                underWay.remove(note.callId());
                underWayBytes -= known.length;
            }
        } else if (known != null) {
            byte[] both = new byte[known.length + line.length];
            System.arraycopy(known, 0, both, 0, known.length);
            System.arraycopy(line, 0, both, known.length, line.length);
            underWay.put(note.callId(), both);
            underWayBytes += line.length;
        } else if (note instanceof CallNote.Begun && underWay.size() < MOST_KEPT) {
            underWay.put(note.callId(), line);
            underWayBytes += line.length;
        }
    }

    private boolean isDue() {
        Long at = failedAt;
        return at == null || nanoTime.getAsLong() - at >= RETRY.toNanos();
    }

    private void write(byte[] line) throws IOException {
        OwnFile own = file;
        if (own == null) {
            // The line is among those under way, or the end of a call that no file knows.
            file = beginAnew();
            return;
        }
        RandomAccessFile open = own.open();
        long end = open.getFilePointer();
        if (gaps || (end > grown && end > 4 * underWayBytes)) {
            compact(own);
        } else {
            open.write(line);
        }
    }

    private void compact(OwnFile own) throws IOException {
        if (underWay.isEmpty()) {
            own.open().setLength(0);
            own.open().seek(0);
        } else {
            // A new file rather than the old one rewritten: at each moment one of them has all.
            file = beginAnew();
            remove(own);
        }
        gaps = false;
    }

    /** A locked file with all that is under way. */
    private OwnFile beginAnew() throws IOException {
        OwnFile made = create();
        try {
            byte[] all = new byte[Math.toIntExact(underWayBytes)];
            int at = 0;
            for (byte[] lines : underWay.values()) {
                System.arraycopy(lines, 0, all, at, lines.length);
                at += lines.length;
            }
            made.open().write(all);
            return made;
        } catch (IOException e) {
            remove(made);
            throw e;
        }
    }

    private OwnFile create() throws IOException {
        Path folder = beside.getParent();
        if (folder == null) {
            throw new IOException(beside + " is not a file");
        }
        Files.createDirectories(folder);
        for (int i = 0; i < TRIES; i++) {
            String unique =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            Path path = folder.resolve(namesBegin(beside) + process() + unique);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(path);
            }
            // Not a FileChannel, which an interrupt of the caller would close, and the lock with it.
            RandomAccessFile open = new RandomAccessFile(path.toFile(), "rw");
            if (takesLock(open) && Files.exists(path)) {
                return new OwnFile(path, open);
            }
            // Another process took the empty file for one that was left.
            open.close();
        }
        throw new IOException("The files that were made there were taken by other processes");
    }

    /** Whether the file's lock is ours from now on. */
    static boolean takesLock(RandomAccessFile open) throws IOException {
        try {
            FileLock lock = open.getChannel().tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Empties the file before it gives up the lock, so that nobody takes it for one that was left. */
    private static void remove(OwnFile own) throws IOException {
        try (RandomAccessFile open = own.open()) {
            open.setLength(0);
        }
        Files.deleteIfExists(own.path());
    }

    /** Takes no more notes. The file goes, unless it has calls that were never written down. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            OwnFile own = file;
            file = null;
            if (own != null && underWay.isEmpty()) {
                remove(own);
            } else if (own != null) {
                own.open().close();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "The file of calls under way could not be removed", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "CallLog[" + beside + "]";
    }
}
