package dev.portolan.api.catalog;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds requests against the catalogue before they are sent: parameters that the model does not know, modalities that it
 * does not take or give, more tokens than it has room for. What is found comes back in the reply's warnings, or is an
 * error. A model that the catalogue does not have, or a catalogue that cannot be read, lets requests through.
 */
public final class CheckedChat implements ChatPort {
    private final ChatPort port;
    private final ModelCatalogPort catalog;
    private final Unsupported policy;

    /** Around a port, with the catalogue of its models. */
    public CheckedChat(ChatPort port, ModelCatalogPort catalog, Unsupported policy) {
        this.port = port;
        this.catalog = catalog;
        this.policy = policy;
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        RequestCheck check = check(request);
        return check.warnings().isEmpty()
                ? port.complete(check.request())
                : port.complete(check.request()).withWarnings(check.warnings());
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        RequestCheck check = check(request);
        ChatStream stream = port.stream(check.request());
        return check.warnings().isEmpty() ? stream : new Warned(stream, check.warnings());
    }

    private RequestCheck check(ChatRequest request) {
        Optional<ModelInfo> model;
        try {
            model = catalog.model(request.model());
        } catch (PortolanException unreadable) {
            return new RequestCheck(
                    request,
                    List.of(new Warning("catalog", "The catalogue could not be read, so the request was not checked")));
        }
        return model.map(info -> RequestCheck.of(request, info, policy))
                .orElseGet(() -> new RequestCheck(request, List.of()));
    }

    /** The same stream, whose reply has further warnings. */
    private record Warned(ChatStream stream, List<Warning> warnings) implements ChatStream {
        @Override
        public @Nullable ChatEvent next() {
            ChatEvent event = stream.next();
            return event instanceof ChatEvent.ResponseFinished finished
                    ? new ChatEvent.ResponseFinished(finished.response().withWarnings(warnings))
                    : event;
        }

        @Override
        public ChatResponse response() {
            return stream.response().withWarnings(warnings);
        }

        @Override
        public @Nullable List<String> generationIds() {
            return stream.generationIds();
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
