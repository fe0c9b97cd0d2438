package dev.portolan.api.spi;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.chat.ReasoningDetail.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins streamed pieces of reasoning into whole ones (OpenRouter reference: streaming §3): neighbours of one kind and
 * one index become one piece of text or summary; encrypted and unknown pieces are never glued together.
 */
final class ReasoningAssembler {
    private final List<Piece> pieces = new ArrayList<>();

    /** Takes a fragment of a stream. */
    void fragment(ReasoningDetail detail) {
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        if (last == null || !last.accepts(detail)) {
            last = new Piece(detail);
            pieces.add(last);
        }
        last.add(detail);
    }

    /** Takes a piece that is whole. */
    void whole(ReasoningDetail detail) {
        Piece piece = new Piece(detail);
        piece.add(detail);
        pieces.add(piece);
    }

    List<ReasoningDetail> details() {
        return pieces.stream().map(Piece::toDetail).toList();
    }

    private static @Nullable Origin origin(ReasoningDetail detail) {
        if (detail instanceof ReasoningDetail.Text text) {
            return text.origin();
        } else if (detail instanceof ReasoningDetail.Summary summary) {
            return summary.origin();
        }
        return null;
    }

    private static final class Piece {
        private final ReasoningDetail first;
        private int count;
        private @Nullable StringBuilder text;
        private @Nullable String signature;
        private Origin origin = Origin.NONE;

        Piece(ReasoningDetail first) {
            this.first = first;
        }

        boolean accepts(ReasoningDetail detail) {
            Origin theirs = origin(detail);
            if (theirs == null || detail.getClass() != first.getClass()) {
                return false;
            }
            boolean sameIndex = origin.index() == null
                    || theirs.index() == null
                    || origin.index().equals(theirs.index());
            boolean sameId =
                    origin.id() == null || theirs.id() == null || origin.id().equals(theirs.id());
            return sameIndex && sameId && !isSigned(detail);
        }

        /** A signed text is whole: more text after the signature belongs to the next one. */
        private boolean isSigned(ReasoningDetail more) {
            return signature != null
                    && more instanceof ReasoningDetail.Text text
                    && text.text() != null
                    && !text.text().isEmpty();
        }

        void add(ReasoningDetail detail) {
            count++;
            if (detail instanceof ReasoningDetail.Text fragment) {
                append(fragment.text());
                signature = fragment.signature() != null ? fragment.signature() : signature;
                origin = merged(origin, fragment.origin());
            } else if (detail instanceof ReasoningDetail.Summary fragment) {
                append(fragment.summary());
                origin = merged(origin, fragment.origin());
            }
        }

        private void append(@Nullable String more) {
            if (more != null) {
                text = Objects.requireNonNullElseGet(text, StringBuilder::new).append(more);
            }
        }

        private Origin merged(Origin old, Origin more) {
            Map<String, RawJson> extras = new LinkedHashMap<>(old.extras());
            extras.putAll(more.extras());
            String id = more.id() != null ? more.id() : old.id();
            String format = more.format() != null ? more.format() : old.format();
            Long index = more.index() != null ? more.index() : old.index();
            removeNull(extras, "id", id);
            removeNull(extras, "format", format);
            removeNull(extras, "index", index);
            removeNull(extras, "text", text);
            removeNull(extras, "signature", signature);
            return new Origin(id, format, index, extras);
        }

        /** A member that came as null in one fragment and with a value in another has that value. */
        private static void removeNull(Map<String, RawJson> extras, String name, @Nullable Object value) {
            if (value != null) {
                extras.remove(name);
            }
        }

        ReasoningDetail toDetail() {
            if (count == 1) {
                return first;
            }
            String joined = text == null ? null : text.toString();
            return first instanceof ReasoningDetail.Summary
                    ? new ReasoningDetail.Summary(joined == null ? "" : joined, origin)
                    : new ReasoningDetail.Text(joined, signature, origin);
        }
    }
}
