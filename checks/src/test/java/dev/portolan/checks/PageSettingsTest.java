package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of settings has all that the code reads, and the README none that it does not have. */
class PageSettingsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern IN_CODE = Pattern.compile("\"((?:PORTOLAN|OPENROUTER|OPENAI|OR)_[A-Z_]*[A-Z])\"");
    private static final Pattern IN_TABLE = Pattern.compile("`((?:PORTOLAN|OPENROUTER|OPENAI|OR)_[A-Z_<>]+)`");

    @Test
    void the_page_of_settings_has_all_of_them() throws IOException {
        Set<String> read = new TreeSet<>();
        for (BuildModule module : BuildModule.values()) {
            for (Path file : sources(module)) {
                read.addAll(found(IN_CODE, Files.readString(file)));
            }
        }

        read.remove("OPENROUTER_BASE_URL"); // only printed, for clients that are not Portolan

        assertThat(read).hasSizeGreaterThanOrEqualTo(20);
        assertThat(settings("docs/settings.md")).containsAll(read);
    }

    @Test
    void the_readme_names_settings_of_that_page() throws IOException {
        assertThat(settings("docs/settings.md")).containsAll(settings("README.md"));
    }

    /** The names in the tables of a page. */
    private static Set<String> settings(String page) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(ROOT.resolve(page))) {
            if (line.startsWith("| `")) {
                names.addAll(found(IN_TABLE, line));
            }
        }
        return names;
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static List<Path> sources(BuildModule module) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(module.folder()).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
