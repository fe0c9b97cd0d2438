package dev.portolan.resilience;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.Reply;
import dev.portolan.api.Request;
import dev.portolan.api.Timeouts;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.ReplayedStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers a request from memory if an equal one was answered a while ago: chat, whole or as a stream, and embeddings. Images
 * pass by.
 *
 * <pre>{@code
 * Portolan.builder()
 *         .discover()
 *         .decorator(ReplyCache.builder()
 *                 .maxEntries(5_000)
 *                 .maxAge(Duration.ofHours(1))
 *                 .when(request -> request instanceof EmbeddingRequest)
 *                 .build())
 *         .build();
 * }</pre>
 *
 * <p>Requests are equal if all of them is: model, messages, tools, parameters, options, extras, base URL and headers. On whose
 * account a call is, how long it may take and how often it is tried makes no difference.
 *
 * <p>A reply is kept once it is whole: a stream that was read to its end. One that failed, was left, was held back, or gave no
 * reason for its end is not. Equal calls that are under way together are all made.
 *
 * <p>What comes from memory is the reply as it was, with its id and warnings, but for what this call took: no attempts, no
 * tokens, and it cost nothing. {@link CacheHit} among its metadata tells so. Nothing is sent; guards, sinks and ledgers, which
 * are about calls of providers, do not hear of it. A stream gives each part of the answer in one piece.
 *
 * <p>Requests and replies are kept in memory, with all images and files in them. Thread-safe; one object has one memory for all
 * ports that it decorates.
 */
public final class ReplyCache implements PortDecorator {
    /**
     * Where it stands: inside of {@link Fallback}, so that what another model said is not taken for an answer of the one that
     * was asked; outside of the others of this package, so that what comes from memory takes up no place and no turn.
     */
    public static final int ORDER = 150;

    private final Predicate<? super Request> when;
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;
    private final Map<Key, Kept> replies;
    private final CallDecorator keeping = new Keeping();

