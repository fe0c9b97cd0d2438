package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.Timeouts;
import dev.portolan.api.async.AsyncChat;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Reasoning;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

/** The samples of {@code docs/streaming.md}, each between two marks. */
public final class StreamingSamples {
    private StreamingSamples() {}

    public static void text(Portolan portolan, ChatRequest request) {
        // sample: stream_text
        try (ChatStream stream = portolan.chat().stream(request)) {
            ChatResponse whole = stream.forEachText(System.out::print);
            System.out.println("\n" + whole.finishReason().unified() + ", " + whole.cost());
        }
        // end
    }

    public static void reasoning(Portolan portolan) {
        // sample: stream_reasoning
        ChatRequest request = ChatRequest.builder("openrouter/anthropic/claude-sonnet-4.5")
                .user("How many hulls have three catamarans?")
                .reasoning(Reasoning.effort(Reasoning.Effort.LOW))
                .build();
        StringBuilder thoughts = new StringBuilder();
        try (ChatStream stream = portolan.chat().stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.ReasoningDelta thought) {
                    thoughts.append(thought.text());
                } else if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                } else if (event instanceof ChatEvent.UsageReported report) {
                    System.out.println(
                            "\n" + report.usage().completion().reasoningTokens() + " tokens of thought: " + thoughts);
                } else if (event instanceof ChatEvent.ResponseFinished finished) {
                    System.out.println(finished.response().finishReason().unified());
                }
            }
        }
        // end
    }

    public static void tools(Portolan portolan, ChatRequest request) {
        // sample: stream_tools
        try (ChatStream stream = portolan.chat().stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.ToolCallStarted started) {
                    System.out.println("calls " + started.name());
                } else if (event instanceof ChatEvent.ToolCallDelta delta) {
                    System.out.println("  " + delta.arguments()); // a piece of JSON text, not yet JSON
                } else if (event instanceof ChatEvent.ToolCallFinished finished) {
                    System.out.println(finished.toolCall().arguments()); // whole
                }
            }
        }
        // end
    }

    public static void stopButton(Portolan portolan, ChatRequest request, Button stop) {
        // sample: stream_stop
        try (ChatStream stream = portolan.chat().stream(request)) {
            stop.onClick(stream::cancel); // a button of yours, which calls on another thread
            stream.forEachText(System.out::print);
        } catch (CallCancelledException e) {
            String soFar = e.partial().map(ChatResponse::text).orElse("");
            System.out.println("\nStopped after " + soFar.length() + " characters");
        }
        // end
    }

    /** Some button of a user interface. */
    interface Button {
        void onClick(Runnable action);
    }

    public static String goOn(ChatPort chat, ChatRequest request) {
        // sample: stream_go_on
        try (ChatStream stream = chat.stream(request)) {
            return stream.forEachText(System.out::print).text();
        } catch (BrokenStreamException e) {
            String soFar = e.partial().map(ChatResponse::text).orElse("");
            if (soFar.isEmpty()) {
                throw e;
            }
            ChatRequest rest =
                    request.toBuilder().message(Message.assistant(soFar)).build(); // the model goes on from there
            return soFar + chat.complete(rest).text();
        }
        // end
    }

    public static void clocks(Portolan portolan) {
        // sample: stream_clocks
        ChatRequest request = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Tell me about the harbour of Genoa.")
                .timeouts(Timeouts.UNSET
                        .withFirstByte(Duration.ofSeconds(20)) // until the answer begins
                        .withIdle(Duration.ofSeconds(10)) // silence in its middle
                        .withCall(Duration.ofMinutes(3))) // until the last event, all attempts together
                .build();
        try (ChatStream stream = portolan.chat().stream(request)) {
            stream.forEachText(System.out::print);
        } catch (CallTimeoutException e) {
            System.out.println("\n" + e.clock() + " ran out");
        }
        // end
    }

    public static void many(Portolan portolan, List<ChatRequest> requests, ExecutorService executor)
            throws InterruptedException, ExecutionException {
        // sample: stream_many
        // On Java 21: Executors.newVirtualThreadPerTaskExecutor(). On 17: a pool with a thread for each stream at once.
        List<Future<ChatResponse>> replies = new ArrayList<>();
        for (ChatRequest request : requests) {
            replies.add(executor.submit(() -> {
                try (ChatStream stream = portolan.chat().stream(request)) {
                    return stream.response();
                }
            }));
        }
        for (Future<ChatResponse> reply : replies) {
            System.out.println(reply.get().cost());
        }
        // end
    }

    public static void future(Portolan portolan, ChatRequest request, ExecutorService executor) {
        // sample: stream_future
        AsyncChat chat = AsyncChat.of(portolan.chat(), executor);
        CompletableFuture<Void> shown = chat.complete(request).thenAccept(reply -> System.out.println(reply.text()));
        // end
        shown.join();
    }

    public static void publisher(Portolan portolan, ChatRequest request, ExecutorService executor)
            throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        // sample: stream_publisher
        Flow.Publisher<ChatEvent> events = AsyncChat.of(portolan.chat(), executor).stream(request);
        events.subscribe(new Flow.Subscriber<>() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription newSubscription) {
                subscription = newSubscription;
                subscription.request(1); // the call is made now
            }

            @Override
            public void onNext(ChatEvent event) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    System.out.print(delta.text());
                }
                subscription.request(1); // the next event is read from the socket now
            }

            @Override
            public void onError(Throwable failure) {
                System.out.println(failure.getMessage());
                done.countDown(); // a CountDownLatch that another thread waits for
            }

            @Override
            public void onComplete() {
                done.countDown();
            }
        });
        // end
        done.await();
    }
}
