package dev.portolan.api.spi;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tool calls of one answer together from fragments, in whatever dialect a server writes them: with or without
 * ids and indexes, with ids and names once or on every fragment, in one piece, or with one index for several calls.
 */
final class ToolCallAssembler {
    private final int choice;
    private final Queue<ChatEvent> events;
    private final List<Call> calls = new ArrayList<>();

    ToolCallAssembler(int choice, Queue<ChatEvent> events) {
        this.choice = choice;
        this.events = events;
    }

    void fragment(
            @Nullable Integer index,
            @Nullable String id,
            @Nullable String name,
            @Nullable String arguments,
            Map<String, RawJson> extras) {
        String givenId = blankToNull(id);
        String givenName = blankToNull(name);
        Call call = continued(index, givenId, givenName, arguments);
        if (call != null && call.isNamedAgain && givenName == null && hasText(arguments)) {
            givenName = call.name;
            call = null;
        }
        if (call == null) {
            call = new Call(calls.size(), index);
            calls.add(call);
        }
        call.add(givenId, givenName, arguments, extras);
    }

    /** The call that the fragment goes on with; {@code null} if it begins one. */
    private @Nullable Call continued(
            @Nullable Integer index, @Nullable String id, @Nullable String name, @Nullable String arguments) {
        Call candidate = candidate(index, id);
        if (candidate == null || (id != null && id.equals(candidate.id))) {
            return candidate;
        }
        if (name == null) {
            return candidate;
        }
        boolean otherId = id != null && candidate.id != null;
        boolean otherName = candidate.name != null && !candidate.name.equals(name);
        if (otherId || otherName) {
            return null;
        }
        candidate.isNamedAgain = candidate.isWhole();
        return candidate.isNamedAgain && hasText(arguments) ? null : candidate;
    }

    /** The call with that index and id, else the last one with that index, else the one with that id. */
    private @Nullable Call candidate(@Nullable Integer index, @Nullable String id) {
        Call withIndex = null;
        Call withId = null;
        for (int i = 0; i < calls.size(); i++) { // an iterator for each fragment would be garbage
            Call call = calls.get(i);
            boolean sameIndex = index != null && index.equals(call.index);
            boolean sameId = id != null && id.equals(call.id);
            if (sameIndex && sameId) {
                return call;
            }
            withIndex = sameIndex ? call : withIndex;
            withId = sameId && (index == null || call.index == null) ? call : withId;
        }
        if (withIndex != null || withId != null || index != null || calls.isEmpty()) {
            return withIndex != null ? withIndex : withId;
        }
        return calls.get(calls.size() - 1);
    }

    /** The calls so far; those that are not named yet are left out. */
    List<ToolCall> calls(@Nullable String responseId) {
        List<ToolCall> whole = new ArrayList<>(calls.size());
        for (Call call : calls) {
            if (call.name != null) {
                whole.add(call.toToolCall(responseId));
            }
        }
        return whole;
    }

    void finish(@Nullable String responseId) {
        for (Call call : calls) {
            if (call.name != null) {
                events.add(new ChatEvent.ToolCallFinished(choice, call.place, call.toToolCall(responseId)));
            }
        }
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static boolean hasText(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    private final class Call {
        private final int place;
        private final @Nullable Integer index;
        private @Nullable String id;
        private @Nullable String name;

        /** The name came again when the arguments were whole: if more of them come, they belong to a second such call. */
        private boolean isNamedAgain;

        private final StringBuilder arguments = new StringBuilder();
        private Map<String, RawJson> extras = Map.of();

        Call(int place, @Nullable Integer index) {
            this.place = place;
            this.index = index;
        }

        void add(
                @Nullable String newId,
                @Nullable String newName,
                @Nullable String moreArguments,
                Map<String, RawJson> moreExtras) {
            if (id == null) {
                id = newId;
            }
            if (!moreExtras.isEmpty()) {
                Map<String, RawJson> joined = new LinkedHashMap<>(extras);
                joined.putAll(moreExtras);
                extras = joined;
            }
            if (name == null && newName != null) {
                name = newName;
                events.add(new ChatEvent.ToolCallStarted(choice, place, id, newName));
                if (!arguments.isEmpty()) {
                    events.add(new ChatEvent.ToolCallDelta(choice, place, arguments.toString()));
                }
            }
            if (moreArguments != null && !moreArguments.isEmpty()) {
                arguments.append(moreArguments);
                if (name != null) {
                    events.add(new ChatEvent.ToolCallDelta(choice, place, moreArguments));
                }
            }
        }

        /** Whether the arguments are a whole JSON value, so that more of them must belong to another call. */
        boolean isWhole() {
            int end = arguments.length();
            while (end > 0 && Character.isWhitespace(arguments.charAt(end - 1))) {
                end--;
            }
            if (end == 0 || arguments.charAt(end - 1) != '}') {
                return false;
            }
            try {
                RawJson.parse(arguments.toString());
                return true;
            } catch (IllegalArgumentException unfinished) {
                return false;
            }
        }

        /**
         * Without an id of the server's own, one that is the same each time the same reply is read, and different from
         * those of other replies in the conversation.
         */
        ToolCall toToolCall(@Nullable String responseId) {
            String known =
                    id != null ? id : "call_" + Integer.toHexString(Objects.hash(responseId, choice)) + "_" + place;
            return new ToolCall(known, name == null ? "" : name, arguments.toString(), extras);
        }
    }
}
