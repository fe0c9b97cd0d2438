package dev.portolan.checks;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The modules that are published, and what each may touch besides the JDK and itself. A new module of the build gets its
 * line here: {@code BuildModulesTest} fails until it has one.
 */
enum BuildModule {
    API("api", "dev.portolan.api", "org.jspecify"),
    TRANSPORT_RETROFIT(
            "transport-retrofit",
            "dev.portolan.transport.retrofit",
            "javax.net",
            "org.jspecify",
            "dev.portolan.api",
            "dev.failsafe",
            "retrofit2",
            "okhttp3",
            "okio",
            "com.squareup.moshi",
            "kotlin"),
    COST_TRACKING(
            "cost-tracking",
            "dev.portolan.cost",
            "org.jspecify",
            "dev.portolan.api",
            "org.jdbi",
            "javax.sql",
            "io.micrometer",
            "io.opentelemetry"),
    PROVIDER_OPENROUTER(
            "provider-openrouter",
            "dev.portolan.provider.openrouter",
            "org.jspecify",
            "dev.portolan.api",
            "dev.portolan.transport.retrofit",
            "retrofit2",
            "okhttp3",
            "okio",
            "com.squareup.moshi",
            "kotlin"),
    PROVIDER_OPENAI_COMPATIBLE(
            "provider-openai-compatible",
            "dev.portolan.provider.openai",
            "org.jspecify",
            "dev.portolan.api",
            "dev.portolan.transport.retrofit",
            "retrofit2",
            "okhttp3",
            "okio",
            "com.squareup.moshi",
            "kotlin"),
    TESTKIT(
            "testkit",
            "dev.portolan.testkit",
            "org.jspecify",
            "dev.portolan.api",
            "mockwebserver3",
            "okhttp3",
            "okio",
            "com.squareup.moshi",
            "kotlin",
            "javax.net",
            "org.junit",
            "org.assertj"),
    RESILIENCE("resilience", "dev.portolan.resilience", "org.jspecify", "dev.portolan.api", "dev.failsafe"),
    TYPED("typed", "dev.portolan.typed", "org.jspecify", "dev.portolan.api", "com.squareup.moshi", "okio", "kotlin"),
    WIRING_GUICE(
            "wiring-guice",
            "dev.portolan.wiring.guice",
            "org.jspecify",
            "dev.portolan.api",
            "com.google.inject",
            "jakarta.inject"),
    CLI(
            "cli",
            "dev.portolan.cli",
            "org.jspecify",
            "dev.portolan",
            "com.squareup.moshi",
            "com.google.inject",
            "picocli");

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private final String folder;
    private final String rootPackage;
    private final List<String> mayTouch;

    BuildModule(String folder, String rootPackage, String... mayTouch) {
        this.folder = folder;
        this.rootPackage = rootPackage;
        this.mayTouch = List.of(mayTouch);
    }

    String folder() {
        return folder;
    }

    String artifact() {
        return "portolan-" + folder;
    }

    /** Also the name of the Java module. */
    String rootPackage() {
        return rootPackage;
    }

    /** ArchUnit's patterns of the packages that classes of this module may depend on. */
    String[] mayTouch() {
        return Stream.concat(Stream.of("java", rootPackage), mayTouch.stream())
                .map(name -> name + "..")
                .toArray(String[]::new);
    }

    static JavaClasses allClasses() {
        return new ClassFileImporter()
                .importPaths(
                        Arrays.stream(values()).map(BuildModule::classesFolder).toList());
    }

    JavaClasses classes() {
        return new ClassFileImporter().importPath(classesFolder());
    }

    /** The packages that have at least one class. */
    Set<String> packages() {
        Path classes = classesFolder();
        Set<String> packages = new TreeSet<>();
        for (Path file : filesUnder(classes)) {
            Path folderOfFile = classes.relativize(file).getParent();
            if (folderOfFile != null && file.toString().endsWith(".class")) {
                packages.add(
                        folderOfFile.toString().replace(file.getFileSystem().getSeparator(), "."));
            }
        }
        return packages;
    }

    ModuleDescriptor descriptor() {
        try (InputStream in = Files.newInputStream(classesFolder().resolve("module-info.class"))) {
            return ModuleDescriptor.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("No module-info.class in the classes of " + folder, e);
        }
    }

    Path classesFolder() {
        Path classes = fileOfBuild(folder).resolve(Path.of("target", "classes"));
        if (!Files.isDirectory(classes)) {
            throw new IllegalStateException(classes + " is missing. Build " + folder + " first: mvn verify");
        }
        return classes;
    }

    static Path fileOfBuild(String name) {
        return ROOT.resolve(name);
    }

    static List<Path> filesUnder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
