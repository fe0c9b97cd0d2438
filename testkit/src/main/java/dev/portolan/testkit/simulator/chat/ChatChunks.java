package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.text.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a reply as the chunks of a stream (OpenRouter reference: streaming §2 to §4). */
final class ChatChunks {
    private static final int TOKENS_PER_ARGUMENT_PIECE = 3;

    /**
     * One chunk.
     *
     * @param completionTokens how many tokens the model has written by the end of this chunk
     * @param imageTokens how many of them are image tokens
     */
    record Chunk(JsonObject json, int completionTokens, int imageTokens) {}

    private final ChatReply reply;
    private final String id;
    private final long created;
    private final List<Chunk> chunks = new ArrayList<>();
    private int completionTokens;
    private int imageTokens;

    private ChatChunks(ChatReply reply, String id, long created) {
        this.reply = reply;
        this.id = id;
        this.created = created;
    }

    /** The chunks up to the one with the finish reason; usage follows in a chunk of its own. */
    static List<Chunk> of(ChatReply reply, String id, long created) {
        ChatChunks writer = new ChatChunks(reply, id, created);
        writer.writeRole();
        writer.writeReasoning();
        writer.writeText();
        writer.writeImagesAndAnnotations();
        writer.writeCalls();
        writer.writeFinish();
        return writer.chunks;
    }

    static JsonObject usage(ChatReply reply, String id, long created) {
        return envelope(reply, id, created)
                .put("choices", new JsonArray())
                .put("service_tier", reply.serviceTier())
                .put("usage", reply.usage().json());
    }

    static JsonObject debug(ChatReply reply, String id, long created, JsonObject upstreamBody) {
        return envelope(reply, id, created)
                .put("choices", new JsonArray())
                .put("debug", new JsonObject().put("echo_upstream_body", upstreamBody));
    }

    private static JsonObject envelope(ChatReply reply, String id, long created) {
        return new JsonObject()
                .put("id", id)
                .put("provider", reply.routed().model().provider())
                .put("model", reply.routed().id())
                .put("object", "chat.completion.chunk")
                .put("created", created);
    }

    private void add(JsonObject delta) {
        add(delta, null, null);
    }

    private void add(JsonObject delta, @Nullable JsonObject logprobs, @Nullable String finishReason) {
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("delta", delta)
                .put("finish_reason", finishReason)
                .put("native_finish_reason", finishReason == null ? null : reply.nativeFinishReason())
                .put("logprobs", logprobs);
        chunks.add(new Chunk(
                envelope(reply, id, created).put("choices", JsonArray.of(choice)), completionTokens, imageTokens));
    }

    private static JsonObject content(String text) {
        return new JsonObject().put("role", "assistant").put("content", text);
    }

    private void writeRole() {
        boolean onlyCalls = reply.textTokens().isEmpty() && !reply.calls().isEmpty();
        add(new JsonObject().put("role", "assistant").put("content", onlyCalls ? null : ""));
    }

    private void writeReasoning() {
        String reasoning = reply.reasoning();
        if (reasoning == null) {
            return;
        }
        if (!reply.reasoningVisible()) {
            completionTokens += reply.reasoningTokens(); // thought in silence
            return;
        }
        for (List<String> word : Tokens.words(Tokens.split(reasoning))) {
            String piece = String.join("", word);
            completionTokens += word.size();
            add(content("")
                    .put("reasoning", piece)
                    .put("reasoning_details", JsonArray.of(reply.dialect().delta(piece))));
        }
        if (reply.textTokens().isEmpty()) {
            writeEndOfReasoning();
        }
    }

    /** Signatures come late, often after the content has begun. */
    private void writeEndOfReasoning() {
        String reasoning = reply.visibleReasoning();
        JsonArray closing =
                reasoning == null ? new JsonArray() : reply.dialect().closing(reasoning);
        if (!closing.isEmpty()) {
            add(content("").put("reasoning", null).put("reasoning_details", closing));
        }
    }

    private void writeText() {
        Integer topLogprobs = reply.topLogprobs();
        boolean first = true;
        for (List<String> word : Tokens.words(reply.textTokens())) {
            completionTokens += word.size();
            JsonObject logprobs = topLogprobs == null ? null : Logprobs.of(word, topLogprobs);
            add(content(String.join("", word)), logprobs, null);
            if (first) {
                writeEndOfReasoning();
                first = false;
            }
        }
    }

    private void writeImagesAndAnnotations() {
        int index = 0;
        for (ChatPicture picture : reply.images()) {
            completionTokens += picture.tokens();
            imageTokens += picture.tokens();
            add(content("").put("images", JsonArray.of(ChatDocument.image(picture, index++))));
        }
        if (!reply.annotations().isEmpty()) {
            add(content("").put("annotations", reply.annotations()));
        }
    }

    /** The head of each call starts while the one before is still being written, so that fragments interleave. */
    private void writeCalls() {
        List<Fragments> open = new ArrayList<>();
        for (PlannedCall call : reply.calls()) {
            Fragments fragments = new Fragments(open.size(), call);
            open.forEach(this::writeFragment);
            completionTokens += call.headTokens();
            add(new JsonObject().put("tool_calls", JsonArray.of(fragments.head())));
            open.add(fragments);
        }
        while (open.stream().anyMatch(Fragments::hasNext)) {
            open.forEach(this::writeFragment);
        }
    }

    private void writeFragment(Fragments fragments) {
        if (fragments.hasNext()) {
            JsonObject fragment = fragments.next();
            add(new JsonObject().put("tool_calls", JsonArray.of(fragment)));
        }
    }

    private void writeFinish() {
        add(content(""), null, reply.finishReason());
    }

    /** The pieces of one tool call (OpenRouter reference: streaming §3). */
    private final class Fragments {
        private final int index;
        private final PlannedCall call;
        private int written;

        Fragments(int index, PlannedCall call) {
            this.index = index;
            this.call = call;
        }

        JsonObject head() {
            return new JsonObject()
                    .put("index", index)
                    .put("id", call.id())
                    .put("type", "function")
                    .put("function", new JsonObject().put("name", call.name()).put("arguments", ""));
        }

        boolean hasNext() {
            return written < call.argumentTokens().size();
        }

        JsonObject next() {
            List<String> tokens = call.argumentTokens();
            int end = Math.min(tokens.size(), written + TOKENS_PER_ARGUMENT_PIECE);
            String piece = String.join("", tokens.subList(written, end));
            completionTokens += end - written;
            written = end;
            return new JsonObject().put("index", index).put("function", new JsonObject().put("arguments", piece));
        }
    }
}
