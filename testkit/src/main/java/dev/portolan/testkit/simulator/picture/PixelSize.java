package dev.portolan.testkit.simulator.picture;

import java.util.Map;

/** How large a picture is. */
public record PixelSize(int width, int height) {
    /** Pixels at the tier 1K (OpenRouter reference: images §3); the other ratios get about as many. */
    private static final Map<String, PixelSize> AT_1K = Map.of(
            "1:1", new PixelSize(1024, 1024),
            "2:3", new PixelSize(832, 1248),
            "3:2", new PixelSize(1248, 832),
            "3:4", new PixelSize(864, 1184),
            "4:3", new PixelSize(1184, 864),
            "4:5", new PixelSize(896, 1152),
            "5:4", new PixelSize(1152, 896),
            "9:16", new PixelSize(768, 1344),
            "16:9", new PixelSize(1344, 768),
            "21:9", new PixelSize(1536, 672));

    private static final double PIXELS_AT_1K = 1024 * 1024;
    private static final int TOKENS_AT_1K = 1290;

    public static PixelSize of(AspectRatio ratio, ResolutionTier tier) {
        PixelSize known = AT_1K.get(ratio.name());
        return (known == null ? computed(ratio) : known).times(tier.scale());
    }

    /** Exactly in the ratio: both sides are multiples of one length. */
    private static PixelSize computed(AspectRatio ratio) {
        int halves = ratio.across() % 1 == 0 && ratio.down() % 1 == 0 ? 1 : 2;
        int across = (int) (ratio.across() * halves);
        int down = (int) (ratio.down() * halves);
        int unit = (int) Math.round(Math.sqrt(PIXELS_AT_1K / (across * down)));
        return new PixelSize(across * unit, down * unit);
    }

    private PixelSize times(double factor) {
        return new PixelSize((int) Math.round(width * factor), (int) Math.round(height * factor));
    }

    /** The same proportions, smaller. */
    PixelSize dividedBy(int divisor) {
        return new PixelSize(Math.max(1, width / divisor), Math.max(1, height / divisor));
    }

    public ResolutionTier tier() {
        return ResolutionTier.nearest((double) width * height / PIXELS_AT_1K);
    }

    /** How many tokens a model writes for it: they grow with the sides, not with the surface. */
    public int tokens() {
        return (int) Math.round(TOKENS_AT_1K * tier().scale());
    }
}
