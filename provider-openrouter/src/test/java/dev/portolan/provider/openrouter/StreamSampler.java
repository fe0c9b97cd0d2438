package dev.portolan.provider.openrouter;

import dev.portolan.api.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Writes a blocking reply as the stream that a server could have sent instead: texts cut at random, in one of the dialects
 * that servers write (OpenRouter reference: streaming §3 and §4).
 */
final class StreamSampler {
    /** How the end of a stream reports usage. */
    enum UsageShape {
        CHUNK_WITHOUT_CHOICES,
        CHUNK_WITH_AN_EMPTY_CHOICE,
        ON_THE_FINISH_CHUNK,
        ON_A_REPEATED_FINISH_CHUNK,
        BEFORE_THE_FINISH_CHUNK
    }

    private final Random random;
    private final Map<String, Object> reply;
    private final List<Map<String, Object>> deltas = new ArrayList<>();
    private final boolean details;
    private final boolean nulls;

    private StreamSampler(Random random, Map<String, Object> reply) {
        this.random = random;
        this.reply = reply;
        this.details = true;
        this.nulls = random.nextBoolean();
    }

    /** A stream of the reply, which has one choice. */
    static byte[] stream(Random random, String reply, UsageShape usage) {
        return new StreamSampler(random, Json.object(reply)).write(usage);
    }

    private byte[] write(UsageShape shape) {
        Map<String, Object> choice = Json.object(Json.at(reply, "choices.0"));
        Map<String, Object> message = Json.object(choice.get("message"));
        reasoning(message);
        texts(message, "content");
        texts(message, "refusal");
        toolCalls(message);
        each(message, "images");
        each(message, "annotations");
        logprobs(choice);
        others(message);
        List<Map<String, Object>> chunks = new ArrayList<>();
        deltas.forEach(delta -> chunks.add(chunk(delta, null, null)));
        String finish = (String) choice.get("finish_reason");
        String nativeReason = (String) choice.get("native_finish_reason");
        end(chunks, shape, finish, nativeReason);
        return text(chunks);
    }

    private void end(List<Map<String, Object>> chunks, UsageShape shape, String finish, String nativeReason) {
        Map<String, Object> last = chunk(empty(), finish, nativeReason);
        Object usage = reply.get("usage");
        Map<String, Object> more = new LinkedHashMap<>();
        reply.forEach((name, value) -> {
            if (!List.of("id", "provider", "model", "object", "created", "choices", "usage")
                    .contains(name)) {
                more.put(name, value);
            }
        });
        switch (shape) {
            case CHUNK_WITHOUT_CHOICES -> {
                chunks.add(last);
                last = base();
                last.put("choices", List.of());
            }
            case CHUNK_WITH_AN_EMPTY_CHOICE -> {
                chunks.add(last);
                last = chunk(empty(), null, null);
            }
            case ON_A_REPEATED_FINISH_CHUNK -> {
                chunks.add(last);
                last = chunk(empty(), finish, nativeReason);
            }
            case BEFORE_THE_FINISH_CHUNK -> {
                Map<String, Object> early = chunk(empty(), null, null);
                putIfThere(early, usage);
                chunks.add(early);
            }
            case ON_THE_FINISH_CHUNK -> {}
        }
        if (shape != UsageShape.BEFORE_THE_FINISH_CHUNK) {
            putIfThere(last, usage);
        }
        last.putAll(more);
        chunks.add(last);
    }

    private static void putIfThere(Map<String, Object> chunk, Object usage) {
        if (usage != null) {
            chunk.put("usage", usage);
        }
    }

    private Map<String, Object> empty() {
        Map<String, Object> delta = new LinkedHashMap<>();
        switch (random.nextInt(4)) {
            case 0 -> delta.put("content", "");
            case 1 -> {
                delta.put("role", "assistant");
                delta.put("content", null);
            }
            case 2 -> delta.put("tool_calls", List.of());
            default -> {}
        }
        return delta;
    }

    /** The pieces of a text, one delta each. */
    private void texts(Map<String, Object> message, String name) {
        if (message.get(name) instanceof String text) {
            boolean asParts = name.equals("content") && random.nextInt(4) == 0;
            for (String piece : Seeds.pieces(random, text)) {
                add(name, asParts ? List.of(Map.of("type", "text", "text", piece)) : piece);
            }
        }
    }

