package dev.portolan.typed;

import dev.portolan.api.Attempt;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.UnusableReplyException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of a loop. The thread that reads it does the work, step by step; what another thread may stop is kept under the lock.
 */
final class LoopRun<T> implements ToolLoopStream {
    private static final String UNSHOWN = "done, but the result cannot be shown";

    private enum State {
        ROUND,
        MODEL,
        TOOLS,
        DONE
    }

    private final ToolLoop loop;
    private final @Nullable TypeSchema<T> schema;
    private final boolean streamed;
    private final long start = System.nanoTime();
    private final @Nullable CompletableFuture<Void> alarm;

    private final List<ToolRound> rounds = new ArrayList<>();
    private final Deque<ToolLoopEvent> ready = new ArrayDeque<>();
    private State state = State.ROUND;
    private ChatRequest request;
    private ChatRequest sent;
    private long roundStart;
    private @Nullable ChatResponse response;
    private Duration modelTime = Duration.ZERO;
    private long toolStart;
    private @Nullable ToolResult[] results = {};
    private int startedTools;
    private BlockingQueue<ToolTask> ended = new LinkedBlockingQueue<>();
    private boolean repaired;
    private @Nullable T value;
    private @Nullable ToolLoopReply reply;
    private @Nullable RuntimeException failure;

    private final Object lock = new Object();
    private final Set<FutureTask<?>> running = new LinkedHashSet<>(); // guarded by lock
    private @Nullable ChatStream stream; // guarded by lock
    private boolean closed; // guarded by lock
    private boolean late; // guarded by lock

    /**
     * Ready to begin.
     *
     * @param schema what the answer must fit, or {@code null}
     * @param streamed whether the model's events are wanted
     */
    LoopRun(ToolLoop loop, ChatRequest request, @Nullable TypeSchema<T> schema, boolean streamed) {
        this.loop = loop;
        this.schema = schema;
        this.streamed = streamed;
        this.request = loop.withTools(request);
        this.sent = this.request;
        Duration timeout = loop.timeout();
        alarm = timeout == null ? null : alarm(timeout);
    }

