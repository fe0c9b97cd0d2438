package dev.portolan.provider.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.ChatNotes;
import dev.portolan.transport.retrofit.openai.Tally;
import dev.portolan.transport.retrofit.openai.UsageJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The books of a reply. Most servers tell tokens only, some not even those: what is not told is unknown, not 0. A LiteLLM proxy
 * tells the cost in a header, and at the end of a stream in {@code usage.cost} if it is set up to; Perplexity tells it as the
 * {@code total_cost} in there. All are US dollars.
 */
final class CompatibleNotes implements ChatNotes {
    private static final String COST = "x-litellm-response-cost";
    private static final int SHORTEST_ID = 16;

    private final Answer answer;
    private final @Nullable ThinkTags tags;
    private @Nullable BigDecimal costOfUsage;

    CompatibleNotes(Answer answer, @Nullable ThinkTags tags) {
        this.answer = answer;
        this.tags = tags;
    }

    /** Some servers make ids up from a small number: Ollama's {@code chatcmpl-123} comes again within some dozen calls. */
    @Override
    public @Nullable String id(@Nullable String told) {
        return told == null || told.length() < SHORTEST_ID ? null : told;
    }

    @Override
    public void ofReply(int name, JsonReader reader) throws IOException {
        reader.skipValue();
    }

    @Override
    public void ofChoice(int name, JsonReader reader) throws IOException {
        reader.skipValue();
    }

    @Override
    public void text(ChatAssembler assembler, int choice, @Nullable String text) {
        if (tags == null) {
            assembler.text(choice, text);
        } else if (text != null) {
            tags.add(assembler, choice, text);
        }
    }

    @Override
    public void end(ChatAssembler assembler) {
        if (tags != null) {
            tags.end(assembler);
        }
    }

    @Override
    public Tally tally(@Nullable RawJson json) {
        Usage usage = UsageJson.tokens(json, this::ofUsage);
        String header = answer.header(COST);
        BigDecimal told = header == null ? null : JsonTree.value(RawJson.of(header), Lenient::decimal);
        BigDecimal cost = told == null ? costOfUsage : told;
        return new Tally(usage, cost == null || cost.signum() < 0 ? Cost.UNKNOWN : Cost.reported(cost));
    }

    private void ofUsage(String name, JsonReader value) throws IOException {
        if (name.equals("cost")) {
            costOfUsage = cost(Lenient.raw(value));
        } else {
            value.skipValue();
        }
    }

    private static @Nullable BigDecimal cost(RawJson told) {
        RawJson total = JsonTree.members(told).get("total_cost");
        return JsonTree.value(total == null ? told : total, Lenient::decimal);
    }

    /** Nothing that has no field or is no extra. */
    @Override
    public List<ProviderMetadata> metadata() {
        return List.of();
    }
}
