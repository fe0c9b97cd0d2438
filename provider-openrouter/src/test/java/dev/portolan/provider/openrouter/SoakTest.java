package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.Portolan;
import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Settings;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of calls at once, of which many fail and many are left. */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("thorough")
class SoakTest {
    private static final int CALLS = 4000;
    private static final int THREADS = 64;
    private static final Duration GUARD = Duration.ofSeconds(20);

    /** Held here, since the logging framework holds loggers only weakly. */
    private static final Logger OKHTTP = Logger.getLogger(OkHttpClient.class.getName());

    private final Queue<String> mistakes = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> attempts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final Handler listener = listener();
    private final ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    private final ScheduledExecutorService disturber = Executors.newSingleThreadScheduledExecutor();
    private OpenRouterSimulator simulator;
    private Portolan portolan;

    @BeforeEach
    void start() {
        OKHTTP.addHandler(listener);
        simulator = OpenRouterSimulator.start();
        portolan = Portolan.load(settings(simulator));
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        disturber.shutdownNow();
        portolan.close();
        simulator.close();
        OKHTTP.removeHandler(listener);
    }

    @Test
    void every_one_of_thousands_of_disturbed_calls_ends_well_or_with_an_exception_of_ours_and_nothing_is_left()
            throws Exception {
        Map<String, String> expected = undisturbed();
        hang(SoakCall.ANYWHERE, Fault.stall(), Fault.stallAtByte(100), Fault.stallAfterEvents(3), Fault.endless());
        hang(SoakCall.IN_ANSWER, Fault.stallAtByte(100), Fault.stallAfterEvents(3), Fault.endless());
        simulator.faults().seeded(2, 0.3, Fault.everyKindThatEnds());

        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(callers.submit(() -> {
                for (int call = next.incrementAndGet(); call <= CALLS; call = next.incrementAndGet()) {
                    make(SoakCall.random(call), expected);
                }
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }

        assertThat(mistakes).isEmpty();
        assertThat(outcomes.keySet()).as("%s", outcomes).contains("success", "CallCancelledException");
        assertThat(outcomes.get("success").get()).isGreaterThan(CALLS / 4);
        checkThatNothingIsLeft();
        checkRequests();
    }

    private void hang(String where, Fault... faults) {
        simulator
                .faults()
                .on(request -> request.header(SoakCall.HANGS).equals(Optional.of(where)))
                .seeded(1, 0.5, faults);
    }

    /** By kind and topic. */
    private static Map<String, String> undisturbed() {
        Map<String, String> expected = new ConcurrentHashMap<>();
        try (OpenRouterSimulator quiet = OpenRouterSimulator.start();
                Portolan portolan = Portolan.load(settings(quiet))) {
            for (SoakCall.Kind kind : SoakCall.Kind.values()) {
                for (int topic = 0; topic < SoakCall.TOPICS; topic++) {
                    SoakCall call = SoakCall.undisturbed(kind, topic);
                    expected.computeIfAbsent(key(call), key -> SoakCall.essence(call.make(portolan, stream -> {})));
                }
            }
        }
        return expected;
    }

    private static String key(SoakCall call) {
        return call.kind() + " " + (call.isOfImages() ? 0 : call.topic());
    }

    private static Settings settings(OpenRouterSimulator server) {
        return Settings.of(Map.of(
                "OPENROUTER_API_KEY", server.apiKey(),
                "OPENROUTER_API_BASE", server.baseUrl()));
    }

    private void make(SoakCall call, Map<String, String> expected) {
        Disturber disturber = new Disturber(call);
        PortolanException failure = null;
        Reply reply = null;
        try {
            disturber.begin();
            reply = call.make(portolan, disturber::opened);
        } catch (PortolanException e) {
            failure = e;
        } catch (Throwable e) {
            mistakes.add(call + " ended with " + e + " at " + List.of(e.getStackTrace()));
        }
        boolean interrupted = disturber.end();
        if (Thread.interrupted() != interrupted) {
            mistakes.add(call + (interrupted ? " lost its interrupt" : " left an interrupt behind"));
        }
        if (reply != null) {
            answered(call, reply, expected);
        } else if (failure != null) {
            failed(call, failure);
        }
    }

    private void answered(SoakCall call, Reply reply, Map<String, String> expected) {
        count("success");
        attempts.put(call.number(), reply.attempts().size());
        if (!SoakCall.essence(reply).equals(expected.get(key(call)))) {
            mistakes.add(call + " was reported complete with another answer: " + SoakCall.essence(reply));
        }
    }

    private void failed(SoakCall call, PortolanException failure) {
        count(failure.getClass().getSimpleName());
        int more = failure.partial(EmbeddingResponse.class)
                .map(partial -> partial.attempts().size())
                .orElse(0);
        attempts.put(call.number(), failure.attempts().size() + more);
        if (failure.attempts().isEmpty()) {
            mistakes.add(call + " failed without telling of an attempt: " + failure);
        }
        if (failure instanceof CallCancelledException
                && call.disturbance() != SoakCall.Disturbance.CLOSE
                && call.disturbance() != SoakCall.Disturbance.INTERRUPT) {
            mistakes.add(call + " was cancelled by nobody");
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, any -> new AtomicInteger()).incrementAndGet();
    }

    private void checkThatNothingIsLeft() throws InterruptedException {
        // A body that was lost unclosed is no longer among the calls that closing ends, so its connection would stay.
        System.gc();
        SoakCall.undisturbed(SoakCall.Kind.EMBED, 0).make(quietly(), stream -> {});
        assertThat(simulator.openConnections()).isPositive();

        portolan.close();

        assertThat(simulator.awaitOpenConnections(0, GUARD)).isTrue();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("portolan")) {
                thread.join(GUARD.toMillis());
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            } else if (thread.getName().startsWith("Ok")) {
                assertThat(thread.isDaemon()).as(thread.getName()).isTrue();
            }
        }
        assertThat(warnings).isEmpty();
    }

