package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.ByteString;

/** Reads the text of a cassette; people edit these, so what is wrong is told with its line. */
final class CassetteReader {
    private final JsonSource source;

    private CassetteReader(JsonSource source) {
        this.source = source;
    }

    /**
     * Reads a whole cassette.
     *
     * @throws IllegalArgumentException with the line, if it is none
     */
    static CassetteContent content(String text) {
        JsonSource source = new JsonSource(text);
        Object tree = source.read();
        if (!(tree instanceof JsonObject cassette)) {
            throw new IllegalArgumentException("line 1: an object was expected");
        }
        return new CassetteReader(source).content(cassette);
    }

    private CassetteContent content(JsonObject cassette) {
        long version = number(cassette, "cassette");
        if (version != CassetteContent.VERSION) {
            throw wrong(
                    cassette,
                    "the cassette is of version " + version + ", but this release of Portolan reads "
                            + CassetteContent.VERSION);
        }
        allow(cassette, Set.of("cassette", "recorded", "from", "interactions"));
        List<Interaction> interactions = new ArrayList<>();
        for (JsonObject interaction : objects(cassette, "interactions")) {
            allow(interaction, Set.of("request", "response"));
            interactions.add(
                    new Interaction(request(object(interaction, "request")), answer(object(interaction, "response"))));
        }
        return new CassetteContent(instant(cassette, "recorded"), string(cassette, "from"), interactions);
    }

    private RecordedRequest request(JsonObject request) {
        allow(request, Set.of("method", "path", "query", "headers", "json", "text", "base64", "multipart"));
        return new RecordedRequest(
                string(request, "method"),
                string(request, "path"),
                request.has("query") ? string(request, "query") : "",
                headers(request),
                body(request));
    }

    private RecordedAnswer answer(JsonObject answer) {
        allow(
                answer,
                Set.of(
                        "status", "after", "took", "headers", "json", "text", "base64", "newline", "events", "lines",
                        "end"));
        RecordedAnswer.End end = end(answer);
        Integer status = answer.has("status") ? (Integer) (int) number(answer, "status") : null;
        if (status == null && end == RecordedAnswer.End.COMPLETE) {
            throw wrong(answer, "\"status\" is missing");
        }
        if (status != null && (status < 100 || status > 599)) {
            throw wrong(answer, "\"status\" must be 100 to 599 but is " + status);
        }
        long after = answer.has("after") ? number(answer, "after") : 0;
        long took = answer.has("took") ? number(answer, "took") : after;
        return new RecordedAnswer(status, after, took, headers(answer), body(answer), end);
    }

    private RecordedAnswer.End end(JsonObject answer) {
        if (!answer.has("end")) {
            return RecordedAnswer.End.COMPLETE;
        }
        String word = string(answer, "end");
        return Arrays.stream(RecordedAnswer.End.values())
                .filter(end -> end.word().equals(word))
                .findFirst()
                .orElseThrow(() -> wrong(
                        answer, "\"end\" must be \"complete\", \"cut\" or \"cancelled\" but is \"" + word + "\""));
    }

