package dev.portolan.typed;

import dev.portolan.api.Attempt;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
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
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of a loop. The thread that reads it does the work, step by step; another one may stop it. */
final class LoopRun<T> implements ToolLoopAnswerStream<T> {
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
    private long stepStart;
    private @Nullable ChatResponse response;
    private Duration modelTime = Duration.ZERO;
    private @Nullable Outcome[] outcomes = {};
    private int startedTools;
    private BlockingQueue<ToolTask> ended = new LinkedBlockingQueue<>();
    private boolean repaired;
    private @Nullable T value;
    private @Nullable ToolLoopReply reply;
    private @Nullable RuntimeException failure;

    private final Stoppable work = new Stoppable(this::stopped);
    private volatile boolean late;

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
            late = true;
            stopInThreadOfItsOwn();
            return null;
        });
        return timer;
    }

    /** To close a stream may take long, and the thread of the timers is that of the whole process. */
    private void stopInThreadOfItsOwn() {
        Thread thread = new Thread(work::stop, "portolan-loop-deadline");
        thread.setDaemon(true);
        thread.start();
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
                work.check();
                step();
            }
            return ready.poll();
        } catch (PortolanException e) {
            failure = withRounds(e);
        } catch (RuntimeException e) {
            failure = e;
        }
        close();
        throw failure;
    }

    @Override
    public ToolLoopReply response() {
        while (reply == null || failure != null) {
            next();
        }
        return reply;
    }

    @Override
    public ToolLoopAnswer<T> answer() {
        ToolLoopReply whole = response();
        return new ToolLoopAnswer<>(Objects.requireNonNull(value), whole);
    }

    private void step() {
        stepStart = System.nanoTime();
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
        if (!rounds.isEmpty()) {
            request = undemanding(request);
        }
        sent = inTime(request);
        modelTime = Duration.ZERO;
        ready.add(new ToolLoopEvent.RoundStarted(round(), sent));
        state = State.MODEL;
    }

    /** A model that must call a tool each time could never answer. */
    private static ChatRequest undemanding(ChatRequest asked) {
        ToolChoice choice = asked.toolUse().choice();
        boolean free = choice == null || choice == ToolChoice.AUTO || choice == ToolChoice.NONE;
        return free ? asked : asked.toBuilder().toolChoice(null).build();
    }

    /** No call may take longer than what is left for the loop. */
    private ChatRequest inTime(ChatRequest asked) {
        Duration timeout = loop.timeout();
        if (timeout == null) {
            return asked;
        }
        Duration left = timeout.minus(since(start));
        if (left.isZero() || left.isNegative()) {
            throw late(null);
        }
        Duration own = asked.call().timeout();
        boolean shorter = own != null && !own.isZero() && own.compareTo(left) <= 0;
        return shorter ? asked : asked.withCall(asked.call().withTimeout(left));
    }

    private void listen() {
        if (!streamed) {
            answered(work.run(() -> loop.port().complete(sent)));
            return;
        }
        ChatStream known = work.stream();
        ChatStream open = known == null ? work.open(() -> loop.port().stream(sent)) : known;
        ChatEvent event = open.next();
        if (event != null) {
            modelTime = modelTime.plus(since(stepStart));
            ready.add(new ToolLoopEvent.ModelEvent(round(), event));
            return;
        }
        ChatResponse whole = open.response();
        work.closeStream();
        answered(whole);
    }

    private void answered(ChatResponse answer) {
        response = answer;
        modelTime = modelTime.plus(since(stepStart));
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
        outcomes = new @Nullable Outcome[answer.toolCalls().size()];
        startedTools = 0;
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

    private ToolRound finishRound() {
        ToolRound finished = current(Objects.requireNonNull(response));
        ready.add(new ToolLoopEvent.RoundFinished(round(), finished));
        rounds.add(finished);
        response = null;
        outcomes = new @Nullable Outcome[0];
        state = State.ROUND;
        return finished;
    }

    private ToolRound current(ChatResponse answer) {
        List<Outcome> known = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome != null) {
                known.add(outcome);
            }
        }
        List<ToolResult> results = known.stream().map(Outcome::result).toList();
        return new ToolRound(round(), sent, answer, results, modelTime, timeOf(known));
    }

    /** The time in which at least one of them ran. */
    private static Duration timeOf(List<Outcome> outcomes) {
        long total = 0;
        long until = 0;
        for (Outcome each : outcomes.stream()
                .sorted(Comparator.comparingLong(Outcome::begin))
                .toList()) {
            long end = each.begin() + each.result().duration().toNanos();
            total += Math.max(0, end - Math.max(until, each.begin()));
            until = Math.max(until, end);
        }
        return Duration.ofNanos(total);
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
        if (Arrays.stream(outcomes).allMatch(Objects::nonNull)) {
            askWithResults();
        }
    }

    private void workInTurn(List<ToolCall> calls) {
        int place = (int) Arrays.stream(outcomes).filter(Objects::nonNull).count();
        if (startedTools == place) {
            startedTools++;
            ready.add(new ToolLoopEvent.ToolStarted(round(), calls.get(place)));
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw stopped(true, null);
        }
        Outcome outcome = work.run(() -> outcome(calls.get(place)));
        take(place, outcome, true);
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
            throw stopped(true, e);
        }
        work.leave(task);
        take(task.place, work.outcomeOf(task), task.here);
    }

    private void start(ToolTask task, Executor executor) {
        work.enter(task);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) {
            task.run();
        }
    }

    private void take(int place, Outcome outcome, boolean here) {
        ToolResult result = outcome.result();
        if (here && result.failure() instanceof InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw stopped(true, interrupt);
        }
        outcomes[place] = outcome;
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
        ToolRound finished = finishRound();
        request = request.toBuilder().messages(finished.messages()).build();
    }

    /**
     * What came of a call.
     *
     * @param begin when it began, in nanoseconds from the start of the loop
     * @param thrown what the tool itself did wrong, not the model in calling it
     */
    private record Outcome(
            ToolResult result, long begin, @Nullable Throwable thrown) {}

    private Outcome outcome(ToolCall call) {
        long begin = System.nanoTime();
        TypedTool tool = loop.tools().get(call.name());
        if (tool == null) {
            String known = String.join(", ", loop.tools().keySet());
            return misused(call, begin, new IllegalArgumentException("There is no such tool. There are: " + known));
        }
        Object returned;
        try {
            returned = tool.call(tool.read(call.arguments()));
        } catch (Misread e) {
            return misused(
                    call,
                    begin,
                    new IllegalArgumentException("The arguments do not fit. " + e.getMessage(), e.getCause()));
        } catch (Exception e) {
            return outcome(call, begin, error(e), e, e);
        } catch (Error e) {
            if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
                throw e;
            }
            return outcome(call, begin, error(e), new ExecutionException(e), e);
        }
        try {
            return outcome(call, begin, ResultText.of(returned), null, null);
        } catch (RuntimeException e) {
            // Not as an error: the model would have it done once more.
            return outcome(call, begin, UNSHOWN, e, e);
        }
    }

    private Outcome misused(ToolCall call, long begin, IllegalArgumentException e) {
        return outcome(call, begin, error(e), e, null);
    }

    private Outcome outcome(
            ToolCall call, long begin, String content, @Nullable Exception failure, @Nullable Throwable thrown) {
        return new Outcome(new ToolResult(call, content, failure, since(begin)), begin - start, thrown);
    }

    private static String error(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return RawJson.of(Map.of("error", message)).text();
    }

    /** A call that runs on the executor. */
    private final class ToolTask extends FutureTask<Outcome> {
        private final int place;
        private final Thread reader = Thread.currentThread();
        private final BlockingQueue<ToolTask> done = ended;
        private boolean here;

        ToolTask(int place, ToolCall call) {
            super(() -> outcome(call));
            this.place = place;
        }

        @Override
        public void run() {
            here = Thread.currentThread() == reader;
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

    private PortolanException stopped(boolean begun, @Nullable Throwable cause) {
        return late
                ? late(cause)
                : new CallCancelledException(
                        "The tool loop was closed or interrupted in round " + round() + ".",
                        begun,
                        ErrorDetails.NONE.withModel(model()),
                        cause);
    }

    private CallTimeoutException late(@Nullable Throwable cause) {
        return new CallTimeoutException(
                "The tool loop took longer than " + loop.timeout() + ", in round " + round()
                        + ". Allow more time, or limit its rounds.",
                CallTimeoutException.Clock.CALL,
                ErrorDetails.NONE.withModel(model()),
                cause);
    }

    /** The failure with the rounds so far, if there are any. */
    private PortolanException withRounds(PortolanException e) {
        PortolanException whole = late && e instanceof CallCancelledException ? late(e) : e;
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
        work.stop();
        ring();
    }

    /** Has the alarm not go off any more. */
    private void ring() {
        if (alarm != null) {
            alarm.complete(null);
        }
    }
}
