package dev.portolan.provider.openrouter.wire;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.UsageJson;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads {@code usage}: tokens, and what they cost (OpenRouter reference: chat-completions §2.6, routing §8). */
public final class UsageDecoder {
    private static final JsonReader.Options COST_NAMES = JsonReader.Options.of(
            "upstream_inference_cost", "upstream_inference_prompt_cost", "upstream_inference_completions_cost");
    private static final JsonReader.Options TOOL_NAMES =
            JsonReader.Options.of("tool_calls_requested", "tool_calls_executed", "web_search_requests");

    private @Nullable BigDecimal charged;
    private boolean byok;
    private @Nullable BigDecimal upstream;
    private @Nullable BigDecimal upstreamPrompt;
    private @Nullable BigDecimal upstreamCompletion;
    private OpenRouterMetadata.@Nullable ServerToolUse serverTools;

    private UsageDecoder() {}

    /**
     * What {@code usage} says.
     *
     * @param usage the tokens
     * @param cost what the caller pays in all
     * @param charged what OpenRouter charges of it
     * @param byok whether the caller's own provider key was used
     * @param upstream what the provider charges, or its list price
     * @param upstreamPrompt the part of it for the prompt
     * @param upstreamCompletion the part of it for the completion
     * @param serverTools how often the server's own tools were used
     */
    public record Reading(
            Usage usage,
            Cost cost,
            @Nullable BigDecimal charged,
            boolean byok,
            @Nullable BigDecimal upstream,
            @Nullable BigDecimal upstreamPrompt,
            @Nullable BigDecimal upstreamCompletion,
            OpenRouterMetadata.@Nullable ServerToolUse serverTools) {
        /** Nothing said. */
        public static final Reading NONE =
                new Reading(Usage.NOT_REPORTED, Cost.UNKNOWN, null, false, null, null, null, null);
    }

    /** Reads the member {@code usage}. */
    public static Reading read(RawJson json) {
        UsageDecoder decoder = new UsageDecoder();
        Usage usage = UsageJson.tokens(json, decoder::member);
        return new Reading(
                usage,
                cost(decoder.charged, decoder.byok, decoder.upstream),
                decoder.charged,
                decoder.byok,
                decoder.upstream,
                decoder.upstreamPrompt,
                decoder.upstreamCompletion,
                decoder.serverTools);
    }

    /** With the caller's own key the provider's bill comes on top; otherwise it is inside {@code cost} already. */
    public static Cost cost(@Nullable BigDecimal charged, boolean byok, @Nullable BigDecimal upstream) {
        if (charged == null) {
            return Cost.UNKNOWN;
        }
        return Cost.reported(byok && upstream != null ? charged.add(upstream) : charged);
    }

    private void member(String name, JsonReader reader) throws IOException {
        switch (name) {
            case "cost" -> charged = Lenient.decimal(reader);
            case "is_byok" -> byok = Boolean.TRUE.equals(Lenient.bool(reader));
            case "cost_details" -> costs(reader);
            case "server_tool_use_details" -> {
                OpenRouterMetadata.ServerToolUse told = serverTools(reader);
                serverTools = told == null ? serverTools : told;
            }
            case "server_tool_use" -> {
                OpenRouterMetadata.ServerToolUse told = serverTools(reader);
                serverTools = serverTools == null ? told : serverTools;
            }
            default -> reader.skipValue();
        }
    }

    private void costs(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        while (reader.hasNext()) {
            switch (reader.selectName(COST_NAMES)) {
                case 0 -> upstream = Lenient.decimal(reader);
                case 1 -> upstreamPrompt = Lenient.decimal(reader);
                case 2 -> upstreamCompletion = Lenient.decimal(reader);
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
    }

    private static OpenRouterMetadata.@Nullable ServerToolUse serverTools(JsonReader reader) throws IOException {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT) {
            reader.skipValue();
            return null;
        }
        long[] counts = UsageJson.counts(reader, TOOL_NAMES);
        return new OpenRouterMetadata.ServerToolUse(counts[0], counts[1], counts[2]);
    }
}