    private Map<String, String> headers(JsonObject object) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (object.has("headers")) {
            JsonObject written = object(object, "headers");
            for (String name : written.names()) {
                headers.put(name, string(written, name));
            }
        }
        return headers;
    }

    private Body body(JsonObject object) {
        List<String> bodies = new ArrayList<>(object.names());
        bodies.retainAll(Set.of("json", "text", "base64", "multipart", "events", "lines"));
        if (bodies.size() > 1) {
            throw wrong(object, "there is more than one body: " + String.join(", ", bodies));
        }
        return switch (bodies.isEmpty() ? "" : bodies.get(0)) {
            case "json" -> new Body.Json(object.get("json"));
            case "text" -> new Body.Text(String.join("\n", strings(object, "text")));
            case "base64" -> new Body.Binary(base64(object, String.join("", strings(object, "base64"))));
            case "multipart" ->
                new Body.Form(
                        objects(object, "multipart").stream().map(this::part).toList());
            case "events" -> stream(object, StreamKind.EVENTS);
            case "lines" -> stream(object, StreamKind.LINES);
            default -> new Body.None();
        };
    }

    private Body.Part part(JsonObject part) {
        allow(part, Set.of("name", "filename", "type", "json", "text", "base64"));
        return new Body.Part(
                string(part, "name"),
                part.has("filename") ? string(part, "filename") : "",
                part.has("type") ? string(part, "type") : "",
                body(part));
    }

    private Body.Stream stream(JsonObject object, StreamKind kind) {
        String newline = object.has("newline") ? string(object, "newline") : "\n";
        return new Body.Stream(
                kind,
                newline,
                objects(object, kind.word()).stream()
                        .map(piece -> new StreamPiece(number(piece, "at"), piece(piece)))
                        .toList());
    }

    private StreamPiece.Content piece(JsonObject piece) {
        allow(piece, Set.of("at", "event", "data", "comment", "json", "text", "base64"));
        if (piece.has("data")) {
            Object data = piece.get("data");
            if (data instanceof JsonObject || data instanceof JsonArray || data instanceof String) {
                return new StreamPiece.Event(piece.has("event") ? string(piece, "event") : null, data);
            }
            throw wrong(piece, "\"data\" must be an object, an array or a text");
        } else if (piece.has("comment")) {
            return new StreamPiece.Comment(string(piece, "comment"));
        } else if (piece.get("json") instanceof JsonObject || piece.get("json") instanceof JsonArray) {
            return new StreamPiece.Line(required(piece, "json"));
        } else if (piece.has("text")) {
            return new StreamPiece.Other(string(piece, "text"));
        } else if (piece.has("base64")) {
            return new StreamPiece.Binary(base64(piece, string(piece, "base64")));
        }
        throw wrong(piece, "a piece of a stream has one of \"data\", \"comment\", \"json\", \"text\" and \"base64\"");
    }

    private ByteString base64(JsonObject where, String text) {
        ByteString bytes = ByteString.decodeBase64(text);
        if (bytes == null) {
            throw wrong(where, "\"base64\" is not valid Base64");
        }
        return bytes;
    }

    private void allow(JsonObject object, Set<String> names) {
        for (String name : object.names()) {
            if (!names.contains(name)) {
                throw wrong(object, "\"" + name + "\" is unknown here");
            }
        }
    }

    private Object required(JsonObject object, String name) {
        Object value = object.get(name);
        if (value == null) {
            throw wrong(object, "\"" + name + "\" is missing");
        }
        return value;
    }

    private JsonObject object(JsonObject parent, String name) {
        if (required(parent, name) instanceof JsonObject object) {
            return object;
        }
        throw wrong(parent, "\"" + name + "\" must be an object");
    }

    private List<JsonObject> objects(JsonObject parent, String name) {
        if (required(parent, name) instanceof JsonArray array && array.objects().size() == array.size()) {
            return array.objects();
        }
        throw wrong(parent, "\"" + name + "\" must be an array of objects");
    }

    private List<String> strings(JsonObject parent, String name) {
        if (required(parent, name) instanceof JsonArray array && array.strings().size() == array.size()) {
            return array.strings();
        }
        throw wrong(parent, "\"" + name + "\" must be an array of texts");
    }

    private String string(JsonObject parent, String name) {
        if (required(parent, name) instanceof String text) {
            return text;
        }
        throw wrong(parent, "\"" + name + "\" must be a text");
    }

    private long number(JsonObject parent, String name) {
        String spelling = required(parent, name) instanceof JsonLiteral number ? number.toString() : "";
        if (spelling.matches("\\d{1,15}")) {
            return Long.parseLong(spelling);
        }
        throw wrong(parent, "\"" + name + "\" must be a whole number, 0 or more");
    }

    private Instant instant(JsonObject parent, String name) {
        try {
            return Instant.parse(string(parent, name));
        } catch (DateTimeException noTime) {
            throw wrong(parent, "\"" + name + "\" must be a time such as 2027-01-31T12:00:00Z");
        }
    }

    private IllegalArgumentException wrong(JsonObject where, String what) {
        return new IllegalArgumentException("line " + source.lineOf(where) + ": " + what);
    }
}
