package dev.portolan.provider.openrouter.account;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a past call was billed for (OpenRouter reference: catalogue-and-account §4). It is how the cost of a stream that
 * broke or was cancelled becomes known.
 *
 * @param id the generation's id
 * @param model the model that answered
 * @param apiType what was called: {@code completions embeddings rerank tts stt video image}; {@code null} if not told
 * @param provider who ran the model; {@code null} if not told
 * @param createdAt when; {@code null} if not told
 * @param usage the tokens, counted by the model's own tokenizer
 * @param cost what the caller pays in all, as with replies
 * @param byok whether the caller's own provider key was used
 * @param streamed whether it was a stream
 * @param cancelled whether the caller ended it
 * @param finishReason why it ended; {@code null} if not told
 * @param latency until the first token; {@code null} if not told
 * @param generationTime from the first token to the last; {@code null} if not told
 * @param raw all that was told
 */
public record Generation(
        String id,
        String model,
        @Nullable String apiType,
        @Nullable String provider,
        @Nullable Instant createdAt,
        Usage usage,
        Cost cost,
        boolean byok,
        boolean streamed,
        boolean cancelled,
        @Nullable String finishReason,
        @Nullable Duration latency,
        @Nullable Duration generationTime,
        RawJson raw) {}
