package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file of events, one line each, that grows at its end and is emptied as a whole, once all of it was handed over. Several of
 * one file, in one process or more, take turns, and none holds it while it hands over: events may be added meanwhile. Every
 * write is on the disk when it returns.
 */
final class Journal {
    private static final System.Logger LOG = System.getLogger(JournaledLedger.class.getName());
    private static final int AT_ONCE = 500;
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

    /** File locks are for processes: within one process a second one is an error, not a wait. */
    private static final ConcurrentMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private final ReentrantLock lock;

    /** Where the file goes on after what was handed over, and the line before that. Of the thread that hands over. */
    private long handedOver;

    private byte[] lastLine = {};

    Journal(Path file) {
        this.file = file.toAbsolutePath().normalize();
        this.lock = LOCKS.computeIfAbsent(this.file, path -> new ReentrantLock());
    }

    Path file() {
        return file;
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** In bytes; 0 if there is none. */
    long size() {
        return file.toFile().length();
    }

    /** Adds events at the end: all of them or, if this throws, none. Does not heed interrupts. */
    void append(List<CostEvent> events) throws IOException {
        byte[] lines = lines(events);
        create(file);
        locked(open -> {
            long end = open.length();
            try {
                open.seek(Math.max(0, end - 1));
                if (end > 0 && open.read() != '\n') {
                    open.write('\n');
                }
                open.write(lines);
                open.getFD().sync();
            } catch (IOException e) {
                // Half a line would be of no use, and the disk may be full.
                open.setLength(end);
                throw e;
            }
        });
    }

    /** Keeps events that are not to be handed over again in a file beside. */
    void setAside(List<CostEvent> events) throws IOException {
        appendTo(refusedFile(), lines(events));
    }

    private static byte[] lines(List<CostEvent> events) {
        StringBuilder lines = new StringBuilder();
        events.forEach(event -> lines.append(Lines.write(event)).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Hands over the next events, several hundred at most, in order; when there are none left, empties the file. What the taker
     * throws ends this, and the same events come again next time. Lines that cannot be read are passed over and kept in a file
     * beside. For one thread at a time.
     *
     * @return whether nothing is left
     */
    boolean handOver(Taker taker) throws IOException {
        if (isEmpty()) {
            handedOver = 0;
            return true;
        }
        Piece piece = new Piece();
        locked(piece::read);
        if (piece.isEmpty()) {
            return true;
        }
        if (!piece.events.isEmpty()) {
            taker.take(List.copyOf(piece.events));
        }
        if (piece.damaged.size() > 0) {
            appendTo(damagedFile(), piece.damaged.toByteArray());
        }
        handedOver = piece.end;
        lastLine = piece.lastLine;
        if (piece.events.size() == AT_ONCE) {
            return false;
        }
        // Empties the file, unless something was added meanwhile, which is then left to the next time.
        Piece rest = new Piece();
        locked(rest::read);
        return rest.isEmpty();
    }

    /** Takes events off the journal's hands. */
    interface Taker {
        void take(List<CostEvent> events) throws IOException;
    }

    /** Some lines of the file. */
    private final class Piece {
        final List<CostEvent> events = new ArrayList<>();
        final ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        byte[] lastLine = {};
        long end;

        boolean isEmpty() {
            return lastLine.length == 0;
        }

        /** The next lines; the file is emptied if there are none. */
        void read(RandomAccessFile open) throws IOException {
            end = isAsItWas(open) ? handedOver : 0;
            open.seek(end);
            // Not opened anew: closing any other handle of the file would give up the lock.
            InputStream in = new BufferedInputStream(new FileInputStream(open.getFD()));
            while (events.size() < AT_ONCE) {
                byte[] line = line(in);
                if (line.length == 0) {
                    break;
                }
                end += line.length;
                lastLine = line;
                take(line);
            }
            if (isEmpty()) {
                open.setLength(0);
                open.getFD().sync();
                handedOver = 0;
            }
        }

        /** Another process may have emptied the file since, and new lines may stand in it. */
        private boolean isAsItWas(RandomAccessFile open) throws IOException {
            if (handedOver == 0 || open.length() < handedOver) {
                return false;
            }
            byte[] found = new byte[Journal.this.lastLine.length];
            open.seek(handedOver - found.length);
            open.readFully(found);
            return Arrays.equals(found, Journal.this.lastLine);
        }

        private void take(byte[] line) {
            try {
                events.add(Lines.read(new String(line, StandardCharsets.UTF_8).replace("\n", "")));
            } catch (IllegalArgumentException e) {
                if (line.length > 1) {
                    damaged.writeBytes(line);
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "A line of the journal " + file + " is passed over, since " + e.getMessage()
                                    + "; it is kept in " + damagedFile());
                }
            }
        }
    }

    private static void appendTo(Path beside, byte[] lines) throws IOException {
        create(beside);
        Files.write(beside, lines, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
    }

    Path refusedFile() {
        return file.resolveSibling(file.getFileName() + ".refused");
    }

    private Path damagedFile() {
        return file.resolveSibling(file.getFileName() + ".damaged");
    }

    /** With its line end; empty at the end of the file. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    /** Readable for its owner only. */
    private static void create(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file");
        }
        Files.createDirectories(folder);
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                // The name of a new file is part of its folder, which is to survive a crash too.
                try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
                    entry.force(true);
                }
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            LOG.log(System.Logger.Level.DEBUG, "Another process made the journal {0}", file);
        }
    }

    private interface Work {
        void on(RandomAccessFile open) throws IOException;
    }

    private void locked(Work work) throws IOException {
        lock.lock();
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            // Closing the file gives the lock up.
            lock(open);
            work.on(open);
        } finally {
            lock.unlock();
        }
    }

    /** By trying, since waiting for a file lock is broken off, and the file closed, by an interrupt. */
    private void lock(RandomAccessFile open) throws IOException {
        long begun = System.nanoTime();
        while (true) {
            try {
                FileLock held = open.getChannel().tryLock();
                if (held != null) {
                    return;
                }
            } catch (OverlappingFileLockException e) {
                LOG.log(System.Logger.Level.DEBUG, "The journal is locked by another class loader", e);
            }
            if (System.nanoTime() - begun > LONGEST_WAIT) {
                throw new IOException("Another process has held the journal " + file + " for too long");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
