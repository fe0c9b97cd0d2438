package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.json.JsonTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members of deltas that have no field, put together as OpenAI's own clients do it: texts and lists go on, objects do so
 * member by member, and of all else the last one counts. A proxy's {@code thinking_blocks} come as a list with the next piece of
 * one block, which is whole once it is signed. Used by one thread.
 */
final class DeltaExtras {
    private Map<Integer, Map<String, Value>> ofChoices = Map.of();

    /** Takes the next piece of a member. */
    void add(int choice, String name, RawJson piece) {
        ofChoices = ofChoices.isEmpty() ? new TreeMap<>() : ofChoices; // few replies have any
        add(ofChoices.computeIfAbsent(choice, index -> new LinkedHashMap<>()), name, piece);
    }

    /** Hands on what has come so far. */
    void end(ChatAssembler assembler) {
        ofChoices.forEach((choice, members) ->
                members.forEach((name, value) -> assembler.messageExtra(choice, name, RawJson.of(value.tree()))));
    }

    private static void add(Map<String, Value> members, String name, RawJson piece) {
        Value before = members.get(name);
        if (before == null || name.equals("type")) {
            members.put(name, new Value(piece));
        } else if (!piece.isNull()) {
            before.add(piece);
        }
    }

    /** A value as it came, until more of it comes. */
    private static final class Value {
        private RawJson last;
        private @Nullable StringBuilder text;
        private @Nullable List<Value> elements;
        private @Nullable Map<String, Value> members;

        Value(RawJson first) {
            this.last = first;
        }

        void add(RawJson more) {
            char kind = kind(more);
            if (kind != kind(last)) {
                text = null;
                elements = null;
                members = null;
            } else if (kind == '"') {
                text().append(JsonTree.text(more));
            } else if (kind == '[') {
                JsonTree.elements(more).forEach(this::addElement);
            } else if (kind == '{') {
                Map<String, Value> own = members();
                JsonTree.members(more).forEach((name, piece) -> DeltaExtras.add(own, name, piece));
            }
            last = more;
        }

        private void addElement(RawJson element) {
            List<Value> own = elements();
            Value end = own.isEmpty() ? null : own.get(own.size() - 1);
            if (end != null && end.isUnsignedThought() && new Value(element).is("type", "thinking")) {
                end.add(element);
            } else {
                own.add(new Value(element));
            }
        }

        private boolean isUnsignedThought() {
            return is("type", "thinking")
                    && (!members().containsKey("signature") || is("signature", "") || is("signature", null));
        }

        private boolean is(String name, @Nullable String wanted) {
            Value value = kind(last) == '{' ? members().get(name) : null;
            return value != null && RawJson.of(value.tree()).equals(RawJson.of(wanted));
        }

        private StringBuilder text() {
            if (text == null) {
                text = new StringBuilder(String.valueOf(JsonTree.text(last)));
            }
            return text;
        }

        private List<Value> elements() {
            if (elements == null) {
                elements = new ArrayList<>();
                for (RawJson element : JsonTree.elements(last)) {
                    elements.add(new Value(element));
                }
            }
            return elements;
        }

        private Map<String, Value> members() {
            if (members == null) {
                members = new LinkedHashMap<>();
                for (Map.Entry<String, RawJson> member : JsonTree.members(last).entrySet()) {
                    members.put(member.getKey(), new Value(member.getValue()));
                }
            }
            return members;
        }

        private static char kind(RawJson json) {
            return json.text().stripLeading().charAt(0);
        }

        Object tree() {
            if (text != null) {
                return text;
            } else if (elements != null) {
                return elements.stream().map(Value::tree).toList();
            } else if (members != null) {
                Map<String, Object> tree = new LinkedHashMap<>();
                members.forEach((name, value) -> tree.put(name, value.tree()));
                return tree;
            }
            return last;
        }
    }
}
