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
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A file of events, one line each, that grows at its end and is emptied as a whole. Several of one file, in one process or
 * more, take turns. Every write is on the disk when it returns.
 */
final class Journal {
    private static final System.Logger LOG = System.getLogger(JournaledLedger.class.getName());
    private static final int AT_ONCE = 500;
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(30);

    /** File locks are for processes: within one process a second one is an error, not a wait. */
    private static final ConcurrentMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private final ReentrantLock lock;

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

    /** Adds an event at the end. Does not heed interrupts. */
    void append(CostEvent event) throws IOException {
        byte[] line = (Lines.write(event) + "\n").getBytes(StandardCharsets.UTF_8);
        create();
        locked(open -> {
            long end = open.length();
            open.seek(end);
            if (end > 0) {
                open.seek(end - 1);
                if (open.read() != '\n') {
                    open.write('\n');
                }
            }
            try {
                open.write(line);
                open.getFD().sync();
            } catch (IOException e) {
                // Half a line would be of no use, and the disk may be full.
                open.setLength(end);
                throw e;
            }
        });
    }

    /**
     * Hands over all events in order, several at a time, and then empties the file. What the taker throws ends it and leaves
     * the file as it is. Lines that cannot be read are passed over and kept in a file beside.
     */
    void drain(Consumer<List<CostEvent>> taker) throws IOException {
        if (isEmpty()) {
            return;
        }
        locked(open -> {
            ByteArrayOutputStream damaged = new ByteArrayOutputStream();
            // Not opened anew: closing any other handle of the file would give up the lock.
            open.seek(0);
            InputStream in = new BufferedInputStream(new FileInputStream(open.getFD()));
            List<CostEvent> events = new ArrayList<>();
            long number = 0;
            for (byte[] line = line(in); line.length > 0; line = line(in)) {
                number++;
                try {
                    events.add(Lines.read(new String(line, StandardCharsets.UTF_8).replace("\n", "")));
                } catch (IllegalArgumentException e) {
                    if (line.length > 1) {
                        damaged.write(line);
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "Line " + number + " of the journal " + file + " is passed over, since "
                                        + e.getMessage() + "; it is kept in " + damagedFile());
                    }
                }
                if (events.size() == AT_ONCE) {
                    taker.accept(List.copyOf(events));
                    events.clear();
                }
            }
            if (!events.isEmpty()) {
                taker.accept(List.copyOf(events));
            }
            if (damaged.size() > 0) {
                Files.write(damagedFile(), damaged.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            open.setLength(0);
            open.getFD().sync();
        });
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

    private void create() throws IOException {
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
