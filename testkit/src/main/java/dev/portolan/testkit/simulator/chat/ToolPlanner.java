package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import dev.portolan.testkit.simulator.text.Digest;
import dev.portolan.testkit.simulator.text.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Decides which tools the model calls, and with which arguments.
 *
 * <p>A tool is called when the user's text has a word of its name; if no name matches, a word of its description. A
 * named choice wins over that; a required one falls back to the first tool. After a tool result the model answers.
 */
final class ToolPlanner {
    private static final int SHORTEST_WORD = 3;

    /** Words too common in names and descriptions of tools to say anything. */
    private static final Set<String> EMPTY_WORDS = Set.of(
            "get",
            "set",
            "the",
            "for",
            "and",
            "with",
            "from",
            "this",
            "that",
            "tool",
            "function",
            "call",
            "use",
            "used",
            "can",
            "given",
            "return",
            "returns",
            "fetch",
            "find",
            "list",
            "show",
            "make",
            "all",
            "any",
            "into",
            "about",
            "what",
            "which",
            "when",
            "where",
            "who",
            "how",
            "are",
            "you",
            "your",
            "user",
            "has",
            "its",
            "not",
            "one");

    private final ChatCall call;

    ToolPlanner(ChatCall call) {
        this.call = call;
    }

    List<PlannedCall> plan() {
        List<JsonObject> functions = call.functions();
        Object choice = call.body().get("tool_choice");
        if (functions.isEmpty() || "none".equals(choice) || !call.lastMessageIsFrom("user")) {
            return List.of();
        }
        return planned(chosen(functions));
    }

    private List<JsonObject> chosen(List<JsonObject> functions) {
        if (call.body().get("tool_choice") instanceof JsonObject named) {
            JsonObject function = named.object("function");
            return functions.stream()
                    .filter(each -> function != null && Objects.equals(each.get("name"), function.get("name")))
                    .limit(1)
                    .toList();
        }
        List<JsonObject> matching = matching(functions);
        if (matching.isEmpty() && "required".equals(call.body().get("tool_choice"))) {
            return functions.subList(0, 1);
        }
        boolean single = call.body().isFalse("parallel_tool_calls");
        return single && matching.size() > 1 ? matching.subList(0, 1) : matching;
    }

    private List<JsonObject> matching(List<JsonObject> functions) {
        List<String> userWords = words(call.userText());
        List<JsonObject> byName = functions.stream()
                .filter(each -> share(words(each.string("name", "")), userWords))
                .toList();
        if (!byName.isEmpty()) {
            return byName;
        }
        return functions.stream()
                .filter(each -> share(words(each.string("description", "")), userWords))
                .limit(1)
                .toList();
    }

    private static boolean share(List<String> words, List<String> userWords) {
        return words.stream()
                .filter(word -> word.length() >= SHORTEST_WORD && !EMPTY_WORDS.contains(word))
                .anyMatch(userWords::contains);
    }

    /** The words of a text or of a name in any style, in lower case. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2").split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word.toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }

    private List<PlannedCall> planned(List<JsonObject> functions) {
        List<PlannedCall> calls = new ArrayList<>();
        String conversation = Digest.hex(call.body().array("messages").toString());
        for (JsonObject function : functions) {
            JsonObject parameters = Objects.requireNonNullElseGet(function.object("parameters"), JsonObject::new);
            JsonObject schema = new JsonObject().put("type", "object").putAll(parameters);
            TextHints hints = new TextHints(call.userText(), "");
            String arguments = JsonText.write(new SchemaSampler(schema, hints).sample());
            // the same for the same conversation, and another one at its next turn
            String id = "call_" + conversation.substring(0, 22) + String.format(Locale.ROOT, "%02d", calls.size());
            calls.add(new PlannedCall(id, function.string("name", ""), Tokens.split(arguments)));
        }
        return calls;
    }
}
