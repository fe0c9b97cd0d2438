package dev.portolan.api.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A chat port whose calls wait until they are let go or interrupted; it leaves the interrupt set, as the real ones do. */
final class BlockingChat implements ChatPort {
    static final ChatRequest REQUEST =
            ChatRequest.builder("openrouter/auto").user("Count to three.").build();

    final AtomicInteger calls = new AtomicInteger();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore letGo = new Semaphore(0);
    private final Semaphore interrupted = new Semaphore(0);

    @Override
    public ChatResponse complete(ChatRequest request) {
        await();
        return ReplyBuilder.saying("one two three").build();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        await();
        return ReplyBuilder.saying("one ", "two ", "three").stream();
    }

    private void await() {
        calls.incrementAndGet();
        begun.release();
        try {
            letGo.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted.release();
            throw new CallCancelledException("interrupted", ErrorDetails.NONE, e);
        }
    }

    void letGo() {
        letGo.release();
    }

    void awaitBegun() throws InterruptedException {
        assertThat(begun.tryAcquire(10, TimeUnit.SECONDS))
                .as("a call has begun")
                .isTrue();
    }

    void awaitInterrupted() throws InterruptedException {
        assertThat(interrupted.tryAcquire(10, TimeUnit.SECONDS))
                .as("a call was interrupted")
                .isTrue();
    }
}
