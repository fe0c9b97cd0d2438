package dev.portolan.api.spi;

import dev.portolan.api.Attempt;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.Embedding;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Splits the inputs of a request into batches, embeds them at once up to a limit, and puts the results together: vectors
 * in the order of the inputs, tokens and cost summed up. A request that fits one batch goes through as it is.
 *
 * <p>The caller's thread works on batches too; the executor only helps, so that nothing waits for a thread of a pool.
 * Thread-safe.
 */
public final class BatchedEmbeddings implements EmbeddingPort {
    private final EmbeddingPort single;
    private final Executor helpers;

    /**
     * Around a port that sends what it is given in one request.
     *
     * @param helpers runs what the caller's thread does not get to; never used for a request of one batch
     */
    public BatchedEmbeddings(EmbeddingPort single, Executor helpers) {
        this.single = single;
        this.helpers = helpers;
    }

    @Override
    public EmbeddingResponse embed(EmbeddingRequest request) {
        List<List<EmbeddingInput>> batches = split(request);
        if (batches.size() == 1) {
            return single.embed(request);
        }
        List<FutureTask<EmbeddingResponse>> tasks = new ArrayList<>(batches.size());
        for (List<EmbeddingInput> batch : batches) {
            tasks.add(new FutureTask<>(() -> single.embed(request.withInputs(batch))));
        }
        Work work = new Work(tasks);
        int parallel = Math.min(request.batching().maxParallel(), tasks.size());
        try {
            for (int i = 1; i < parallel; i++) {
                helpers.execute(work);
            }
        } catch (RejectedExecutionException full) {
            // Then there are fewer helpers; this thread does what they do not.
        }
        work.run();
        return joined(request, batches, tasks);
    }

    /** Takes the next task that nobody has, until all are taken or one has failed. */
    private static final class Work implements Runnable {
        private final List<FutureTask<EmbeddingResponse>> tasks;
        private int next;

        Work(List<FutureTask<EmbeddingResponse>> tasks) {
            this.tasks = tasks;
        }

        @Override
        public void run() {
            for (FutureTask<EmbeddingResponse> task = take(); task != null; task = take()) {
                task.run();
                if (failed(task)) {
                    stop();
                }
            }
        }

        private synchronized @Nullable FutureTask<EmbeddingResponse> take() {
            return next < tasks.size() ? tasks.get(next++) : null;
        }

        /** Whoever is at work finishes, since its batch is paid for anyway; what nobody has begun is left out. */
        private synchronized void stop() {
            while (next < tasks.size()) {
                tasks.get(next++).cancel(false);
            }
        }

        private static boolean failed(FutureTask<EmbeddingResponse> task) {
            try {
                task.get();
                return false;
            } catch (ExecutionException | CancellationException | InterruptedException e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                return true;
            }
        }
    }

    private static EmbeddingResponse joined(
            EmbeddingRequest request, List<List<EmbeddingInput>> batches, List<FutureTask<EmbeddingResponse>> tasks) {
        Join join = new Join();
        RuntimeException failure = null;
        for (int i = 0; i < tasks.size(); i++) {
            try {
                if (!tasks.get(i).isCancelled()) {
                    join.add(tasks.get(i).get());
                }
            } catch (ExecutionException e) {
                RuntimeException next = unchecked(e);
                if (failure == null) {
                    failure = next;
                } else {
                    join.addFailed(next);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                tasks.forEach(task -> task.cancel(true));
                if (failure != null) {
                    join.addFailed(failure);
                }
                failure = new CallCancelledException(
                        "The thread was interrupted while it waited for embeddings",
                        ErrorDetails.NONE.withModel(request.model()),
                        e);
            }
            join.skip(batches.get(i).size());
        }
        if (failure instanceof PortolanException e) {
            join.addCost(e.cost());
            throw e.withPartial(join.response());
        }
        if (failure != null) {
            throw failure;
        }
        return join.response();
    }

    private static RuntimeException unchecked(ExecutionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
            return cause;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(e.getCause());
    }

    private static List<List<EmbeddingInput>> split(EmbeddingRequest request) {
        EmbeddingRequest.Batching limits = request.batching();
        List<List<EmbeddingInput>> batches = new ArrayList<>();
        List<EmbeddingInput> batch = new ArrayList<>();
        long characters = 0;
        for (EmbeddingInput input : request.inputs()) {
            long size = size(input);
            if (!batch.isEmpty()
                    && (batch.size() == limits.maxInputs() || characters + size > limits.maxCharacters())) {
                batches.add(batch);
                batch = new ArrayList<>();
                characters = 0;
            }
            batch.add(input);
            characters += size;
        }
        batches.add(batch);
        return batches;
    }

    private static long size(EmbeddingInput input) {
        if (input instanceof EmbeddingInput.Text text) {
            return text.text().length();
        } else if (input instanceof EmbeddingInput.Tokens tokens) {
            return 4L * tokens.tokens().length;
        }
        long size = 0;
        for (ContentPart part : ((EmbeddingInput.Content) input).parts()) {
            size += part instanceof ContentPart.Text text ? text.text().length() : 0;
        }
        return size;
    }

    /** Puts the replies of batches together. */
    private static final class Join {
        private final List<String> ids = new ArrayList<>();
        private String model = "";
        private @Nullable String provider;
        private final List<Embedding> embeddings = new ArrayList<>();
        private @Nullable Usage usage;
        private @Nullable Cost cost;
        private final Set<Warning> warnings = new LinkedHashSet<>();
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<ProviderMetadata> metadata = new ArrayList<>();
        private final Map<String, RawJson> extras = new LinkedHashMap<>();
        private int offset;

        void add(EmbeddingResponse batch) {
            ids.addAll(batch.ids());
            model = batch.model().isEmpty() ? model : batch.model();
            provider = batch.provider() == null ? provider : batch.provider();
            for (Embedding embedding : batch.embeddings()) {
                embeddings.add(new Embedding(offset + embedding.index(), embedding.vector()));
            }
            usage = usage == null ? batch.usage() : together(usage, batch.usage());
            addCost(batch.cost());
            warnings.addAll(batch.warnings());
            attempts.addAll(batch.attempts());
            metadata.addAll(batch.metadata());
            extras.putAll(batch.extras());
        }

        /** A sum that leaves out a batch which told nothing would pass for the whole. */
        private static Usage together(Usage one, Usage other) {
            return one.isReported() && other.isReported() ? one.plus(other) : Usage.NOT_REPORTED;
        }

        void addCost(Cost more) {
            cost = cost == null ? more : cost.plus(more);
        }

        /** A failure that is not the one that the caller gets: its attempts may be charged all the same. */
        void addFailed(RuntimeException failure) {
            if (failure instanceof PortolanException e) {
                attempts.addAll(e.attempts());
            }
        }

        void skip(int inputs) {
            offset += inputs;
        }

        EmbeddingResponse response() {
            return new EmbeddingResponse(
                    ids,
                    model,
                    provider,
                    embeddings,
                    usage == null ? Usage.NOT_REPORTED : usage,
                    cost == null ? Cost.UNKNOWN : cost,
                    List.copyOf(warnings),
                    attempts,
                    metadata,
                    extras);
        }
    }
}
