package dev.portolan.testkit.cassette;

import dev.portolan.api.Settings;
import dev.portolan.testkit.simulator.http.Departures;
import dev.portolan.testkit.simulator.http.LoopbackServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Real traffic with a provider, recorded once in a file that people can read, and replayed from then on without network
 * and key.
 *
 * <pre>{@code
 * try (Cassette cassette = Cassette.open(Path.of("src/test/cassettes/greeting.json"), "https://openrouter.ai/api/v1")) {
 *     callYourClient(cassette.baseUrl());
 * }
 * }</pre>
 *
 * <p>It is an HTTP server on loopback that stands between a client, of any kind and language, and a provider, of any kind.
 * The client is told {@link #baseUrl()} in place of the provider's address, and sends its own key.
 *
 * <p><b>Recording</b> passes every request on and every byte of the answer back as soon as it arrives. When the client
 * leaves, the call to the provider is cancelled. {@link #close()} writes the file, unless nothing was asked. A provider
 * that cannot be reached is told to the client as status 502, and not recorded.
 *
 * <p><b>Replaying</b> answers a request that has the same method, path, query and body as a recorded one. Of JSON neither
 * the order of the members nor the spelling of the numbers counts, of a form not the boundary. Each recorded interaction
 * is given once, equal ones in the order of the recording. Any other request is answered by status 400, which clients do
 * not try again, with a diff to the nearest recorded one in {@code error.message}; the same is thrown by {@link
 * #verify()} and {@link #close()}.
 *
 * <p>Streams come back byte for byte, event by event, and break off where they broke; JSON answers as the same JSON without
 * blanks, with members and numbers as they were; other bodies byte for byte. Of the headers those come back that mean
 * something to clients of models; {@link Builder#keepHeaders} keeps more.
 *
 * <p><b>Secrets</b> never reach the file: of the headers of a request only {@code Accept} and {@code Content-Type} are kept;
 * the values of its credentials (headers such as {@code Authorization}, {@code X-Api-Key} and {@code Cookie}, query
 * parameters such as {@code key}) are replaced by {@code [scrubbed]} wherever they are repeated, also across the pieces of a
 * stream, if they are 8 characters or longer; so are texts in the shape of well-known keys, the values of members, form
 * fields and parameters that are named like a credential, such as {@code api_key} and {@code access_token}, also in addresses
 * within texts, the values of members such as {@code user_id} that name an account, and {@code user} of a request.
 *
 * <p>Thread-safe. Requests may come in parallel.
 */
public final class Cassette implements AutoCloseable {
    /**
     * The setting ({@link Settings#fromEnvironment()}: a system property or environment variable) that is a {@link
     * CassetteMode} for cassettes whose mode is {@code AUTO}: {@code record}, {@code replay} or {@code auto}.
     */
    public static final String MODE_SETTING = "PORTOLAN_CASSETTES";

    private final Path file;
    private final CassetteMode mode;
    private final HttpUrl provider;
    private final Side side;
    private final LoopbackServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Cassette(Builder builder) {
        file = builder.file;
        provider = builder.provider;
        mode = builder.effectiveMode();
        Scrubber scrubber = new Scrubber(builder.secrets, builder.patterns, builder.members);
        Set<String> headers = new HashSet<>(builder.keptHeaders);
        headers.addAll(builder.matchedHeaders);
        KeptHeaders kept = new KeptHeaders(headers);
        side = mode == CassetteMode.RECORD
                ? new Recorder(provider, builder.clock, scrubber, kept, content -> write(file, content))
                : new Player(
                        file,
                        read(file),
                        new Matching(builder.ignoredMembers, builder.ignoredParameters, builder.matchedHeaders),
                        scrubber,
                        kept,
                        builder.timing,
                        builder.repeats,
                        builder.strict);
        server = new LoopbackServer("127.0.0.1", builder.port, builder.clock, new Departures(), new Departures(), side);
    }

    /**
     * Opens a cassette that replays if the file is there, and else records: {@link CassetteMode#AUTO}.
     *
     * @param file where the recording is, or will be
     * @param baseUrl the provider's base URL, such as {@code https://openrouter.ai/api/v1}
     * @return an open cassette, to be closed by the caller
     * @throws IllegalArgumentException if the URL is no address on the web, or the file is no cassette
     * @throws IllegalStateException if the file is missing on CI
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Cassette open(Path file, String baseUrl) {
        return builder(file, baseUrl).open();
    }

    /**
     * Starts the settings of a cassette.
     *
     * @param file where the recording is, or will be
     * @param baseUrl the provider's base URL, such as {@code https://openrouter.ai/api/v1}
     * @return a builder
     * @throws IllegalArgumentException if the URL is no address on the web
     */
    public static Builder builder(Path file, String baseUrl) {
        return new Builder(file, baseUrl);
    }

    private static CassetteContent read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new IllegalStateException(
                    "There is no cassette " + file + " to replay. Record it where the provider can be reached: set "
                            + MODE_SETTING + "=record for a run of the test, and keep the file with the tests.",
                    missing);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The cassette " + file + " cannot be read: " + unreadable, unreadable);
        }
        try {
            return CassetteReader.content(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "The cassette " + file + " cannot be replayed: " + wrong.getMessage()
                            + ". Correct it, or delete it to record it again.",
                    wrong);
        }
    }

    private static void write(Path file, CassetteContent content) {
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "cassette", ".draft");
            try {
                Files.writeString(draft, CassetteWriter.text(content));
                move(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("The cassette " + file + " cannot be written: " + failure, failure);
        }
    }

    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException otherwise) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Where the client sends its requests: the counterpart of the provider's base URL.
     *
     * @return {@code http://127.0.0.1:PORT} and the path of the provider's base URL, without a slash at the end
     */
    public String baseUrl() {
        String path = provider.encodedPath();
        return "http://127.0.0.1:" + server.port() + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /**
     * Whether it records or replays.
     *
     * @return {@code RECORD} or {@code REPLAY}
     */
    public CassetteMode mode() {
        return mode;
    }

    /**
     * Fails if a request was made that was not recorded, or, if the cassette is {@link Builder#strict()}, a recorded one has
     * not been made. Passes while recording.
     *
     * @throws AssertionError with a diff for each request
     */
    public void verify() {
        List<String> problems = side.problems();
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n\n", problems));
        }
    }

    /**
     * Closes all connections, writes the file if it was recorded, and fails like {@link #verify()}. Closing twice does
     * nothing.
     *
     * @throws AssertionError with a diff for each request that was not recorded
     * @throws UncheckedIOException if the file cannot be written
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.close();
            side.finish();
            verify();
        }
    }

    /** Names the file and the mode only. */
    @Override
    public String toString() {
        return "Cassette[" + file + ", " + mode + "]";
    }

    /** The settings of a cassette. Not thread-safe. */
    public static final class Builder {
        private final Path file;
        private final HttpUrl provider;
        private final Set<String> secrets = new HashSet<>();
        private final List<Pattern> patterns = new ArrayList<>();
        private final Set<String> members = new HashSet<>();
        private final Set<String> keptHeaders = new HashSet<>();
        private final Set<String> matchedHeaders = new HashSet<>();
        private final Set<String> ignoredMembers = new HashSet<>();
        private final Set<String> ignoredParameters = new HashSet<>();
        private CassetteMode mode = CassetteMode.AUTO;
        private Settings settings = Settings.fromEnvironment();
        private ReplayTiming timing = ReplayTiming.atOnce();
        private Clock clock = Clock.systemUTC();
        private int port;
        private boolean repeats;
        private boolean strict;

        private Builder(Path file, String baseUrl) {
            this.file = Objects.requireNonNull(file, "file");
            HttpUrl url = HttpUrl.parse(baseUrl);
            if (url == null) {
                throw new IllegalArgumentException(
                        "The base URL must begin with http:// or https:// and name a host, such as"
                                + " https://openrouter.ai/api/v1");
            }
            provider = url;
        }

        /**
         * Sets the mode, whatever the settings say. Default: {@code AUTO}.
         *
         * @param value the mode
         * @return this builder
         */
        public Builder mode(CassetteMode value) {
            mode = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Sets where {@link #MODE_SETTING} and {@code CI} are looked up. Default: system properties and the environment.
         *
         * @param source the settings
         * @return this builder
         */
        public Builder settings(Settings source) {
            settings = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets the pauses when it replays. Default: none.
         *
         * @param value the timing
         * @return this builder
         */
        public Builder timing(ReplayTiming value) {
            timing = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Gives the last of several equal interactions again when all have been used. Default: each is given once.
         *
         * @return this builder
         */
        public Builder repeats() {
            repeats = true;
            return this;
        }

        /**
         * Fails also if a recorded interaction was never asked for. Default: this is no failure.
         *
         * @return this builder
         */
        public Builder strict() {
            strict = true;
            return this;
        }

        /**
         * Lets members of JSON bodies differ between the recording and now.
         *
         * @param paths the names from the top, separated by dots, where {@code *} stands for any name or position: {@code
         *     seed}, {@code messages.*.cache_control}
         * @return this builder
         */
        public Builder ignoreMembers(String... paths) {
            ignoredMembers.addAll(List.of(paths));
            return this;
        }

        /**
         * Lets query parameters differ between the recording and now.
         *
         * @param names their names
         * @return this builder
         */
        public Builder ignoreParameters(String... names) {
            ignoredParameters.addAll(List.of(names));
            return this;
        }

        /**
         * Compares these headers of a request too, and keeps them in the file. Default: no header counts.
         *
         * @param names their names, in any case
         * @return this builder
         */
        public Builder matchHeaders(String... names) {
            matchedHeaders.addAll(lowerCase(names));
            return this;
        }

        /**
         * Keeps more headers, of requests and of answers, in the file; if they are named like a credential, without their
         * value.
         *
         * @param names their names, in any case
         * @return this builder
         */
        public Builder keepHeaders(String... names) {
            keptHeaders.addAll(lowerCase(names));
            return this;
        }

        private static List<String> lowerCase(String[] names) {
            return Arrays.stream(names)
                    .map(name -> name.toLowerCase(Locale.ROOT))
                    .toList();
        }

        /**
         * Scrubs this text wherever it stands, whatever its length. The credentials of requests are scrubbed without it.
         *
         * @param text the secret, not blank
         * @return this builder
         * @throws IllegalArgumentException if it is blank
         */
        public Builder scrub(String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a secret must not be blank");
            }
            secrets.add(text);
            return this;
        }

        /**
         * Scrubs what fits a pattern, in texts, and in names and values of JSON; in a request it then does not count.
         *
         * @param shape the pattern, searched anywhere in a text
         * @return this builder
         */
        public Builder scrub(Pattern shape) {
            patterns.add(Objects.requireNonNull(shape, "shape"));
            return this;
        }

        /**
         * Scrubs the values of members of JSON bodies, texts and numbers, at any depth.
         *
         * @param names their names
         * @return this builder
         */
        public Builder scrubMembers(String... names) {
            members.addAll(List.of(names));
            return this;
        }

        /**
         * Sets the port. Default: 0, any free port.
         *
         * @param number 0 to 65535
         * @return this builder
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder port(int number) {
            if (number < 0 || number > 65_535) {
                throw new IllegalArgumentException("port must be 0 to 65535 but is " + number);
            }
            port = number;
            return this;
        }

        /**
         * Sets the clock by which a recording is dated and its pauses are measured. Default: the system's.
         *
         * @param source the clock
         * @return this builder
         */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Opens the cassette.
         *
         * @return an open cassette, to be closed by the caller
         * @throws IllegalArgumentException if {@link #MODE_SETTING} is no mode, or the file is no cassette
         * @throws IllegalStateException if the file is missing and may not be recorded
         * @throws UncheckedIOException if the file cannot be read, or it cannot listen on the port
         */
        public Cassette open() {
            return new Cassette(this);
        }

        private CassetteMode effectiveMode() {
            CassetteMode wanted = mode == CassetteMode.AUTO ? ofSettings() : mode;
            if (wanted != CassetteMode.AUTO) {
                return wanted;
            }
            return Files.exists(file) || onCi() ? CassetteMode.REPLAY : CassetteMode.RECORD;
        }

        private CassetteMode ofSettings() {
            String word = settings.get(MODE_SETTING).orElse("auto");
            CassetteMode named = modeOrNull(word);
            if (named == null) {
                throw new IllegalArgumentException(
                        MODE_SETTING + " must be record, replay or auto but is \"" + word + "\"");
            }
            return named == CassetteMode.RECORD && onCi() ? CassetteMode.REPLAY : named;
        }

        private static @Nullable CassetteMode modeOrNull(String word) {
            return Arrays.stream(CassetteMode.values())
                    .filter(candidate -> candidate.name().equalsIgnoreCase(word))
                    .findFirst()
                    .orElse(null);
        }

        private boolean onCi() {
            return settings.get("CI")
                    .filter(value -> !value.equalsIgnoreCase("false") && !value.equals("0"))
                    .isPresent();
        }
    }
}
