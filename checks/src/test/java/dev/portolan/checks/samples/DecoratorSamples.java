package dev.portolan.checks.samples;

import dev.portolan.api.Portolan;
import dev.portolan.api.Reply;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.CallDecorator;
import dev.portolan.api.spi.CallObserver;
import dev.portolan.api.spi.PortDecorator;

/** The samples of {@code docs/decorators.md}, each between two marks. */
public final class DecoratorSamples {
    private DecoratorSamples() {}

    // sample: guard_tag
    static final SpendingGuard TAGGED = (callId, request) -> {
        if (!request.call().tags().containsKey("team")) {
            throw new BudgetExceededException(
                    "Say for which team the call is: .tag(\"team\", …)", ErrorDetails.NONE.withModel(request.model()));
        }
        return SpendingGuard.Reservation.NONE;
    };
    // end

    public static Portolan wired() {
        // sample: decorator_wired
        Portolan portolan = Portolan.builder()
                .discover()
                .decorator(new CallLog())
                .decorator(new AnswerLimit())
                .guard(TAGGED)
                .guard(new Ceiling("0.50"))
                .build();
        // end
        return portolan;
    }
}

// sample: decorator_log
final class CallLog extends CallDecorator {
    @Override
    protected CallObserver begin(Request request) {
        return new CallObserver() {
            @Override
            public void finished(Reply reply) {
                log(request, reply.usage().totalTokens() + " tokens, " + reply.totalCost());
            }

            @Override
            public void failed(Throwable failure) {
                log(request, failure.toString());
            }

            @Override
            public void closed() { // a stream, before its end
                log(request, "left");
            }
        };
    }

    private static void log(Request request, String how) {
        System.out.println(request.model() + ": " + how);
    }
}
// end

// sample: decorator_change
final class AnswerLimit implements PortDecorator {
    @Override
    public ChatPort decorate(ChatPort port) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return port.complete(limited(request));
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return port.stream(limited(request));
            }
        };
    }

    private static ChatRequest limited(ChatRequest request) {
        return request.output().maxTokens() != null
                ? request
                : request.toBuilder().maxTokens(500).build();
    }
}
// end
