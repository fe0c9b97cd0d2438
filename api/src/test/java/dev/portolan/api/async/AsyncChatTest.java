package dev.portolan.api.async;

import static dev.portolan.api.async.BlockingChat.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.ReplyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls as futures: how they end, and how they are ended. */
class AsyncChatTest {
    private final OneThread executor = new OneThread();
    private final BlockingChat chat = new BlockingChat();
    private final AsyncChat async = AsyncChat.of(chat, executor);

    @AfterEach
    void no_interrupt_has_gone_astray() throws Exception {
        executor.awaitIdle();
        assertThat(executor.strayInterrupts()).isZero();
        executor.close();
    }

    @Test
    void the_answer_is_made_by_the_executor() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        chat.awaitBegun();
        assertThat(future).isNotDone();
        chat.letGo();

        assertThat(future.get(10, TimeUnit.SECONDS).text()).isEqualTo("one two three");
    }

    @Test
    void a_future_fails_with_the_exception_of_the_port_itself() {
        RateLimitedException failure = new RateLimitedException("slow down", ErrorDetails.NONE);
        AtomicReference<Throwable> seen = new AtomicReference<>();

        CompletableFuture<ChatResponse> future = AsyncChat.of(
                        answering(request -> {
                            throw failure;
                        }),
                        Runnable::run)
                .complete(REQUEST);
        future.whenComplete((reply, problem) -> seen.set(problem));

        assertThat(seen).hasValue(failure);
        assertThatThrownBy(future::join).isInstanceOf(CompletionException.class).hasCause(failure);
    }

    @Test
    void an_error_and_a_missing_reply_fail_the_future_too() {
        assertThatThrownBy(() -> AsyncChat.of(
                                answering(request -> {
                                    throw new AssertionError("a bug");
                                }),
                                Runnable::run)
                        .complete(REQUEST)
                        .join())
                .hasRootCauseMessage("a bug");
        assertThatThrownBy(() -> AsyncChat.of(answering(request -> null), Runnable::run)
                        .complete(REQUEST)
                        .join())
                .hasRootCauseMessage("The port gave no reply");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancelling_interrupts_the_call_and_frees_the_thread(boolean mayInterrupt) throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        chat.awaitBegun();

        assertThat(future.cancel(mayInterrupt)).isTrue();

        chat.awaitInterrupted();
        executor.awaitIdle();
        assertThat(future).isCancelled();
        assertThat(future.cancel(mayInterrupt)).isTrue();
    }

    @Test
    void a_call_that_has_not_begun_never_does() throws Exception {
        List<Runnable> queue = new ArrayList<>();
        CompletableFuture<ChatResponse> future = AsyncChat.of(chat, queue::add).complete(REQUEST);

        future.cancel(true);
        queue.forEach(Runnable::run);

        assertThat(chat.calls).hasValue(0);
        assertThat(future).isCancelled();
    }

    @Test
    void a_timeout_interrupts_the_call() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        chat.awaitBegun();

        future.orTimeout(1, TimeUnit.MILLISECONDS);

        chat.awaitInterrupted();
        assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void a_timeout_of_what_depends_on_the_call_interrupts_it() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        chat.awaitBegun();

        CompletableFuture<String> text = future.thenApply(ChatResponse::text).orTimeout(1, TimeUnit.MILLISECONDS);

        chat.awaitInterrupted();
        assertThatThrownBy(() -> text.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    }

    @Test
    void cancelling_what_depends_on_the_call_cancels_the_call_and_what_else_depends_on_it() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        CompletableFuture<String> text = future.thenApply(ChatResponse::text);
        CompletableFuture<Integer> length = text.thenApply(String::length);
        CompletableFuture<Void> other = future.thenAccept(reply -> {});
        chat.awaitBegun();

        length.cancel(true);

        chat.awaitInterrupted();
        assertThat(length).isCancelled();
        assertThat(future).isCancelled();
        assertThat(text).isCompletedExceptionally();
        assertThat(other).isCompletedExceptionally();
    }

    @Test
    void a_copy_can_be_cancelled_without_harm_to_the_call() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        CompletableFuture<ChatResponse> copy = future.copy();
        CompletableFuture<String> dependent = future.copy().thenApply(ChatResponse::text);
        chat.awaitBegun();

        copy.cancel(true);
        dependent.cancel(true);
        chat.letGo();

        assertThat(future.get(10, TimeUnit.SECONDS).text()).isEqualTo("one two three");
    }

    @Test
    void an_answer_from_elsewhere_ends_the_call() throws Exception {
        ChatResponse mine = ReplyBuilder.saying("never mind").build();
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        chat.awaitBegun();

        future.completeOnTimeout(mine, 1, TimeUnit.MILLISECONDS);

        chat.awaitInterrupted();
        assertThat(future.get(10, TimeUnit.SECONDS)).isSameAs(mine);
        assertThat(future.complete(mine)).isFalse();
        assertThat(future.completeExceptionally(new CancellationException())).isFalse();
    }

    @Test
    void the_call_is_interrupted_before_others_are_told_who_may_take_their_time() throws Exception {
        AtomicBoolean first = new AtomicBoolean();
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        CompletableFuture<ChatResponse> slow = future.whenComplete((reply, problem) -> {
            try {
                chat.awaitInterrupted();
                first.set(true);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        chat.awaitBegun();

        future.cancel(true);

        assertThat(slow).isCompletedExceptionally();
        assertThat(first).isTrue();
    }

    @Test
    void a_call_that_has_ended_is_not_interrupted_in_what_depends_on_it() throws Exception {
        CompletableFuture<ChatResponse> future = async.complete(REQUEST);
        CompletableFuture<Boolean> interrupted = future.thenApply(reply -> {
            future.cancel(true);
            return Thread.currentThread().isInterrupted();
        });
        chat.letGo();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(future).isCompleted();
    }

    @Test
    void a_call_that_the_executor_refuses_fails_the_future() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        CompletableFuture<ChatResponse> future = AsyncChat.of(chat, task -> {
                    throw full;
                })
                .complete(REQUEST);

        assertThatThrownBy(future::join).hasCause(full);
    }

    @Test
    void a_cancel_that_comes_as_the_call_ends_never_hits_the_next_task() throws Exception {
        int lost = 0;
        for (int i = 0; i < 20_000; i++) {
            AtomicBoolean ending = new AtomicBoolean();
            AsyncChat quick = AsyncChat.of(
                    answering(request -> {
                        ending.set(true);
                        return ReplyBuilder.saying("done").build();
                    }),
                    executor);
            CompletableFuture<ChatResponse> future = quick.complete(REQUEST);
            while (i % 2 == 0 && !ending.get()) {
                Thread.onSpinWait();
            }
            lost += future.cancel(true) ? 0 : 1;
        }
        executor.awaitIdle();

        assertThat(executor.strayInterrupts()).isZero();
        assertThat(lost).isLessThan(20_000);
    }

    @Test
    void what_is_missing_is_told_at_once() {
        assertThatNullPointerException().isThrownBy(() -> async.complete(null)).withMessage("request");
        assertThatNullPointerException().isThrownBy(() -> async.stream(null)).withMessage("request");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncChat.of(null, executor))
                .withMessage("port");
        assertThatNullPointerException()
                .isThrownBy(() -> AsyncChat.of(chat, null))
                .withMessage("executor");
    }

    @Test
    void embeddings_and_images_are_made_by_the_executor_too() {
        RateLimitedException failure = new RateLimitedException("slow down", ErrorDetails.NONE);
        AtomicReference<Thread> caller = new AtomicReference<>();
        AsyncEmbeddings embeddings = AsyncEmbeddings.of(
                request -> {
                    caller.set(Thread.currentThread());
                    throw failure;
                },
                executor);
        AsyncImages images = AsyncImages.of(
                new ImagePort() {
                    @Override
                    public ImageResponse generate(ImageRequest request) {
                        caller.set(Thread.currentThread());
                        throw failure;
                    }

                    @Override
                    public ImageStream stream(ImageRequest request) {
                        throw failure;
                    }
                },
                executor);

        assertThatThrownBy(() -> embeddings
                        .embed(EmbeddingRequest.builder("openrouter/m")
                                .text("x")
                                .build())
                        .get(10, TimeUnit.SECONDS))
                .hasCause(failure);
        assertThat(caller.getAndSet(null)).isSameAs(executor.thread());
        ImageRequest picture =
                ImageRequest.builder("openrouter/m").prompt("a boat").build();
        assertThatThrownBy(() -> images.generate(picture).get(10, TimeUnit.SECONDS))
                .hasCause(failure);
        assertThat(caller.get()).isSameAs(executor.thread());
        assertThat(new Reader<>(images.stream(picture)).asking(1).failure()).isSameAs(failure);
    }

    private static ChatPort answering(Function<ChatRequest, ChatResponse> answer) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer.apply(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw new UnsupportedOperationException("no streams here");
            }
        };
    }
}
