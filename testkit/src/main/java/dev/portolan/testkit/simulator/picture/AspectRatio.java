package dev.portolan.testkit.simulator.picture;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The proportions of a picture.
 *
 * @param name as in a request, such as {@code 16:9}
 */
public record AspectRatio(String name, double across, double down) {
    public static final AspectRatio SQUARE = new AspectRatio("1:1", 1, 1);

    /** Those of the image endpoint (OpenRouter reference: images §1). */
    private static final List<AspectRatio> KNOWN = List.of(
            SQUARE,
            new AspectRatio("1:2", 1, 2),
            new AspectRatio("1:4", 1, 4),
            new AspectRatio("1:8", 1, 8),
            new AspectRatio("2:1", 2, 1),
            new AspectRatio("2:3", 2, 3),
            new AspectRatio("3:2", 3, 2),
            new AspectRatio("3:4", 3, 4),
            new AspectRatio("4:1", 4, 1),
            new AspectRatio("4:3", 4, 3),
            new AspectRatio("4:5", 4, 5),
            new AspectRatio("5:4", 5, 4),
            new AspectRatio("8:1", 8, 1),
            new AspectRatio("9:16", 9, 16),
            new AspectRatio("16:9", 16, 9),
            new AspectRatio("9:19.5", 9, 19.5),
            new AspectRatio("19.5:9", 19.5, 9),
            new AspectRatio("9:20", 9, 20),
            new AspectRatio("20:9", 20, 9),
            new AspectRatio("9:21", 9, 21),
            new AspectRatio("21:9", 21, 9));

    public static List<String> names() {
        return KNOWN.stream().map(AspectRatio::name).toList();
    }

    /** Null if there is none of that name. */
    public static @Nullable AspectRatio named(String name) {
        return KNOWN.stream()
                .filter(ratio -> ratio.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    public static AspectRatio nearest(int width, int height) {
        AspectRatio nearest = SQUARE;
        for (AspectRatio ratio : KNOWN) {
            if (ratio.distance(width, height) < nearest.distance(width, height)) {
                nearest = ratio;
            }
        }
        return nearest;
    }

    private double distance(int width, int height) {
        return Math.abs(StrictMath.log(across / down * height / width));
    }
}
