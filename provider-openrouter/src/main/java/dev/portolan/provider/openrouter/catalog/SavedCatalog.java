package dev.portolan.provider.openrouter.catalog;

import dev.portolan.api.RawJson;
import dev.portolan.transport.retrofit.json.JsonTree;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A copy of the catalogue in a file, for times without a network: the rows as OpenRouter sent them. */
public final class SavedCatalog {
    private static final System.Logger LOG = System.getLogger(SavedCatalog.class.getName());

    private final Path file;

    /** In this file, which need not exist yet. */
    public SavedCatalog(Path file) {
        this.file = file;
    }

    /** The rows; none if there is no copy, or it cannot be read. */
    List<RawJson> read() {
        try {
            return JsonTree.elements(
                    JsonTree.members(RawJson.parse(Files.readString(file))).get("data"));
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Replaces the copy whole; a copy that cannot be written is logged, since the catalogue itself is there. */
    void write(List<RawJson> rows) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, RawJson.of(Map.of("data", rows)).text());
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot save the catalogue in " + file, e);
        }
    }
}
