package dev.portolan.cli;

import java.io.BufferedInputStream;
import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the command reads and writes. Always UTF-8, whatever the platform's charset, and every piece is handed on at once.
 *
 * <p>What a model or a server says is not to be trusted: on a terminal its control characters, which could move the cursor
 * or change the title, are replaced. To a file or a pipe goes every byte as it came.
 */
final class Terminal {
    /** Names the streams that are a terminal, such as {@code in,err}; set by the launcher script. */
    static final String PROPERTY = "portolan.terminal";

    private static final int USUAL_WIDTH = 80;

    /** One of the three standard streams. */
    enum Stream {
        IN,
        OUT,
        ERR
    }

    private final InputStream in;
    private final Writer out;
    private final Writer err;
    private final Set<Stream> interactive;
    private final IntSupplier columns;
    private boolean midLine;

    /**
     * With these streams.
     *
     * @param interactive those that are a terminal
     * @param columns how wide that is, if one can tell, else 0; asked only when it matters
     */
    Terminal(InputStream in, OutputStream out, OutputStream err, Set<Stream> interactive, IntSupplier columns) {
        this.in = in;
        this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        this.err = new OutputStreamWriter(err, StandardCharsets.UTF_8);
        this.interactive = Set.copyOf(interactive);
        this.columns = columns;
    }

    /** The streams of this process. */
    static Terminal ofProcess() {
        return new Terminal(
                // Buffered, since a bare FileInputStream cannot read all of a pipe.
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                interactive(System.getProperty(PROPERTY)),
                Terminal::columnsOfProcess);
    }

    /** The JDK cannot tell, the shell does not export its {@code COLUMNS}; the system's own tool knows. */
    private static int columnsOfProcess() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return size.matches("\\d{1,5} \\d{1,5}") ? Integer.parseInt(size.substring(size.indexOf(' ') + 1)) : 0;
        } catch (IOException noTerminalOrNoTool) {
            return 0;
        }
    }

    private static Set<Stream> interactive(@Nullable String told) {
        if (told == null) {
            return hasConsole() ? Set.of(Stream.values()) : Set.of();
        }
        List<String> words = List.of(told.split(","));
        Set<Stream> streams = EnumSet.noneOf(Stream.class);
        for (Stream stream : Stream.values()) {
            if (words.contains(stream.name().toLowerCase(Locale.ROOT))) {
                streams.add(stream);
            }
        }
        return streams;
    }

    /** From JDK 22 on there is always a console, and it tells whether it is a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean hasConsole() {
        Console console = System.console();
        try {
            return console != null
                    && Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (ReflectiveOperationException olderJdk) {
            return true;
        }
    }

    boolean isInteractive(Stream stream) {
        return interactive.contains(stream);
    }

    /** How many characters fit on a line of standard output; any number if it is not a terminal. */
    int width() {
        if (!isInteractive(Stream.OUT)) {
            return Integer.MAX_VALUE;
        }
        int told = columns.getAsInt();
        return told > 0 ? told : USUAL_WIDTH;
    }

    /**
     * All that comes on standard input, as text.
     *
     * @param whatToType what a person at the keyboard should do, who would otherwise face a silent command
     * @throws IllegalArgumentException if it is not UTF-8
     */
    String readAll(String whatToType) {
        if (isInteractive(Stream.IN)) {
            errLine(whatToType + " (end with Ctrl-D)");
        }
        try {
            return text(in.readAllBytes());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "Standard input is not UTF-8 text; give images with --image, documents with --file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read standard input: " + e.getMessage(), e);
        }
    }

    /** Decodes UTF-8 strictly and drops a byte order mark. */
    static String text(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /**
     * Writes to standard output, now.
     *
     * @throws OutputFailed if it cannot be written
     */
    void out(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            out.write(isInteractive(Stream.OUT) ? harmless(text) : text);
            out.flush();
        } catch (IOException e) {
            throw new OutputFailed(e);
        }
        midLine = !text.endsWith("\n");
    }

    /** Ends the line on standard output, if one was begun. */
    void endLine() {
        if (midLine) {
            out("\n");
        }
    }

    /** Writes one line to standard error. */
    void errLine(String text) {
        err(oneLine(text) + "\n", false);
    }

    /** Writes to standard error, now. A failure is ignored: there is nowhere left to report it. */
    void err(String text, boolean dimmed) {
        String shown = isInteractive(Stream.ERR) ? harmless(text) : text;
        try {
            err.write(dimmed && isInteractive(Stream.ERR) ? "\033[2m" + shown + "\033[22m" : shown);
            err.flush();
        } catch (IOException ignored) {
            // as above
        }
    }

    /** The text without line breaks and other control characters. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                gap = true;
            } else {
                if (gap && !line.isEmpty()) {
                    line.append(' ');
                }
                gap = false;
                line.append(c);
            }
        }
        return line.toString();
    }

    private static String harmless(String text) {
        boolean clean = text.chars().noneMatch(Terminal::isHarmful);
        if (clean) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(c -> shown.append(isHarmful(c) ? '\ufffd' : (char) c));
        return shown.toString();
    }

    private static boolean isHarmful(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r';
    }
}
