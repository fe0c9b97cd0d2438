package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.Portolan;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that are ended while they wait: the caller goes on at once, and the server is told by the end of the socket. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancellationTest {
    private static final Duration AT_ONCE = Duration.ofMillis(100);
    private static final Duration GUARD = Duration.ofSeconds(20);

    /** The first tries warm up, and a busy machine may spoil some: the best one shows whether anything waits. */
    private static final int TRIES = 25;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** How the caller ends a call. */
    enum Way {
        CLOSE_PORTOLAN,
        INTERRUPT,
        CLOSE_STREAM
    }

    /** One call that hangs, its caller, and what became of it. */
    private final class Hanging implements AutoCloseable {
        final OpenRouterSimulator simulator = OpenRouterSimulator.start();
        final Portolan portolan = Portolan.load(Settings.of(Map.of(
                "OPENROUTER_API_KEY", simulator.apiKey(),
                "OPENROUTER_API_BASE", simulator.baseUrl())));
        final AtomicReference<ReplyStream<?, ?>> stream = new AtomicReference<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final AtomicReference<Thread> caller = new AtomicReference<>();
        private Future<Ended> ended;

        Hanging(Fault... faults) {
            for (Fault fault : faults) {
                simulator.faults().always(fault);
            }
        }

        /** Starts a blocking call, and waits until the server has got all its requests. */
        Hanging start(int requests, Call call) {
            ended = threads.submit(() -> run(() -> {
                begun.countDown();
                call.make(portolan);
            }));
            while (simulator.faults().applied().size() < requests) {
                Thread.onSpinWait();
            }
            return this;
        }

        /** Starts a stream, and waits until so many of its events have come. */
        Hanging open(int events, Opening opening) {
            ended = threads.submit(() -> run(() -> {
                ReplyStream<?, ?> opened = opening.open(portolan);
                stream.set(opened);
                for (int i = 0; i < events; i++) {
                    opened.next();
                }
                begun.countDown();
                opened.response();
            }));
            return this;
        }

        private Ended run(Runnable call) {
            caller.set(Thread.currentThread());
            try {
                call.run();
                throw new AssertionError("The call went on");
            } catch (CallCancelledException e) {
                return new Ended(e, Thread.interrupted());
            }
        }

        /** How long the caller, and then the server, took to learn of it. */
        Duration end(Way way, Departure departure) throws Exception {
            begun.await();
            long start = System.nanoTime();
            switch (way) {
                case CLOSE_STREAM -> stream.get().close();
                case INTERRUPT -> caller.get().interrupt();
                case CLOSE_PORTOLAN -> portolan.close();
            }
            assertThat(ended().interrupted()).isEqualTo(way == Way.INTERRUPT);
            assertThat(departure.await(simulator)).isTrue();
            return Duration.ofNanos(System.nanoTime() - start);
        }

        Ended ended() throws Exception {
            try {
                return ended.get(GUARD.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError("Ended otherwise: " + e.getCause(), e.getCause());
            }
        }

        @Override
        public void close() {
            portolan.close();
            simulator.close();
        }
    }

    private record Ended(CallCancelledException failure, boolean interrupted) {}

    private interface Call {
        void make(Portolan portolan);
    }

    private interface Opening {
        ReplyStream<?, ?> open(Portolan portolan);
    }

    private interface Departure {
        boolean await(OpenRouterSimulator simulator) throws InterruptedException;
    }

    private interface Try {
        Duration run() throws Exception;
    }

    private static void checkThatTheFastestIsAtOnce(Try attempt) throws Exception {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Duration time = attempt.run();
            times.add(time);
            if (time.compareTo(AT_ONCE) < 0) {
                return;
            }
        }
        assertThat(times).anyMatch(time -> time.compareTo(AT_ONCE) < 0);
    }

    private static ChatRequest.Builder chat() {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini").user("Why is the sky blue?");
    }

    private static ImageRequest image() {
        return ImageRequest.builder("openrouter/openai/gpt-5-image-mini")
                .prompt("a harbour")
                .resolution("512")
                .options(OpenRouterOptions.builder()
                        .imageRoute(ImageRoute.IMAGES)
                        .build())
                .build();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSE_STREAM")
    void a_blocking_call_that_waits_for_its_answer(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stall())) {
                call.start(1, portolan -> portolan.chat().complete(chat().build()));

                Duration time = call.end(way, simulator -> simulator.awaitAbandonedRequests(1, GUARD));

                assertThat(call.ended().failure().partial()).isEmpty();
                assertThat(call.ended().failure().attempts()).hasSize(1);
                return time;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSE_STREAM")
    void a_blocking_call_in_the_middle_of_its_answer(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stallAtByte(50))) {
                call.start(1, portolan -> portolan.chat().complete(chat().build()));

                return call.end(
                        way,
                        simulator -> simulator.awaitCancelledStreams(1, GUARD)
                                || simulator.awaitAbandonedRequests(1, Duration.ofMillis(1)));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSE_STREAM")
    void a_stream_that_has_not_begun(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stall())) {
                call.start(1, portolan -> portolan.chat().stream(chat().build()));

                return call.end(way, simulator -> simulator.awaitAbandonedRequests(1, GUARD));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_of_which_only_comments_have_come(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stallAfterEvents(0))) {
                call.open(0, portolan -> portolan.chat().stream(chat().build()));

                Duration time = call.end(way, simulator -> simulator.awaitCancelledStreams(1, GUARD));

                assertThat(call.ended().failure().partial()).isEmpty();
                return time;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_in_the_middle(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stallAfterEvents(3))) {
                call.open(3, portolan -> portolan.chat().stream(chat().build()));

                Duration time = call.end(way, simulator -> simulator.awaitCancelledStreams(1, GUARD));

                CallCancelledException failure = call.ended().failure();
                assertThat(failure.partial())
                        .get()
                        .extracting(ChatResponse::text)
                        .isEqualTo("The sky");
                assertThat(failure.details().generationId()).isNotNull();
                return time;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_drips(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.drip(300, Duration.ofHours(1)))) {
                call.open(0, portolan -> portolan.chat().stream(chat().build()));

                return call.end(way, simulator -> simulator.awaitCancelledStreams(1, GUARD));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_of_images(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stallAfterEvents(1))) {
                call.open(1, portolan -> portolan.images().stream(image()));

                return call.end(way, simulator -> simulator.awaitCancelledStreams(1, GUARD));
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSE_STREAM")
    void embeddings_of_which_several_batches_are_under_way(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.stall())) {
                EmbeddingRequest.Builder request = EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                        .batching(new EmbeddingRequest.Batching(1, 1000, 3));
                for (int i = 0; i < 10; i++) {
                    request.text("text " + i);
                }
                call.start(3, portolan -> portolan.embeddings().embed(request.build()));

                Duration time = call.end(way, simulator -> simulator.awaitAbandonedRequests(3, GUARD));

                assertThat(call.simulator.requests()).hasSize(3);
                return time;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLOSE_STREAM")
    void a_call_that_waits_to_be_made_again(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.rateLimited(Duration.ofSeconds(30)))) {
                call.start(1, portolan -> portolan.chat().complete(chat().build()));

                Duration time = call.end(way, simulator -> true);

                assertThat(call.simulator.requests()).hasSize(1);
                assertThat(call.ended().failure().attempts()).hasSize(1);
                return time;
            }
        });
    }

    /** Such a stream has failed before its first event, and waits in {@code next()}. */
    @ParameterizedTest
    @EnumSource
    void a_stream_that_waits_to_begin_anew(Way way) throws Exception {
        checkThatTheFastestIsAtOnce(() -> {
            try (Hanging call = new Hanging(Fault.errorEvent(0))) {
                call.open(
                        0,
                        portolan -> portolan.chat().stream(chat().retries(
                                        RetryPolicy.DEFAULT.withDelays(Duration.ofSeconds(30), Duration.ofSeconds(60)))
                                .build()));
                while (call.simulator.faults().applied().isEmpty()
                        || call.caller.get().getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }

                Duration time = call.end(way, simulator -> true);

                assertThat(call.simulator.requests()).hasSize(1);
                return time;
            }
        });
    }

    @Test
    void a_closed_portolan_makes_no_more_calls_and_says_so() {
        try (Hanging call = new Hanging()) {
            Portolan closed = call.portolan;
            closed.chat().complete(chat().build());
            OpenRouter provider = closed.provider("openrouter", OpenRouter.class);
            closed.close();
            closed.close();

            List<Runnable> calls = List.of(
                    () -> closed.chat().complete(chat().build()),
                    () -> closed.chat().stream(chat().build()),
                    () -> closed.images().generate(image()),
                    () -> closed.images().stream(image()),
                    () -> closed.embeddings()
                            .embed(EmbeddingRequest.builder("openrouter/a/b")
                                    .text("text")
                                    .build()),
                    () -> closed.catalog().models(ModelQuery.ALL),
                    () -> closed.provider("openrouter", OpenRouter.class));
            assertThat(calls)
                    .allSatisfy(each -> assertThatExceptionOfType(CallCancelledException.class)
                            .isThrownBy(each::run)
                            .withMessageContaining("closed"));
            assertThatExceptionOfType(CallCancelledException.class)
                    .isThrownBy(provider::key)
                    .satisfies(failure -> assertThat(failure.retryable()).isFalse());
            assertThat(call.simulator.requests()).hasSize(1);
        }
    }

    @Test
    void closing_ends_all_of_many_streams() throws Exception {
        try (Hanging call = new Hanging(Fault.stallAfterEvents(3))) {
            CountDownLatch begun = new CountDownLatch(50);
            List<Future<Ended>> readers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                readers.add(threads.submit(() -> call.run(() -> {
                    ChatStream stream = call.portolan.chat().stream(chat().build());
                    for (int read = 0; read < 3; read++) {
                        stream.next();
                    }
                    begun.countDown();
                    stream.response();
                })));
            }
            begun.await();

            call.portolan.close();

            for (Future<Ended> reader : readers) {
                Ended ended = reader.get(GUARD.toSeconds(), TimeUnit.SECONDS);
                assertThat(ended.interrupted()).isFalse();
                assertThat(ended.failure().partial())
                        .get()
                        .extracting(ChatResponse::text)
                        .isEqualTo("The sky");
            }
            assertThat(call.simulator.awaitCancelledStreams(50, GUARD)).isTrue();
            assertThat(call.simulator.awaitOpenConnections(0, GUARD)).isTrue();
        }
    }

    @Test
    void closing_just_when_calls_end_leaves_no_connection_open() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            for (int round = 0; round < 150; round++) {
                Portolan portolan = Portolan.load(Settings.of(
                        Map.of("OPENROUTER_API_KEY", simulator.apiKey(), "OPENROUTER_API_BASE", simulator.baseUrl())));
                CountDownLatch called = new CountDownLatch(1);
                Future<?> caller = threads.submit(() -> {
                    try {
                        portolan.chat().complete(chat().build());
                        called.countDown();
                        while (true) {
                            portolan.chat().complete(chat().build());
                        }
                    } catch (CallCancelledException closed) {
                        called.countDown();
                    }
                });
                called.await();

                portolan.close();

                caller.get(GUARD.toSeconds(), TimeUnit.SECONDS);
                assertThat(simulator.awaitOpenConnections(0, GUARD))
                        .as("round %s", round)
                        .isTrue();
            }
        }
    }
}
