package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.Map;
import java.util.function.Function;
import okio.ByteString;

/** Writes interactions as the text of a cassette. */
final class CassetteWriter {
    private static final int BASE64_LINE = 96;

    private CassetteWriter() {}

    static String text(CassetteContent content) {
        JsonArray interactions = new JsonArray();
        for (Interaction interaction : content.interactions()) {
            interactions.add(new JsonObject()
                    .put("request", request(interaction.request()))
                    .put("response", answer(interaction.answer())));
        }
        return JsonPrint.pretty(new JsonObject()
                        .put("cassette", CassetteContent.VERSION)
                        .put("recorded", content.recorded().toString())
                        .put("from", content.from())
                        .put("interactions", interactions))
                + "\n";
    }

    private static JsonObject request(RecordedRequest request) {
        JsonObject json = new JsonObject().put("method", request.method()).put("path", request.path());
        if (!request.query().isEmpty()) {
            json.put("query", request.query());
        }
        if (!request.headers().isEmpty()) {
            json.put("headers", headers(request.headers()));
        }
        putBody(json, request.body());
        return json;
    }

    private static JsonObject answer(RecordedAnswer answer) {
        JsonObject json = new JsonObject();
        if (answer.status() != null) {
            json.put("status", answer.status());
        }
        json.put("after", answer.after());
        if (answer.took() != answer.after()) {
            json.put("took", answer.took());
        }
        if (!answer.headers().isEmpty()) {
            json.put("headers", headers(answer.headers()));
        }
        putBody(json, answer.body());
        if (answer.end() != RecordedAnswer.End.COMPLETE) {
            json.put("end", answer.end().word());
        }
        return json;
    }

    private static JsonObject headers(Map<String, String> headers) {
        JsonObject json = new JsonObject();
        headers.forEach(json::put);
        return json;
    }

    private static void putBody(JsonObject json, Body body) {
        if (body instanceof Body.Json tree) {
            json.put("json", tree.tree());
        } else if (body instanceof Body.Text text) {
            json.put("text", lines(text.text()));
        } else if (body instanceof Body.Binary binary) {
            json.put("base64", base64(binary.bytes()));
        } else if (body instanceof Body.Form form) {
            json.put("multipart", array(form.parts(), CassetteWriter::part));
        } else if (body instanceof Body.Stream stream) {
            if (!stream.newline().equals("\n")) {
                json.put("newline", stream.newline());
            }
            json.put(stream.kind().word(), array(stream.pieces(), piece -> new JsonPrint.OneLine(piece(piece))));
        }
    }

    private static JsonObject part(Body.Part part) {
        JsonObject json = new JsonObject().put("name", part.name());
        if (!part.filename().isEmpty()) {
            json.put("filename", part.filename());
        }
        if (!part.contentType().isEmpty()) {
            json.put("type", part.contentType());
        }
        putBody(json, part.body());
        return json;
    }

    private static JsonObject piece(StreamPiece piece) {
        JsonObject json = new JsonObject().put("at", piece.at());
        StreamPiece.Content content = piece.content();
        if (content instanceof StreamPiece.Event event) {
            return json.putIfPresent("event", event.event()).put("data", event.data());
        } else if (content instanceof StreamPiece.Comment comment) {
            return json.put("comment", comment.text());
        } else if (content instanceof StreamPiece.Line line) {
            return json.put("json", line.json());
        } else if (content instanceof StreamPiece.Other other) {
            return json.put("text", other.text());
        }
        return json.put("base64", ((StreamPiece.Binary) content).bytes().base64());
    }

    private static JsonArray lines(String text) {
        return JsonArray.of((Object[]) text.split("\n", -1));
    }

    private static JsonArray base64(ByteString bytes) {
        String all = bytes.base64();
        JsonArray lines = new JsonArray();
        for (int i = 0; i < all.length(); i += BASE64_LINE) {
            lines.add(all.substring(i, Math.min(all.length(), i + BASE64_LINE)));
        }
        return lines;
    }

    private static <T> JsonArray array(Iterable<T> items, Function<T, Object> written) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(written.apply(item)));
        return array;
    }
}