    /** Plain text and details side by side, the text in one of its spellings or only in the details. */
    private void reasoning(Map<String, Object> message) {
        List<Object> items = message.get("reasoning_details") instanceof List<?> list ? Json.array(list) : List.of();
        String plain = message.get("reasoning") instanceof String text ? text : null;
        String name = random.nextBoolean() ? "reasoning" : "reasoning_content";
        boolean twice = random.nextInt(4) == 0;
        boolean told = false;
        for (Object item : items) {
            Map<String, Object> detail = Json.object(item);
            boolean repeats = !told && plain != null && plain.equals(detail.get("text"));
            told |= repeats;
            for (Map<String, Object> fragment : fragments(detail)) {
                Map<String, Object> delta = delta();
                if (details) {
                    delta.put("reasoning_details", List.of(fragment));
                }
                if (repeats && fragment.get("text") instanceof String piece) {
                    delta.put(name, piece);
                    if (twice) {
                        delta.put(name.equals("reasoning") ? "reasoning_content" : "reasoning", piece);
                    }
                } else if (nulls) {
                    delta.put("reasoning", null);
                }
                deltas.add(delta);
            }
        }
        if (plain != null && !told) {
            Seeds.pieces(random, plain).forEach(piece -> add(name, piece));
        }
    }

    /** A text or summary in pieces, each with what tells where it belongs; the signature with the last, or alone. */
    private List<Map<String, Object>> fragments(Map<String, Object> detail) {
        String type = (String) detail.get("type");
        String name = "reasoning.text".equals(type) ? "text" : "reasoning.summary".equals(type) ? "summary" : null;
        if (name == null || !(detail.get(name) instanceof String text) || text.isEmpty()) {
            return List.of(detail);
        }
        List<Map<String, Object>> fragments = new ArrayList<>();
        for (String piece : Seeds.pieces(random, text)) {
            Map<String, Object> fragment = new LinkedHashMap<>(detail);
            fragment.remove("signature");
            fragment.put(name, piece);
            fragments.add(fragment);
        }
        if (detail.containsKey("signature")) {
            if (random.nextBoolean()) {
                Map<String, Object> alone = new LinkedHashMap<>(detail);
                alone.remove(name);
                fragments.add(alone);
            } else {
                fragments.get(fragments.size() - 1).put("signature", detail.get("signature"));
            }
        }
        return fragments;
    }

    private void toolCalls(Map<String, Object> message) {
        if (!(message.get("tool_calls") instanceof List<?> calls)) {
            return;
        }
        int dialect = random.nextInt(5);
        List<List<Map<String, Object>>> written = new ArrayList<>();
        for (int place = 0; place < calls.size(); place++) {
            written.add(fragments(Json.object(calls.get(place)), place, dialect));
        }
        boolean mayInterleave = dialect == 0 || dialect == 1;
        int next = 0;
        while (written.stream().anyMatch(list -> !list.isEmpty())) {
            if (mayInterleave && random.nextBoolean()) {
                next = random.nextInt(written.size());
            }
            // A call begins only after those before it have begun: its place is the order in which it came.
            while (written.get(next).isEmpty()
                    || (next > 0 && !begun(written.get(next - 1), calls, next - 1, dialect))) {
                next = (next + 1) % written.size();
            }
            List<Object> together = new ArrayList<>();
            together.add(written.get(next).remove(0));
            if (!written.get(next).isEmpty() && random.nextInt(4) == 0) {
                together.add(written.get(next).remove(0));
            }
            add("tool_calls", together);
        }
    }

    private final Map<Integer, Integer> sizes = new LinkedHashMap<>();

    private boolean begun(List<Map<String, Object>> left, List<?> calls, int place, int dialect) {
        return left.size() < sizes.get(place);
    }

    /** The fragments of a call: 0 as OpenAI, 1 all on each, 2 whole, 3 without indexes, 4 with the object itself. */
    private List<Map<String, Object>> fragments(Map<String, Object> call, int place, int dialect) {
        Map<String, Object> function = Json.object(call.get("function"));
        String arguments = (String) function.get("arguments");
        List<Map<String, Object>> fragments = new ArrayList<>();
        if (dialect == 2 || dialect == 4) {
            // What is kept letter by letter must not be escaped on the way.
            boolean asObject = dialect == 4
                    && arguments.startsWith("{")
                    && arguments.chars().allMatch(c -> c < 0x80);
            Map<String, Object> whole = fragment(place, call, function.get("name"), "");
            whole.put(
                    "function",
                    ordered(
                            "name",
                            function.get("name"),
                            "arguments",
                            asObject ? RawJson.parse(arguments) : arguments));
            fragments.add(whole);
        } else {
            boolean first = true;
            List<String> pieces = new ArrayList<>();
            if (random.nextBoolean()) {
                pieces.add("");
            }
            pieces.addAll(Seeds.pieces(random, arguments));
            if (pieces.isEmpty()) {
                pieces.add("");
            }
            for (String piece : pieces) {
                boolean full = first || dialect == 1;
                Map<String, Object> fragment = fragment(
                        dialect == 3 ? -1 : place, full ? call : Map.of(), full ? function.get("name") : null, piece);
                fragments.add(fragment);
                first = false;
            }
        }
        sizes.put(place, fragments.size());
        return fragments;
    }

