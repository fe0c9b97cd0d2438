package dev.portolan.checks.samples;

import dev.portolan.api.Attempt;
import dev.portolan.api.Portolan;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Timeouts;
import dev.portolan.api.async.AsyncChat;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.resilience.CircuitBreaking;
import dev.portolan.resilience.ConcurrencyLimit;
import dev.portolan.resilience.Fallback;
import dev.portolan.resilience.ReplyCache;
import dev.portolan.resilience.Scope;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** The samples of {@code docs/failures.md}, each between two marks. */
public final class FailureSamples {
    private FailureSamples() {}

    public static void deciding(Portolan portolan, ChatRequest request) {
        // sample: deciding
        try {
            System.out.println(portolan.chat().complete(request).text());
        } catch (RateLimitedException e) {
            System.out.println("Later: " + e.retryAfter().orElse(Duration.ofMinutes(1)));
        } catch (ContextTooLongException e) {
            System.out.println("Shorter, please");
        } catch (PortolanException e) {
            System.out.println(e.getMessage() + " Worth another try: " + e.retryable());
        }
        // end
    }

    public static void retries(Portolan portolan) {
        // sample: retries
        ChatResponse reply = portolan.chat()
                .complete(ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                        .user("Hello")
                        .retries(RetryPolicy.DEFAULT
                                .withMaxAttempts(5)
                                .withDelays(Duration.ofMillis(200), Duration.ofSeconds(20)))
                        .timeouts(Timeouts.UNSET
                                .withFirstByte(Duration.ofSeconds(60))
                                .withCall(Duration.ofMinutes(2)))
                        .build());
        for (Attempt attempt : reply.attempts()) {
            System.out.println(attempt.model() + " after " + attempt.delay() + ": "
                    + (attempt.failure() == null
                            ? "answered"
                            : attempt.failure().getMessage()));
        }
        // end
    }

    public static void broken(Portolan portolan, ChatRequest request) {
        // sample: broken
        try (ChatStream stream = portolan.chat().stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                }
            }
        } catch (BrokenStreamException e) {
            String soFar = e.partial().map(ChatResponse::text).orElse("");
            System.out.println("\nBroke after " + soFar.length() + " characters; cost: " + e.cost());
        }
        // end
    }

    public static void cancelling(Portolan portolan, ChatRequest request, Executor executor) {
        // sample: cancelling
        AsyncChat chat = AsyncChat.of(portolan.chat(), executor); // any executor; virtual threads are fine
        CompletableFuture<ChatResponse> answer = chat.complete(request);
        answer.orTimeout(30, TimeUnit.SECONDS); // or answer.cancel(true): either closes the socket
        Flow.Publisher<ChatEvent> events = chat.stream(request); // opened, and paid for, when somebody asks for events
        // end
        System.out.println(answer.join().text().isEmpty() + " " + (events != null));
    }

    public static Portolan fallback() {
        // sample: fallback
        Portolan portolan = Portolan.builder()
                .discover()
                .decorator(Fallback.builder()
                        .to("openrouter/anthropic/claude-sonnet-4.5", "openrouter/openai/gpt-4o-mini")
                        .onContextTooLong("openrouter/google/gemini-2.5-pro")
                        .build())
                .decorator(CircuitBreaking.builder().failures(5, 10).build()) // 5 of the last 10 calls
                .decorator(ConcurrencyLimit.atMost(50)
                        .per(Scope.PROVIDER)
                        .maxWait(Duration.ofSeconds(10))
                        .build())
                .build();
        // end
        return portolan;
    }

    public static Portolan cache() {
        // sample: cache
        Portolan portolan = Portolan.builder()
                .discover()
                .decorator(ReplyCache.builder()
                        .maxEntries(5_000) // 1,000 unless you say otherwise
                        .maxAge(Duration.ofHours(1)) // 10 minutes unless you say otherwise
                        .when(request -> request instanceof EmbeddingRequest) // every request unless you say otherwise
                        .build())
                .build();
        // end
        return portolan;
    }

    public static void faults(Portolan portolan, OpenRouterSimulator simulator, ChatRequest request) {
        // sample: faults
        simulator.faults().next(2, Fault.rateLimited(Duration.ofSeconds(1))); // then the third attempt succeeds
        simulator.faults().on("/chat/completions").next(Fault.cutAfterEvents(3));
        simulator.faults().next(Fault.parse("error-event events=3 status=429"));
        simulator.faults().seeded(42, 0.3, Fault.everyKindThatEnds()); // three calls in ten fail in some way
        // end
        simulator.faults().clear();
        simulator.faults().next(Fault.status(503));
        System.out.println(portolan.chat().complete(request).attempts().size());
    }
}
