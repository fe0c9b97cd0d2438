package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.state.Ledger;
import java.io.IOException;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Something is missing from an answer that is else as it should be. */
public enum Rewrite implements Effect.Rewording {
    NO_USAGE {
        @Override
        @Nullable JsonObject rewritten(JsonObject json) {
            if (!json.has("usage")) {
                return json;
            }
            boolean nothingElse = json.has("choices") && json.array("choices").isEmpty();
            return nothingElse ? null : json.without("usage");
        }
    },
    NO_FINISH_REASON {
        @Override
        JsonObject rewritten(JsonObject json) {
            for (JsonObject choice : json.array("choices").objects()) {
                choice.put("finish_reason", null).put("native_finish_reason", null);
            }
            return json;
        }
    },
    /** The stream ends without {@code [DONE]}. */
    NO_DONE {
        @Override
        JsonObject rewritten(JsonObject json) {
            return json;
        }
    };

    /** The event or document without it; null if nothing is left of an event. */
    abstract @Nullable JsonObject rewritten(JsonObject json);

    @Override
    public Answer reword(Answer answer, Ledger ledger) {
        if (answer.isEventStream()) {
            return Bodies.through(answer, ledger, Filter::new);
        }
        JsonObject document = Bodies.document(answer);
        JsonObject rewritten = document == null ? null : rewritten(document);
        return rewritten == null ? answer : answer.body(new Answer.Whole(ByteString.encodeUtf8(rewritten.toString())));
    }

    static boolean isChat(JsonObject json) {
        return json.get("choices") instanceof JsonArray;
    }

    private final class Filter extends Bodies.PieceFilter {
        Filter(AnswerStream client) {
            super(client);
        }

        @Override
        public void send(byte[] piece) throws IOException {
            JsonObject json = Bodies.json(piece);
            if (json == null) {
                if (Rewrite.this != NO_DONE || !Bodies.isDone(piece)) {
                    client.send(piece);
                }
                return;
            }
            JsonObject rewritten = rewritten(json);
            if (rewritten != null) {
                client.send(Bodies.event(rewritten));
            }
        }
    }
}
