package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.text.Tokens;
import java.util.List;

/**
 * The tokens of a prompt.
 *
 * @param tokens all of them
 * @param cached how many of them were read from the prompt cache
 * @param written how many of them were written to it
 * @param images how many images they stand for
 */
record PromptUse(int tokens, int cached, int written, int images) {
    private static final int TOKENS_PER_MESSAGE = 4;
    private static final int TOKENS_OF_THE_FRAME = 3;
    private static final int TOKENS_PER_IMAGE = 258;
    private static final int TOKENS_PER_RECORDING = 120;
    private static final int TOKENS_PER_VIDEO = 512;
    private static final int TOKENS_PER_FILE = 300;

    static int count(ChatCall call) {
        int tokens = TOKENS_OF_THE_FRAME;
        for (JsonObject message : call.messages()) {
            tokens += count(message);
        }
        for (JsonObject function : call.functions()) {
            tokens += Tokens.count(function.toString());
        }
        return tokens;
    }

    static int images(ChatCall call) {
        return call.messages().stream()
                .mapToInt(message -> (int) ChatCall.countParts(message, "image_url"))
                .sum();
    }

    static int count(JsonObject message) {
        int tokens = TOKENS_PER_MESSAGE + Tokens.count(ChatCall.text(message));
        List<JsonObject> parts = message.array("content").objects();
        for (JsonObject part : parts) {
            tokens += switch (part.string("type", "")) {
                case "image_url" -> TOKENS_PER_IMAGE;
                case "input_audio" -> TOKENS_PER_RECORDING;
                case "video_url", "input_video" -> TOKENS_PER_VIDEO;
                case "file" -> TOKENS_PER_FILE;
                default -> 0;
            };
        }
        JsonArray toolCalls = message.array("tool_calls");
        return toolCalls.isEmpty() ? tokens : tokens + Tokens.count(toolCalls.toString());
    }
}
