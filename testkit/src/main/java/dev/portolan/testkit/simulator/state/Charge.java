package dev.portolan.testkit.simulator.state;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a generation costs, in US dollars, exact (OpenRouter reference: routing §8). */
public record Charge(BigDecimal prompt, BigDecimal completion) {
    public static final Charge NOTHING = new Charge(BigDecimal.ZERO, BigDecimal.ZERO);

    /** A price that is not set is none. */
    public static BigDecimal times(@Nullable BigDecimal price, long count) {
        return price == null ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(count));
    }

    public BigDecimal cost() {
        return plain(prompt.add(completion));
    }

    /** The fields of a usage that speak of money. */
    public JsonObject json() {
        return new JsonObject()
                .put("cost", cost())
                .put("is_byok", false)
                .put(
                        "cost_details",
                        new JsonObject()
                                .put("upstream_inference_cost", cost())
                                .put("upstream_inference_prompt_cost", plain(prompt))
                                .put("upstream_inference_completions_cost", plain(completion)));
    }

    /** Without the trailing zeros that only say how the number was computed. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