    private Map<String, Object> fragment(int index, Map<String, Object> call, Object name, String arguments) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (index >= 0) {
            out.put("index", index);
        }
        call.forEach((key, value) -> {
            if (!key.equals("function") && !key.equals("index")) {
                out.put(key, value);
            }
        });
        Map<String, Object> function = new LinkedHashMap<>();
        if (name != null) {
            function.put("name", name);
        } else if (nulls) {
            function.put("name", null);
            out.put("id", null);
        }
        function.put("arguments", arguments);
        out.put("function", function);
        return out;
    }

    private void each(Map<String, Object> message, String name) {
        if (message.get(name) instanceof List<?> items) {
            items.forEach(item -> add(name, List.of(item)));
        }
    }

    private void logprobs(Map<String, Object> choice) {
        if (Json.at(choice, "logprobs.content") instanceof List<?> tokens) {
            for (Object token : tokens) {
                Map<String, Object> marker = new LinkedHashMap<>();
                marker.put(LOGPROBS, ordered("content", List.of(token), "refusal", null));
                deltas.add(marker);
            }
        }
    }

    private static final String LOGPROBS = "logprobs of the choice";

    private void others(Map<String, Object> message) {
        message.forEach((name, value) -> {
            if (!List.of(
                            "role",
                            "content",
                            "refusal",
                            "reasoning",
                            "reasoning_details",
                            "tool_calls",
                            "images",
                            "annotations")
                    .contains(name)) {
                add(name, value);
            }
        });
    }

    private void add(String name, Object value) {
        Map<String, Object> delta = delta();
        delta.put(name, value);
        deltas.add(delta);
    }

    /** What a delta has beside what it says. */
    private Map<String, Object> delta() {
        Map<String, Object> delta = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            delta.put("role", "assistant");
        }
        if (nulls) {
            delta.put("content", random.nextBoolean() ? "" : null);
            delta.put("refusal", null);
        }
        return delta;
    }

    private Map<String, Object> chunk(Map<String, Object> delta, String finish, String nativeReason) {
        Object logprobs = delta.remove(LOGPROBS);
        Map<String, Object> choice = new LinkedHashMap<>();
        if (random.nextInt(4) > 0) {
            choice.put("index", 0);
        }
        choice.put("delta", delta);
        if (finish != null || nulls) {
            choice.put("finish_reason", finish);
        }
        if (nativeReason != null || nulls) {
            choice.put("native_finish_reason", nativeReason);
        }
        if (logprobs != null || nulls) {
            choice.put("logprobs", logprobs);
        }
        Map<String, Object> chunk = base();
        chunk.put("choices", List.of(choice));
        return chunk;
    }

    private Map<String, Object> base() {
        Map<String, Object> chunk = new LinkedHashMap<>();
        for (String name : List.of("id", "provider", "model", "created")) {
            if (reply.containsKey(name)) {
                chunk.put(name, reply.get(name));
            }
        }
        chunk.put("object", "chat.completion.chunk");
        return chunk;
    }

    private byte[] text(List<Map<String, Object>> chunks) {
        String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
        StringBuilder out = new StringBuilder();
        for (Map<String, Object> chunk : chunks) {
            if (random.nextInt(4) == 0) {
                out.append(": OPENROUTER PROCESSING").append(end).append(end);
            }
            out.append(random.nextBoolean() ? "data: " : "data:")
                    .append(ascii(RawJson.of(chunk).text()));
            out.append(end).append(end);
        }
        return out.append("data: [DONE]").append(end).append(end).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Half a character cannot be written in UTF-8, so such a text is escaped; others are now and then. */
    private String ascii(String json) {
        boolean halves = !StandardCharsets.UTF_8.newEncoder().canEncode(json);
        if (!halves && random.nextInt(4) > 0) {
            return json;
        }
        StringBuilder out = new StringBuilder();
        json.chars().forEach(c -> out.append(c < 0x80 ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return out.toString();
    }

    private static Map<String, Object> ordered(String name1, Object value1, String name2, Object value2) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put(name1, value1);
        out.put(name2, value2);
        return out;
    }
}
