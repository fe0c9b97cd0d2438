package dev.portolan.testkit.simulator.embedding;

import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.text.Tokens;
import dev.portolan.testkit.simulator.vector.Features;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing to embed.
 *
 * @param features what its vector is made of
 * @param tokens how many tokens of each modality it has
 * @param images how many images it has
 */
record EmbeddingInput(Features features, Map<String, Integer> tokens, int images) {
    private static final int TOKENS_PER_IMAGE = 258;
    private static final int TOKENS_PER_RECORDING = 120;
    private static final int TOKENS_PER_VIDEO = 512;
    private static final int TOKENS_PER_FILE = 300;

    /**
     * Reads the field {@code input} in its five forms (OpenRouter reference: embeddings §1); refuses all else with 400.
     */
    static List<EmbeddingInput> parse(FieldCheck fields) {
        fields.required("input");
        Object input = fields.object().get("input");
        if (input instanceof String text) {
            return List.of(text(fields, text));
        }
        if (!(input instanceof JsonArray array)) {
            throw fields.error("input", "Expected string or array, received " + FieldCheck.typeOf(input));
        }
        if (array.isEmpty()) {
            throw fields.error("input", "Array must contain at least 1 element(s)");
        }
        List<String> types =
                array.items().stream().map(FieldCheck::typeOf).distinct().toList();
        if (types.size() > 1) {
            throw fields.error(
                    "input", "Invalid input: the forms cannot be mixed, received " + types + " in one array");
        }
        return switch (types.get(0)) {
            case "string" ->
                array.strings().stream().map(text -> text(fields, text)).toList();
            case "number" -> List.of(tokens(fields, array));
            case "array" ->
                array.items().stream()
                        .filter(JsonArray.class::isInstance)
                        .map(JsonArray.class::cast)
                        .map(tokens -> tokens(fields, tokens))
                        .toList();
            case "object" ->
                fields.children("input").stream().map(EmbeddingInput::parts).toList();
            default ->
                throw fields.error("input", "Expected array of string, number, array or object, received " + types);
        };
    }

    private static EmbeddingInput text(FieldCheck fields, String text) {
        if (text.isEmpty()) {
            throw fields.error("input", "String must contain at least 1 character(s)");
        }
        return new EmbeddingInput(new Features().addText(text), Map.of("text", textTokens(text)), 0);
    }

    private static int textTokens(String text) {
        return Math.max(1, Tokens.count(text));
    }

    private static EmbeddingInput tokens(FieldCheck fields, JsonArray array) {
        if (array.isEmpty()) {
            throw fields.error("input", "Array must contain at least 1 element(s)");
        }
        List<String> tokens = new ArrayList<>();
        for (Object item : array.items()) {
            if (!(item instanceof BigDecimal number)
                    || number.signum() < 0
                    || number.stripTrailingZeros().scale() > 0) {
                throw fields.error("input", "Expected array of token, received " + FieldCheck.typeOf(item) + " in it");
            }
            tokens.add(number.toBigInteger().toString());
        }
        return new EmbeddingInput(new Features().addTokens(tokens), Map.of("text", tokens.size()), 0);
    }

    private static EmbeddingInput parts(FieldCheck item) {
        item.required("content");
        List<FieldCheck> parts = item.children("content");
        if (parts.isEmpty()) {
            throw item.error("content", "Array must contain at least 1 element(s)");
        }
        Features features = new Features();
        Map<String, Integer> tokens = new LinkedHashMap<>();
        int images = 0;
        for (FieldCheck part : parts) {
            part.required("type");
            String type = part.string("type");
            switch (type == null ? "" : type) {
                case "text" -> {
                    part.required("text");
                    String text = part.string("text");
                    if (text == null || text.isEmpty()) {
                        throw part.error("text", "String must contain at least 1 character(s)");
                    }
                    features.addText(text);
                    tokens.merge("text", textTokens(text), Integer::sum);
                }
                case "image_url" -> {
                    features.addMedium("image", field(part, "image_url", "url"));
                    tokens.merge("image", TOKENS_PER_IMAGE, Integer::sum);
                    images++;
                }
                case "input_audio" -> {
                    features.addMedium("audio", field(part, "input_audio", "data"));
                    tokens.merge("audio", TOKENS_PER_RECORDING, Integer::sum);
                }
                case "input_video" -> {
                    features.addMedium("video", field(part, "input_video", "data"));
                    tokens.merge("video", TOKENS_PER_VIDEO, Integer::sum);
                }
                case "input_file" -> {
                    features.addMedium("file", field(part, "input_file", "data"));
                    tokens.merge("file", TOKENS_PER_FILE, Integer::sum);
                }
                default ->
                    throw part.error(
                            "type",
                            "Invalid discriminator value. Expected 'text', 'image_url', 'input_audio', 'input_video'"
                                    + " or 'input_file', received '" + type + "'");
            }
        }
        return new EmbeddingInput(features, tokens, images);
    }

    private static String field(FieldCheck part, String holder, String name) {
        FieldCheck medium = part.requiredChild(holder);
        medium.required(name);
        medium.string("format");
        String value = medium.string(name);
        return value == null ? "" : value;
    }

    int allTokens() {
        return tokens.values().stream().mapToInt(Integer::intValue).sum();
    }
}
