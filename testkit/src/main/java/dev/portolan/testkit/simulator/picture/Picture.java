package dev.portolan.testkit.simulator.picture;

import dev.portolan.testkit.simulator.text.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** A picture that depends on nothing but its prompt, its key and its size. */
public final class Picture {
    private static final int SVG_BANDS = 24;

    private final PixelSize size;
    private final boolean transparent;
    private final Scene scene;
    private final double unit;

    /**
     * Takes what to show.
     *
     * @param key tells apart pictures of one prompt: seeds, numbers, images that served as a model
     * @param transparent whether nothing shall show around an oval
     */
    public Picture(String prompt, String key, PixelSize size, boolean transparent) {
        this.size = size;
        this.transparent = transparent;
        this.unit = 1.0 / size.height();
        this.scene = Scene.of(prompt, Digest.of(prompt + "\n" + key), size.width() * unit);
    }

    public byte[] png() {
        return png(1);
    }

    /** The same at one part of the size in each direction, as a preview. */
    public byte[] preview(int divisor) {
        return png(divisor);
    }

    private byte[] png(int divisor) {
        PixelSize drawn = size.dividedBy(divisor);
        double width = (double) drawn.width() / drawn.height();
        return Png.of(drawn, transparent, (x, y) -> {
            double across = (x + 0.5) / drawn.width();
            double down = (y + 0.5) / drawn.height();
            int rgb = scene.at(across * width, down).rgb();
            return transparent ? opacity(across, down) << 24 | rgb : 0xFF000000 | rgb;
        });
    }

    /** Opaque inside an oval, with a soft edge. */
    private static int opacity(double across, double down) {
        double distance = Math.sqrt((across - 0.5) * (across - 0.5) + (down - 0.5) * (down - 0.5)) * 2;
        return (int) Math.round(255 * Math.max(0, Math.min(1, (1 - distance) / 0.04)));
    }

    /** The same colours as bands, and a disc. */
    public String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\">\n",
                size.width(),
                size.height()));
        double bandHeight = (double) size.height() / SVG_BANDS;
        for (int band = 0; band < SVG_BANDS; band++) {
            Colour colour = scene.at(0, (band + 0.5) / SVG_BANDS);
            svg.append(String.format(
                    Locale.ROOT,
                    "  <rect y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"%s\"/>\n",
                    band * bandHeight,
                    size.width(),
                    bandHeight + 1,
                    colour.hex()));
        }
        svg.append(String.format(
                Locale.ROOT,
                "  <circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"#ffffff\" fill-opacity=\"0.7\"/>\n</svg>\n",
                size.width() / 2,
                size.height() * 2 / 5,
                Math.max(1, Math.min(size.width(), size.height()) / 8)));
        return svg.toString();
    }

    public static String dataUrl(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
