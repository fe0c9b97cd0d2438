package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the sources, since comments are not in classes. */
class JavadocTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern TYPE = Pattern.compile(
            "^ *public (?:abstract |final |sealed |static )*(?:class|interface|record|enum) (\\w+)", Pattern.MULTILINE);

    @Test
    void every_public_type_is_documented() throws IOException {
        List<String> undocumented = new ArrayList<>();
        int types = 0;
        for (BuildModule module : BuildModule.values()) {
            for (Path file : sources(module)) {
                String source = Files.readString(file);
                Matcher type = TYPE.matcher(source);
                while (type.find()) {
                    types++;
                    if (!isDocumented(source.substring(0, type.start()))) {
                        undocumented.add(file.getFileName() + ": " + type.group(1));
                    }
                }
            }
        }

        assertThat(types).isGreaterThan(80);
        assertThat(undocumented).isEmpty();
    }

    /** A comment stands before the type, with nothing but annotations in between. */
    private static boolean isDocumented(String before) {
        int end = before.lastIndexOf("*/");
        return end >= 0
                && before.substring(end + 2)
                        .lines()
                        .map(String::strip)
                        .allMatch(line -> line.isEmpty() || line.startsWith("@") || line.startsWith("//"))
                && before.substring(0, end).lastIndexOf("/**")
                        > before.substring(0, end).lastIndexOf("*/");
    }

    private static List<Path> sources(BuildModule module) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module.folder()).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
