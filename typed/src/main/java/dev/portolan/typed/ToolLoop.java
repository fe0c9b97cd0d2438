package dev.portolan.typed;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Tool;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model, runs the tools that it calls, tells it the results, and asks again, until it answers. Built on any
 * {@link ChatPort}, so tags, options, budgets and decorators hold for every round. Immutable, and thread-safe if the port and the
 * tools are.
 *
 * <pre>{@code
 * ToolLoop loop = ToolLoop.builder(portolan.chat()).tools(TypedTool.methodsOf(new Weather())).build();
 * System.out.println(loop.run(request).text());
 * }</pre>
 *
 * <p>What a tool throws is told to the model, the message only; so is a call of a tool that is not there, or with arguments that
 * do not fit. The model's messages go back exactly as they came. Any {@link dev.portolan.api.chat.ToolChoice} of the request but
 * {@code AUTO} and {@code NONE}, raw ones included, is sent in the first round only: a model that must call a tool each time
 * could never answer.
 *
 * <p>A limit that is reached ends the loop before the tools of that round run, with an exception that has all rounds in
 * {@code partial(ToolLoopReply.class)}, as has any other failure from the second round on.
 */
public final class ToolLoop {
    /** The most rounds by default. */
    public static final int DEFAULT_MAX_ROUNDS = 10;

    private final ChatPort port;
    private final Map<String, TypedTool> tools;
    private final int maxRounds;
    private final @Nullable BigDecimal maxCost;
    private final @Nullable Duration timeout;
    private final @Nullable Executor executor;
    private final boolean endingOnToolFailure;

