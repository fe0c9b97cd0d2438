package dev.portolan.cli;

import com.squareup.moshi.Moshi;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.spi.Provider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** One run of the command, prepared and then looked at. */
final class Run {
    private static final Path DATA = Path.of("target", "portolan-data", Long.toString(System.nanoTime()));
    private static final AtomicInteger FOLDERS = new AtomicInteger();

    private final Function<Settings, Portolan> opener;
    private Clock clock = Clock.systemUTC();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Set<Terminal.Stream> interactive = Set.of();
    private int columns;
    private InputStream in = new Untouchable();
    private OutputStream sink = OutputStream.nullOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = -1;

    private Run(Function<Settings, Portolan> opener) {
        this.opener = opener;
        // Each test's calls are in a ledger of their own, and never in that of whoever runs the tests.
        setting(
                "PORTOLAN_DATA_DIR",
                DATA.resolve(Integer.toString(FOLDERS.incrementAndGet())).toString());
    }

    /** With calls that are in this folder, or are to be. */
    Run in(Path folder) {
        return setting("PORTOLAN_DATA_DIR", folder.toString());
    }

    /** At this time. */
    Run at(String time) {
        clock = Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
        return this;
    }

    /** With this provider, under two names, in place of all others, and a key, so that nothing asks for the simulator. */
    static Run with(Provider provider) {
        return new Run(settings -> Portolan.builder()
                        .settings(settings)
                        .provider("openrouter", provider)
                        .provider("toy", provider)
                        .build())
                .setting("OPENROUTER_API_KEY", "sk-or-test");
    }

    /** The same under one name, for what asks all providers. */
    static Run withOnly(Provider provider) {
        return new Run(settings -> Portolan.builder()
                        .settings(settings)
                        .provider("openrouter", provider)
                        .build())
                .setting("OPENROUTER_API_KEY", "sk-or-test");
    }

    /** With the providers on the class path, and no settings. */
    static Run withProviders() {
        return new Run(Portolan::load);
    }

    Run setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    Run typing(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Run typing(byte[] bytes) {
        in = new ByteArrayInputStream(bytes);
        return this;
    }

    Run onTerminal(Terminal.Stream... streams) {
        interactive = Set.of(streams);
        return this;
    }

    /** The terminal is so many characters wide. */
    Run wide(int newColumns) {
        columns = newColumns;
        return this;
    }

    /** Standard output goes to {@code newSink} too; when that fails, standard output does. */
    Run writingTo(OutputStream newSink) {
        sink = newSink;
        return this;
    }

    Run run(String... args) {
        OutputStream both = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                sink.write(b);
                out.write(b);
            }

            @Override
            public void flush() throws IOException {
                sink.flush();
            }
        };
        Terminal terminal = new Terminal(in, both, err, interactive, () -> columns);
        exitCode = new Main(terminal, Settings.of(settings), opener, clock).run(args);
        return this;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Standard output as a JSON object. */
    Map<String, Object> json() {
        return json(out());
    }

    /** The member {@code error} of standard error as a JSON object. */
    @SuppressWarnings("unchecked")
    Map<String, Object> errorJson() {
        return (Map<String, Object>) Objects.requireNonNull(json(err()).get("error"));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> json(String text) {
        try {
            return (Map<String, Object>) Objects.requireNonNull(
                    new Moshi.Builder().build().adapter(Object.class).fromJson(text));
        } catch (IOException e) {
            throw new UncheckedIOException("Not JSON: " + text, e);
        }
    }

    /** Standard input that must not be read. */
    private static final class Untouchable extends InputStream {
        @Override
        public int read() {
            throw new AssertionError("standard input was read");
        }
    }
}