    private Portolan quietly() {
        simulator.faults().clear();
        return portolan;
    }

    /**
     * Each attempt is a request and each request an attempt. Only of a call that was left while it connected, or sent, it
     * is not known whether its last attempt got through; of batches that are lost together the first one tells.
     */
    private void checkRequests() {
        Map<Integer, Long> received = simulator.requests().stream()
                .filter(request -> request.header(SoakCall.NUMBER).isPresent())
                .collect(Collectors.groupingBy(
                        request ->
                                Integer.valueOf(request.header(SoakCall.NUMBER).orElseThrow()),
                        Collectors.counting()));
        List<String> wrong = new ArrayList<>();
        for (int number = 1; number <= CALLS; number++) {
            SoakCall call = SoakCall.random(number);
            long told = attempts.getOrDefault(number, 0);
            long came = received.getOrDefault(number, 0L);
            boolean right = call.kind() == SoakCall.Kind.EMBED_BATCHES
                    ? call.exactlyCounted() ? came >= told : came >= told - 3
                    : call.exactlyCounted() ? came == told : came == told || came == told - 1;
            if (!right) {
                wrong.add(call + " tells of " + told + " attempts, but " + came + " requests came");
            }
        }
        assertThat(wrong).isEmpty();
    }

    private Handler listener() {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    warnings.add(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    /** Ends one call from outside, and never another one. */
    private final class Disturber {
        private final SoakCall call;
        private final Thread caller = Thread.currentThread();
        private boolean running;
        private boolean interrupted;

        Disturber(SoakCall call) {
            this.call = call;
        }

        synchronized void begin() {
            running = true;
            if (call.disturbance() == SoakCall.Disturbance.INTERRUPT) {
                soon(this::interrupt);
            }
        }

        void opened(ReplyStream<?, ?> stream) {
            if (call.disturbance() == SoakCall.Disturbance.CLOSE) {
                soon(stream::close);
            }
        }

        private void soon(Runnable action) {
            disturber.schedule(action, call.random().nextInt(20_000), TimeUnit.MICROSECONDS);
        }

        private synchronized void interrupt() {
            if (running) {
                interrupted = true;
                caller.interrupt();
            }
        }

        synchronized boolean end() {
            running = false;
            return interrupted;
        }
    }
}
