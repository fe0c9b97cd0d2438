package dev.portolan.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README and the pages under docs tell readers to depend on is there, under the version that they name. */
class PageArtifactsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern IN_MAVEN =
            Pattern.compile("<artifactId>(portolan-[a-z-]+)</artifactId>(?:[^\n]*\n\\s*<version>([^<]+)</version>)?");
    private static final Pattern IN_GRADLE = Pattern.compile("dev\\.portolan:(portolan-[a-z-]+)(?::([^\"]+))?\"");

    @Test
    void pages_name_artifacts_of_the_bom_and_their_version() throws IOException {
        Set<String> published = new TreeSet<>(Set.of("portolan-bom"));
        Matcher inBom = IN_MAVEN.matcher(Files.readString(ROOT.resolve("bom/pom.xml")));
        while (inBom.find()) {
            published.add(inBom.group(1));
        }
        List<String> named = new ArrayList<>();
        Set<String> versions = new TreeSet<>();
        for (Path page : pages()) {
            for (Pattern pattern : List.of(IN_MAVEN, IN_GRADLE)) {
                Matcher matcher = pattern.matcher(Files.readString(page));
                while (matcher.find()) {
                    named.add(matcher.group(1));
                    if (matcher.group(2) != null) {
                        versions.add(matcher.group(2));
                    }
                }
            }
        }

        assertThat(named).hasSizeGreaterThanOrEqualTo(8).allMatch(published::contains);
        assertThat(versions).containsExactly(version());
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.filter(Files::isRegularFile))
                    .toList();
        }
    }

    private static String version() throws IOException {
        Matcher matcher = Pattern.compile("<artifactId>portolan-parent</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
