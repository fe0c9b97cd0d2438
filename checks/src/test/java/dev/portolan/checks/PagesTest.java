package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The samples of the README and of the pages under docs are code that compiles; the tests beside them run it. */
class PagesTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path SAMPLES = ROOT.resolve("checks/src/test/java/dev/portolan/checks/samples");
    private static final Pattern IN_PAGE =
            Pattern.compile("<!-- sample: (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_CODE = Pattern.compile("( *)// sample: (\\w+)\n(.*?)\\1// end\n", Pattern.DOTALL);

    @Test
    void the_samples_in_the_pages_are_the_ones_that_are_tested() throws IOException {
        Map<String, String> samples = samplesOf(Files.readString(ROOT.resolve("README.md")), IN_PAGE, 1, 2);
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            for (Path page : pages.filter(Files::isRegularFile).toList()) {
                samplesOf(Files.readString(page), IN_PAGE, 1, 2)
                        .forEach((name, code) -> assertThat(samples.merge(name, code, (first, again) -> first))
                                .as("'%s' in %s is the same as in other pages", name, page.getFileName())
                                .isEqualTo(code));
            }
        }

        assertThat(samples).hasSizeGreaterThanOrEqualTo(15).isEqualTo(testedSamples());
    }

    private static Map<String, String> testedSamples() throws IOException {
        Map<String, String> samples = new TreeMap<>();
        try (Stream<Path> files = Files.list(SAMPLES)) {
            for (Path file : files.toList()) {
                samples.putAll(samplesOf(Files.readString(file), IN_CODE, 2, 3));
            }
        }
        return samples;
    }

    private static Map<String, String> samplesOf(String text, Pattern pattern, int name, int code) {
        Map<String, String> samples = new TreeMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            samples.put(matcher.group(name), matcher.group(code).stripTrailing().stripIndent());
        }
        return samples;
    }
}
