package dev.portolan.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where images are written, and what is printed of them. */
final class ImageFileOptions extends OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the image; several become sunset-1.png, sunset-2.png and so on. Default: the "
                    + "prompt's first words, in this folder.")
    @Nullable String file;

    @Option(names = "--force", description = "Overwrite files that exist. The default is to refuse before asking.")
    boolean force;
}
