package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.embedding.EmbeddingRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link CallLog} notes of a call, each as one line in the form of {@link Lines}. */
sealed interface CallNote {
    /** The first field; another letter is of a later version. */
    String BEGUN = "B";

    /** See {@link #BEGUN}. */
    String ANSWERED = "A";

    /** See {@link #BEGUN}. */
    String ENDED = "E";

    String callId();

    /** Without a line end. */
    String line();

    /** A call begins. */
    record Begun(String callId, Operation operation, ModelId model, Map<String, String> tags, Instant at)
            implements CallNote {
        static Begun of(String callId, Request request, Instant at) {
            Operation operation = request instanceof ChatRequest
                    ? Operation.CHAT
                    : request instanceof EmbeddingRequest ? Operation.EMBEDDING : Operation.IMAGE;
            return new Begun(callId, operation, request.model(), request.call().tags(), at);
        }

        @Override
        public String line() {
            List<String> fields = new ArrayList<>();
            fields.add(BEGUN);
            Lines.add(fields, callId);
            Lines.add(fields, operation);
            Lines.add(fields, model.provider());
            Lines.add(fields, model.name());
            Lines.add(fields, Entries.nanos(at));
            tags.forEach((name, value) -> {
                Lines.add(fields, name);
                Lines.add(fields, value);
            });
            return Lines.line(fields);
        }
    }

    /** A stream has told who answers. */
    record Answered(String callId, AnsweredBy by) implements CallNote {
        @Override
        public String line() {
            List<String> fields = new ArrayList<>();
            fields.add(ANSWERED);
            Lines.add(fields, callId);
            Lines.add(fields, by.model());
            Lines.add(fields, by.upstream());
            by.generationIds().forEach(id -> Lines.add(fields, id));
            return Lines.line(fields);
        }
    }

    /** A call has ended, and is written down. */
    record Ended(String callId) implements CallNote {
        @Override
        public String line() {
            List<String> fields = new ArrayList<>();
            fields.add(ENDED);
            Lines.add(fields, callId);
            return Lines.line(fields);
        }
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is damaged, or of a later version
     */
    static CallNote read(String line) {
        Lines.Fields fields = Lines.fields(line);
        try {
            String kind = fields.required();
            String callId = fields.required();
            return switch (kind) {
                case BEGUN -> begun(callId, fields);
                case ANSWERED -> answered(callId, fields);
                case ENDED -> new Ended(callId);
                default -> throw new IllegalArgumentException("it was written by a later version of Portolan");
            };
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("its fields are wrong", e);
        }
    }

    private static Begun begun(String callId, Lines.Fields fields) {
        Operation operation = Operation.valueOf(fields.required());
        ModelId model = new ModelId(fields.required(), fields.required());
        Instant at = Entries.instant(fields.number());
        Map<String, String> tags = new LinkedHashMap<>();
        while (fields.hasNext()) {
            tags.put(fields.required(), fields.required());
        }
        return new Begun(callId, operation, model, tags, at);
    }

    private static Answered answered(String callId, Lines.Fields fields) {
        String model = fields.required();
        String upstream = fields.next();
        List<String> ids = new ArrayList<>();
        while (fields.hasNext()) {
            ids.add(fields.required());
        }
        return new Answered(callId, new AnsweredBy(model, upstream, ids));
    }
}