    private CompletableFuture<Void> alarm(Duration timeout) {
        CompletableFuture<Void> timer = new CompletableFuture<>();
        timer.orTimeout(nanos(timeout), TimeUnit.NANOSECONDS).exceptionally(over -> {
            stop(true);
            return null;
        });
        return timer;
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public @Nullable ToolLoopEvent next() {
        if (failure != null) {
            throw failure;
        }
        try {
            while (ready.isEmpty()) {
                if (state == State.DONE) {
                    return null;
                }
                checkOpen();
                step();
            }
            return ready.poll();
        } catch (PortolanException e) {
            failure = withRounds(e);
        } catch (RuntimeException e) {
            failure = e;
        }
        stop(false);
        throw failure;
    }

    @Override
    public ToolLoopReply response() {
        while (reply == null || failure != null) {
            next();
        }
        return reply;
    }

    /** The value, once the loop has ended. */
    T value() {
        return Objects.requireNonNull(value);
    }

    private void step() {
        switch (state) {
            case ROUND -> startRound();
            case MODEL -> listen();
            case TOOLS -> work();
            case DONE -> {}
        }
    }

    private int round() {
        return rounds.size() + 1;
    }

    private ModelId model() {
        return request.model();
    }

    private void startRound() {
        sent = inTime(request);
        roundStart = System.nanoTime();
        ready.add(new ToolLoopEvent.RoundStarted(round(), sent));
        state = State.MODEL;
    }

    /** No call may take longer than what is left for the loop. */
    private ChatRequest inTime(ChatRequest asked) {
        Duration timeout = loop.timeout();
        if (timeout == null) {
            return asked;
        }
        Duration left = timeout.minus(since(start));
        if (left.isZero() || left.isNegative()) {
            throw stopped(true, null);
        }
        Duration own = asked.call().timeout();
        boolean shorter = own != null && !own.isZero() && own.compareTo(left) <= 0;
        return shorter ? asked : asked.withCall(asked.call().withTimeout(left));
    }

    private void listen() {
        if (!streamed) {
            answered(interruptibly(() -> loop.port().complete(sent)));
            return;
        }
        ChatStream open = opened();
        ChatEvent event = open.next();
        if (event != null) {
            ready.add(new ToolLoopEvent.ModelEvent(round(), event));
            return;
        }
        ChatResponse whole = open.response();
        synchronized (lock) {
            stream = null;
        }
        open.close();
        answered(whole);
    }

    private ChatStream opened() {
        synchronized (lock) {
            if (stream != null) {
                return stream;
            }
        }
        return interruptibly(() -> {
            ChatStream opened = loop.port().stream(sent);
            synchronized (lock) {
                if (!closed && !late) {
                    stream = opened;
                    return opened;
                }
            }
            opened.close();
            throw new CallCancelledException("The tool loop was closed", ErrorDetails.NONE.withModel(model()));
        });
    }

    private void answered(ChatResponse answer) {
        response = answer;
        modelTime = since(roundStart);
        if (answer.toolCalls().isEmpty()) {
            finalAnswer(answer);
            return;
        }
        UnusableReplyException unfinished = ReplyReading.unfinished(answer, model());
        if (unfinished != null) {
            throw unfinished;
        }
        if (round() == loop.maxRounds()) {
            throw new UnusableReplyException(
                    model() + " still calls tools in round " + round()
                            + ", the last that the loop allows. Raise maxRounds,"
                            + " or say in the prompt when enough is known.",
                    UnusableReplyException.Reason.TOOL_CALLS,
                    ErrorDetails.NONE.withModel(model()).withGenerationId(answer.id()));
        }
        checkCost();
        results = new @Nullable ToolResult[answer.toolCalls().size()];
        startedTools = 0;
        toolStart = System.nanoTime();
        state = State.TOOLS;
    }

    private void finalAnswer(ChatResponse answer) {
        if (schema == null) {
            finish();
            return;
        }
        ReplyReading<T> reading = ReplyReading.of(answer, schema, model());
        UnusableReplyException unfit = reading.failure();
        if (unfit == null) {
            value = reading.orThrow();
            finish();
            return;
        }
        if (reading.complaint() == null || repaired || round() == loop.maxRounds()) {
            throw unfit;
        }
        checkCost();
        repaired = true;
        request = reading.repair(request, answer, schema);
        finishRound();
    }

    private void finish() {
        int last = round();
        finishRound();
        reply = reply(rounds, null);
        ready.add(new ToolLoopEvent.LoopFinished(last, reply));
        state = State.DONE;
        ring();
    }

    private void finishRound() {
        ToolRound finished = current(Objects.requireNonNull(response));
        ready.add(new ToolLoopEvent.RoundFinished(round(), finished));
        rounds.add(finished);
        response = null;
        results = new @Nullable ToolResult[0];
        state = State.ROUND;
    }

    private ToolRound current(ChatResponse answer) {
        List<ToolResult> known = new ArrayList<>();
        for (ToolResult result : results) {
            if (result != null) {
                known.add(result);
            }
        }
        return new ToolRound(
                round(), sent, answer, known, modelTime, known.isEmpty() ? Duration.ZERO : since(toolStart));
    }

    /** Whether the model may be asked again. */
    private void checkCost() {
        BigDecimal limit = loop.maxCost();
        if (limit == null) {
            return;
        }
        Cost spent = soFar(null).totalCost();
        BigDecimal amount = spent.amount();
        ErrorDetails details = ErrorDetails.NONE.withModel(model());
        if (amount == null || !spent.currency().equals(Cost.USD)) {
            throw new BudgetExceededException(
                    "It is not known in US dollars what the loop has cost after round " + round()
                            + ", so its limit of $" + limit.toPlainString()
                            + " cannot be kept. Limit it by maxRounds instead of maxCost.",
                    details);
        }
        if (amount.compareTo(limit) >= 0) {
            throw new BudgetExceededException(
                    "The loop has cost " + spent + " after round " + round() + ", its limit is $"
                            + limit.toPlainString() + ". Raise maxCost, or ask for less.",
                    new BudgetExceededException.Shortage(
                            "tool loop", "", limit, limit.subtract(amount), BigDecimal.ZERO, null),
                    details);
        }
    }

    private void work() {
        List<ToolCall> calls = Objects.requireNonNull(response).toolCalls();
        Executor executor = loop.executor();
        if (executor == null) {
            workInTurn(calls);
        } else {
            workAtOnce(calls, executor);
        }
        if (Arrays.stream(results).allMatch(Objects::nonNull)) {
            askWithResults();
        }
    }

    private void workInTurn(List<ToolCall> calls) {
        int place = (int) Arrays.stream(results).filter(Objects::nonNull).count();
        if (startedTools == place) {
            startedTools++;
            ready.add(new ToolLoopEvent.ToolStarted(round(), calls.get(place)));
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw stopped(false, null);
        }
        Outcome outcome = interruptibly(() -> outcome(calls.get(place)));
        if (outcome.result().failure() instanceof InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw stopped(false, interrupt);
        }
        take(place, outcome);
    }

    private void workAtOnce(List<ToolCall> calls, Executor executor) {
        if (startedTools == 0) {
            ended = new LinkedBlockingQueue<>();
            for (ToolCall call : calls) {
                ready.add(new ToolLoopEvent.ToolStarted(round(), call));
                start(new ToolTask(startedTools++, call), executor);
            }
            return;
        }
        ToolTask task;
        try {
            task = ended.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(false, e);
        }
        leave(task);
        take(task.place, outcomeOf(task));
    }

    private void start(ToolTask task, Executor executor) {
        enter(task);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("The executor does not take the call of '" + task.call.name() + "'", e);
        }
    }