    private ReplyCache(Builder builder) {
        this.when = builder.when;
        this.maxAgeNanos = builder.maxAge.toNanos();
        this.nanoTime = builder.nanoTime;
        this.replies = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Kept> eldest) {
                return size() > builder.maxEntries;
            }
        };
    }

    /** Starts a cache. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@value #ORDER}. */
    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public ChatPort decorate(ChatPort port) {
        ChatPort kept = keeping.decorate(port);
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                ChatResponse known = known(request);
                return known == null ? kept.complete(request) : known;
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                ChatResponse known = known(request);
                return known == null ? kept.stream(request) : ReplayedStream.of(known);
            }
        };
    }

    @Override
    public EmbeddingPort decorate(EmbeddingPort port) {
        EmbeddingPort kept = keeping.decorate(port);
        return request -> {
            EmbeddingResponse known = known(request);
            return known == null ? kept.embed(request) : known;
        };
    }

    private @Nullable ChatResponse known(ChatRequest request) {
        Kept kept = find(request);
        if (kept == null || !(kept.reply() instanceof ChatResponse reply)) {
            return null;
        }
        return new ChatResponse(
                reply.id(),
                reply.model(),
                reply.provider(),
                reply.created(),
                reply.choices(),
                Usage.NOT_REPORTED,
                Cost.NONE,
                reply.systemFingerprint(),
                reply.serviceTier(),
                reply.warnings(),
                List.of(),
                marked(kept),
                reply.extras());
    }

    private @Nullable EmbeddingResponse known(EmbeddingRequest request) {
        Kept kept = find(request);
        if (kept == null || !(kept.reply() instanceof EmbeddingResponse reply)) {
            return null;
        }
        return new EmbeddingResponse(
                reply.ids(),
                reply.model(),
                reply.provider(),
                reply.embeddings(),
                Usage.NOT_REPORTED,
                Cost.NONE,
                reply.warnings(),
                List.of(),
                marked(kept),
                reply.extras());
    }

    private List<ProviderMetadata> marked(Kept kept) {
        List<ProviderMetadata> metadata = new ArrayList<>(kept.reply().metadata());
        metadata.add(new CacheHit(Duration.ofNanos(age(kept))));
        return metadata;
    }

    private long age(Kept kept) {
        return nanoTime.getAsLong() - kept.since();
    }

    private @Nullable Kept find(Request request) {
        if (!when.test(request)) {
            return null;
        }
        Key key = Key.of(request);
        synchronized (replies) {
            Kept kept = replies.get(key);
            if (kept != null && age(kept) >= maxAgeNanos) {
                replies.remove(key);
                return null;
            }
            return kept;
        }
    }

    private void keep(Request request, Reply reply) {
        Key key = Key.of(request);
        synchronized (replies) {
            replies.put(key, new Kept(reply, nanoTime.getAsLong()));
        }
    }

    private static boolean isWhole(Reply reply) {
        return !(reply instanceof ChatResponse chat)
                || (!chat.choices().isEmpty() && chat.choices().stream().allMatch(ReplyCache::isWhole));
    }

    private static boolean isWhole(ChatChoice choice) {
        return switch (choice.finishReason().unified()) {
            case STOP, LENGTH, TOOL_CALLS -> true;
            case CONTENT_FILTER, ERROR, OTHER, UNKNOWN -> false;
        };
    }

    /** Keeps what a provider answers. */
    private final class Keeping extends CallDecorator {
        @Override
        protected CallObserver begin(Request request) {
            if (!when.test(request)) {
                return CallObserver.NONE;
            }
            return new CallObserver() {
                @Override
                public void finished(Reply reply) {
                    if (isWhole(reply)) {
                        keep(request, reply);
                    }
                }

                @Override
                public void failed(Throwable failure) {}

                @Override
                public void closed() {}
            };
        }
    }

    /**
     * A reply that was given.
     *
     * @param since when, by the clock of the cache
     */
    private record Kept(Reply reply, long since) {}

    /**
     * What a reply depends on.
     *
     * @param hash of the request, which may be large: worked out once, and while nobody else has to wait
     */
    private record Key(Request request, int hash) {
        static Key of(Request request) {
            CallOptions call = request.call();
            CallOptions sent = new CallOptions(Timeouts.UNSET, null, call.baseUrl(), call.headers(), Map.of());
            Request asked = request instanceof ChatRequest chat
                    ? chat.withCall(sent)
                    : request instanceof EmbeddingRequest texts ? texts.withCall(sent) : request;
            return new Key(asked, asked.hashCode());
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.hash == hash && key.request.equals(request);
        }
    }

    /** Collects a cache. Not thread-safe. */
    public static final class Builder {
        private int maxEntries = 1_000;
        private Duration maxAge = Duration.ofMinutes(10);
        private Predicate<? super Request> when = request -> true;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Sets how many replies are kept, 1,000 by default. When there is no more room, the one that was not asked for the
         * longest goes.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder maxEntries(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("A cache must keep at least 1 reply, found " + count);
            }
            maxEntries = count;
            return this;
        }

        /**
         * Sets how long after the provider gave it a reply is given again, 10 minutes by default.
         *
         * @throws IllegalArgumentException if it is not positive, or more than a year
         */
        public Builder maxAge(Duration age) {
            if (age.isNegative() || age.isZero() || age.compareTo(Refusal.LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "The age of what a cache keeps must be above zero and at most a year, found " + age);
            }
            maxAge = age;
            return this;
        }

        /**
         * Sets which requests the cache is for, instead of all. May be asked more than once about a call; what it throws goes to
         * the caller.
         */
        public Builder when(Predicate<? super Request> test) {
            when = test;
            return this;
        }

        Builder nanoTime(LongSupplier newNanoTime) {
            nanoTime = newNanoTime;
            return this;
        }

        /** The cache. */
        public ReplyCache build() {
            return new ReplyCache(this);
        }
    }
}
