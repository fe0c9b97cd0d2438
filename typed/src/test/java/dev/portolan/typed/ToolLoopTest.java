package dev.portolan.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.chat.ToolMessage;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.error.UnusableReplyException;
import dev.portolan.api.error.UnusableReplyException.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ToolLoopTest {
    record City(String city) {}

    record Answer(String text, int celsius) {}

    private static final ChatRequest REQUEST = ChatRequest.builder("one/a")
            .user("How warm is Genoa?")
            .tag("team", "sea")
            .build();
    private static final String GENOA = "{\"city\":\"Genoa\"}";

    private final ScriptedChat port = new ScriptedChat();
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        executor.shutdownNow();
        assertThat(Thread.interrupted()).isFalse();
    }

    private ToolLoop.Builder loop(ToolBody<City> body) {
        return ToolLoop.builder(port).tool(TypedTool.of("warmth", "How warm it is", City.class, body));
    }

    private ToolLoop.Builder loop() {
        return loop(city -> Map.of("celsius", 21));
    }

    @Test
    void tools_are_run_and_their_results_told_until_the_model_answers() {
        port.calls("warmth", GENOA, "warmth", "{\"city\":\"Oslo\"}")
                .calls("warmth", GENOA)
                .says("21 degrees");

        ToolLoopReply reply = loop(city -> city.city() + ": 21").build().run(REQUEST);

        assertThat(reply.text()).isEqualTo("21 degrees");
        assertThat(reply.cost()).isEqualTo(dollars("0.03"));
        assertThat(reply.totalCost()).isEqualTo(dollars("0.03"));
        assertThat(reply.usage().totalTokens()).isEqualTo(45);
        assertThat(reply.generationIds()).containsExactly("gen-1", "gen-2", "gen-3");
        assertThat(reply.rounds()).extracting(ToolRound::number).containsExactly(1, 2, 3);
        assertThat(reply.rounds().get(0).results())
                .extracting(ToolResult::content)
                .containsExactly("Genoa: 21", "Oslo: 21");
        assertThat(reply.rounds().get(2).results()).isEmpty();
        assertThat(reply.rounds().get(1).request()).isEqualTo(port.asked(1));

        List<Message> second = port.asked(1).messages();
        assertThat(second).hasSize(4);
        assertThat(second.get(1)).isSameAs(reply.rounds().get(0).response().message());
        assertThat(second.get(3)).isEqualTo(Message.tool("call-1", "Oslo: 21"));
        assertThat(port.asked(2).messages())
                .startsWith(second.toArray(new Message[0]))
                .hasSize(6);
        assertThat(port.asked(2).call().tags()).containsEntry("team", "sea");
    }

    @Test
    void tools_of_the_provider_are_kept_and_functions_that_the_loop_cannot_call_refused() {
        port.says("no idea");
        Tool search = Tool.server("openrouter:web_search");

        loop().build().run(REQUEST.toBuilder().tool(search).build());

        assertThat(port.asked(0).toolUse().tools()).hasSize(2).startsWith(search);
        for (String name : List.of("warmth", "cold")) {
            ChatRequest own = REQUEST.toBuilder()
                    .tool(Tool.function(name, "", RawJson.of(Map.of())))
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loop().build().run(own))
                    .withMessage("The request has a function '" + name + "', which the loop cannot call; leave it out,"
                            + " and give the loop a TypedTool in its place");
        }
    }

    @Test
    void a_demanded_call_is_demanded_once() {
        for (ToolChoice demand : List.of(
                ToolChoice.REQUIRED,
                ToolChoice.function("warmth"),
                new ToolChoice.Server("openrouter:web_search"),
                new ToolChoice.Raw(RawJson.of("any")))) {
            port.asked().clear();
            port.calls("warmth", GENOA).says("21");

            loop().build().run(REQUEST.toBuilder().toolChoice(demand).build());

            assertThat(port.asked(0).toolUse().choice()).isEqualTo(demand);
            assertThat(port.asked(1).toolUse().choice()).isNull();
        }
    }

    @Test
    void a_choice_that_demands_no_call_is_kept_and_a_demand_is_not_repeated_in_a_repair() {
        port.calls("warmth", GENOA).says("21");
        loop().build().run(REQUEST.toBuilder().toolChoice(ToolChoice.AUTO).build());
        assertThat(port.asked(1).toolUse().choice()).isEqualTo(ToolChoice.AUTO);

        port.asked().clear();
        port.says("warm").says("{\"text\":\"warm\",\"celsius\":21}");
        loop().build().run(REQUEST.toBuilder().toolChoice(ToolChoice.REQUIRED).build(), Answer.class);
        assertThat(port.asked(1).toolUse().choice()).isNull();
    }

    private String told(int round) {
        List<Message> messages = port.asked(round).messages();
        Message last = messages.get(messages.size() - 1);
        assertThat(last).isInstanceOf(ToolMessage.class);
        return last.text();
    }

    @Test
    void the_model_is_told_what_a_tool_threw_and_what_it_did_wrong_itself() {
        port.calls("warmth", GENOA)
                .calls("warmth", "{\"town\":\"Genoa\"}")
                .calls("warmth", "not json")
                .calls("cold", GENOA)
                .says("sorry");

        ToolLoopReply reply = loop(city -> {
                    throw new IOException("the wire is \"down\"");
                })
                .build()
                .run(REQUEST);

        assertThat(told(1)).isEqualTo("{\"error\":\"the wire is \\\"down\\\"\"}");
        assertThat(told(2))
                .isEqualTo("{\"error\":\"The arguments do not fit. $.city: expected a string, found nothing\"}");
        assertThat(told(3)).contains("$: expected a JSON object, found text that is not JSON");
        assertThat(told(4)).isEqualTo("{\"error\":\"There is no such tool. There are: warmth\"}");
        assertThat(reply.rounds().get(0).results().get(0).failure()).isInstanceOf(IOException.class);
    }

    @Test
    void a_tool_that_throws_ends_the_loop_if_that_was_chosen() {
        port.calls("warmth", "{}").calls("warmth", GENOA);

        ToolFailedException failure = catchThrowableOfType(
                ToolFailedException.class,
                () -> loop(city -> {
                            throw new IOException("down");
                        })
                        .endOnToolFailure()
                        .build()
                        .run(REQUEST));

        assertThat(failure).hasCauseInstanceOf(IOException.class);
        assertThat(failure.call().arguments()).isEqualTo(GENOA);
        assertThat(failure.rounds().rounds()).hasSize(2); // what the model did wrong in the first did not end it
        assertThat(failure.rounds().totalCost()).isEqualTo(dollars("0.02"));
    }

    @Test
    void a_tool_whose_result_cannot_be_written_is_told_to_be_done() {
        port.calls("warmth", GENOA).says("done");

        ToolLoopReply reply = loop(city -> new Date()).build().run(REQUEST);

        assertThat(told(1)).isEqualTo("done, but the result cannot be shown");
        assertThat(reply.rounds().get(0).results().get(0).failure())
                .hasMessageStartingWith("A tool cannot return a java.util.Date");
    }

    private Object endlessly() {
        return List.of(endlessly());
    }

    @Test
    void an_error_of_a_tool_ends_the_loop_with_the_rounds_so_far() {
        for (boolean parallel : List.of(false, true)) {
            port.calls("warmth", GENOA);
            ToolLoop.Builder builder = loop(city -> endlessly());

            ToolFailedException failure = catchThrowableOfType(
                    ToolFailedException.class,
                    () -> (parallel ? builder.parallel(executor) : builder)
                            .build()
                            .run(REQUEST));

            assertThat(failure).hasCauseInstanceOf(StackOverflowError.class);
            assertThat(failure.rounds().rounds()).hasSize(1);
        }
    }

    private static ToolLoopReply rounds(PortolanException failure) {
        return failure.partial(ToolLoopReply.class).orElseThrow();
    }

    @Test
    void the_limit_of_rounds_ends_the_loop_before_tools_run_whose_results_nobody_reads() {
        port.calls("warmth", GENOA).calls("warmth", GENOA);
        List<String> ran = new ArrayList<>();

        UnusableReplyException failure = catchThrowableOfType(
                UnusableReplyException.class,
                () -> loop(city -> ran.add(city.city())).maxRounds(2).build().run(REQUEST));

        assertThat(failure)
                .hasMessageStartingWith(
                        "one/a still calls tools in round 2, the last that the loop allows. Raise maxRounds");
        assertThat(failure.reason()).isEqualTo(Reason.TOOL_CALLS);
        assertThat(rounds(failure).rounds()).hasSize(2);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.02"));
        assertThat(failure.generationIds()).containsExactly("gen-1", "gen-2");
        assertThat(ran).containsExactly("Genoa");
    }

    @Test
    void the_limit_of_cost_ends_the_loop_before_a_further_round() {
        port.calls("warmth", GENOA).calls("warmth", GENOA);

        BudgetExceededException failure = catchThrowableOfType(
                BudgetExceededException.class,
                () -> loop().maxCost(new BigDecimal("0.015")).build().run(REQUEST));

        assertThat(failure).hasMessageContaining("has cost $0.02 after round 2, its limit is $0.015");
        assertThat(failure.shortage())
                .hasValueSatisfying(shortage -> assertThat(shortage.left()).isEqualByComparingTo("-0.005"));
        assertThat(rounds(failure).rounds()).hasSize(2);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.02"));
        assertThat(failure.generationIds()).containsExactly("gen-1", "gen-2");
    }

    @Test
    void an_answer_is_an_answer_whatever_it_cost() {
        port.says("done");

        assertThat(loop().maxCost(new BigDecimal("0.001")).build().run(REQUEST).text())
                .isEqualTo("done");
    }

    @Test
    void a_limit_of_cost_that_cannot_be_kept_ends_the_loop() {
        port.replies(reply -> {
            reply.toolCall(0, 0, "a", "warmth", GENOA, Map.of());
            reply.finishReason(0, "tool_calls");
        });

        BudgetExceededException failure = catchThrowableOfType(
                BudgetExceededException.class,
                () -> loop().maxCost(BigDecimal.ONE).build().run(REQUEST));

        assertThat(failure).hasMessageContaining("It is not known in US dollars what the loop has cost after round 1");
        assertThat(failure.totalCost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_failure_in_a_later_round_has_the_rounds_before_it_and_counts_them() {
        port.calls("warmth", GENOA)
                .fails(new RateLimitedException("Wait.", ErrorDetails.NONE.withModel(REQUEST.model())));

        RateLimitedException failure = catchThrowableOfType(
                RateLimitedException.class, () -> loop().build().run(REQUEST));

        assertThat(failure).hasMessage("Wait.");
        assertThat(rounds(failure).rounds()).hasSize(1);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.01"));
        assertThat(failure.generationIds()).containsExactly("gen-1");
    }

    @Test
    void a_failure_in_the_first_round_is_the_ports_own() {
        RateLimitedException refused = new RateLimitedException("Wait.", ErrorDetails.NONE.withModel(REQUEST.model()));
        port.fails(refused);

        assertThatThrownBy(() -> loop().build().run(REQUEST)).isSameAs(refused);
    }

    @Test
    void calls_that_were_cut_are_not_run() {
        port.replies(reply -> {
            reply.toolCall(0, 0, "a", "warmth", "{\"city\":\"Gen", Map.of());
            reply.finishReason(0, "length");
        });

        UnusableReplyException failure = catchThrowableOfType(
                UnusableReplyException.class, () -> loop().build().run(REQUEST));

        assertThat(failure.reason()).isEqualTo(Reason.CUT);
        assertThat(rounds(failure).rounds()).hasSize(1);
    }

    @Test
    void no_call_may_take_longer_than_what_is_left_for_the_loop() {
        port.says("a").says("b");
        ToolLoop loop = loop().timeout(Duration.ofHours(1)).build();

        loop.run(REQUEST);
        loop.run(REQUEST.toBuilder().timeout(Duration.ofSeconds(5)).build());

        assertThat(port.asked(0).call().timeout()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(port.asked(1).call().timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    /** Waits until it is interrupted. */
    private static Object hang(CountDownLatch started) throws InterruptedException {
        started.countDown();
        new CountDownLatch(1).await();
        return "never";
    }

    @Test
    void a_tool_that_hangs_is_interrupted_when_the_time_is_over() {
        for (boolean parallel : List.of(false, true)) {
            port.calls("warmth", GENOA);
            ToolLoop.Builder builder = loop(city -> hang(new CountDownLatch(1))).timeout(Duration.ofSeconds(1));
            ToolLoop loop = (parallel ? builder.parallel(executor) : builder).build();

            CallTimeoutException failure = catchThrowableOfType(CallTimeoutException.class, () -> loop.run(REQUEST));

            assertThat(failure).hasMessageContaining("The tool loop took longer than PT1S, in round 1");
            assertThat(failure.clock()).isEqualTo(CallTimeoutException.Clock.CALL);
            assertThat(rounds(failure).rounds()).hasSize(1);
            assertThat(failure.totalCost()).isEqualTo(dollars("0.01"));
        }
    }

    @Test
    void a_model_that_hangs_is_interrupted_when_the_time_is_over() {
        port.calls("warmth", GENOA).does(request -> {
            try {
                hang(new CountDownLatch(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new CallCancelledException("Interrupted", ErrorDetails.NONE.withModel(request.model()));
        });

        CallTimeoutException failure = catchThrowableOfType(
                CallTimeoutException.class,
                () -> loop().timeout(Duration.ofSeconds(1)).build().run(REQUEST));

        assertThat(rounds(failure).rounds()).hasSize(1);
        assertThat(failure.totalCost()).isEqualTo(Cost.UNKNOWN); // nobody knows what the second round cost
    }

    @Test
    void a_model_that_closes_slowly_when_the_time_is_over_holds_up_no_timer_of_the_process() {
        CountDownLatch closed = new CountDownLatch(1);
        CompletableFuture<Boolean> elsewhere = new CompletableFuture<>();
        ToolLoop loop = ToolLoop.builder(streaming(new ChatStream() {
                    @Override
                    public @Nullable ChatEvent next() {
                        awaitQuietly(closed);
                        throw new CallCancelledException("Closed", ErrorDetails.NONE);
                    }

                    @Override
                    public ChatResponse response() {
                        throw new AssertionError("There is none");
                    }

                    @Override
                    public void close() {
                        if (closed.getCount() > 0) {
                            elsewhere.complete(timersRun());
                            closed.countDown();
                        }
                    }
                }))
                .tool(TypedTool.of("warmth", "", City.class, city -> ""))
                .timeout(Duration.ofSeconds(1))
                .build();

        try (ToolLoopStream stream = loop.stream(REQUEST)) {
            assertThatThrownBy(stream::response).isInstanceOf(CallTimeoutException.class);
        }

        assertThat(elsewhere).isCompletedWithValue(true);
    }

    private static boolean timersRun() {
        try {
            return new CompletableFuture<Boolean>()
                    .completeOnTimeout(true, 1, TimeUnit.MILLISECONDS)
                    .get(5, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private ChatPort streaming(ChatStream stream) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return port.complete(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return stream;
            }
        };
    }

    @Test
    void calls_that_the_executor_rejects_run_on_the_thread_of_the_loop() {
        port.calls("warmth", "{\"city\":\"A\"}", "warmth", "{\"city\":\"B\"}").says("done");
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };

        ToolLoopReply reply = loop(city -> city.city() + Thread.currentThread().getId())
                .parallel(full)
                .build()
                .run(REQUEST);

        long here = Thread.currentThread().getId();
        assertThat(reply.rounds().get(0).results())
                .extracting(ToolResult::content)
                .containsExactly("A" + here, "B" + here);
    }

    @Test
    void interrupting_the_thread_ends_the_loop_also_where_the_executor_runs_the_tool_on_it() {
        port.calls("warmth", GENOA);
        Thread reader = Thread.currentThread();
        CountDownLatch started = new CountDownLatch(1);
        executor.execute(() -> {
            awaitQuietly(started);
            reader.interrupt();
        });

        assertThatThrownBy(() -> loop(city -> hang(started))
                        .parallel(Runnable::run)
                        .build()
                        .run(REQUEST))
                .isInstanceOf(CallCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void calls_of_one_round_run_at_the_same_time_on_the_executor_and_answer_in_order() {
        port.calls("warmth", "{\"city\":\"A\"}", "warmth", "{\"city\":\"B\"}").says("done");
        CyclicBarrier both = new CyclicBarrier(2);

        ToolLoopReply reply = loop(city -> {
                    both.await(10, TimeUnit.SECONDS);
                    return city.city();
                })
                .parallel(executor)
                .build()
                .run(REQUEST);

        assertThat(reply.rounds().get(0).results())
                .extracting(ToolResult::content)
                .containsExactly("A", "B");
        assertThat(port.asked(1).messages().subList(2, 4))
                .containsExactly(Message.tool("call-0", "A"), Message.tool("call-1", "B"));
    }

    @Test
    void a_tool_that_fails_ends_the_others_if_that_was_chosen() throws InterruptedException {
        port.calls("warmth", "{\"city\":\"hang\"}", "warmth", "{\"city\":\"fail\"}");
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ToolLoop loop = loop(city -> {
                    if (city.city().equals("fail")) {
                        hanging.await();
                        throw new IOException("down");
                    }
                    try {
                        return hang(hanging);
                    } finally {
                        interrupted.countDown();
                    }
                })
                .parallel(executor)
                .endOnToolFailure()
                .build();

        assertThatThrownBy(() -> loop.run(REQUEST)).isInstanceOf(ToolFailedException.class);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_stream_shows_every_step() {
        port.calls("warmth", GENOA, "cold", GENOA).says("21 degrees");
        List<String> steps = new ArrayList<>();

        try (ToolLoopStream stream = loop().build().stream(REQUEST)) {
            for (ToolLoopEvent event : stream) {
                steps.add(event.round() + " "
                        + (event instanceof ToolLoopEvent.ModelEvent model
                                ? model.event().getClass().getSimpleName()
                                : event.getClass().getSimpleName()));
            }
            assertThat(stream.response().text()).isEqualTo("21 degrees");
            assertThat(stream.next()).isNull();
        }

        assertThat(steps)
                .containsSubsequence(
                        "1 RoundStarted",
                        "1 ResponseStarted",
                        "1 ToolCallStarted",
                        "1 ResponseFinished",
                        "1 ToolStarted",
                        "1 ToolFinished",
                        "1 ToolStarted",
                        "1 ToolFailed",
                        "1 RoundFinished",
                        "2 RoundStarted",
                        "2 TextDelta",
                        "2 ResponseFinished",
                        "2 RoundFinished",
                        "2 LoopFinished");
    }

    @Test
    void a_stream_in_parallel_tells_the_fastest_tool_first() {
        port.calls("warmth", "{\"city\":\"slow\"}", "warmth", "{\"city\":\"fast\"}")
                .says("done");
        CountDownLatch told = new CountDownLatch(1);
        List<String> finished = new ArrayList<>();
        ToolLoop loop = loop(city -> {
                    if (city.city().equals("slow")) {
                        told.await();
                    }
                    return city.city();
                })
                .parallel(executor)
                .build();

        try (ToolLoopStream stream = loop.stream(REQUEST)) {
            for (ToolLoopEvent event : stream) {
                if (event instanceof ToolLoopEvent.ToolFinished tool) {
                    finished.add(tool.result().content());
                    told.countDown();
                }
            }
        }

        assertThat(finished).containsExactly("fast", "slow");
    }

    @Test
    void closing_a_stream_from_another_thread_interrupts_the_tools() throws InterruptedException {
        for (boolean parallel : List.of(false, true)) {
            port.calls("warmth", GENOA);
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            ToolLoop.Builder builder = loop(city -> {
                try {
                    return hang(started);
                } finally {
                    interrupted.countDown();
                }
            });
            try (ToolLoopStream stream = (parallel ? builder.parallel(executor) : builder).build().stream(REQUEST)) {
                executor.execute(() -> {
                    awaitQuietly(started);
                    stream.close();
                });

                CallCancelledException failure = catchThrowableOfType(CallCancelledException.class, stream::response);

                assertThat(rounds(failure).rounds()).hasSize(1);
                assertThatThrownBy(stream::next).isSameAs(failure);
            }
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closing_a_stream_closes_that_of_the_model() {
        port.says("a long story");
        AtomicBoolean closed = new AtomicBoolean();
        ChatPort watched = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return port.complete(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                ChatStream inner = port.stream(request);
                return new ChatStream() {
                    @Override
                    public ChatEvent next() {
                        return inner.next();
                    }

                    @Override
                    public ChatResponse response() {
                        return inner.response();
                    }

                    @Override
                    public void close() {
                        closed.set(true);
                        inner.close();
                    }
                };
            }
        };
        ToolLoop loop = ToolLoop.builder(watched)
                .tool(TypedTool.of("warmth", "", City.class, city -> ""))
                .build();

        ToolLoopStream stream = loop.stream(REQUEST);
        assertThat(stream.next()).isInstanceOf(ToolLoopEvent.RoundStarted.class);
        assertThat(stream.next()).isInstanceOf(ToolLoopEvent.ModelEvent.class);
        stream.close();

        assertThat(closed).isTrue();
        assertThatThrownBy(stream::next).isInstanceOf(CallCancelledException.class);
    }

    @Test
    void interrupting_the_thread_ends_the_loop_and_is_not_forgotten() {
        port.calls("warmth", GENOA);
        Thread reader = Thread.currentThread();
        CountDownLatch started = new CountDownLatch(1);
        executor.execute(() -> {
            awaitQuietly(started);
            reader.interrupt();
        });

        CallCancelledException failure = catchThrowableOfType(
                CallCancelledException.class,
                () -> loop(city -> hang(started)).build().run(REQUEST));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(rounds(failure).rounds()).hasSize(1);
    }

    @Test
    void the_answer_can_be_a_record() {
        port.calls("warmth", GENOA).says("{\"text\":\"warm\",\"celsius\":21}");

        ToolLoopAnswer<Answer> answer = loop().build().run(REQUEST, Answer.class);

        assertThat(answer.value()).isEqualTo(new Answer("warm", 21));
        assertThat(answer.reply().rounds()).hasSize(2);
        assertThat(port.asked(0).responseFormat())
                .isEqualTo(TypeSchema.of(Answer.class).responseFormat());
    }

    @Test
    void an_answer_that_does_not_fit_is_repaired_in_a_round_of_its_own() {
        port.calls("warmth", GENOA).says("warm").says("{\"text\":\"warm\",\"celsius\":21}");

        ToolLoopAnswer<Answer> answer = loop().build().run(REQUEST, Answer.class);

        assertThat(answer.value().celsius()).isEqualTo(21);
        assertThat(answer.reply().rounds()).hasSize(3);
        assertThat(port.asked(2).messages()).hasSize(5);

        port.says("warm").says("still warm");
        UnusableReplyException failure = catchThrowableOfType(
                UnusableReplyException.class, () -> loop().build().run(REQUEST, Answer.class));
        assertThat(failure.reason()).isEqualTo(Reason.MISFIT);
        assertThat(rounds(failure).rounds()).hasSize(2);
        assertThat(failure.totalCost()).isEqualTo(dollars("0.02"));
    }

    @Test
    void an_answer_that_is_a_record_can_be_streamed() {
        port.calls("warmth", GENOA).says("warm").says("{\"text\":\"warm\",\"celsius\":21}");
        StringBuilder text = new StringBuilder();

        try (ToolLoopAnswerStream<Answer> stream = loop().build().stream(REQUEST, Answer.class)) {
            for (ToolLoopEvent event : stream) {
                if (event instanceof ToolLoopEvent.ModelEvent model
                        && model.event() instanceof ChatEvent.TextDelta delta) {
                    text.append(delta.text());
                }
            }
            assertThat(stream.answer().value()).isEqualTo(new Answer("warm", 21));
            assertThat(stream.answer().reply()).isSameAs(stream.response());
        }
        assertThat(text).hasToString("warm{\"text\":\"warm\",\"celsius\":21}");

        port.says("warm").says("still warm");
        try (ToolLoopAnswerStream<Answer> stream = loop().build().stream(REQUEST, Answer.class)) {
            assertThatThrownBy(stream::answer).isInstanceOf(UnusableReplyException.class);
        }
    }

    @Test
    void a_conversation_goes_on_after_a_loop_with_all_that_was_said() {
        ReasoningDetail thought = new ReasoningDetail.Text("It is in Italy.", "signed", ReasoningDetail.Origin.NONE);
        port.replies(reply -> {
                    reply.reasoningDetail(0, thought);
                    reply.toolCall(0, 0, "a", "warmth", GENOA, Map.of());
                    reply.finishReason(0, "tool_calls");
                })
                .says("21 degrees")
                .says("and 3 in Oslo");

        ToolLoopReply reply = loop(city -> "21").build().run(REQUEST);
        ChatRequest next = REQUEST.toBuilder()
                .messages(reply.messages())
                .user("And in Oslo?")
                .build();
        loop().build().run(next);

        AssistantMessage calling = reply.rounds().get(0).response().message();
        assertThat(calling.reasoningDetails()).containsExactly(thought);
        assertThat(reply.messages()).hasSize(3).startsWith(calling);
        assertThat(reply.messages().get(1)).isEqualTo(Message.tool("a", "21"));
        assertThat(reply.messages().get(2)).isEqualTo(reply.response().message());
        assertThat(port.asked(2).messages())
                .startsWith(port.asked(1).messages().toArray(new Message[0]))
                .hasSize(5);
        assertThat(port.asked(2).call().tags()).containsEntry("team", "sea");
    }

    @Test
    void the_messages_of_a_loop_that_failed_leave_out_calls_that_nobody_answered() {
        port.calls("warmth", GENOA).calls("warmth", GENOA);

        UnusableReplyException failure = catchThrowableOfType(
                UnusableReplyException.class, () -> loop().maxRounds(2).build().run(REQUEST));

        assertThat(rounds(failure).messages()).hasSize(2);
        assertThat(rounds(failure).messages().get(1)).isInstanceOf(ToolMessage.class);
    }

    @Test
    void what_the_reader_of_a_stream_does_in_between_is_no_time_of_model_or_tools() {
        port.calls("warmth", GENOA, "warmth", GENOA).says("done");
        long begin = System.nanoTime();
        long paused = 0;
        ToolLoopReply reply;

        try (ToolLoopStream stream = loop().build().stream(REQUEST)) {
            while (stream.next() != null) {
                long pause = System.nanoTime();
                while (System.nanoTime() - pause < 1_000_000) {
                    Thread.onSpinWait();
                }
                paused += System.nanoTime() - pause;
            }
            reply = stream.response();
        }

        Duration told = Duration.ZERO;
        for (ToolRound round : reply.rounds()) {
            told = told.plus(round.modelTime()).plus(round.toolTime());
        }
        assertThat(reply.rounds().get(0).toolTime()).isPositive();
        assertThat(told).isPositive().isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - begin - paused));
    }

    @Test
    void a_loop_that_makes_no_sense_is_refused() {
        TypedTool tool = TypedTool.of("warmth", "", City.class, city -> "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolLoop.builder(port).build());
        assertThatIllegalArgumentException().isThrownBy(() -> loop().tool(tool));
        assertThatIllegalArgumentException().isThrownBy(() -> loop().maxRounds(0));
        assertThatIllegalArgumentException().isThrownBy(() -> loop().maxCost(BigDecimal.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> loop().timeout(Duration.ZERO));
    }

    private static Cost dollars(String amount) {
        return Cost.reported(new BigDecimal(amount));
    }
}
