package dev.portolan.cost.price;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.error.ConfigurationException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a catalogue said of each model, asked again after a time, and never waited for long: each provider is asked on a daemon
 * thread of its own, and one that is slow or fails is left alone for a while. Thread-safe.
 */
final class CatalogCopy {
    static final Duration LEFT_ALONE = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(PriceBook.class.getName());
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Servers name the models that answered; one that makes names up must not fill the memory. */
    private static final int MOST_MODELS = 10_000;

    private final ModelCatalogPort catalog;
    private final Duration patience;
    private final long timeToLive;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<ModelId, Known> known = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Source> sources = new ConcurrentHashMap<>();

    private record Failure(long at, @Nullable Duration after) {}

    private record Known(Optional<ModelInfo> model, long at) {}

    CatalogCopy(ModelCatalogPort catalog, Duration patience, Duration timeToLive, LongSupplier nanoTime) {
        this.catalog = catalog;
        this.patience = patience;
        this.timeToLive = timeToLive.toNanos();
        this.nanoTime = nanoTime;
    }

    /** As the catalogue says, or last said; empty if it has no such model, or nothing is known. Keeps interrupts. */
    Optional<ModelInfo> model(ModelId id) {
        return model(id, patience);
    }

    /** The same, waited for so long. */
    Optional<ModelInfo> model(ModelId id, Duration patience) {
        Known last = known.get(id);
        if (last != null && isFresh(last)) {
            return last.model();
        }
        Optional<ModelInfo> lastKnown = last == null ? Optional.empty() : last.model();
        Source source = sources.computeIfAbsent(id.provider(), Source::new);
        if (source.isLeftAlone(patience)) {
            return lastKnown;
        }
        try {
            return source.ask(id).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Known late = known.get(id);
            if (late != null && isFresh(late)) {
                return late.model();
            }
            source.failed("it did not answer in " + patience, null, patience);
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.TRACE, "Told where it failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lastKnown;
    }

    private boolean isFresh(Known last) {
        return nanoTime.getAsLong() - last.at() < timeToLive;
    }

    /** The catalogue of one provider. */
    private final class Source {
        private final String provider;
        private final Executor thread;
        private final ConcurrentMap<ModelId, CompletableFuture<Optional<ModelInfo>>> asked = new ConcurrentHashMap<>();
        private volatile @Nullable Failure failure;

        Source(String provider) {
            this.provider = provider;
            ThreadPoolExecutor one = new ThreadPoolExecutor(
                    1, 1, IDLE.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), work -> {
                        Thread made = new Thread(work, "portolan-prices-" + provider);
                        made.setDaemon(true);
                        return made;
                    });
            one.allowCoreThreadTimeOut(true);
            this.thread = one;
        }

        /** For who would wait so long; who waits longer than was waited may be answered. */
        boolean isLeftAlone(Duration patience) {
            Failure last = failure;
            return last != null
                    && nanoTime.getAsLong() - last.at() < LEFT_ALONE.toNanos()
                    && (last.after() == null || last.after().compareTo(patience) >= 0);
        }

        /** Calls that ask for the same model at the same time wait for one answer. */
        CompletableFuture<Optional<ModelInfo>> ask(ModelId id) {
            CompletableFuture<Optional<ModelInfo>> mine = new CompletableFuture<>();
            CompletableFuture<Optional<ModelInfo>> first = asked.putIfAbsent(id, mine);
            if (first != null) {
                return first;
            }
            thread.execute(() -> answer(id, mine));
            return mine;
        }

        private void answer(ModelId id, CompletableFuture<Optional<ModelInfo>> asker) {
            try {
                Known last = known.get(id);
                if (last != null && isFresh(last)) {
                    // The asker had looked just before another look-up of the same model ended.
                    asked.remove(id);
                    asker.complete(last.model());
                    return;
                }
                Optional<ModelInfo> model = look(id);
                if (known.size() >= MOST_MODELS) {
                    known.clear();
                }
                known.put(id, new Known(model, nanoTime.getAsLong()));
                failure = null;
                asked.remove(id);
                asker.complete(model);
            } catch (RuntimeException | Error e) {
                failed(String.valueOf(e.getMessage()), e, null);
                asked.remove(id);
                asker.completeExceptionally(e);
            }
        }

        private Optional<ModelInfo> look(ModelId id) {
            try {
                return catalog.model(id);
            } catch (ConfigurationException none) {
                LOG.log(System.Logger.Level.DEBUG, "The provider has no catalogue", none);
                return Optional.empty();
            }
        }

        /**
         * @param after how long it was waited for; {@code null} if it answered with a failure
         */
        void failed(String reason, @Nullable Throwable cause, @Nullable Duration after) {
            failure = new Failure(nanoTime.getAsLong(), after);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The prices of " + provider + " could not be looked up: " + reason + ". For "
                            + LEFT_ALONE.toSeconds() + " seconds those known before are used",
                    cause);
        }
    }
}
