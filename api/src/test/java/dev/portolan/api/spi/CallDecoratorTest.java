package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Reply;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallDecoratorTest {
    private static final ChatRequest REQUEST =
            ChatRequest.builder("fake/m").user("hi").build();
    private static final InvalidRequestException REFUSED = new InvalidRequestException("refused", ErrorDetails.NONE);

    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final CallDecorator noting = decorator(new Noting());

    private static CallDecorator decorator(CallObserver observer) {
        return new CallDecorator() {
            @Override
            protected CallObserver begin(Request request) {
                return observer;
            }
        };
    }

    private class Noting implements CallObserver {
        @Override
        public void event(Object event) {
            notes.add(event.getClass().getSimpleName());
        }

        @Override
        public void finished(Reply reply) {
            notes.add("finished at " + reply.cost());
        }

        @Override
        public void failed(Throwable failure) {
            notes.add("failed: " + failure.getMessage());
        }

        @Override
        public void closed() {
            notes.add("closed");
        }
    }

    /** Answers as told, blocking and streaming alike. */
    private record Chat(ChatStream answer) implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            return answer.response();
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            return answer;
        }
    }

    /** Gives some text, and then whatever {@link #end} does. */
    private static class Talking implements ChatStream {
        private int left;
        int closes;

        Talking(int deltas) {
            left = deltas;
        }

        @Nullable ChatEvent end() {
            throw new BrokenStreamException("broke", ErrorDetails.NONE);
        }

        @Override
        public @Nullable ChatEvent next() {
            return left-- > 0 ? new ChatEvent.TextDelta(0, "a") : end();
        }

        @Override
        public ChatResponse response() {
            while (next() != null) {}
            return ReplyBuilder.saying("whole").costing("0.1").build();
        }

        @Override
        public void close() {
            closes++;
        }
    }

    private ChatPort answering() {
        return noting.decorate(new Chat(ReplyBuilder.saying("one ", "two").costing("0.1").stream()));
    }

    @Test
    void a_blocking_call_is_finished_once_its_reply_is_there() {
        ChatResponse reply = answering().complete(REQUEST);

        assertThat(reply.text()).isEqualTo("one two");
        assertThat(notes).containsExactly("finished at $0.1");
    }

    @Test
    void a_failure_of_the_port_passes_as_it_is() {
        ChatPort port = noting.decorate(new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                throw REFUSED;
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw REFUSED;
            }
        });

        assertThatThrownBy(() -> port.complete(REQUEST)).isSameAs(REFUSED);
        assertThatThrownBy(() -> port.stream(REQUEST)).isSameAs(REFUSED);
        assertThat(notes).containsExactly("failed: refused", "failed: refused");
    }

    @Test
    void an_error_of_the_virtual_machine_is_a_failure_too() {
        StackOverflowError error = new StackOverflowError("deep");
        Talking deep = new Talking(0) {
            @Override
            @Nullable ChatEvent end() {
                throw error;
            }
        };

        assertThatThrownBy(() -> noting.decorate(new Chat(deep)).complete(REQUEST))
                .isSameAs(error);
        assertThatThrownBy(() -> noting.decorate(new Chat(deep)).stream(REQUEST).next())
                .isSameAs(error);
        assertThat(notes).containsExactly("failed: deep", "failed: deep");
    }

    @Test
    void the_observer_of_a_stream_sees_every_event_and_then_the_reply_once() {
        try (ChatStream stream = answering().stream(REQUEST)) {
            stream.forEach(event -> {});
            assertThat(stream.next()).isNull();
            assertThat(stream.response().text()).isEqualTo("one two");
            assertThat(stream.response()).isSameAs(stream.response());
        }

        assertThat(notes)
                .containsExactly(
                        "ResponseStarted",
                        "TextDelta",
                        "TextDelta",
                        "UsageReported",
                        "ResponseFinished",
                        "finished at $0.1");
    }

    @Test
    void asking_for_the_reply_reads_the_events_that_are_left() {
        try (ChatStream stream = answering().stream(REQUEST)) {
            stream.next();
            assertThat(stream.response().text()).isEqualTo("one two");
        }

        assertThat(notes).hasSize(6).endsWith("ResponseFinished", "finished at $0.1");
    }

    @Test
    void a_stream_that_breaks_has_failed_once_however_often_it_is_read_and_closed() {
        Talking broken = new Talking(1);
        ChatStream stream = noting.decorate(new Chat(broken)).stream(REQUEST);

        stream.next();
        assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(stream::next);
        assertThatExceptionOfType(BrokenStreamException.class).isThrownBy(stream::response);
        stream.close();

        assertThat(notes).containsExactly("TextDelta", "failed: broke");
        assertThat(broken.closes).isEqualTo(1);
    }

    @Test
    void a_stream_that_ends_without_its_last_event_is_finished_by_its_reply() {
        ChatStream stream = noting
                .decorate(new Chat(new Talking(1) {
                    @Override
                    @Nullable ChatEvent end() {
                        return null;
                    }
                }))
                .stream(REQUEST);

        assertThat(stream.response().text()).isEqualTo("whole");
        assertThat(notes).containsExactly("TextDelta", "finished at $0.1");
    }

    @Test
    void a_stream_that_ends_without_any_reply_has_failed() {
        ChatStream stream = noting
                .decorate(new Chat(new Talking(0) {
                    @Override
                    @Nullable ChatEvent end() {
                        return null;
                    }

                    @Override
                    public ChatResponse response() {
                        throw new IllegalStateException("no reply");
                    }
                }))
                .stream(REQUEST);

        assertThatIllegalStateException().isThrownBy(stream::next);
        assertThat(notes).containsExactly("failed: no reply");
    }

    @Test
    void a_stream_that_is_closed_early_is_closed_once_and_after_its_connection() {
        Talking talking = new Talking(5) {
            @Override
            public void close() {
                super.close();
                notes.add("connection closed");
            }
        };
        ChatStream stream = noting.decorate(new Chat(talking)).stream(REQUEST);

        stream.next();
        stream.close();
        stream.cancel();

        assertThat(notes).containsExactly("TextDelta", "connection closed", "closed", "connection closed");
    }

    @Test
    void a_stream_that_is_closed_while_it_is_read_is_closed_and_has_not_failed() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Talking blocked = new Talking(0) {
            @Override
            @Nullable ChatEvent end() {
                reading.countDown();
                awaitQuietly(closed);
                throw new CallCancelledException("closed", ErrorDetails.NONE);
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        ChatStream stream = noting.decorate(new Chat(blocked)).stream(REQUEST);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                stream.next();
            } catch (CallCancelledException e) {
                thrown.set(e);
            }
        });
        reader.start();
        reading.await();
        stream.close();
        reader.join();

        assertThat(thrown.get()).isInstanceOf(CallCancelledException.class);
        assertThat(notes).containsExactly("closed");
    }

    @Test
    void many_threads_that_close_and_one_that_reads_end_a_stream_once() throws Exception {
        for (int round = 0; round < 200; round++) {
            notes.clear();
            ChatStream stream = answering().stream(REQUEST);
            CyclicBarrier start = new CyclicBarrier(3);
            List<Thread> threads =
                    List.of(racing(start, stream::close), racing(start, stream::close), racing(start, () -> {
                        try {
                            stream.response();
                        } catch (CallCancelledException e) {
                            // closed first
                        }
                    }));
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(notes)
                    .filteredOn(note ->
                            note.startsWith("finished") || note.startsWith("failed") || note.startsWith("closed"))
                    .hasSize(1);
        }
    }

    private static Thread racing(CyclicBarrier start, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                start.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            work.run();
        });
        thread.start();
        return thread;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void an_observer_that_throws_when_a_stream_is_opened_ends_it() {
        IllegalStateException enough = new IllegalStateException("enough");
        Talking talking = new Talking(5);
        CallDecorator stopping = decorator(new Noting() {
            @Override
            public void opened(ReplyStream<?, ?> stream) {
                throw enough;
            }
        });

        assertThatThrownBy(() -> stopping.decorate(new Chat(talking)).stream(REQUEST))
                .isSameAs(enough);
        assertThat(talking.closes).isEqualTo(1);
        assertThat(notes).containsExactly("failed: enough");
    }

    @Test
    void an_observer_knows_the_generation_of_a_stream_from_the_beginning() {
        List<List<String>> ids = new ArrayList<>();
        CallDecorator asking = decorator(new Noting() {
            @Override
            public void opened(ReplyStream<?, ?> stream) {
                ids.add(stream.generationIds());
            }
        });
        ChatStream stream = asking.decorate(new Chat(ReplyBuilder.saying("one").stream())).stream(REQUEST);

        assertThat(ids).containsExactly(List.of("gen-1"));
        assertThat(stream.generationIds()).as("passed on").containsExactly("gen-1");
        assertThat(noting.decorate(new Chat(new Talking(1))).stream(REQUEST).generationIds())
                .as("a stream that does not tell")
                .isNull();
    }

    @Test
    void an_observer_that_throws_at_an_event_ends_the_stream_for_good() {
        IllegalStateException enough = new IllegalStateException("enough");
        Talking talking = new Talking(5);
        CallDecorator stopping = decorator(new Noting() {
            @Override
            public void event(Object event) {
                throw enough;
            }
        });
        ChatStream stream = stopping.decorate(new Chat(talking)).stream(REQUEST);

        assertThatThrownBy(stream::next).isSameAs(enough);
        assertThatThrownBy(stream::next).isSameAs(enough);
        assertThatThrownBy(stream::response).isSameAs(enough);
        stream.close();

        assertThat(talking.closes).isEqualTo(2);
        assertThat(notes).containsExactly("failed: enough");
    }

    @Test
    void what_an_observer_throws_at_the_end_is_not_lost_and_neither_is_the_reply() {
        CallDecorator failing = decorator(new Noting() {
            @Override
            public void finished(Reply reply) {
                throw new IllegalStateException("in finished");
            }
        });
        ChatStream stream = failing.decorate(new Chat(ReplyBuilder.saying("one").stream())).stream(REQUEST);

        assertThatIllegalStateException().isThrownBy(stream::response).withMessage("in finished");
        assertThat(stream.response().text()).isEqualTo("one");
        assertThatIllegalStateException()
                .isThrownBy(() -> failing.decorate(new Chat(ReplyBuilder.saying("one").stream()))
                        .complete(REQUEST));
    }

    @Test
    void what_an_observer_throws_at_a_failure_is_added_to_it() {
        CallDecorator failing = decorator(new Noting() {
            @Override
            public void failed(Throwable failure) {
                throw new IllegalStateException("in failed");
            }
        });

        assertThatExceptionOfType(BrokenStreamException.class)
                .isThrownBy(() -> failing.decorate(new Chat(new Talking(0))).stream(REQUEST)
                        .next())
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .hasToString("java.lang.IllegalStateException: in failed"));
    }

    @Test
    void a_call_that_is_refused_reaches_neither_the_port_nor_an_observer() {
        CallDecorator refusing = new CallDecorator() {
            @Override
            protected CallObserver begin(Request request) {
                throw REFUSED;
            }
        };
        Talking talking = new Talking(1);
        ChatPort port = refusing.decorate(new Chat(talking));

        assertThatThrownBy(() -> port.complete(REQUEST)).isSameAs(REFUSED);
        assertThatThrownBy(() -> port.stream(REQUEST)).isSameAs(REFUSED);
        assertThat(notes).isEmpty();
        assertThat(talking.next()).isNotNull();
    }

    @Test
    void a_call_that_nobody_observes_gets_the_stream_itself() {
        ChatStream stream = ReplyBuilder.saying("one").stream();

        assertThat(decorator(CallObserver.NONE).decorate(new Chat(stream)).stream(REQUEST))
                .isSameAs(stream);
    }

    @Test
    void time_that_the_beginning_takes_counts_for_the_time_limit_of_the_call() {
        List<ChatRequest> sent = new ArrayList<>();
        ChatPort port = slow(Duration.ofMillis(3)).decorate(new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                sent.add(request);
                return ReplyBuilder.saying("one").build();
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                sent.add(request);
                return ReplyBuilder.saying("one").stream();
            }
        });
        Duration minute = Duration.ofMinutes(1);
        port.complete(REQUEST.withCall(REQUEST.call().withTimeout(minute)));
        port.complete(REQUEST.withCall(REQUEST.call().withTimeout(Duration.ZERO)));
        port.complete(REQUEST);

        assertThat(sent.get(0).call().timeout()).isLessThan(minute).isPositive();
        assertThat(sent.get(1).call().timeout()).isZero();
        assertThat(sent.get(2)).isSameAs(REQUEST);
        assertThatExceptionOfType(CallTimeoutException.class)
                .isThrownBy(() -> port.stream(REQUEST.withCall(REQUEST.call().withTimeout(Duration.ofNanos(5)))))
                .satisfies(e -> assertThat(e.clock()).isEqualTo(CallTimeoutException.Clock.CALL));
        assertThat(sent).hasSize(3);
        assertThat(notes).hasSize(4).last().asString().startsWith("failed: The time limit of the call");
    }

    private CallDecorator slow(Duration time) {
        return new CallDecorator() {
            @Override
            protected CallObserver begin(Request request) {
                long until = System.nanoTime() + time.toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                return new Noting();
            }
        };
    }

    @Test
    void embeddings_are_calls_too() {
        EmbeddingResponse reply = new EmbeddingResponse(
                List.of(),
                "m",
                null,
                List.of(),
                Usage.NOT_REPORTED,
                Cost.NONE,
                List.of(),
                List.of(),
                List.of(),
                Map.of());
        EmbeddingRequest request = EmbeddingRequest.builder("fake/m").text("a").build();

        assertThat(noting.decorate(asked -> reply).embed(request)).isSameAs(reply);
        assertThatThrownBy(() -> noting.decorate((dev.portolan.api.embedding.EmbeddingPort) asked -> {
                            throw REFUSED;
                        })
                        .embed(request))
                .isSameAs(REFUSED);
        assertThat(notes).containsExactly("finished at $0", "failed: refused");
    }

    @Test
    void images_are_calls_too_blocking_and_streaming() {
        ImageResponse reply = new ImageResponse(
                null,
                "m",
                null,
                null,
                List.of(new GeneratedImage(Media.url("https://example.com/a.png"), null)),
                "",
                Usage.NOT_REPORTED,
                Cost.NONE,
                List.of(),
                List.of(),
                List.of(),
                Map.of());
        ImageRequest request = ImageRequest.builder("fake/m").prompt("a").build();
        ImagePort port = noting.decorate(new ImagePort() {
            @Override
            public ImageResponse generate(ImageRequest asked) {
                return reply;
            }

            @Override
            public ImageStream stream(ImageRequest asked) {
                return new Drawn(reply);
            }
        });

        port.generate(request);
        try (ImageStream stream = port.stream(request)) {
            assertThat(stream.response()).isSameAs(reply);
        }
        port.stream(request).close();

        assertThat(notes).containsExactly("finished at $0", "Completed", "Finished", "finished at $0", "closed");
    }

    private static final class Drawn implements ImageStream {
        private final ImageResponse reply;
        private int read;

        Drawn(ImageResponse reply) {
            this.reply = reply;
        }

        @Override
        public @Nullable ImageEvent next() {
            return switch (read++) {
                case 0 -> new ImageEvent.Completed(reply.image());
                case 1 -> new ImageEvent.Finished(reply);
                default -> null;
            };
        }

        @Override
        public ImageResponse response() {
            return reply;
        }

        @Override
        public void close() {}
    }
}
