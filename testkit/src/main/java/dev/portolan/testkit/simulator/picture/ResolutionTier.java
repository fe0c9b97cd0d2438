package dev.portolan.testkit.simulator.picture;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sizes that go by a name (OpenRouter reference: images §1); chat calls the smallest {@code 0.5K}. */
public enum ResolutionTier {
    HALF("512", 0.5),
    ONE("1K", 1),
    TWO("2K", 2),
    FOUR("4K", 4);

    private final String title;
    private final double scale;

    ResolutionTier(String title, double scale) {
        this.title = title;
        this.scale = scale;
    }

    public static List<String> titles() {
        return Arrays.stream(values()).map(ResolutionTier::title).toList();
    }

    /** Null if there is none of that title. */
    public static @Nullable ResolutionTier titled(String title) {
        return Arrays.stream(values())
                .filter(tier -> tier.title.equals(title))
                .findFirst()
                .orElse(null);
    }

    /** For a surface in multiples of that at 1K. */
    static ResolutionTier nearest(double surface) {
        ResolutionTier nearest = HALF;
        for (ResolutionTier tier : values()) {
            if (surface >= tier.scale * tier.scale / 2) {
                nearest = tier;
            }
        }
        return nearest;
    }

    public String title() {
        return title;
    }

    double scale() {
        return scale;
    }
}
