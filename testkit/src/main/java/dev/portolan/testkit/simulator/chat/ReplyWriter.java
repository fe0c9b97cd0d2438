package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the text of a reply. */
final class ReplyWriter {
    private static final int LONGEST_QUOTE = 200;

    /** Answers to questions that everyone asks first, by words that must all occur. */
    private static final Map<List<String>, String> KNOWN = known();

    private final ChatCall call;
    private final RoutedModel routed;

    ReplyWriter(ChatCall call, RoutedModel routed) {
        this.call = call;
        this.routed = routed;
    }

    private static Map<List<String>, String> known() {
        Map<List<String>, String> known = new LinkedHashMap<>();
        known.put(
                List.of("why", "sky", "blue"),
                "The sky is blue because of Rayleigh scattering: air molecules scatter short wavelengths of sunlight, "
                        + "such as blue, far more strongly than long ones, such as red. So blue light reaches your "
                        + "eyes from every part of the sky.");
        known.put(List.of("capital", "france"), "The capital of France is Paris.");
        known.put(List.of("capital", "portugal"), "The capital of Portugal is Lisbon.");
        known.put(List.of("what", "portolan"), "A portolan is a medieval navigator's chart of ports and coastlines.");
        return known;
    }

    String write(ServerToolWork work, boolean paints) {
        List<String> sentences = new ArrayList<>();
        if (call.lastMessageIsFrom("tool")) {
            sentences.add(fromToolResults());
        } else if (call.lastMessageIsFrom("assistant")) {
            return continuation();
        } else {
            sentences.add(answer());
        }
        if (paints) {
            sentences.add("Here is a small picture.");
        }
        sentences.addAll(received());
        sentences.addAll(work.notes());
        return String.join(" ", sentences);
    }

    private String answer() {
        String userText = call.userText();
        String lower = userText.toLowerCase(Locale.ROOT);
        for (Map.Entry<List<String>, String> entry : KNOWN.entrySet()) {
            if (entry.getKey().stream().allMatch(lower::contains)) {
                return entry.getValue();
            }
        }
        return "This is the simulator speaking for " + routed.id() + "."
                + (userText.isBlank() ? " You wrote nothing." : " You wrote: “" + quote(userText) + "”.");
    }

    /** A prefilled answer goes on where it stopped. */
    private String continuation() {
        return " and so on, says the simulator, speaking for " + routed.id() + ".";
    }

    /** The results that followed the assistant's last tool calls. */
    private String fromToolResults() {
        List<String> results = new ArrayList<>();
        List<JsonObject> messages = call.messages();
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonObject message = messages.get(i);
            if (!message.string("role", "").equals("tool")) {
                break;
            }
            String tool = toolName(message.string("tool_call_id", ""));
            results.add(
                    "The tool " + tool + " answered: " + ChatCall.text(message).strip());
        }
        Collections.reverse(results);
        return String.join(" ", results);
    }

    private String toolName(String callId) {
        for (JsonObject message : call.messages()) {
            for (JsonObject toolCall : message.array("tool_calls").objects()) {
                JsonObject function = toolCall.object("function");
                if (function != null && callId.equals(toolCall.string("id"))) {
                    return function.string("name", callId);
                }
            }
        }
        return callId;
    }

    /** Says what came with the text, so that a test can tell that it arrived. */
    private List<String> received() {
        List<String> sentences = new ArrayList<>();
        long systemWords = call.messages().stream()
                .filter(message -> List.of("system", "developer").contains(message.string("role", "")))
                .mapToLong(message -> words(ChatCall.text(message)))
                .sum();
        if (systemWords > 0) {
            sentences.add("I was given a system message of " + number(systemWords, "word") + ".");
        }
        JsonObject user = call.lastUserMessage();
        List<String> things = new ArrayList<>();
        count(things, ChatCall.countParts(user, "image_url"), "image");
        count(things, ChatCall.countParts(user, "input_audio"), "audio recording");
        count(things, ChatCall.countParts(user, "video_url", "input_video"), "video");
        count(things, ChatCall.countParts(user, "file"), "file");
        if (!things.isEmpty()) {
            sentences.add("I see " + String.join(" and ", things) + ".");
        }
        return sentences;
    }

    private static void count(List<String> things, long count, String noun) {
        if (count > 0) {
            things.add(number(count, noun));
        }
    }

    private static String number(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static long words(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+").length;
    }

    static String quote(String text) {
        String flat = text.strip().replaceAll("\\s+", " ");
        if (flat.codePointCount(0, flat.length()) <= LONGEST_QUOTE) {
            return flat;
        }
        return flat.substring(0, flat.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
    }
}
