package dev.portolan.testkit.cassette;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Cuts what arrived of a stream, in whatever bits, into its pieces. */
final class StreamReading {
    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

    /** A line of data in an event, and how the line ends. */
    private static final Pattern DATA =
            Pattern.compile("(?:(?<=[\r\n\uFEFF])|\\A)data(?:: ?([^\r\n]*))?(\r\n|\r|\n|\\z)");

    /**
     * Some bytes as they arrived.
     *
     * @param at milliseconds from the request
     */
    record Arrival(long at, ByteString bytes) {}

    /** A piece whose data is not yet known to be safe to show; not framed if it is no text. */
    private record Raw(long at, ByteString bytes, @Nullable Framed framed) {}

    /**
     * A piece of text.
     *
     * @param payload what is in the frame; the whole piece if its frame is an odd one
     * @param tree the piece's data as JSON, or null if it is none
     */
    private record Framed(
            Frame frame,
            @Nullable String event,
            String payload,
            @Nullable Object tree) {}

    private enum Frame {
        EVENT,
        COMMENT,
        LINE,
        ODD
    }

    private final StreamKind kind;
    private final Scrubber scrubber;

    private StreamReading(StreamKind kind, Scrubber scrubber) {
        this.kind = kind;
        this.scrubber = scrubber;
    }

    static Body.Stream of(StreamKind kind, List<Arrival> arrivals, Scrubber scrubber) {
        return new StreamReading(kind, scrubber).read(arrivals);
    }

    private Body.Stream read(List<Arrival> arrivals) {
        List<Arrival> cut = cut(arrivals);
        String newline = newline(cut);
        List<Raw> pieces = new ArrayList<>();
        List<Object> payloads = new ArrayList<>();
        for (Arrival piece : cut) {
            Framed framed = framed(piece.bytes(), newline);
            pieces.add(new Raw(piece.at(), piece.bytes(), framed));
            if (framed != null && framed.frame() != Frame.COMMENT) {
                payloads.add(framed.tree() == null ? framed.payload() : framed.tree());
            }
        }
        List<Object> safe = scrubber.trees(payloads); // all at once, since a secret can lie across several
        List<StreamPiece> shown = new ArrayList<>();
        int next = 0;
        for (Raw piece : pieces) {
            Framed framed = piece.framed();
            StreamPiece.Content content;
            if (framed == null) {
                content = new StreamPiece.Binary(scrubber.bytes(piece.bytes()));
            } else if (framed.frame() == Frame.COMMENT) {
                content = new StreamPiece.Comment(scrubber.text(framed.payload()));
            } else {
                content = content(framed, safe.get(next++), newline);
            }
            shown.add(new StreamPiece(piece.at(), content));
        }
        return new Body.Stream(kind, newline, List.copyOf(shown));
    }

    private List<Arrival> cut(List<Arrival> arrivals) {
        List<Arrival> pieces = new ArrayList<>();
        Buffer piece = new Buffer();
        boolean lineIsEmpty = true;
        boolean afterReturn = false; // a line feed may still belong to the line end
        boolean complete = false;
        long last = 0;
        for (Arrival arrival : arrivals) {
            for (int i = 0; i < arrival.bytes().size(); i++) {
                byte next = arrival.bytes().getByte(i);
                boolean restOfLineEnd = afterReturn && next == '\n';
                if (complete && !restOfLineEnd) {
                    pieces.add(new Arrival(last, piece.readByteString()));
                    complete = false;
                }
                piece.writeByte(next);
                if (!restOfLineEnd && (next == '\r' || next == '\n')) {
                    complete = lineIsEmpty || kind == StreamKind.LINES;
                    lineIsEmpty = true;
                } else if (!restOfLineEnd) {
                    lineIsEmpty = false;
                }
                afterReturn = next == '\r';
                last = arrival.at();
            }
        }
        if (piece.size() > 0) {
            pieces.add(new Arrival(last, piece.readByteString()));
        }
        return pieces;
    }

    private static String newline(List<Arrival> pieces) {
        if (!pieces.isEmpty()) {
            Matcher first = LINE_END.matcher(pieces.get(0).bytes().utf8());
            if (first.find()) {
                return first.group();
            }
        }
        return "\n";
    }

    private @Nullable Framed framed(ByteString bytes, String newline) {
        String text = Utf8.textOrNull(bytes);
        if (text == null) {
            return null;
        }
        if (kind == StreamKind.LINES) {
            String payload = lineOrNull(text, "", newline);
            Object tree = JsonSource.treeOrNull(text);
            return tree == null || payload == null
                    ? new Framed(Frame.ODD, null, text, tree)
                    : new Framed(Frame.LINE, null, payload, tree);
        }
        String comment = lineOrNull(text, ": ", newline + newline);
        if (comment != null) {
            return new Framed(Frame.COMMENT, null, comment, null);
        }
        String event = null;
        String rest = text;
        int end = text.indexOf(newline);
        if (end > 0 && text.startsWith("event: ")) {
            event = text.substring("event: ".length(), end);
            rest = text.substring(end + newline.length());
        }
        String data = lineOrNull(rest, "data: ", newline + newline);
        return data == null
                ? new Framed(Frame.ODD, null, text, JsonSource.treeOrNull(dataOf(text)))
                : new Framed(Frame.EVENT, event, data, JsonSource.treeOrNull(data));
    }

    private static String dataOf(String event) {
        return DATA.matcher(event)
                .results()
                .map(line -> Objects.requireNonNullElse(line.group(1), ""))
                .collect(Collectors.joining("\n"));
    }

    /** The event with this in place of its lines of data. */
    private static String withData(String event, String data) {
        Matcher line = DATA.matcher(event);
        StringBuilder changed = new StringBuilder();
        for (String next = "data: " + data; line.find(); next = "") {
            line.appendReplacement(changed, next.isEmpty() ? "" : Matcher.quoteReplacement(next + line.group(2)));
        }
        return line.appendTail(changed).toString();
    }

    /** What stands on a single line between the two; null if there is anything else. */
    private static @Nullable String lineOrNull(String text, String start, String end) {
        if (text.length() < start.length() + end.length() || !text.startsWith(start) || !text.endsWith(end)) {
            return null;
        }
        String line = text.substring(start.length(), text.length() - end.length());
        return line.indexOf('\n') < 0 && line.indexOf('\r') < 0 ? line : null;
    }

    private StreamPiece.Content content(Framed framed, Object safe, String newline) {
        Object data = safe;
        if (framed.tree() != null) {
            String written = JsonPrint.compact(framed.tree());
            boolean unaltered = JsonPrint.compact(safe).equals(written);
            if (framed.frame() == Frame.ODD) {
                String text = framed.payload();
                return new StreamPiece.Other(scrubber.text(unaltered ? text : rewritten(text, safe)));
            }
            if (unaltered && !written.equals(framed.payload())) {
                data = scrubber.text(framed.payload()); // as a tree it would come back written in another way
            }
        }
        if (framed.frame() == Frame.ODD) {
            return new StreamPiece.Other((String) safe);
        }
        if (framed.frame() == Frame.LINE) {
            return data instanceof String text ? new StreamPiece.Other(text + newline) : new StreamPiece.Line(data);
        }
        return new StreamPiece.Event(framed.event() == null ? null : scrubber.text(framed.event()), data);
    }

    private String rewritten(String piece, Object safe) {
        String data = JsonPrint.compact(safe);
        if (kind == StreamKind.EVENTS) {
            return withData(piece, data);
        }
        Matcher end = LINE_END.matcher(piece);
        return end.find() ? data + end.group() : data;
    }
}
