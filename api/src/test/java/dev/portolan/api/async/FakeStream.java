package dev.portolan.api.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream, and the port that opens it, with some pieces of text; then it ends, breaks or waits until it is closed. */
final class FakeStream implements ChatStream, ChatPort {
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final int pieces;
    private final RuntimeException failure;
    private final boolean stalls;
    private int next;

    private FakeStream(int pieces, RuntimeException failure, boolean stalls) {
        this.pieces = pieces;
        this.failure = failure;
        this.stalls = stalls;
    }

    static FakeStream of(int pieces) {
        return new FakeStream(pieces, null, false);
    }

    static FakeStream breakingAfter(int pieces, RuntimeException failure) {
        return new FakeStream(pieces, failure, false);
    }

    static FakeStream stallingAfter(int pieces) {
        return new FakeStream(pieces, null, true);
    }

    @Override
    public ChatEvent next() {
        reads.incrementAndGet();
        if (next == pieces && stalls) {
            awaitClosing();
        }
        if (closing.getCount() == 0) {
            throw new CallCancelledException("closed", ErrorDetails.NONE);
        }
        next++;
        if (next <= pieces) {
            return new ChatEvent.TextDelta(0, "piece " + next);
        }
        if (failure != null) {
            throw failure;
        }
        return next > pieces + 1 ? null : new ChatEvent.ResponseFinished(response());
    }

    private void awaitClosing() {
        waiting.countDown();
        try {
            closing.await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
        }
    }

    void awaitWaiting() throws InterruptedException {
        assertThat(waiting.await(10, TimeUnit.SECONDS)).as("the stream is read").isTrue();
    }

    @Override
    public ChatResponse response() {
        return ReplyBuilder.saying("all").build();
    }

    @Override
    public void close() {
        closed.incrementAndGet();
        closing.countDown();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        opened.incrementAndGet();
        return this;
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        throw new UnsupportedOperationException("streams only");
    }
}
