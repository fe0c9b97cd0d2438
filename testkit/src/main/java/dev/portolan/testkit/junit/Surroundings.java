package dev.portolan.testkit.junit;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.RecordingCostSink;
import dev.portolan.testkit.fake.ScriptedFake;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that a test, or the tests of a class, are given: made when it is first asked for, and looked through in the end. */
final class Surroundings implements AutoCloseable {
    /** What has been closed takes a moment to end; only a test that leaks waits so long. */
    private static final Duration A_MOMENT = Duration.ofSeconds(3);

    private final Plan plan;
    private final boolean inParallel;
    private final ThreadWatch threads = new ThreadWatch();
    private final OpenStreams streams = new OpenStreams();
    private final Fakes fakes = new Fakes();
    private final RecordingCostSink sink = new RecordingCostSink();
    private final FakeGuard guard = new FakeGuard();
    private @Nullable OpenRouterSimulator simulator;
    private @Nullable Portolan portolan;

    /** @param inParallel whether other tests may run at the same time, so that nobody knows whose a thread is */
    Surroundings(Plan plan, boolean inParallel) {
        this.plan = plan;
        this.inParallel = inParallel;
    }

    /** What can be had as a parameter of this type; empty if nothing can. */
    synchronized Optional<Object> find(Class<?> type) {
        return plan.supports(type) ? Optional.of(plan.value(type, this)) : Optional.empty();
    }

    synchronized OpenRouterSimulator simulator() {
        OpenRouterSimulator started = simulator;
        if (started == null) {
            started = plan.simulator().apply(OpenRouterSimulator.builder()).start();
            simulator = started;
        }
        return started;
    }

    Fakes fakes() {
        return fakes;
    }

    RecordingCostSink sink() {
        return sink;
    }

    FakeGuard guard() {
        return guard;
    }

    synchronized Portolan portolan() {
        Portolan made = portolan;
        if (made == null) {
            made = plan.fakes().isEmpty() ? onSimulator() : onFakes();
            portolan = made;
        }
        return made;
    }

    private Portolan onSimulator() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "OPENROUTER_API_KEY", simulator().apiKey(),
                "OPENROUTER_API_BASE", simulator().baseUrl()));
        settings.putAll(plan.settings());
        return built(Portolan.builder().settings(Settings.of(settings)).discover());
    }

    private Portolan onFakes() {
        Portolan.Builder builder = Portolan.builder().settings(Settings.of(plan.settings()));
        for (String name : plan.fakes()) {
            builder.provider(name, fakes.provider(name));
        }
        return built(builder);
    }

    private Portolan built(Portolan.Builder builder) {
        plan.more().accept(builder);
        return builder.guard(guard).sink(sink).decorator(streams).build();
    }

    /** One of the tests that share this begins: nothing is left of those before it, unless they are not over yet. */
    synchronized void testBegins() {
        if (inParallel) {
            return;
        }
        fakes.reset();
        sink.reset();
        guard.reset();
        if (simulator != null) {
            simulator.reset();
        }
    }

    /** One of the tests that share this has ended: the streams that it left, unless another may be reading them now. */
    synchronized Leaks testEnded() {
        return inParallel ? new Leaks() : openStreams();
    }

    /** The streams that are open. They are closed, so that they are told once. */
    private Leaks openStreams() {
        Leaks leaks = new Leaks();
        for (OpenStreams.Opened left : streams.closeAll()) {
            leaks.add(
                    "the stream of " + left.what() + " was neither read to its end nor closed; use try-with-resources",
                    left.where());
        }
        // What is left now was opened at the fake itself, which keeps no stack.
        for (ScriptedFake<?, ?, ?> fake : fakes.streaming()) {
            int count = fake.openStreams();
            if (count > 0) {
                leaks.add(
                        (count == 1 ? "a stream" : count + " streams") + " of the "
                                + fake.getClass().getSimpleName() + " was neither read to its end nor closed; use"
                                + " try-with-resources",
                        null);
            }
        }
        fakes.endCalls();
        return plan.allows(Leak.STREAM) ? new Leaks() : leaks;
    }

    /** Ends everything, and tells what is left all the same. */
    synchronized Leaks end() {
        Leaks leaks = openStreams();
        try {
            if (portolan != null) {
                portolan.close();
            }
        } finally {
            if (simulator != null) {
                leaks.addAll(openConnections(simulator));
                simulator.close();
            }
        }
        if (!inParallel && !plan.allows(Leak.THREAD)) {
            leaks.addAll(liveThreads());
        }
        return leaks;
    }

    /** For JUnit, which closes what its stores hold when a test does not come to its end, as when a constructor throws. */
    @Override
    public void close() {
        end();
    }

    private Leaks openConnections(OpenRouterSimulator server) {
        Leaks leaks = new Leaks();
        try {
            if (!plan.allows(Leak.CONNECTION) && !server.awaitOpenConnections(0, A_MOMENT)) {
                leaks.add(
                        server.openConnections()
                                + " connection(s) to the simulator were still open after the Portolan was"
                                + " closed: a body that was not closed, or another client; close it, or allow Leak.CONNECTION",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return leaks;
    }

    private Leaks liveThreads() {
        Leaks leaks = new Leaks();
        List<Thread> alive = new ArrayList<>(threads.stillAlive(plan::allowsThread, A_MOMENT));
        for (Thread thread : alive) {
            Throwable where = new Throwable("the thread '" + thread.getName() + "' is here");
            where.setStackTrace(thread.getStackTrace());
            leaks.add(
                    "the thread '" + thread.getName()
                            + "' was started during the test and is still alive; end it, or allow" + " its name",
                    where);
        }
        return leaks;
    }
}