    private ToolLoop(Builder builder) {
        port = builder.port;
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(builder.tools));
        maxRounds = builder.maxRounds;
        maxCost = builder.maxCost;
        timeout = builder.timeout;
        executor = builder.executor;
        endingOnToolFailure = builder.endingOnToolFailure;
    }

    /** Starts a loop that asks through this port. */
    public static Builder builder(ChatPort port) {
        return new Builder(port);
    }

    /**
     * Runs the loop until the model answers.
     *
     * @param request the question; its own tools, which the provider runs, are kept
     * @throws IllegalArgumentException if the request has a function, which the loop could not call
     * @throws dev.portolan.api.error.UnusableReplyException if the model still calls tools in the last round, or was cut in the middle
     *     of a call, or refused beside one
     * @throws dev.portolan.api.error.BudgetExceededException if the limit of cost is reached, or cannot be kept
     * @throws dev.portolan.api.error.CallTimeoutException if the time is over
     * @throws dev.portolan.api.error.PortolanException if a round fails
     * @throws ToolFailedException if a tool throws an {@link Error}, or throws anything and the loop was to end then
     */
    public ToolLoopReply run(ChatRequest request) {
        try (LoopRun<?> run = new LoopRun<>(this, request, null, false)) {
            return run.response();
        }
    }

    /**
     * Runs the loop until the model answers with a value of this type.
     *
     * @throws IllegalArgumentException also if there is no schema for the type
     * @throws dev.portolan.api.error.UnusableReplyException also if the answer does not fit, and the next does not either
     * @see #run(ChatRequest)
     */
    public <T> ToolLoopAnswer<T> run(ChatRequest request, Class<T> type) {
        return run(request, TypeSchema.of(type));
    }

    /**
     * Runs the loop until the model answers with a value that fits the schema. An answer that does not fit is sent back once, which is
     * a round like the others. Not every model can both call tools and keep to a schema.
     *
     * @throws dev.portolan.api.error.UnusableReplyException also if the answer does not fit, and the next does not either
     * @see #run(ChatRequest)
     */
    public <T> ToolLoopAnswer<T> run(ChatRequest request, TypeSchema<T> schema) {
        try (LoopRun<T> run = new LoopRun<>(this, TypedCall.asking(request, schema), schema, false)) {
            return run.answer();
        }
    }

    /**
     * Starts the loop. Nothing is sent before the first event is asked for.
     *
     * @return its events as they come; must be closed. They end, or fail, as {@link #run(ChatRequest)} does
     * @throws IllegalArgumentException if the request has a function, which the loop could not call
     */
    public ToolLoopStream stream(ChatRequest request) {
        return new LoopRun<Object>(this, request, null, true);
    }

    /**
     * Starts a loop that ends with a value of this type. Nothing is sent before the first event is asked for.
     *
     * @return its events as they come, and the value; must be closed
     * @throws IllegalArgumentException also if there is no schema for the type
     * @see #run(ChatRequest, Class)
     */
    public <T> ToolLoopAnswerStream<T> stream(ChatRequest request, Class<T> type) {
        return stream(request, TypeSchema.of(type));
    }

    /**
     * Starts a loop that ends with a value that fits the schema. Nothing is sent before the first event is asked for. An answer that
     * does not fit is seen in its events as well.
     *
     * @return its events as they come, and the value; must be closed
     * @see #run(ChatRequest, TypeSchema)
     */
    public <T> ToolLoopAnswerStream<T> stream(ChatRequest request, TypeSchema<T> schema) {
        return new LoopRun<>(this, TypedCall.asking(request, schema), schema, true);
    }

    ChatPort port() {
        return port;
    }

    Map<String, TypedTool> tools() {
        return tools;
    }

    int maxRounds() {
        return maxRounds;
    }

    @Nullable BigDecimal maxCost() {
        return maxCost;
    }

    @Nullable Duration timeout() {
        return timeout;
    }

    @Nullable Executor executor() {
        return executor;
    }

    boolean endingOnToolFailure() {
        return endingOnToolFailure;
    }

    /** The request with the tools of the loop. */
    ChatRequest withTools(ChatRequest request) {
        for (Tool tool : request.toolUse().tools()) {
            if (tool instanceof Tool.Function function) {
                throw new IllegalArgumentException("The request has a function '" + function.name()
                        + "', which the loop cannot call; leave it out, and give the loop a TypedTool in its place");
            }
        }
        return request.toBuilder()
                .tools(tools.values().stream().map(TypedTool::definition).toList())
                .build();
    }

    /** Collects a loop. Not thread-safe. */
    public static final class Builder {
        private final ChatPort port;
        private final Map<String, TypedTool> tools = new LinkedHashMap<>();
        private int maxRounds = DEFAULT_MAX_ROUNDS;
        private @Nullable BigDecimal maxCost;
        private @Nullable Duration timeout;
        private @Nullable Executor executor;
        private boolean endingOnToolFailure;

        private Builder(ChatPort port) {
            this.port = Objects.requireNonNull(port, "port");
        }

        /**
         * Adds a tool.
         *
         * @throws IllegalArgumentException if there is one of that name
         */
        public Builder tool(TypedTool tool) {
            if (tools.putIfAbsent(tool.name(), tool) != null) {
                throw new IllegalArgumentException("Two tools are called '" + tool.name() + "'; rename one");
            }
            return this;
        }

        /**
         * Adds tools, in order.
         *
         * @throws IllegalArgumentException if two have one name
         */
        public Builder tools(List<TypedTool> more) {
            new ArrayList<>(more).forEach(this::tool);
            return this;
        }

        /**
         * Sets how often the model is asked at most; {@value #DEFAULT_MAX_ROUNDS} by default.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxRounds(int rounds) {
            if (rounds < 1) {
                throw new IllegalArgumentException("maxRounds must be at least 1, found " + rounds);
            }
            maxRounds = rounds;
            return this;
        }

        /**
         * Sets the cost at which the model is not asked again, in US dollars; no limit by default. Checked between rounds, so the
         * last round may go beyond it. If the cost of a round is not known, the loop ends after it: the limit could not be kept.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxCost(BigDecimal usd) {
            if (usd.signum() <= 0) {
                throw new IllegalArgumentException("maxCost must be positive, found " + usd);
            }
            maxCost = usd;
            return this;
        }

        /**
         * Sets the longest that the whole loop may take, tools and the pauses of who reads a stream included; no limit by default.
         * The clock starts with the call of {@code run} or {@code stream}. What runs when the time is over is interrupted.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder timeout(Duration limit) {
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("timeout must be positive, found " + limit);
            }
            timeout = limit;
            return this;
        }

        /**
         * Runs the calls of a round at the same time on this executor, which stays the caller's. What it rejects runs on the thread
         * that runs or reads the loop. By default all run there, one after another.
         */
        public Builder parallel(Executor newExecutor) {
            executor = Objects.requireNonNull(newExecutor, "executor");
            return this;
        }

        /**
         * Ends the loop with a {@link ToolFailedException} when a tool throws, or returns what cannot be written, instead of telling
         * the model.
         */
        public Builder endOnToolFailure() {
            endingOnToolFailure = true;
            return this;
        }

        /**
         * The loop.
         *
         * @throws IllegalArgumentException if there is no tool
         */
        public ToolLoop build() {
            if (tools.isEmpty()) {
                throw new IllegalArgumentException("A tool loop needs a tool; add one with tool(…) or tools(…)");
            }
            return new ToolLoop(this);
        }
    }
}
