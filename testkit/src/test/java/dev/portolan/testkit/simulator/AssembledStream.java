package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Puts a stream together by the rules of the OpenRouter reference (streaming §3), written apart from the code under
 * test.
 */
final class AssembledStream {
    final List<JsonObject> chunks = new ArrayList<>();
    final StringBuilder content = new StringBuilder();
    final StringBuilder reasoning = new StringBuilder();
    final List<JsonObject> reasoningDetails = new ArrayList<>();
    final List<String> callIds = new ArrayList<>();
    final List<String> callNames = new ArrayList<>();
    final List<StringBuilder> callArguments = new ArrayList<>();
    final JsonArray images = new JsonArray();
    final JsonArray annotations = new JsonArray();
    final JsonArray logprobs = new JsonArray();
    String finishReason = "";
    String nativeFinishReason = "";
    JsonObject usage = new JsonObject();
    int comments;
    boolean done;

    static AssembledStream of(String text) {
        AssembledStream stream = new AssembledStream();
        for (String event : text.split("\n\n")) {
            stream.accept(event);
        }
        return stream;
    }

    private void accept(String event) {
        if (event.startsWith(":")) {
            comments++;
        } else if (event.equals("data: [DONE]")) {
            done = true;
        } else {
            JsonObject chunk = (JsonObject) Objects.requireNonNull(JsonText.parse(event.substring("data: ".length())));
            chunks.add(chunk);
            JsonObject chunkUsage = chunk.object("usage");
            usage = chunkUsage == null ? usage : chunkUsage;
            chunk.array("choices").objects().forEach(this::acceptChoice);
        }
    }

    private void acceptChoice(JsonObject choice) {
        finishReason = choice.string("finish_reason", finishReason);
        nativeFinishReason = choice.string("native_finish_reason", nativeFinishReason);
        JsonObject delta = Objects.requireNonNull(choice.object("delta"));
        content.append(delta.string("content", ""));
        reasoning.append(delta.string("reasoning", ""));
        delta.array("reasoning_details").objects().forEach(this::acceptDetail);
        delta.array("tool_calls").objects().forEach(this::acceptFragment);
        images.addAll(delta.array("images"));
        annotations.addAll(delta.array("annotations"));
        JsonObject probabilities = choice.object("logprobs");
        if (probabilities != null) {
            logprobs.addAll(probabilities.array("content"));
        }
    }

    private void acceptDetail(JsonObject piece) {
        JsonObject last = reasoningDetails.isEmpty() ? null : reasoningDetails.get(reasoningDetails.size() - 1);
        if (last == null
                || !Objects.equals(last.get("type"), piece.get("type"))
                || !Objects.equals(last.get("index"), piece.get("index"))) {
            reasoningDetails.add(new JsonObject().putAll(piece));
            return;
        }
        for (String text : List.of("text", "summary")) {
            if (piece.has(text)) {
                last.put(text, last.string(text, "") + piece.string(text, ""));
            }
        }
        last.putIfPresent("signature", piece.get("signature"));
    }

    private void acceptFragment(JsonObject fragment) {
        int index = fragment.integer("index", -1);
        JsonObject function = Objects.requireNonNull(fragment.object("function"));
        if (index == callNames.size()) {
            callIds.add(fragment.string("id", ""));
            callNames.add(function.string("name", ""));
            callArguments.add(new StringBuilder());
        }
        callArguments.get(index).append(function.string("arguments", ""));
    }
}
