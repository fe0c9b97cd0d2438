package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds models with prices; what a test does not name is not told. */
final class Models {
    static final ModelId ID = ModelId.parse("openrouter/a/b");

    private final Map<String, BigDecimal> prices = new LinkedHashMap<>();
    private final List<Pricing.Conditional> overrides = new ArrayList<>();
    private @Nullable Long room;
    private @Nullable Long longest;
    private List<String> gives = List.of("text");

    static Models model() {
        return new Models();
    }

    /** By the name of the component. */
    Models price(String name, String dollars) {
        prices.put(name, new BigDecimal(dollars));
        return this;
    }

    Models room(long tokens) {
        room = tokens;
        return this;
    }

    Models longestAnswer(long tokens) {
        longest = tokens;
        return this;
    }

    Models gives(String... modalities) {
        gives = List.of(modalities);
        return this;
    }

    Models beyond(long promptTokens, Pricing then) {
        overrides.add(new Pricing.Conditional(promptTokens, null, null, then));
        return this;
    }

    ModelInfo build() {
        Pricing pricing = new Pricing(
                prices.get("prompt"),
                prices.get("completion"),
                prices.get("request"),
                prices.get("image"),
                prices.get("imageToken"),
                prices.get("imageOutput"),
                prices.get("audio"),
                prices.get("audioOutput"),
                null,
                prices.get("cacheRead"),
                prices.get("cacheWrite"),
                prices.get("cacheWriteHour"),
                prices.get("reasoning"),
                prices.get("webSearch"),
                prices.get("discount"),
                overrides);
        return new ModelInfo(
                ID, null, "B", "", null, room, longest, List.of("text"), gives, List.of(), pricing, Map.of());
    }
}
