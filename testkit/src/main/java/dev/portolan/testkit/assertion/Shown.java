package dev.portolan.testkit.assertion;

import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.UserMessage;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.embedding.EmbeddingInput;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How things look in messages. */
final class Shown {
    private static final int LONGEST = 100;

    private Shown() {}

    static String of(@Nullable Object value) {
        if (value instanceof FakeCall<?> call) {
            return of(call.request()) + (call.streamed() ? " (streamed)" : "");
        } else if (value instanceof Request request) {
            return "to " + request.model() + ": " + about(request);
        } else if (value instanceof SimulatorRequest request) {
            return request.method() + " " + request.path()
                    + request.model().map(model -> ", model " + model).orElse("");
        } else if (value instanceof CostEvent event) {
            return event.operation() + " of " + event.model() + ", "
                    + event.outcome().status() + ", " + event.cost() + ", tags " + event.tags();
        } else if (value instanceof String text) {
            return "\"" + shortened(text) + "\"";
        }
        return String.valueOf(value);
    }

    private static String about(Request request) {
        if (request instanceof ChatRequest chat) {
            return of(userText(chat));
        } else if (request instanceof EmbeddingRequest embedding) {
            return texts(embedding).toString();
        }
        return of(((ImageRequest) request).prompt());
    }

    private static String shortened(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    /** The text of the last user message; null if there is none. */
    static @Nullable String userText(ChatRequest request) {
        String text = null;
        for (Message message : request.messages()) {
            text = message instanceof UserMessage ? message.text() : text;
        }
        return text;
    }

    static List<String> texts(EmbeddingRequest request) {
        return request.inputs().stream()
                .map(input -> input instanceof EmbeddingInput.Text text ? text.text() : input.toString())
                .toList();
    }
}
