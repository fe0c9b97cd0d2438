package dev.portolan.wiring.guice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Puts services on the class path of this thread, beside those that are there, until it is closed. */
final class Services implements AutoCloseable {
    private final Path folder;
    private final ClassLoader original = Thread.currentThread().getContextClassLoader();
    private final URLClassLoader loader;

    Services(Path folder) throws IOException {
        this.folder = folder;
        this.loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, original);
        Thread.currentThread().setContextClassLoader(loader);
    }

    void register(Class<?> service, Class<?>... implementations) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        List<String> names = Stream.of(implementations).map(Class::getName).toList();
        Files.write(services.resolve(service.getName()), names);
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(original);
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
