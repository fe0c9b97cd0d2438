package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers {@link OpenRouterMetadata} from where it is scattered: choices, usage, headers, members of their own. */
public final class MetadataCollector {
    private final Answer answer;
    private @Nullable String nativeFinishReason;
    private UsageDecoder.@Nullable Reading usage;
    private @Nullable RawJson routing;
    private final List<RawJson> debug = new ArrayList<>(0);

    public MetadataCollector(Answer answer) {
        this.answer = answer;
    }

    public void nativeFinishReason(@Nullable String reason) {
        nativeFinishReason = reason == null ? nativeFinishReason : reason;
    }

    public void usage(UsageDecoder.Reading reading) {
        usage = reading;
    }

    public void routing(RawJson json) {
        routing = json.isNull() ? routing : json;
    }

    public void debug(RawJson json) {
        if (!json.isNull()) {
            debug.add(json);
        }
    }

    public List<ProviderMetadata> collected() {
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
                        .map(MetadataCollector::endpoint)
                        .toList(),
                JsonTree.elements(members.get("attempts")).stream()
                        .map(MetadataCollector::attempt)
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
