package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.Seeds;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingRequest.Batching;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchedEmbeddingsTest {
    private static final Executor NEVER = task -> {};

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final Recorder port = new Recorder();

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    /** Embeds a text as its length and hash; each input is a token and costs 0.1 µ$. */
    private static class Recorder implements EmbeddingPort {
        final List<List<String>> batches = new CopyOnWriteArrayList<>();

        @Override
        public EmbeddingResponse embed(EmbeddingRequest request) {
            List<String> texts = request.inputs().stream()
                    .map(input -> ((EmbeddingInput.Text) input).text())
                    .toList();
            batches.add(texts);
            List<Embedding> embeddings = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                embeddings.add(new Embedding(i, vector(texts.get(i))));
            }
            return new EmbeddingResponse(
                    List.of("gen-" + texts.get(0)),
                    "m",
                    "Acme",
                    embeddings,
                    Usage.of(texts.size(), 0),
                    cost(texts),
                    List.of(new Warning("dimensions", "ignored")),
                    List.of(),
                    List.of(),
                    Map.of(texts.get(0), RawJson.NULL));
        }

        Cost cost(List<String> texts) {
            return Cost.reported(new BigDecimal("1e-7").multiply(BigDecimal.valueOf(texts.size())));
        }
    }

    private static float[] vector(String text) {
        return new float[] {text.length(), text.hashCode()};
    }

    private static EmbeddingRequest request(Batching batching, String... texts) {
        return EmbeddingRequest.builder("openrouter/m")
                .texts(List.of(texts))
                .batching(batching)
                .build();
    }

    private static String[] texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "text " + i).toArray(String[]::new);
    }

    private EmbeddingResponse embed(EmbeddingRequest request) {
        return new BatchedEmbeddings(port, pool).embed(request);
    }

    @Test
    void what_fits_one_batch_goes_through_as_it_is() {
        List<EmbeddingRequest> seen = new ArrayList<>();
        EmbeddingResponse answer = port.embed(request(Batching.DEFAULT, "a"));
        EmbeddingRequest request = request(new Batching(2, 2, 4), "a", "b");

        EmbeddingResponse response = new BatchedEmbeddings(
                        asked -> {
                            seen.add(asked);
                            return answer;
                        },
                        task -> {
                            throw new AssertionError("no helper is needed");
                        })
                .embed(request);

        assertThat(response).isSameAs(answer);
        assertThat(seen).singleElement().isSameAs(request);
    }

    @Test
    void inputs_are_split_by_count() {
        embed(request(new Batching(2, 1000, 1), "a", "b", "c", "d", "e"));

        assertThat(port.batches).containsExactly(List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void inputs_are_split_by_size_and_one_that_is_too_long_goes_alone() {
        embed(request(new Batching(100, 4, 1), "aa", "bb", "c", "dddddddd", "e", "ff"));

        assertThat(port.batches)
                .containsExactly(List.of("aa", "bb"), List.of("c"), List.of("dddddddd"), List.of("e", "ff"));
    }

    @Test
    void tokens_count_four_characters_each_and_content_its_texts() {
        List<Integer> sizes = new ArrayList<>();
        EmbeddingPort counter = asked -> {
            sizes.add(asked.inputs().size());
            return new EmbeddingResponse(
                    List.of(),
                    "",
                    null,
                    IntStream.range(0, asked.inputs().size())
                            .mapToObj(i -> new Embedding(i, new float[1]))
                            .toList(),
                    Usage.NOT_REPORTED,
                    Cost.UNKNOWN,
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of());
        };
        BatchedEmbeddings embeddings = new BatchedEmbeddings(counter, NEVER);

        embeddings.embed(EmbeddingRequest.builder("openrouter/m")
                .tokens(1, 2)
                .tokens(3)
                .tokens(4)
                .batching(new Batching(100, 12, 1))
                .build());
        embeddings.embed(EmbeddingRequest.builder("openrouter/m")
                .content(ContentPart.text("aaa"), ContentPart.image("https://example.com/a.png"))
                .content(ContentPart.text("aa"), ContentPart.text("a"))
                .batching(new Batching(100, 5, 1))
                .build());

        assertThat(sizes).containsExactly(2, 1, 1, 1);
    }

    @Test
    void the_results_are_in_the_order_of_the_inputs_with_tokens_and_cost_added_up() {
        EmbeddingResponse response = embed(request(new Batching(3, 1000, 4), texts(10)));

        assertThat(response.embeddings()).extracting(Embedding::index).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        for (int i = 0; i < 10; i++) {
            assertThat(response.vector(i)).isEqualTo(vector("text " + i));
        }
        assertThat(response.usage().promptTokens()).isEqualTo(10);
        assertThat(response.usage().totalTokens()).isEqualTo(10);
        assertThat(response.cost()).isEqualTo(Cost.reported(new BigDecimal("0.0000010")));
        assertThat(response.ids()).containsExactly("gen-text 0", "gen-text 3", "gen-text 6", "gen-text 9");
        assertThat(response.model()).isEqualTo("m");
        assertThat(response.provider()).isEqualTo("Acme");
        assertThat(response.warnings()).hasSize(1);
        assertThat(response.extras()).containsOnlyKeys("text 0", "text 3", "text 6", "text 9");
    }

    @Test
    void an_unknown_cost_of_one_batch_makes_the_sum_unknown() {
        Recorder partly = new Recorder() {
            @Override
            Cost cost(List<String> texts) {
                return texts.contains("c") ? Cost.UNKNOWN : super.cost(texts);
            }
        };

        assertThat(new BatchedEmbeddings(partly, pool)
                        .embed(request(new Batching(1, 9, 2), "a", "b", "c", "d"))
                        .cost())
                .isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void tokens_that_one_batch_did_not_tell_make_those_of_the_whole_unknown() {
        EmbeddingPort partly = request -> {
            EmbeddingResponse told = port.embed(request);
            return told.id().equals("gen-c") || told.id().equals("gen-a")
                    ? new EmbeddingResponse(
                            told.ids(),
                            told.model(),
                            told.provider(),
                            told.embeddings(),
                            Usage.NOT_REPORTED,
                            Cost.UNKNOWN,
                            List.of(),
                            List.of(),
                            List.of(),
                            Map.of())
                    : told;
        };

        assertThat(new BatchedEmbeddings(partly, pool)
                        .embed(request(new Batching(1, 9, 2), "b", "c"))
                        .usage())
                .isEqualTo(Usage.NOT_REPORTED);
        assertThat(new BatchedEmbeddings(partly, pool)
                        .embed(request(new Batching(1, 9, 2), "a", "b"))
                        .usage())
                .isEqualTo(Usage.NOT_REPORTED);
    }

    @Test
    void a_failed_batch_that_may_have_been_charged_leaves_the_cost_open_and_its_name_to_ask_by() {
        EmbeddingPort failing = request -> {
            EmbeddingResponse response = port.embed(request);
            if (response.ids().contains("gen-b")) {
                throw new BrokenStreamException("cut", ErrorDetails.NONE.withGenerationId("gen-b"), null);
            }
            return response;
        };

        assertThatThrownBy(() ->
                        new BatchedEmbeddings(failing, NEVER).embed(request(new Batching(1, 9, 2), "a", "b", "c")))
                .isInstanceOfSatisfying(BrokenStreamException.class, error -> {
                    assertThat(error.cost()).isEqualTo(Cost.UNKNOWN);
                    assertThat(error.generationIds()).containsExactlyInAnyOrder("gen-a", "gen-b");
                });
    }

    @Test
    void a_failed_batch_fails_the_call_with_what_succeeded_at_its_own_places() {
        Recorder failing = new Recorder() {
            @Override
            public EmbeddingResponse embed(EmbeddingRequest request) {
                EmbeddingResponse response = super.embed(request);
                if (batches.size() == 3) {
                    throw new RateLimitedException("slow down", ErrorDetails.NONE.withModel(request.model()));
                }
                return response;
            }
        };

        assertThatThrownBy(
                        () -> new BatchedEmbeddings(failing, NEVER).embed(request(new Batching(2, 1000, 4), texts(10))))
                .isInstanceOfSatisfying(RateLimitedException.class, error -> {
                    EmbeddingResponse partial =
                            error.partial(EmbeddingResponse.class).orElseThrow();
                    assertThat(partial.embeddings())
                            .extracting(Embedding::index)
                            .containsExactly(0, 1, 2, 3);
                    assertThat(partial.vector(3)).isEqualTo(vector("text 3"));
                    assertThat(partial.cost()).isEqualTo(Cost.reported(new BigDecimal("4e-7")));
                    assertThat(error).hasMessageContaining("slow down");
                });
        assertThat(failing.batches).hasSize(3); // what nobody had begun is not paid for
    }

    @Test
    void what_succeeded_after_a_failed_batch_is_attached_too() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        EmbeddingPort single = request -> {
            meet(both);
            EmbeddingInput.Text first = (EmbeddingInput.Text) request.inputs().get(0);
            if (first.text().equals("a")) {
                throw new RateLimitedException("slow down", ErrorDetails.NONE);
            }
            return port.embed(request);
        };

        assertThatThrownBy(() -> new BatchedEmbeddings(single, pool).embed(request(new Batching(1, 9, 2), "a", "b")))
                .isInstanceOfSatisfying(
                        RateLimitedException.class,
                        error -> assertThat(error.partial(EmbeddingResponse.class)
                                        .orElseThrow()
                                        .embeddings())
                                .containsExactly(new Embedding(1, vector("b"))));
    }

    /** Fails with this once two batches are at work. */
    private PortolanException failingWith(PortolanException first, PortolanException second) {
        CyclicBarrier both = new CyclicBarrier(2);
        EmbeddingPort single = request -> {
            EmbeddingInput.Text text = (EmbeddingInput.Text) request.inputs().get(0);
            if (text.text().equals("a")) {
                return port.embed(request);
            }
            meet(both);
            throw text.text().equals("b") ? first : second;
        };
        PortolanException failure = (PortolanException) catchThrowable(
                () -> new BatchedEmbeddings(single, pool).embed(request(new Batching(1, 9, 2), "a", "b", "c")));
        assertThat(failure.partial(EmbeddingResponse.class).orElseThrow().ids()).containsExactly("gen-a");
        return failure;
    }

    private static ErrorDetails generation(String id) {
        return ErrorDetails.NONE.withModel(ModelId.parse("openrouter/m")).withGenerationId(id);
    }

    @Test
    void a_failed_batch_that_may_be_charged_makes_the_cost_of_all_unknown() {
        PortolanException lost = new ConnectionException("lost", true, generation("gen-b"), null);
        PortolanException refused = new RateLimitedException("slow down", generation("gen-c"));

        PortolanException failure = failingWith(lost, refused);
        assertThat(failure.totalCost()).isEqualTo(Cost.UNKNOWN);
        assertThat(failure.generationIds()).containsExactly("gen-a", "gen-b");

        failure = failingWith(refused, lost);
        assertThat(failure.totalCost())
                .as("it is not the one that the caller gets")
                .isEqualTo(Cost.UNKNOWN);
        assertThat(failure.generationIds()).containsExactlyInAnyOrder("gen-a", "gen-b");
    }

    @Test
    void a_failed_batch_that_was_refused_adds_nothing_to_the_cost() {
        PortolanException refused = new RateLimitedException("slow down", generation("gen-b"));

        PortolanException failure = failingWith(refused, refused);
        assertThat(failure.totalCost().amount()).isEqualByComparingTo("1e-7");
        assertThat(failure.generationIds()).containsExactly("gen-a");
    }

    @Test
    void the_generations_of_batches_are_not_told_if_one_of_them_is_not_known() {
        PortolanException nameless =
                new ConnectionException("lost", true, ErrorDetails.NONE.withModel(ModelId.parse("openrouter/m")), null);
        PortolanException refused = new RateLimitedException("slow down", generation("gen-c"));

        assertThat(failingWith(nameless, refused).generationIds()).isEmpty();
        assertThat(failingWith(refused, nameless).generationIds()).isEmpty();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_bug_in_the_port_comes_out_as_it_is() {
        IllegalStateException bug = new IllegalStateException("a bug");

        assertThatThrownBy(() -> new BatchedEmbeddings(
                                request -> {
                                    throw bug;
                                },
                                pool)
                        .embed(request(new Batching(1, 9, 2), "a", "b")))
                .isSameAs(bug);
    }

    @Test
    void the_limit_is_reached_but_never_exceeded() {
        int limit = 3;
        CyclicBarrier together = new CyclicBarrier(limit);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        EmbeddingPort counting = request -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            meet(together);
            EmbeddingResponse response = port.embed(request);
            meet(together);
            running.decrementAndGet();
            return response;
        };

        new BatchedEmbeddings(counting, pool).embed(request(new Batching(1, 9, limit), texts(12)));

        assertThat(most).hasValue(limit);
        assertThat(port.batches).hasSize(12);
    }

    @Test
    void helpers_are_no_more_than_there_is_work() {
        AtomicInteger helpers = new AtomicInteger();

        new BatchedEmbeddings(port, task -> helpers.incrementAndGet())
                .embed(request(new Batching(1, 9, 100), "a", "b", "c"));

        assertThat(helpers).hasValue(2);
    }

    @Test
    void an_executor_that_never_runs_anything_does_not_hang_the_call() {
        EmbeddingResponse response =
                new BatchedEmbeddings(port, NEVER).embed(request(new Batching(1, 9, 4), "a", "b", "c"));

        assertThat(response.embeddings()).hasSize(3);
    }

    @Test
    void an_executor_that_is_full_does_not_fail_the_call() {
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        EmbeddingResponse response =
                new BatchedEmbeddings(port, full).embed(request(new Batching(1, 9, 4), "a", "b", "c"));

        assertThat(response.embeddings()).hasSize(3);
    }

    @Test
    void a_helper_that_comes_when_all_is_done_does_nothing() {
        List<Runnable> late = new ArrayList<>();
        new BatchedEmbeddings(port, late::add).embed(request(new Batching(1, 9, 2), "a", "b"));

        late.forEach(Runnable::run);

        assertThat(port.batches).hasSize(2);
    }

    @Test
    void an_interrupt_ends_the_call_and_what_helpers_do_for_it() throws Exception {
        CountDownLatch helperAtWork = new CountDownLatch(1);
        CountDownLatch helperInterrupted = new CountDownLatch(1);
        Thread[] caller = new Thread[1];
        EmbeddingPort single = request -> {
            if (Thread.currentThread() == caller[0]) {
                return port.embed(request);
            }
            helperAtWork.countDown();
            try {
                new CountDownLatch(1).await();
                throw new AssertionError("nobody counts down");
            } catch (InterruptedException e) {
                helperInterrupted.countDown();
                throw new CallCancelledException("interrupted", ErrorDetails.NONE, e);
            }
        };
        AtomicReference<Throwable> ofCaller = new AtomicReference<>();
        AtomicReference<Throwable> ofHelper = new AtomicReference<>();
        AtomicInteger flag = new AtomicInteger();
        CountDownLatch helperEnded = new CountDownLatch(1);
        Executor helpers = task -> {
            pool.execute(() -> {
                try {
                    task.run();
                } catch (Throwable e) {
                    ofHelper.set(e);
                }
                helperEnded.countDown();
            });
            await(helperAtWork);
        };
        caller[0] = new Thread(() -> {
            try {
                new BatchedEmbeddings(single, helpers).embed(request(new Batching(1, 9, 2), "a", "b", "c"));
            } catch (Throwable e) {
                ofCaller.set(e);
                flag.set(Thread.currentThread().isInterrupted() ? 1 : 0);
            }
        });
        caller[0].start();
        await(helperAtWork);
        caller[0].interrupt();
        caller[0].join(30_000);

        assertThat(ofCaller.get()).isInstanceOf(CallCancelledException.class);
        assertThat(flag).hasValue(1);
        assertThat(helperInterrupted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(helperEnded.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ofHelper.get()).isNull();
        assertThat(((PortolanException) ofCaller.get())
                        .partial(EmbeddingResponse.class)
                        .orElseThrow()
                        .embeddings())
                .extracting(Embedding::index)
                .containsExactly(1, 2);
    }

    private static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatever_the_limits_every_text_gets_its_own_vector_and_no_batch_breaks_them() {
        Seeds.each(200, random -> {
            Recorder recorder = new Recorder();
            String[] texts = new String[1 + random.nextInt(40)];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "x".repeat(1 + random.nextInt(30)) + i;
            }
            Batching limits = new Batching(1 + random.nextInt(8), 1 + random.nextInt(80), 1 + random.nextInt(6));

            EmbeddingResponse response =
                    new BatchedEmbeddings(recorder, random.nextBoolean() ? pool : NEVER).embed(request(limits, texts));

            assertThat(response.embeddings()).hasSize(texts.length);
            for (int i = 0; i < texts.length; i++) {
                assertThat(response.embeddings().get(i)).isEqualTo(new Embedding(i, vector(texts[i])));
            }
            assertThat(response.usage().promptTokens()).isEqualTo(texts.length);
            assertThat(response.cost().amount())
                    .isEqualByComparingTo(new BigDecimal("1e-7").multiply(BigDecimal.valueOf(texts.length)));
            for (List<String> batch : recorder.batches) {
                assertThat(batch).hasSizeLessThanOrEqualTo(limits.maxInputs());
                assertThat(batch.size() == 1
                                || batch.stream().mapToInt(String::length).sum() <= limits.maxCharacters())
                        .isTrue();
            }
        });
    }
}
