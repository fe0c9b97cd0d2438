package dev.portolan.resilience;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.RecoveringPorts;
import dev.portolan.api.spi.Recovery;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Moves a call that failed on to other models, of the same or of other providers, in a given order.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(Fallback.to("openrouter/anthropic/claude-sonnet-4.5", "ollama/llama3"))
 *         .build();
 *
 * Fallback.builder()
 *         .to("openrouter/anthropic/claude-sonnet-4.5")
 *         .onContextTooLong("openrouter/google/gemini-2.5-pro")
 *         .from("openrouter/openai/gpt-4o").to("openrouter/openai/gpt-4o-mini")
 *         .forImages("openrouter/google/gemini-2.5-flash-image")
 *         .build();
 * }</pre>
 *
 * <p>Every model is tried once, the one that was asked first and then the list; a model that was tried already is passed over.
 * Who answered, and how the others failed, is in {@link dev.portolan.api.Reply#attempts()}, and
 * {@link dev.portolan.api.Reply#totalCost()} includes what failed attempts cost. If all fail, the exception is that of the
 * last, with all {@linkplain PortolanException#attempts() attempts}. A stream moves on only while none of its events has
 * reached the reader.
 *
 * <table>
 * <caption>Which failures move on, by default</caption>
 * <tr><th>failure</th><th>moves on</th></tr>
 * <tr><td>rate limited; provider unavailable; connection; a timeout other than that of the whole call</td><td>yes</td></tr>
 * <tr><td>broken stream, malformed response</td><td>yes: nothing of it has reached the caller</td></tr>
 * <tr><td>context too long, content policy</td><td>yes; to a list of their own if there is one</td></tr>
 * <tr><td>not found, insufficient credits, permission denied, payload too large</td><td>yes: what one model or provider lacks or
 *     forbids, another may have or allow</td></tr>
 * <tr><td>authentication</td><td>no: a wrong key would go unnoticed. {@link Builder#when} can change it</td></tr>
 * <tr><td>invalid request, configuration, budget exceeded, cancelled, the time limit of the whole call</td><td>never: they
 *     are the caller's, whichever model is asked</td></tr>
 * </table>
 *
 * <p>A failed attempt that {@linkplain PortolanException#mayBeCharged() may be charged} moves on too, since another model
 * cannot be asked without paying for both; {@link Builder#evenIfCharged} can forbid it.
 *
 * <p>The time limit of the request holds for all models together: each further one has what is left. Without one, each model
 * has its provider's own limit. Retries are made by the provider for each model before the call moves on; for quicker moves
 * give the request fewer.
 *
 * <p>Further models get the same request. Options of a provider are read by that provider only; others answer with a warning.
 * The base URL and the headers of {@link CallOptions} are for the first provider, and may hold its key: they do not go to
 * another provider.
 *
 * <p>The lists are for chat. Models that draw have lists of their own: {@link Builder#forImages}. So have models that embed:
 * vectors of different models do not mix, and a search among both finds nonsense, without any error. Embeddings therefore move
 * on only where {@link Builder#forEmbeddings} says that two models give the same vectors.
 *
 * <p>Immutable.
 */
public final class Fallback implements PortDecorator {
    /** Where it stands: outside of all others of this package. */
    public static final int ORDER = 100;

    private final Lists chat;
    private final Lists images;
    private final Map<ModelId, Lists> byModel;
    private final Map<ModelId, Lists> embeddings;
    private final Predicate<? super PortolanException> when;
    private final boolean evenIfCharged;
    private final LongSupplier nanoTime;

    private Fallback(Builder builder) {
        this.chat = builder.chat;
        this.images = builder.images;
        this.byModel = Map.copyOf(builder.byModel);
        this.embeddings = Map.copyOf(builder.embeddings);
        this.when = builder.when;
        this.evenIfCharged = builder.evenIfCharged;
        this.nanoTime = builder.nanoTime;
    }

    /**
     * From whatever chat model was asked to these, in this order.
     *
     * @param models {@code <provider>/<model>} each
     * @throws IllegalArgumentException if a model id has another form, or there is none
     */
    public static Fallback to(String... models) {
        if (models.length == 0) {
            throw new IllegalArgumentException("A fallback needs at least one model to fall back to");
        }
        return builder().to(models).build();
    }

    /** Starts without any model to fall back to. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether a call that failed with this moves on by default; the table in the description of the class. */
    public static boolean movesOn(PortolanException failure) {
        return !isTheCallers(failure) && !(failure instanceof AuthenticationException);
    }

    private static boolean isTheCallers(PortolanException failure) {
        return failure instanceof InvalidRequestException
                || failure instanceof ConfigurationException
                || failure instanceof BudgetExceededException
                || failure instanceof CallCancelledException
                || (failure instanceof CallTimeoutException timeout
                        && timeout.clock() == CallTimeoutException.Clock.CALL);
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public ChatPort decorate(ChatPort port) {
        return RecoveringPorts.chat(
                port,
                request -> new Moves<>(
                        request, lists(request.model(), chat), ChatRequest::withModel, ChatRequest::withCall));
    }

    @Override
    public ImagePort decorate(ImagePort port) {
        return RecoveringPorts.images(
                port,
                request -> new Moves<>(
                        request, lists(request.model(), images), ImageRequest::withModel, ImageRequest::withCall));
    }

    @Override
    public EmbeddingPort decorate(EmbeddingPort port) {
        return embeddings.isEmpty()
                ? port
                : RecoveringPorts.embeddings(
                        port,
                        request -> new Moves<>(
                                request,
                                embeddings.getOrDefault(request.model(), Lists.UNSET),
                                EmbeddingRequest::withModel,
                                EmbeddingRequest::withCall));
    }

    private Lists lists(ModelId model, Lists general) {
        Lists own = byModel.get(model);
        return own == null ? general : own.or(general);
    }

    /** One call on its way along the lists of the model that was asked first. */
    private final class Moves<Q extends Request> implements Recovery<Q> {
        private final Q asked;
        private final Lists lists;
        private final BiFunction<Q, ModelId, Q> withModel;
        private final BiFunction<Q, CallOptions, Q> withCall;
        private final long begun = nanoTime.getAsLong();
        private final Set<ModelId> tried = new HashSet<>(4);
        private List<ModelId> list;

        Moves(Q asked, Lists lists, BiFunction<Q, ModelId, Q> withModel, BiFunction<Q, CallOptions, Q> withCall) {
            this.asked = asked;
            this.lists = lists;
            this.withModel = withModel;
            this.withCall = withCall;
            this.list = lists.any() == null ? List.of() : lists.any();
        }

        @Override
        public Next<Q> after(Q failed, PortolanException failure) {
            tried.add(failed.model());
            if (isTheCallers(failure) || (failure.mayBeCharged() && !evenIfCharged) || !when.test(failure)) {
                throw failure;
            }
            changeList(failure);
            for (ModelId model : list) {
                if (!tried.contains(model)) {
                    return new Next<>(
                            withCall.apply(withModel.apply(asked, model), options(model, failure)), Duration.ZERO);
                }
            }
            throw failure;
        }

        /** What is too long for one model, or offends it, stays so: the call does not come back to the former list. */
        private void changeList(PortolanException failure) {
            List<ModelId> special = failure instanceof ContextTooLongException
                    ? lists.contextTooLong()
                    : failure instanceof ContentPolicyException ? lists.contentPolicy() : null;
            list = special == null ? list : special;
        }

        private CallOptions options(ModelId model, PortolanException failure) {
            CallOptions options = asked.call();
            if (!model.provider().equals(asked.model().provider())) {
                options = new CallOptions(options.timeouts(), options.retries(), null, Map.of(), options.tags());
            }
            Duration limit = options.timeout();
            if (limit == null || limit.isZero()) {
                return options;
            }
            Duration left = limit.minusNanos(nanoTime.getAsLong() - begun);
            if (left.isNegative() || left.isZero()) {
                throw failure;
            }
            return options.withTimeout(left);
        }
    }

    /**
     * Where a model's calls move on to.
     *
     * @param any after any failure; {@code null} if nothing was said
     * @param contextTooLong after this one; {@code null} for {@code any}
     * @param contentPolicy after this one; {@code null} for {@code any}
     */
    private record Lists(
            @Nullable List<ModelId> any,
            @Nullable List<ModelId> contextTooLong,
            @Nullable List<ModelId> contentPolicy) {
        static final Lists UNSET = new Lists(null, null, null);

        Lists withAny(List<ModelId> models) {
            return new Lists(models, contextTooLong, contentPolicy);
        }

        Lists withContextTooLong(List<ModelId> models) {
            return new Lists(any, models, contentPolicy);
        }

        Lists withContentPolicy(List<ModelId> models) {
            return new Lists(any, contextTooLong, models);
        }

        Lists or(Lists general) {
            return new Lists(
                    any != null ? any : general.any,
                    contextTooLong != null ? contextTooLong : general.contextTooLong,
                    contentPolicy != null ? contentPolicy : general.contentPolicy);
        }
    }

    private static List<ModelId> parse(String... models) {
        return Arrays.stream(models).map(ModelId::parse).distinct().toList();
    }

    /** Collects lists of models. A list that is set again is replaced. Not thread-safe. */
    public static final class Builder {
        private Lists chat = Lists.UNSET;
        private Lists images = Lists.UNSET;
        private final Map<ModelId, Lists> byModel = new HashMap<>();
        private final Map<ModelId, Lists> embeddings = new HashMap<>();
        private Predicate<? super PortolanException> when = Fallback::movesOn;
        private boolean evenIfCharged = true;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Sets where chat calls move on to, whichever model was asked, unless that has a list of its own.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder to(String... models) {
            chat = chat.withAny(parse(models));
            return this;
        }

        /**
         * Sets where chat calls move on to that are too long for the model: models with a longer context. From then on the call
         * keeps to this list, whatever else happens. Without this list they move on as after other failures.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder onContextTooLong(String... models) {
            chat = chat.withContextTooLong(parse(models));
            return this;
        }

        /**
         * Sets where chat calls move on to that the model will not answer. From then on the call keeps to this list, unless it
         * is too long. Without this list they move on as after other failures.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder onContentPolicy(String... models) {
            chat = chat.withContentPolicy(parse(models));
            return this;
        }

        /**
         * Starts a list of one model, for chat or images: it replaces the general list of its kind for calls to this model.
         *
         * @param model the model that is asked first, {@code <provider>/<model>}
         * @throws IllegalArgumentException if the model id has another form
         */
        public From from(String model) {
            return new From(this, ModelId.parse(model));
        }

        /**
         * Sets where image calls move on to, whichever model was asked, unless that has a list of its own.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder forImages(String... models) {
            images = images.withAny(parse(models));
            return this;
        }

        /**
         * Sets where embedding calls of one model move on to. Only name what gives the very same vectors: the same model at
         * another provider. Vectors of different models lie in different spaces, even if they are of the same length; a store
         * that holds both finds nonsense, and nothing reports an error.
         *
         * @param model the model that is asked first, {@code <provider>/<model>}
         * @param same the same model elsewhere, {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder forEmbeddings(String model, String... same) {
            embeddings.put(ModelId.parse(model), Lists.UNSET.withAny(parse(same)));
            return this;
        }

        /**
         * Sets which failures move on, instead of {@link Fallback#movesOn}. Not asked about those that never do; what it throws
         * goes to the caller.
         */
        public Builder when(Predicate<? super PortolanException> test) {
            when = test;
            return this;
        }

        /** Sets whether to move on too when the failed attempt may be charged, so that two are paid for; yes by default. */
        public Builder evenIfCharged(boolean allowed) {
            evenIfCharged = allowed;
            return this;
        }

        Builder nanoTime(LongSupplier newNanoTime) {
            nanoTime = newNanoTime;
            return this;
        }

        /** The fallback. */
        public Fallback build() {
            return new Fallback(this);
        }
    }

    /** The lists of one model; each method sets one and gives the builder back. */
    public static final class From {
        private final Builder builder;
        private final ModelId model;

        private From(Builder builder, ModelId model) {
            this.builder = builder;
            this.model = model;
        }

        /**
         * Sets where calls to this model move on to; none, for nowhere.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder to(String... models) {
            return put(lists().withAny(parse(models)));
        }

        /**
         * Sets where calls to this model move on to that are too long for it, as {@link Builder#onContextTooLong}.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder onContextTooLong(String... models) {
            return put(lists().withContextTooLong(parse(models)));
        }

        /**
         * Sets where calls to this model move on to that it will not answer, as {@link Builder#onContentPolicy}.
         *
         * @param models {@code <provider>/<model>} each
         * @throws IllegalArgumentException if a model id has another form
         */
        public Builder onContentPolicy(String... models) {
            return put(lists().withContentPolicy(parse(models)));
        }

        private Lists lists() {
            return builder.byModel.getOrDefault(model, Lists.UNSET);
        }

        private Builder put(Lists lists) {
            builder.byModel.put(model, lists);
            return builder;
        }
    }
}
