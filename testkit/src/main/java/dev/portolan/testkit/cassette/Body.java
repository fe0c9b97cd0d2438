package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.MultipartForm;
import dev.portolan.testkit.simulator.http.SecretNames;
import java.util.List;
import java.util.Locale;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What a request or an answer carries, in the form in which a cassette shows it. */
sealed interface Body {
    /** No byte. */
    record None() implements Body {}

    /** Comes back as the same JSON, without blanks. */
    record Json(@Nullable Object tree) implements Body {}

    /** Comes back as the same bytes. */
    record Text(String text) implements Body {}

    record Binary(ByteString bytes) implements Body {}

    /** A form of several parts, without the boundary between them, which is another one each time. */
    record Form(List<Part> parts) implements Body {}

    /**
     * One field of a form.
     *
     * @param filename empty if it is no file
     * @param contentType empty if it was not sent
     */
    record Part(String name, String filename, String contentType, Body body) {}

    /**
     * Something that came bit by bit, and comes back as the same bytes.
     *
     * @param newline how its lines end
     */
    record Stream(StreamKind kind, String newline, List<StreamPiece> pieces) implements Body {}

    /** The shape of a request's body; a type is not needed to see that it is JSON. */
    static Body ofRequest(ByteString bytes, String contentType, Scrubber scrubber) {
        String type = contentType.toLowerCase(Locale.ROOT);
        if (type.startsWith("application/x-www-form-urlencoded") && bytes.size() > 0) {
            String text = Utf8.textOrNull(bytes);
            if (text != null) {
                return new Text(scrubber.query(text));
            }
        }
        if (type.startsWith("multipart/form-data")) {
            List<MultipartForm.Part> parts = MultipartForm.partsOrNull(bytes, contentType);
            if (parts != null) {
                return new Form(
                        parts.stream().map(part -> ofField(part, scrubber)).toList());
            }
        }
        return ofWhole(bytes, true, scrubber);
    }

    private static Part ofField(MultipartForm.Part part, Scrubber scrubber) {
        boolean secret = part.filename().isEmpty() && SecretNames.besideBody(part.name());
        return new Part(
                scrubber.text(part.name()),
                scrubber.text(part.filename()),
                part.contentType(),
                secret ? new Text(Scrubber.MARK) : ofWhole(part.bytes(), isJson(part.contentType()), scrubber));
    }

    /** The shape of an answer's body that is no stream. */
    static Body ofAnswer(ByteString bytes, String contentType, Scrubber scrubber) {
        return ofWhole(bytes, isJson(contentType), scrubber);
    }

    private static Body ofWhole(ByteString bytes, boolean mayBeJson, Scrubber scrubber) {
        if (bytes.size() == 0) {
            return new None();
        }
        String text = Utf8.textOrNull(bytes);
        if (text == null) {
            return new Binary(scrubber.bytes(bytes));
        }
        if (!mayBeJson) {
            return new Text(scrubber.text(text));
        }
        Object tree = JsonSource.treeOrNull(text);
        return tree == null ? new Text(scrubber.brokenJson(text)) : new Json(scrubber.tree(tree));
    }

    private static boolean isJson(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).contains("json");
    }
}
