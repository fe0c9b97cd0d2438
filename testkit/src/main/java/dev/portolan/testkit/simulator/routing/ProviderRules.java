package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes the provider preferences of a request invalid (OpenRouter reference: chat-completions §1.6, images §1).
 */
public final class ProviderRules {
    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final List<String> SORTS = List.of("price", "throughput", "latency", "exacto");

    private static final Set<String> PROVIDER_FIELDS = Set.of(
            "order",
            "only",
            "ignore",
            "allow_fallbacks",
            "require_parameters",
            "data_collection",
            "zdr",
            "enforce_distillable_text",
            "quantizations",
            "sort",
            "preferred_min_throughput",
            "preferred_max_latency",
            "max_price");

    private static final Set<String> IMAGE_PROVIDER_FIELDS =
            Set.of("order", "only", "ignore", "allow_fallbacks", "sort", "options");

    private ProviderRules() {}

    public static void check(FieldCheck fields) {
        FieldCheck provider = fields.child("provider", PROVIDER_FIELDS.toArray(new String[0]));
        if (provider == null) {
            return;
        }
        provider.only(PROVIDER_FIELDS);
        provider.strings("order");
        provider.strings("only");
        provider.strings("ignore");
        provider.bool("allow_fallbacks", "require_parameters", "zdr", "enforce_distillable_text");
        provider.oneOf("data_collection", List.of("allow", "deny"));
        provider.stringsOf(
                "quantizations",
                List.of(
                        "int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32",
                        "unknown"));
        checkSort(provider);
        for (String preference : List.of("preferred_min_throughput", "preferred_max_latency")) {
            if (provider.object().get(preference) instanceof JsonObject) {
                FieldCheck percentiles = provider.requiredChild(preference, "p50", "p75", "p90", "p99");
                percentiles.object().names().forEach(name -> percentiles.number(name, 0, NONE));
            } else {
                provider.number(preference, 0, NONE);
            }
        }
        FieldCheck maxPrice = provider.child("max_price");
        if (maxPrice != null) {
            maxPrice.only(Set.of("prompt", "completion", "image", "audio", "request"));
            maxPrice.object()
                    .names()
                    .forEach(
                            name -> checkPrice(maxPrice, name, maxPrice.object().get(name)));
        }
    }

    private static void checkSort(FieldCheck provider) {
        if (provider.object().get("sort") instanceof JsonObject) {
            FieldCheck sort = provider.requiredChild("sort", "by", "partition");
            sort.oneOf("by", SORTS);
            sort.oneOf("partition", List.of("model", "none"));
        } else {
            provider.oneOf("sort", SORTS);
        }
    }

    /** The image endpoint knows fewer fields, and one of its own. */
    public static void checkForImages(FieldCheck fields) {
        FieldCheck provider = fields.child("provider", IMAGE_PROVIDER_FIELDS.toArray(new String[0]));
        if (provider == null) {
            return;
        }
        provider.only(IMAGE_PROVIDER_FIELDS);
        provider.strings("order");
        provider.strings("only");
        provider.strings("ignore");
        provider.bool("allow_fallbacks");
        checkSort(provider);
        checkOptions(provider);
    }

    /** The audio endpoints pass options on and route by nothing. */
    public static void checkOptionsOnly(FieldCheck fields) {
        FieldCheck provider = fields.child("provider");
        if (provider != null) {
            checkOptions(provider);
        }
    }

    private static void checkOptions(FieldCheck provider) {
        FieldCheck options = provider.child("options");
        if (options != null) {
            options.object().names().forEach(options::child);
        }
    }

    /**
     * The specification says strings, the guides send numbers: both are prices
     * (OpenRouter reference: chat-completions §1.6).
     */
    private static void checkPrice(FieldCheck prices, String name, @Nullable Object price) {
        if (price instanceof String text) {
            try {
                new BigDecimal(text);
            } catch (NumberFormatException wrong) {
                throw prices.error(name, "Expected a decimal number, received '" + text + "'");
            }
        } else {
            prices.number(name, 0, NONE);
        }
    }
}
