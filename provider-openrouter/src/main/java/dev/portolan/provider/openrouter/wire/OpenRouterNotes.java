package dev.portolan.provider.openrouter.wire;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.ChatNotes;
import dev.portolan.transport.retrofit.openai.OwnMembers;
import dev.portolan.transport.retrofit.openai.Tally;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what OpenRouter alone tells, and gathers {@link OpenRouterMetadata} from where it is scattered: choices, usage,
 * headers, members of their own.
 */
public final class OpenRouterNotes implements ChatNotes {
    /** The members that are read here. */
    public static final OwnMembers MEMBERS =
            new OwnMembers(List.of("openrouter_metadata", "debug"), List.of("native_finish_reason"));

    private final Answer answer;
    private @Nullable String nativeFinishReason;
    private UsageDecoder.@Nullable Reading usage;
    private @Nullable RawJson routing;
    private final List<RawJson> debug = new ArrayList<>(0);

    public OpenRouterNotes(Answer answer) {
        this.answer = answer;
    }

    @Override
    public void ofReply(int name, JsonReader reader) throws IOException {
        RawJson json = Lenient.raw(reader);
        if (json.isNull()) {
            return;
        }
        if (name == 0) {
            routing = json;
        } else {
            debug.add(json);
        }
    }

    @Override
    public void ofChoice(int name, JsonReader reader) throws IOException {
        String reason = Lenient.text(reader);
        nativeFinishReason = reason == null ? nativeFinishReason : reason;
    }

    @Override
    public void text(ChatAssembler assembler, int choice, @Nullable String text) {
        assembler.text(choice, text);
    }

    /** Nothing is kept back. */
    @Override
    public void end(ChatAssembler assembler) {}

    @Override
    public Tally tally(@Nullable RawJson json) {
        if (json == null) {
            return Tally.NONE;
        }
        UsageDecoder.Reading reading = UsageDecoder.read(json);
        usage = reading;
        return new Tally(reading.usage(), reading.cost());
    }

    @Override
    public List<ProviderMetadata> metadata() {
        UsageDecoder.Reading told = usage;
        return List.of(new OpenRouterMetadata(
                nativeFinishReason,
                told != null && told.byok(),
                told == null ? null : told.charged(),
                told == null ? null : told.upstream(),
                told == null ? null : told.upstreamPrompt(),
                told == null ? null : told.upstreamCompletion(),
                told == null ? null : told.serverTools(),
                cacheUse(),
                routing == null ? null : routingOf(routing),
                debug));
    }

    private OpenRouterMetadata.@Nullable CacheUse cacheUse() {
        String status = answer.header("X-OpenRouter-Cache-Status");
        return status == null
                ? null
                : new OpenRouterMetadata.CacheUse(
                        status.equalsIgnoreCase("HIT"),
                        seconds(answer.header("X-OpenRouter-Cache-Age")),
                        seconds(answer.header("X-OpenRouter-Cache-TTL")),
                        answer.header("X-OpenRouter-Cache-Source-Id"));
    }

    private static @Nullable Duration seconds(@Nullable String value) {
        return value != null && value.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    }

    private static OpenRouterMetadata.Routing routingOf(RawJson json) {
        Map<String, RawJson> members = JsonTree.members(json);
        return new OpenRouterMetadata.Routing(
                JsonTree.text(members.get("requested")),
                JsonTree.text(members.get("strategy")),
                JsonTree.text(members.get("region")),
                JsonTree.text(members.get("summary")),
                number(members.get("attempt")),
                JsonTree.elements(JsonTree.members(members.get("endpoints")).get("available")).stream()
                        .map(OpenRouterNotes::endpoint)
                        .toList(),
                JsonTree.elements(members.get("attempts")).stream()
                        .map(OpenRouterNotes::attempt)
                        .toList(),
                json);
    }

    private static OpenRouterMetadata.Routing.Endpoint endpoint(RawJson json) {
        Map<String, RawJson> members = JsonTree.members(json);
        return new OpenRouterMetadata.Routing.Endpoint(
                JsonTree.text(members.get("provider")),
                JsonTree.text(members.get("model")),
                Boolean.TRUE.equals(JsonTree.value(members.get("selected"), Lenient::bool)));
    }

    private static OpenRouterMetadata.Routing.Attempt attempt(RawJson json) {
        Map<String, RawJson> members = JsonTree.members(json);
        return new OpenRouterMetadata.Routing.Attempt(
                JsonTree.text(members.get("provider")),
                JsonTree.text(members.get("model")),
                number(members.get("status")));
    }

    private static int number(@Nullable RawJson json) {
        Integer number = JsonTree.value(json, Lenient::smallWhole);
        return number == null ? 0 : number;
    }
}
