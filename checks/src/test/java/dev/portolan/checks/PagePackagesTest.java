package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each page under docs says under its title which packages of Portolan its samples import, so that nobody has to search. */
class PagePackagesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path SAMPLES = ROOT.resolve("checks/src/test/java/dev/portolan/checks/samples");
    private static final Pattern IN_PAGE = Pattern.compile("<!-- sample: (\\w+) -->");
    private static final Pattern IN_CODE = Pattern.compile("( *)// sample: (\\w+)\n(.*?)\\1// end\n", Pattern.DOTALL);
    private static final Pattern IMPORT = Pattern.compile(
            "^import (static )?(dev\\.portolan\\.[a-z.]+)\\.([A-Z]\\w*)(?:\\.(\\w+))?;", Pattern.MULTILINE);

    @Test
    void pages_name_the_packages_of_their_samples() throws IOException {
        Map<String, Set<String>> packages = packagesOfSamples();
        List<String> missing = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Set<String> used = new TreeSet<>();
            Matcher sample = IN_PAGE.matcher(text);
            while (sample.find()) {
                used.addAll(packages.getOrDefault(sample.group(1), Set.of()));
            }
            String line = used.isEmpty() ? "" : "\n\nPackages: `" + String.join("`, `", used) + "`\n\n";
            if (!text.contains(line)) {
                missing.add(page.getFileName() + " should have under its title: " + line.strip());
            }
        }

        assertThat(packages).hasSizeGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    private static Map<String, Set<String>> packagesOfSamples() throws IOException {
        Map<String, Set<String>> packages = new TreeMap<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.toList()) {
                String source = Files.readString(file);
                Matcher sample = IN_CODE.matcher(source);
                while (sample.find()) {
                    packages.put(sample.group(2), packagesOf(sample.group(3), source));
                }
            }
        }
        return packages;
    }

    /** Those of the types, and of the methods imported by name, that a sample uses. */
    private static Set<String> packagesOf(String sample, String source) {
        Set<String> used = new TreeSet<>();
        Matcher imported = IMPORT.matcher(source);
        while (imported.find()) {
            String name = imported.group(1) == null ? imported.group(3) : imported.group(4);
            if (Pattern.compile("\\b" + name + "\\b").matcher(sample).find()) {
                used.add(imported.group(2));
            }
        }
        return used;
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            return pages.filter(Files::isRegularFile).toList();
        }
    }
}
