package dev.portolan.testkit.simulator.image;

import dev.portolan.testkit.simulator.catalog.ImageAbility;
import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.picture.AspectRatio;
import dev.portolan.testkit.simulator.picture.Picture;
import dev.portolan.testkit.simulator.picture.PixelSize;
import dev.portolan.testkit.simulator.picture.ResolutionTier;
import dev.portolan.testkit.simulator.routing.ProviderRules;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that kept the rules of the OpenRouter reference (images §1).
 *
 * @param references the URLs of the images to start from
 */
record ImageRequest(JsonObject body, String prompt, PixelSize size, List<String> references) {
    private static final Pattern PIXELS = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
    private static final int SHORTEST_SIDE = 16;
    private static final int LONGEST_SIDE = 8192;
    private static final int MOST_REFERENCES = 16;

    static ImageRequest parse(JsonObject body) {
        FieldCheck fields = new FieldCheck("", body, Set.of());
        fields.requiredText("model");
        fields.required("prompt");
        String prompt = fields.string("prompt");
        if (prompt == null || prompt.isEmpty()) {
            throw fields.error("prompt", "String must contain at least 1 character(s)");
        }
        fields.integer("n", 1, ImageAbility.MOST);
        fields.oneOf("resolution", ResolutionTier.titles());
        List<String> ratios = AspectRatio.names();
        if (!"auto".equals(fields.string("aspect_ratio"))) {
            fields.oneOf("aspect_ratio", ratios);
        }
        fields.oneOf("quality", List.of("auto", "low", "medium", "high"));
        fields.oneOf("output_format", List.of("png", "jpeg", "webp", "svg"));
        fields.integer("output_compression", 0, 100);
        fields.oneOf("background", List.of("auto", "transparent", "opaque"));
        String format = body.string("output_format", "png");
        if (body.string("background", "").equals("transparent")
                && !List.of("png", "webp").contains(format)) {
            throw fields.error("background", "transparent requires an output_format of png or webp, not " + format);
        }
        fields.integer("seed", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        fields.bool("stream");
        List<String> references = references(fields);
        ProviderRules.checkForImages(fields);
        return new ImageRequest(body, prompt, size(fields), references);
    }

    private static List<String> references(FieldCheck fields) {
        List<FieldCheck> references = fields.children("input_references");
        if (references.size() > MOST_REFERENCES) {
            throw fields.error("input_references", "Array must contain at most " + MOST_REFERENCES + " element(s)");
        }
        return references.stream().map(ImageRequest::url).toList();
    }

    private static String url(FieldCheck reference) {
        reference.required("type");
        reference.oneOf("type", List.of("image_url"));
        FieldCheck image = reference.requiredChild("image_url");
        image.required("url");
        String url = image.string("url");
        if (url == null || !url.matches("(?s)(https?://|data:image/).+")) {
            throw image.error("url", "Expected an http(s) URL or a data URL of an image");
        }
        return url;
    }

    /** Pixels are authoritative; what contradicts them, or a tier, is refused. */
    private static PixelSize size(FieldCheck fields) {
        JsonObject body = fields.object();
        String size = fields.string("size");
        String resolution = body.string("resolution");
        String ratio = body.string("aspect_ratio");
        Matcher pixels = PIXELS.matcher(size == null ? "" : size);
        if (pixels.matches()) {
            PixelSize exact = new PixelSize(side(fields, pixels.group(1)), side(fields, pixels.group(2)));
            if (resolution != null && !exact.tier().title().equals(resolution)) {
                throw fields.error("size", size + " contradicts the resolution " + resolution);
            }
            boolean otherRatio = ratio != null
                    && !ratio.equals("auto")
                    && !AspectRatio.nearest(exact.width(), exact.height())
                            .name()
                            .equals(ratio);
            if (otherRatio) {
                throw fields.error("size", size + " contradicts the aspect_ratio " + ratio);
            }
            return exact;
        }
        if (size != null && ResolutionTier.titled(size) == null) {
            throw fields.error(
                    "size",
                    "Expected one of " + ResolutionTier.titles() + " or pixels such as 1024x1024, received '" + size
                            + "'");
        }
        if (size != null && resolution != null && !size.equals(resolution)) {
            throw fields.error("size", size + " contradicts the resolution " + resolution);
        }
        String tierTitle = size == null ? resolution : size;
        ResolutionTier tier = tierTitle == null ? null : ResolutionTier.titled(tierTitle);
        AspectRatio known = ratio == null ? null : AspectRatio.named(ratio);
        return PixelSize.of(known == null ? AspectRatio.SQUARE : known, tier == null ? ResolutionTier.ONE : tier);
    }

    private static int side(FieldCheck fields, String digits) {
        int side = Integer.parseInt(digits);
        if (side < SHORTEST_SIDE || side > LONGEST_SIDE) {
            throw fields.error("size", "Each side must be " + SHORTEST_SIDE + " to " + LONGEST_SIDE + " pixels");
        }
        return side;
    }

    int count() {
        return body.integer("n", 1);
    }

    boolean stream() {
        return body.isTrue("stream");
    }

    /** One of the pictures; the same for the same prompt, seed and references. */
    Picture picture(int index) {
        String key = String.join("\n", references) + "\n" + body.get("seed") + "\n" + index;
        return new Picture(prompt, key, size, body.string("background", "").equals("transparent"));
    }
}
