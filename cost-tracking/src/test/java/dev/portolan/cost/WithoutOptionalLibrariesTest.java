package dev.portolan.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a class path without Micrometer and OpenTelemetry. */
class WithoutOptionalLibrariesTest {
    @TempDir
    private Path folder;

    private static URL[] classPathWithoutThem() throws Exception {
        List<URL> urls = new ArrayList<>();
        int left = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (entry.contains("micrometer") || entry.contains("opentelemetry")) {
                left++;
            } else {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        assertThat(left).isGreaterThanOrEqualTo(2);
        return urls.toArray(URL[]::new);
    }

    @Test
    void a_ledger_is_found_and_kept_without_them() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPathWithoutThem(), ClassLoader.getPlatformClassLoader())) {
            for (String absent :
                    List.of("io.micrometer.core.instrument.MeterRegistry", "io.opentelemetry.api.OpenTelemetry")) {
                assertThatThrownBy(() -> loader.loadClass(absent)).isInstanceOf(ClassNotFoundException.class);
            }
            Callable<?> program = (Callable<?>) loader.loadClass(TrackedProgram.class.getName())
                    .getConstructor(Path.class)
                    .newInstance(folder.resolve("ledger.db"));
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader);
            try {
                assertThat(program.call()).isEqualTo("1 calls, $0.5");
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }
}