    private void take(int place, Outcome outcome) {
        ToolResult result = outcome.result();
        results[place] = result;
        Throwable thrown = outcome.thrown();
        if (thrown instanceof Error || (thrown != null && loop.endingOnToolFailure())) {
            throw new ToolFailedException(result.call(), soFar(null), thrown);
        }
        ready.add(
                result.failure() == null
                        ? new ToolLoopEvent.ToolFinished(round(), result)
                        : new ToolLoopEvent.ToolFailed(round(), result));
    }

    private void askWithResults() {
        ChatRequest.Builder next =
                request.toBuilder().message(Objects.requireNonNull(response).message());
        for (ToolResult result : results) {
            ToolResult known = Objects.requireNonNull(result);
            next.message(Message.tool(known.call().id(), known.content()));
        }
        ToolChoice choice = request.toolUse().choice();
        if (choice == ToolChoice.REQUIRED || choice instanceof ToolChoice.Function) {
            next.toolChoice(null); // or the model could never answer
        }
        request = next.build();
        finishRound();
    }

    /**
     * What came of a call.
     *
     * @param thrown what the tool itself did wrong, not the model in calling it
     */
    private record Outcome(ToolResult result, @Nullable Throwable thrown) {}

    private Outcome outcome(ToolCall call) {
        long begin = System.nanoTime();
        TypedTool tool = loop.tools().get(call.name());
        if (tool == null) {
            String known = String.join(", ", loop.tools().keySet());
            return misused(call, begin, new IllegalArgumentException("There is no such tool. There are: " + known));
        }
        Object arguments;
        try {
            arguments = tool.read(call.arguments());
        } catch (Misread e) {
            return misused(
                    call,
                    begin,
                    new IllegalArgumentException("The arguments do not fit. " + e.getMessage(), e.getCause()));
        }
        Object returned;
        try {
            returned = tool.call(arguments);
        } catch (Exception e) {
            return new Outcome(new ToolResult(call, error(e), e, since(begin)), e);
        } catch (Error e) {
            if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                throw e;
            }
            return new Outcome(new ToolResult(call, error(e), new ExecutionException(e), since(begin)), e);
        }
        try {
            return new Outcome(new ToolResult(call, ResultText.of(returned), null, since(begin)), null);
        } catch (RuntimeException e) {
            // Not as an error: the model would have it done once more.
            return new Outcome(new ToolResult(call, UNSHOWN, e, since(begin)), e);
        }
    }

    private static Outcome misused(ToolCall call, long begin, IllegalArgumentException e) {
        return new Outcome(new ToolResult(call, error(e), e, since(begin)), null);
    }

    private static String error(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return RawJson.of(Map.of("error", message)).text();
    }

    /** A call that runs on the executor. */
    private final class ToolTask extends FutureTask<Outcome> {
        private final int place;
        private final ToolCall call;
        private final BlockingQueue<ToolTask> done = ended;

        ToolTask(int place, ToolCall call) {
            super(() -> outcome(call));
            this.place = place;
            this.call = call;
        }

        @Override
        public void run() {
            super.run();
            if (isCancelled()) {
                Thread.interrupted(); // it was meant for this call only
            }
        }

        @Override
        protected void done() {
            done.add(this);
        }
    }

    /** Runs something in this thread that another thread can interrupt by stopping the loop. */
    private <R> R interruptibly(Callable<R> work) {
        FutureTask<R> task = new FutureTask<>(work);
        enter(task);
        try {
            task.run();
        } finally {
            leave(task);
        }
        if (task.isCancelled()) {
            Thread.interrupted(); // it was meant for this piece of work only
        }
        return outcomeOf(task);
    }

    private <R> R outcomeOf(FutureTask<R> task) {
        try {
            return task.get();
        } catch (CancellationException e) {
            throw stopped(false, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("The task has ended", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            if (e.getCause() instanceof Error thrown) {
                throw thrown;
            }
            throw new IllegalStateException("A port threw a checked exception", e.getCause());
        }
    }

    private void enter(FutureTask<?> task) {
        synchronized (lock) {
            if (!closed && !late) {
                running.add(task);
                return;
            }
        }
        throw stopped(false, null);
    }

    private void leave(FutureTask<?> task) {
        synchronized (lock) {
            running.remove(task);
        }
    }

    private void checkOpen() {
        synchronized (lock) {
            if (!closed && !late) {
                return;
            }
        }
        throw stopped(false, null);
    }

    private PortolanException stopped(boolean certainlyLate, @Nullable Throwable cause) {
        boolean timeIsOver;
        synchronized (lock) {
            timeIsOver = late || certainlyLate;
        }
        ErrorDetails details = ErrorDetails.NONE.withModel(model());
        if (timeIsOver) {
            return new CallTimeoutException(
                    "The tool loop took longer than " + loop.timeout() + ", in round " + round()
                            + ". Allow more time, or limit its rounds.",
                    CallTimeoutException.Clock.CALL,
                    details,
                    cause);
        }
        return new CallCancelledException(
                "The tool loop was closed or interrupted in round " + round() + ".", details, cause);
    }

    /** The failure with the rounds so far, if there are any. */
    private PortolanException withRounds(PortolanException e) {
        boolean timeIsOver;
        synchronized (lock) {
            timeIsOver = late;
        }
        PortolanException whole = timeIsOver && e instanceof CallCancelledException ? stopped(true, e) : e;
        return rounds.isEmpty() && response == null ? whole : whole.withPartial(soFar(e));
    }

    private ToolLoopReply soFar(@Nullable PortolanException e) {
        List<ToolRound> all = new ArrayList<>(rounds);
        if (response != null) {
            all.add(current(response));
        }
        // What failed for the sake of a reply that is there costs nothing more.
        return reply(all, response == null && state == State.MODEL ? e : null);
    }

    private ToolLoopReply reply(List<ToolRound> of, @Nullable PortolanException failed) {
        List<Attempt> attempts = new ArrayList<>();
        for (ToolRound round : of) {
            attempts.addAll(round.response().attempts());
        }
        if (failed != null) {
            attempts.add(new Attempt(model(), Duration.ZERO, failed));
        }
        return new ToolLoopReply(of, attempts);
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Override
    public void close() {
        stop(false);
    }

    private void stop(boolean timeIsOver) {
        List<FutureTask<?>> tasks;
        ChatStream open;
        synchronized (lock) {
            late |= timeIsOver && !closed;
            closed |= !timeIsOver;
            tasks = List.copyOf(running);
            open = stream;
        }
        tasks.forEach(task -> task.cancel(true));
        if (open != null) {
            open.close();
        }
        ring();
    }

    /** Has the alarm not go off any more. */
    private void ring() {
        if (alarm != null) {
            alarm.complete(null);
        }
    }
}
