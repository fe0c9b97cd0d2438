package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.ErrorShape;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import java.util.List;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The model fails after it has begun (OpenRouter reference: streaming §5). What it wrote is free, by its finish reason
 * (OpenRouter reference: routing §9).
 *
 * @param events how many events come before the error
 * @param done whether {@code [DONE]} follows
 */
public record ErrorEvent(ErrorShape shape, int status, long events, boolean done) implements Effect.Rewording {
    public ErrorEvent {
        if (events < 0) {
            throw new IllegalArgumentException("events must not be negative but is " + events);
        }
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("the status of an error must be 400 to 599 but is " + status);
        }
    }

    @Override
    public Answer reword(Answer answer, Ledger ledger) {
        if (answer.isEventStream()) {
            return Bodies.through(answer, ledger, Filter::new);
        }
        JsonObject document = Bodies.document(answer);
        if (document == null) {
            return answer;
        }
        ledger.fail(answer.generationId());
        return answer.body(
                new Answer.Whole(ByteString.encodeUtf8(spoilt(document).toString())));
    }

    private JsonObject spoilt(JsonObject document) {
        List<JsonObject> choices = document.array("choices").objects();
        if (shape == ErrorShape.BARE || choices.isEmpty()) {
            return new JsonObject().put("error", error());
        }
        for (JsonObject choice : choices) {
            JsonObject message = choice.object("message");
            String content = message == null ? null : message.string("content");
            if (message != null && content != null) {
                int half = content.offsetByCodePoints(0, content.codePointCount(0, content.length()) / 2);
                message.put("content", events == 0 ? "" : content.substring(0, half));
            }
        }
        return failed(document.without("usage"), choices);
    }

    private JsonObject failed(JsonObject json, List<JsonObject> choices) {
        for (JsonObject choice : choices) {
            choice.put("finish_reason", "error").put("native_finish_reason", "error");
            if (shape == ErrorShape.CHOICE) {
                choice.put("error", error());
            }
        }
        return shape == ErrorShape.CHOICE || shape == ErrorShape.FINISH_REASON ? json : json.put("error", error());
    }

    private JsonObject error() {
        JsonObject error = new JsonObject().put("code", status).put("message", StandardErrors.message(status));
        String type = StandardErrors.errorType(status);
        return switch (shape) {
            case WORD_CODE -> error.put("code", status >= 500 ? "server_error" : "request_error");
            case NO_METADATA, BARE -> error;
            case PROVIDER_METADATA ->
                error.put(
                        "metadata",
                        new JsonObject().put("provider_name", "Simulated").put("raw", "{\"error\":\"overloaded\"}"));
            case AVAILABILITY ->
                error.without("code")
                        .put("error_type", type)
                        .put("http_status", status)
                        .put(
                                "availability",
                                new JsonObject()
                                        .put("code", status == 429 ? "capacity_exhausted" : "temporarily_unavailable")
                                        .put("retryable", true)
                                        .put("requested_models", new JsonArray())
                                        .put("docs_url", "https://openrouter.ai/docs/errors"));
            case CURRENT, CHOICE, FINISH_REASON -> {
                JsonObject metadata = new JsonObject().put("error_type", type);
                if (status != 500) { // whose cause is kept secret
                    metadata.put("provider_code", "simulated");
                }
                yield error.put("metadata", metadata);
            }
        };
    }

    private final class Filter extends Bodies.PieceFilter {
        private long seen;
        private JsonObject last = new JsonObject();

        Filter(AnswerStream client) {
            super(client);
        }

        @Override
        public void send(byte[] piece) throws IOException {
            if (Bodies.isEvent(piece)) {
                JsonObject json = Bodies.json(piece);
                last = json == null ? last : json;
                if (seen == events) {
                    byte[] event = Bodies.event(event(last));
                    throw new AnswerBroken(this, true, out -> {
                        out.send(event);
                        if (done) {
                            out.send(Bodies.bytes(Bodies.DONE));
                        }
                    });
                }
                seen++;
            }
            client.send(piece);
        }

        private JsonObject event(JsonObject like) {
            if (like.string("type") != null) { // OpenRouter reference: images §1
                return new JsonObject().put("type", "error").put("error", imageError());
            }
            if (shape == ErrorShape.BARE) {
                return new JsonObject().put("error", error());
            }
            JsonObject choice = new JsonObject().put("index", 0).put("delta", new JsonObject().put("content", ""));
            JsonObject chunk =
                    like.without("usage", "debug", "openrouter_metadata").put("choices", JsonArray.of(choice));
            return failed(chunk, List.of(choice));
        }

        private JsonObject imageError() {
            @Nullable String type = StandardErrors.errorType(status);
            return new JsonObject()
                    .put("message", StandardErrors.message(status))
                    .put("code", type)
                    .put("type", "image_generation_error")
                    .put("param", null);
        }
    }
}
