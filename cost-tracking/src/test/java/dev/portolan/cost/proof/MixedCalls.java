package dev.portolan.cost.proof;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Portolan;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of every kind, from many threads: some are left, some fail. The same numbers make the same calls. */
final class MixedCalls {
    private static final List<String> TEAMS = List.of("search", "support", "research", "naïve \"quotes\"; 'n co");
    private static final RetryPolicy RETRIES =
            RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(5));

    private final Portolan portolan;

    MixedCalls(Portolan portolan) {
        this.portolan = portolan;
    }

    /** Makes the calls with the numbers from one to another, and waits until all have ended. Returns how many failed. */
    int make(int from, int to, int threads) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        AtomicInteger next = new AtomicInteger(from);
        AtomicInteger failed = new AtomicInteger();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(callers.submit(() -> {
                    for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                        try {
                            make(number);
                        } catch (BudgetExceededException refused) {
                            throw refused;
                        } catch (PortolanException expected) {
                            failed.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            callers.shutdownNow();
        }
        return failed.get();
    }

    private void make(int number) {
        Random random = new Random(number * 7919L);
        CallOptions options = CallOptions.DEFAULT
                .withRetries(RETRIES)
                .withTag("team", TEAMS.get(random.nextInt(TEAMS.size())))
                .withTag("user", "user-" + random.nextInt(50));
        int kind = random.nextInt(1000);
        if (kind < 500) {
            portolan.chat().complete(chat(random, options));
        } else if (kind < 850) {
            int events = random.nextInt(4) == 0 ? random.nextInt(8) : Integer.MAX_VALUE;
            try (ChatStream stream = portolan.chat().stream(chat(random, options))) {
                for (Object event = stream.next(); event != null && --events > 0; ) {
                    event = stream.next();
                }
            }
        } else if (kind < 995) {
            portolan.embeddings()
                    .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                            .dimensions(8)
                            .texts(List.of("one", "two " + number, "three"))
                            .batching(new EmbeddingRequest.Batching(2, 1000, 2))
                            .call(options)
                            .build());
        } else {
            portolan.images()
                    .generate(ImageRequest.builder("openrouter/google/gemini-2.5-flash-image")
                            .prompt("a harbour")
                            .resolution("512")
                            .call(options)
                            .build());
        }
    }

    private static ChatRequest chat(Random random, CallOptions options) {
        String model = random.nextBoolean() ? "openai/gpt-4o-mini" : "anthropic/claude-sonnet-4.5";
        return ChatRequest.builder("openrouter/" + model)
                .user("Tell me about topic " + random.nextInt(1000))
                .call(options)
                .build();
    }
}
