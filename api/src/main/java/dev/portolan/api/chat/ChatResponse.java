package dev.portolan.api.chat;

import dev.portolan.api.Attempt;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Reply;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer. A stream that has ended gives the very same as a blocking call.
 *
 * @param id the provider's name for this generation; {@code null} if it gave none
 * @param model the model that answered, as the provider names it; may differ from the one asked, as with routers and
 *     fallbacks
 * @param provider who ran the model, for example {@code OpenAI} behind OpenRouter; {@code null} if not told
 * @param created when, to the second; {@code null} if not told
 * @param choices the answers, in order; at least one in a complete reply
 * @param usage the tokens used
 * @param cost what it cost
 * @param systemFingerprint the provider's name for its configuration; {@code null} if not told
 * @param serviceTier the class of service that was used; {@code null} if not told
 * @param warnings what could not be honoured as asked
 * @param attempts the attempts it took, the last of which answered; empty if the provider does not tell
 * @param metadata what only the provider tells
 * @param extras further members of the reply by their name on the wire
 */
public record ChatResponse(
        @Nullable String id,
        String model,
        @Nullable String provider,
        @Nullable Instant created,
        List<ChatChoice> choices,
        Usage usage,
        Cost cost,
        @Nullable String systemFingerprint,
        @Nullable String serviceTier,
        List<Warning> warnings,
        List<Attempt> attempts,
        List<ProviderMetadata> metadata,
        Map<String, RawJson> extras)
        implements Reply {
    private static final AssistantMessage NOTHING = AssistantMessage.builder().build();

    /** Copies the collections. */
    public ChatResponse {
        choices = List.copyOf(choices);
        warnings = List.copyOf(warnings);
        attempts = List.copyOf(attempts);
        metadata = List.copyOf(metadata);
        extras = Contents.orderedCopy(extras);
    }

    /** The same, with further warnings before its own. */
    public ChatResponse withWarnings(List<Warning> more) {
        List<Warning> all = new ArrayList<>(more);
        all.addAll(warnings);
        return new ChatResponse(
                id,
                model,
                provider,
                created,
                choices,
                usage,
                cost,
                systemFingerprint,
                serviceTier,
                all,
                attempts,
                metadata,
                extras);
    }

    @Override
    public ChatResponse withAttempts(List<Attempt> newAttempts) {
        return new ChatResponse(
                id,
                model,
                provider,
                created,
                choices,
                usage,
                cost,
                systemFingerprint,
                serviceTier,
                warnings,
                newAttempts,
                metadata,
                extras);
    }

    /** The first answer's message; an empty one if there is no answer. */
    public AssistantMessage message() {
        return choices.isEmpty() ? NOTHING : choices.get(0).message();
    }

    /** The first answer's text; empty if there is none. */
    public String text() {
        return message().text();
    }

    /** The first answer's tool calls. */
    public List<ToolCall> toolCalls() {
        return message().toolCalls();
    }

    /** Why the first answer ended. */
    public FinishReason finishReason() {
        return choices.isEmpty() ? FinishReason.UNKNOWN : choices.get(0).finishReason();
    }

    /**
     * Whether the model said nothing and gave no reason, as happens when a provider is just starting up. OpenRouter does
     * not charge for it (OpenRouter reference: routing §9); asking again is safe.
     */
    public boolean isEmpty() {
        return message().isEmpty() && finishReason().unified() == FinishReason.Unified.UNKNOWN;
    }
}
