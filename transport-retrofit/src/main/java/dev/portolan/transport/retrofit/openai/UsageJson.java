package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Usage;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens of {@code usage} (OpenRouter reference: chat-completions §2.6), by the names of chat or by those of
 * newer endpoints, in one pass: it comes with every reply.
 */
public final class UsageJson {
    private static final JsonReader.Options NAMES = JsonReader.Options.of(
            "total_tokens",
            "prompt_tokens",
            "completion_tokens",
            "prompt_tokens_details",
            "completion_tokens_details",
            "input_tokens",
            "output_tokens",
            "input_tokens_details",
            "output_tokens_details",
            "cached_tokens",
            "cache_read_input_tokens",
            "prompt_cache_hit_tokens",
            "cache_creation_input_tokens");
    private static final JsonReader.Options PROMPT_NAMES = JsonReader.Options.of(
            "cached_tokens", "cache_write_tokens", "audio_tokens", "video_tokens", "cache_creation_tokens");
    private static final JsonReader.Options COMPLETION_NAMES = JsonReader.Options.of(
            "reasoning_tokens",
            "image_tokens",
            "audio_tokens",
            "accepted_prediction_tokens",
            "rejected_prediction_tokens");

    private final OtherMembers others;
    private final Side byChat = new Side();
    private final Side byDirection = new Side();
    private long total;
    private long cachedBeside;
    private long writtenBeside;
    private boolean isEmpty = true;

    private UsageJson(OtherMembers others) {
        this.others = others;
    }

    /** Reads what is no count of tokens. */
    public interface OtherMembers {
        /** Reads the value of one member, or skips it. */
        void read(String name, JsonReader value) throws IOException;
    }

    /** The counts under one set of names. */
    private static final class Side {
        private long prompt;
        private long completion;
        private boolean hasPrompt;
        private Usage.PromptDetails promptDetails = Usage.PromptDetails.NONE;
        private Usage.CompletionDetails completionDetails = Usage.CompletionDetails.NONE;
    }

    /**
     * The tokens; {@link Usage#NOT_REPORTED} if there is no such object, or nothing in it.
     *
     * @param json the member {@code usage}
     */
    public static Usage tokens(@Nullable RawJson json) {
        return tokens(json, (name, value) -> value.skipValue());
    }

    /** The same, with the other members given to {@code others} on the way. */
    public static Usage tokens(@Nullable RawJson json, OtherMembers others) {
        UsageJson usage = new UsageJson(others);
        JsonTree.value(json, usage::read);
        return usage.tokensOf(json);
    }

    private boolean read(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return false;
        }
        while (reader.hasNext()) {
            isEmpty = false;
            switch (reader.selectName(NAMES)) {
                case 0 -> total = count(reader);
                case 1 -> prompt(byChat, reader);
                case 2 -> byChat.completion = count(reader);
                case 3 -> byChat.promptDetails = promptDetails(reader);
                case 4 -> byChat.completionDetails = completionDetails(reader);
                case 5 -> prompt(byDirection, reader);
                case 6 -> byDirection.completion = count(reader);
                case 7 -> byDirection.promptDetails = promptDetails(reader);
                case 8 -> byDirection.completionDetails = completionDetails(reader);
                case 9, 10, 11 -> cachedBeside = Math.max(cachedBeside, count(reader));
                case 12 -> writtenBeside = count(reader);
                default -> others.read(reader.nextName(), reader);
            }
        }
        reader.endObject();
        return true;
    }

    private Usage tokensOf(@Nullable RawJson json) {
        Side side = byDirection.hasPrompt && !byChat.hasPrompt ? byDirection : byChat;
        return isEmpty
                ? Usage.NOT_REPORTED
                : new Usage(
                        side.prompt,
                        side.completion,
                        total,
                        completed(side.promptDetails),
                        side.completionDetails,
                        json);
    }

    /** Moonshot, LiteLLM and DeepSeek tell beside the details what came from a cache; some tell it in both places. */
    private Usage.PromptDetails completed(Usage.PromptDetails told) {
        if (cachedBeside == 0 && writtenBeside == 0) {
            return told;
        }
        return new Usage.PromptDetails(
                told.cachedTokens() > 0 ? told.cachedTokens() : cachedBeside,
                told.cacheWriteTokens() > 0 ? told.cacheWriteTokens() : writtenBeside,
                told.audioTokens(),
                told.videoTokens());
    }

    private static void prompt(Side side, JsonReader reader) throws IOException {
        side.prompt = count(reader);
        side.hasPrompt = true;
    }

    private static Usage.PromptDetails promptDetails(JsonReader reader) throws IOException {
        long[] counts = counts(reader, PROMPT_NAMES);
        return new Usage.PromptDetails(counts[0], counts[1] > 0 ? counts[1] : counts[4], counts[2], counts[3]);
    }

    private static Usage.CompletionDetails completionDetails(JsonReader reader) throws IOException {
        long[] counts = counts(reader, COMPLETION_NAMES);
        return new Usage.CompletionDetails(counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    /** By the place of their names; 0 for those that are missing. */
    public static long[] counts(JsonReader reader, JsonReader.Options names) throws IOException {
        long[] counts = new long[names.strings().size()];
        if (Lenient.beginObject(reader)) {
            while (reader.hasNext()) {
                int name = reader.selectName(names);
                if (name < 0) {
                    reader.skipName();
                    reader.skipValue();
                } else {
                    counts[name] = count(reader);
                }
            }
            reader.endObject();
        }
        return counts;
    }

    private static long count(JsonReader reader) throws IOException {
        Long count = Lenient.whole(reader);
        return count == null ? 0 : count;
    }
}
