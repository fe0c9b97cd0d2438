package dev.portolan.api.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large an image should be, in OpenAI's words: {@code 1024x1536}, or {@code auto}; a tier such as {@code 2K} with
 * providers that have tiers.
 *
 * @param text the size as it is written on the wire
 */
public record ImageSize(String text) {
    /** The provider chooses. */
    public static final ImageSize AUTO = new ImageSize("auto");

    private static final Pattern PIXELS = Pattern.compile("([1-9]\\d{0,4})x([1-9]\\d{0,4})");
    private static final Pattern TIER = Pattern.compile("0\\.5K|512|[1-9]K");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if it is neither pixels, a tier, nor {@code auto}
     */
    public ImageSize {
        if (!text.equals("auto")
                && !PIXELS.matcher(text).matches()
                && !TIER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "size must be <width>x<height> in pixels, such as 1024x1536, a tier such as"
                            + " 2K, or auto; found '" + text + "'");
        }
    }

    /** A size in pixels. */
    public static ImageSize pixels(int width, int height) {
        return new ImageSize(width + "x" + height);
    }

    /** Whether the size is given in pixels. */
    public boolean isPixels() {
        return PIXELS.matcher(text).matches();
    }

    /**
     * Width divided by height.
     *
     * @throws IllegalStateException if the size is not given in pixels
     */
    public double aspectRatio() {
        Matcher pixels = PIXELS.matcher(text);
        if (!pixels.matches()) {
            throw new IllegalStateException("The size '" + text + "' has no aspect ratio");
        }
        return Double.parseDouble(pixels.group(1)) / Double.parseDouble(pixels.group(2));
    }

    @Override
    public String toString() {
        return text;
    }
}
