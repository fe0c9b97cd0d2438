package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Usage;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the tokens of {@code usage} (chat-completions.md §2.6), by the names of chat or by those of newer endpoints. */
public final class UsageJson {
    private UsageJson() {}

    /**
     * The tokens; {@link Usage#NOT_REPORTED} if there is no such object.
     *
     * @param json the member {@code usage}
     */
    public static Usage tokens(@Nullable RawJson json) {
        Map<String, RawJson> usage = JsonTree.members(json);
        return usage.isEmpty() ? Usage.NOT_REPORTED : tokens(usage, json);
    }

    /**
     * The same, of members that were read already.
     *
     * @param usage the members
     * @param json the object itself
     */
    public static Usage tokens(Map<String, RawJson> usage, @Nullable RawJson json) {
        boolean byDirection = usage.containsKey("input_tokens") && !usage.containsKey("prompt_tokens");
        Map<String, RawJson> prompt =
                JsonTree.members(usage.get(byDirection ? "input_tokens_details" : "prompt_tokens_details"));
        Map<String, RawJson> completion =
                JsonTree.members(usage.get(byDirection ? "output_tokens_details" : "completion_tokens_details"));
        return new Usage(
                count(usage, byDirection ? "input_tokens" : "prompt_tokens"),
                count(usage, byDirection ? "output_tokens" : "completion_tokens"),
                count(usage, "total_tokens"),
                new Usage.PromptDetails(
                        count(prompt, "cached_tokens"),
                        count(prompt, "cache_write_tokens"),
                        count(prompt, "audio_tokens"),
                        count(prompt, "video_tokens")),
                new Usage.CompletionDetails(
                        count(completion, "reasoning_tokens"),
                        count(completion, "image_tokens"),
                        count(completion, "audio_tokens"),
                        count(completion, "accepted_prediction_tokens"),
                        count(completion, "rejected_prediction_tokens")),
                json);
    }

    /** A count; 0 if it is missing or no number. */
    public static long count(Map<String, RawJson> members, String name) {
        Long count = JsonTree.value(members.get(name), Lenient::whole);
        return count == null ? 0 : count;
    }
}
