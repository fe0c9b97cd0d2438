package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;

/** Writes a reply as the one JSON document of a blocking answer (OpenRouter reference: chat-completions §2). */
final class ChatDocument {
    private ChatDocument() {}

    static JsonObject of(ChatReply reply, String id, long created) {
        Integer topLogprobs = reply.topLogprobs();
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("logprobs", topLogprobs == null ? null : Logprobs.of(reply.textTokens(), topLogprobs))
                .put("finish_reason", reply.finishReason())
                .put("native_finish_reason", reply.nativeFinishReason())
                .put("message", message(reply));
        return new JsonObject()
                .put("id", id)
                .put("provider", reply.routed().model().provider())
                .put("model", reply.routed().id())
                .put("object", "chat.completion")
                .put("created", created)
                .put("choices", JsonArray.of(choice))
                .put("system_fingerprint", null)
                .put("service_tier", reply.serviceTier())
                .put("usage", reply.usage().json());
    }

    private static JsonObject message(ChatReply reply) {
        boolean onlyCalls = reply.textTokens().isEmpty() && !reply.calls().isEmpty();
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", onlyCalls ? null : reply.text())
                .put("refusal", null);
        String reasoning = reply.visibleReasoning();
        message.put("reasoning", reasoning);
        if (reasoning != null) {
            message.put("reasoning_details", reply.dialect().details(reasoning));
        }
        if (!reply.calls().isEmpty()) {
            JsonArray calls = new JsonArray();
            for (PlannedCall call : reply.calls()) {
                calls.add(new JsonObject()
                        .put("index", calls.size())
                        .put("id", call.id())
                        .put("type", "function")
                        .put(
                                "function",
                                new JsonObject().put("name", call.name()).put("arguments", call.arguments())));
            }
            message.put("tool_calls", calls);
        }
        if (!reply.images().isEmpty()) {
            message.put("images", images(reply));
        }
        if (!reply.annotations().isEmpty()) {
            message.put("annotations", reply.annotations());
        }
        return message;
    }

    private static JsonArray images(ChatReply reply) {
        JsonArray images = new JsonArray();
        for (ChatPicture picture : reply.images()) {
            images.add(image(picture, images.size()));
        }
        return images;
    }

    static JsonObject image(ChatPicture picture, int index) {
        return new JsonObject()
                .put("type", "image_url")
                .put("image_url", new JsonObject().put("url", picture.url()))
                .put("index", index);
    }
}
