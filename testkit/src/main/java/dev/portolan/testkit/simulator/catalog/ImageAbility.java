package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.picture.AspectRatio;
import dev.portolan.testkit.simulator.picture.ResolutionTier;
import java.math.BigDecimal;
import java.util.List;

/**
 * What an image model can do on the image endpoint, told from its id (OpenRouter reference: images §1 and §2).
 *
 * @param streams whether it sends previews; others answer JSON whatever the request says
 * @param vector whether it draws SVG, and nothing else
 * @param most how many images it draws for one request
 */
public record ImageAbility(boolean streams, boolean vector, int most) {
    public static final int MOST = 10;

    static ImageAbility of(String author, String slug) {
        return new ImageAbility(
                author.equals("openai"),
                List.of(slug.split("[-.]")).stream().anyMatch(word -> word.equals("vector") || word.equals("svg")),
                author.equals("black-forest-labs") ? 1 : MOST);
    }

    /** The descriptors of {@code supported_parameters}. */
    JsonObject descriptors(ServedModel model) {
        JsonObject descriptors = new JsonObject()
                .put("resolution", oneOf(ResolutionTier.titles()))
                .put("aspect_ratio", oneOf(AspectRatio.names()))
                .put("output_format", oneOf(List.of(vector ? "svg" : "png")))
                .put("seed", new JsonObject().put("type", "boolean"));
        if (!vector) {
            descriptors.put("background", oneOf(List.of("auto", "transparent", "opaque")));
        }
        if (most > 1) {
            descriptors.put("n", range(1, most));
        }
        if (model.reads("image")) {
            descriptors.put("input_references", range(0, 16));
        }
        return descriptors;
    }

    private static JsonObject oneOf(List<String> values) {
        return new JsonObject().put("type", "enum").put("values", JsonArray.of(values));
    }

    private static JsonObject range(int min, int max) {
        return new JsonObject().put("type", "range").put("min", min).put("max", max);
    }

    /** The lines of the price list: numbers here, where other prices are text. */
    static JsonArray pricing(ServedModel model) {
        SimulatedModel.Pricing pricing = model.pricing();
        JsonArray lines = new JsonArray();
        BigDecimal output = pricing.imageOutput();
        lines.add(line("output_image", "token", output == null ? pricing.completion() : output));
        if (pricing.prompt().signum() > 0) {
            lines.add(line("input_text", "token", pricing.prompt()));
            lines.add(line("input_image", "token", pricing.prompt()));
        }
        if (pricing.image() != null) {
            lines.add(line("input_reference", "image", pricing.image()));
        }
        return lines;
    }

    private static JsonObject line(String billable, String unit, BigDecimal price) {
        return new JsonObject().put("billable", billable).put("unit", unit).put("cost_usd", price);
    }
}
