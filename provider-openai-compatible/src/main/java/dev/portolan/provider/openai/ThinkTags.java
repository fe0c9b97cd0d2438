package dev.portolan.provider.openai;

import dev.portolan.api.spi.ChatAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes reasoning out of the text that it begins, between {@code <think>} and {@code </think>}, wherever the chunks are cut;
 * white space around the tags belongs to neither. The first tag may be missing, if the prompt had it. Keeps back no more than what
 * may be a piece of a tag. Used by one thread.
 */
final class ThinkTags {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum Place {
        BEFORE,
        THOUGHT_BEGINS,
        THOUGHT,
        TEXT_BEGINS,
        TEXT
    }

    private final List<Choice> choices = new ArrayList<>(1);
    private final Place withoutTag;

    /**
     * For one reply.
     *
     * @param open whether a text that does not begin with the first tag is reasoning all the same
     */
    ThinkTags(boolean open) {
        this.withoutTag = open ? Place.THOUGHT_BEGINS : Place.TEXT;
    }

    /** For one reply of a server with these quirks; {@code null} if it writes no tags. */
    static @Nullable ThinkTags of(Set<Quirk> quirks) {
        boolean open = quirks.contains(Quirk.THINK_OPEN);
        return open || quirks.contains(Quirk.THINK_TAGS) ? new ThinkTags(open) : null;
    }

    /** Hands on the next piece of an answer's text. */
    void add(ChatAssembler assembler, int choice, String piece) {
        Choice at = null;
        for (Choice each : choices) {
            at = each.index == choice ? each : at;
        }
        if (at == null) {
            at = new Choice(choice, withoutTag);
            choices.add(at);
        }
        at.add(assembler, piece);
    }

    /** Hands on what was kept back. */
    void end(ChatAssembler assembler) {
        choices.forEach(choice -> choice.end(assembler));
    }

    private static final class Choice {
        private final int index;
        private final Place withoutTag;
        private Place place = Place.BEFORE;
        private String kept = "";

        Choice(int index, Place withoutTag) {
            this.index = index;
            this.withoutTag = withoutTag;
        }

        void add(ChatAssembler assembler, String piece) {
            String text = kept.isEmpty() ? piece : kept + piece;
            kept = "";
            while (!text.isEmpty()) {
                text = switch (place) {
                    case BEFORE -> before(text);
                    case THOUGHT_BEGINS -> begun(text, Place.THOUGHT);
                    case THOUGHT -> thought(assembler, text);
                    case TEXT_BEGINS -> begun(text, Place.TEXT);
                    case TEXT -> {
                        assembler.text(index, text);
                        yield "";
                    }
                };
            }
        }

        /** What is left to read. */
        private String before(String text) {
            String begin = text.stripLeading();
            if (begin.startsWith(OPEN)) {
                place = Place.THOUGHT_BEGINS;
                return begin.substring(OPEN.length());
            }
            if (OPEN.startsWith(begin)) {
                kept = text;
                return "";
            }
            place = withoutTag;
            return text;
        }

        private String begun(String text, Place next) {
            String begin = text.stripLeading();
            place = begin.isEmpty() ? place : next;
            return begin;
        }

        private String thought(ChatAssembler assembler, String text) {
            int close = text.indexOf(CLOSE);
            if (close >= 0) {
                assembler.reasoning(index, text.substring(0, close).stripTrailing());
                place = Place.TEXT_BEGINS;
                return text.substring(close + CLOSE.length());
            }
            int sure = text.length();
            for (int from = Math.max(0, text.length() - CLOSE.length() + 1); from < text.length(); from++) {
                if (CLOSE.startsWith(text.substring(from))) {
                    sure = from;
                    break;
                }
            }
            while (sure > 0 && Character.isWhitespace(text.charAt(sure - 1))) {
                sure--;
            }
            assembler.reasoning(index, text.substring(0, sure));
            kept = text.substring(sure);
            return "";
        }

        void end(ChatAssembler assembler) {
            if (place == Place.THOUGHT || (place == Place.BEFORE && withoutTag != Place.TEXT)) {
                assembler.reasoning(index, kept.stripTrailing());
            } else {
                assembler.text(index, kept);
            }
            kept = "";
        }
    }
}
