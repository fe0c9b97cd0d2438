package dev.portolan.cli;

import dev.portolan.api.Settings;
import dev.portolan.cost.LedgerException;
import dev.portolan.cost.LedgerFactory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the calls of this command are written down: in the ledger that the settings name, else in files of the user's data
 * folder, one for calls that are paid for and one for those that the simulator answers.
 *
 * @param settings those of the ledger
 * @param file the file; empty if the settings name a ledger
 * @param simulated whether it is for calls that the simulator answers
 */
record LedgerPlace(Settings settings, Path file, boolean simulated) {
    /** Marks calls that the simulator answered, in a ledger that has others too. */
    static final String SIMULATED_TAG = "simulated";

    private static final String MEMORY = "memory";
    private static final String NONE = "none";

    /** For calls that are paid for, or for those that the simulator answers. */
    static LedgerPlace of(Settings settings, boolean simulated) {
        if (settings.get(LedgerFactory.URL).isPresent()) {
            return new LedgerPlace(settings, Path.of(""), simulated);
        }
        Path file =
                LedgerFactory.dataFolder(settings).toAbsolutePath().resolve(simulated ? "simulated.db" : "ledger.db");
        Settings own = settings.with(LedgerFactory.URL, "jdbc:sqlite:" + file)
                // A command would spend longer on opening the database than on all else.
                .with(LedgerFactory.MODE, "deferred")
                .with(LedgerFactory.JOURNAL, file + ".pending");
        return new LedgerPlace(own, file, simulated);
    }

    /** For what is not written down. */
    static Settings nowhere(Settings settings) {
        return settings.with(LedgerFactory.URL, NONE);
    }

    /** Whether the settings name the ledger, so that it may hold anybody's calls. */
    boolean isShared() {
        return file.toString().isEmpty();
    }

    /** Whether anything can have been written to it. */
    boolean exists() {
        return isShared() ? !isForgetful() : Files.exists(file) || Files.exists(Path.of(file + ".pending"));
    }

    /**
     * Makes the folder of the file, which only its owner may look into.
     *
     * @throws LedgerException if that fails
     */
    void makeFolder() {
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(folder)) {
            return;
        }
        try {
            Path above = folder.getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectory(folder);
            }
        } catch (FileAlreadyExistsException another) {
            // Another process made it, or it is no folder, which opening it will say.
        } catch (IOException e) {
            throw new LedgerException(
                    "The folder " + folder + " of the ledger cannot be made: " + e.getMessage() + ". Let "
                            + LedgerFactory.DATA_DIR + " name another",
                    e);
        }
    }

    /** Whether it ends with the command. */
    boolean isForgetful() {
        return settings.get(LedgerFactory.URL).orElse(MEMORY).equals(MEMORY);
    }
}
