package dev.portolan.provider.openrouter.catalog;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of the catalogue (OpenRouter reference: catalogue-and-account §1 and §2); prices exactly, from their
 * texts.
 */
final class ModelDecoder {
    private static final String PROVIDER = "openrouter";

    private ModelDecoder() {}

    /** A row of {@code /models}, or of {@code /images/models}; {@code null} if it has no id. */
    static @Nullable ModelInfo model(RawJson json) {
        Map<String, RawJson> row = JsonTree.members(json);
        String id = take(row, "id");
        if (id == null || id.isBlank()) {
            return null;
        }
        Map<String, RawJson> architecture = JsonTree.members(row.remove("architecture"));
        Map<String, RawJson> topProvider = JsonTree.members(row.get("top_provider"));
        RawJson pricing = row.remove("pricing");
        String name = take(row, "name");
        String description = take(row, "description");
        return new ModelInfo(
                new ModelId(PROVIDER, id.strip()),
                take(row, "canonical_slug"),
                name == null ? id : name,
                description == null ? "" : description,
                JsonTree.value(row.remove("created"), Lenient::epochSecond),
                JsonTree.value(row.remove("context_length"), Lenient::whole),
                JsonTree.value(topProvider.get("max_completion_tokens"), Lenient::whole),
                texts(architecture.get("input_modalities")),
                texts(architecture.get("output_modalities")),
                takeParameters(row),
                pricing == null ? Pricing.UNKNOWN : pricing(JsonTree.members(pricing)),
                row);
    }

    /**
     * A row of {@code /models/…/endpoints}, or of {@code /images/models/…/endpoints}, whose prices by size and ranges of
     * parameters stay among the extras (OpenRouter reference: images §2).
     */
    static ModelEndpoint endpoint(RawJson json) {
        Map<String, RawJson> row = JsonTree.members(json);
        RawJson pricing = takeObject(row, "pricing");
        String provider = take(row, "provider_name");
        String tag = take(row, "tag");
        return new ModelEndpoint(
                provider == null ? "" : provider,
                tag == null ? take(row, "provider_tag") : tag,
                JsonTree.value(row.remove("context_length"), Lenient::whole),
                JsonTree.value(row.remove("max_prompt_tokens"), Lenient::whole),
                JsonTree.value(row.remove("max_completion_tokens"), Lenient::whole),
                take(row, "quantization"),
                takeParameters(row),
                pricing == null ? Pricing.UNKNOWN : pricing(JsonTree.members(pricing)),
                row);
    }

    private static Pricing pricing(Map<String, RawJson> prices) {
        List<Pricing.Conditional> conditional = new ArrayList<>();
        for (RawJson override : JsonTree.elements(prices.get("overrides"))) {
            Map<String, RawJson> told = JsonTree.members(override);
            if (hasKnownTimes(told)) {
                conditional.add(conditional(told));
            }
        }
        return new Pricing(
                price(prices, "prompt"),
                price(prices, "completion"),
                price(prices, "request"),
                price(prices, "image"),
                price(prices, "image_token"),
                price(prices, "image_output"),
                price(prices, "audio"),
                price(prices, "audio_output"),
                price(prices, "input_audio_cache"),
                price(prices, "input_cache_read"),
                price(prices, "input_cache_write"),
                price(prices, "input_cache_write_1h"),
                price(prices, "internal_reasoning"),
                price(prices, "web_search"),
                price(prices, "discount"),
                conditional);
    }

    /** A time that cannot be read would make the prices hold all day. */
    private static boolean hasKnownTimes(Map<String, RawJson> override) {
        return Stream.of("utc_start", "utc_end")
                .allMatch(name -> override.get(name) == null || timeOfDay(override.get(name)) != null);
    }

    private static Pricing.Conditional conditional(Map<String, RawJson> override) {
        Long minPromptTokens = JsonTree.value(override.get("min_prompt_tokens"), Lenient::whole);
        return new Pricing.Conditional(
                minPromptTokens == null ? -1 : minPromptTokens,
                timeOfDay(override.get("utc_start")),
                timeOfDay(override.get("utc_end")),
                pricing(override));
    }

    /** Written as a number, HHMM: {@code 1630}, {@code 30}. */
    private static @Nullable LocalTime timeOfDay(@Nullable RawJson json) {
        Integer number = JsonTree.value(json, Lenient::smallWhole);
        if (number == null || number < 0) {
            return null;
        }
        int hour = number / 100;
        int minute = number % 100;
        return hour > 24 || minute > 59 ? null : LocalTime.of(hour % 24, minute);
    }

    private static @Nullable BigDecimal price(Map<String, RawJson> prices, String name) {
        return JsonTree.value(prices.get(name), Lenient::decimal);
    }

    /** A list of names in {@code /models}; a map by name in {@code /images/models}, which stays for what it says. */
    private static List<String> takeParameters(Map<String, RawJson> row) {
        RawJson json = row.get("supported_parameters");
        Map<String, RawJson> byName = JsonTree.members(json);
        if (!byName.isEmpty()) {
            return List.copyOf(byName.keySet());
        }
        row.remove("supported_parameters");
        return texts(json);
    }

    /** Takes a member out that is an object; another is left where it is. */
    private static @Nullable RawJson takeObject(Map<String, RawJson> row, String name) {
        return JsonTree.members(row.get(name)).isEmpty() ? null : row.remove(name);
    }

    private static List<String> texts(@Nullable RawJson json) {
        List<String> texts = new ArrayList<>();
        for (RawJson element : JsonTree.elements(json)) {
            String text = JsonTree.text(element);
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static @Nullable String take(Map<String, RawJson> row, String name) {
        return JsonTree.text(row.remove(name));
    }

    /**
     * Where the next rows are, as a path below the server's origin; {@code null} if these were the last. An address of
     * another server is not followed, since the key would go there.
     */
    static @Nullable String nextPage(RawJson answer) {
        Map<String, RawJson> links = JsonTree.members(JsonTree.members(answer).get("links"));
        String next = JsonTree.text(links.get("next"));
        return next != null && next.startsWith("/") && !next.startsWith("//") ? next : null;
    }

    /** The rows of an answer: in {@code data}, or in the member {@code name} of it or of the answer itself. */
    static List<RawJson> rows(RawJson answer, String name) {
        Map<String, RawJson> members = new LinkedHashMap<>(JsonTree.members(answer));
        RawJson data = members.get("data");
        if (data != null && data.text().stripLeading().startsWith("[")) {
            return JsonTree.elements(data);
        }
        RawJson rows = members.get(name);
        return JsonTree.elements(rows != null ? rows : JsonTree.members(data).get(name));
    }
}
