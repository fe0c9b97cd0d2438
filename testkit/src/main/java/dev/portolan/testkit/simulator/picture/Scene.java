package dev.portolan.testkit.simulator.picture;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a picture shows; {@code x} and {@code y} run from 0, at the left and the top, and y ends at 1. */
interface Scene {
    Colour at(double x, double y);

    /** What the words of the prompt suggest, or waves in colours of its own. */
    static Scene of(String prompt, byte[] lots, double width) {
        Set<String> words = Set.copyOf(Arrays.asList(prompt.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}]+", " ")
                .strip()
                .split(" ")));
        double lot = (lots[0] & 0xFF) / 255.0;
        double other = (lots[1] & 0xFF) / 255.0;
        if (hasAny(words, "night", "moon", "moonlit", "stars", "starry", "midnight")) {
            return new SeaView(SeaView.NIGHT, width * (0.25 + 0.5 * lot), 0.22 + 0.1 * other, 0.07, other);
        }
        if (hasAny(words, "sunset", "sunrise", "dawn", "dusk", "evening")) {
            return new SeaView(SeaView.SUNSET, width * (0.25 + 0.5 * lot), 0.5 + 0.05 * other, 0.12, other);
        }
        if (hasAny(words, "sea", "ocean", "harbour", "harbor", "beach", "coast", "port", "ship", "boat", "sailing")) {
            return new SeaView(SeaView.DAY, width * (0.2 + 0.6 * lot), 0.16 + 0.1 * other, 0.06, other);
        }
        if (hasAny(words, "mountain", "mountains", "hill", "hills", "forest", "landscape", "valley", "alps")) {
            return new Hills(lot, other);
        }
        return new Waves(lots);
    }

    private static boolean hasAny(Set<String> words, String... wanted) {
        return List.of(wanted).stream().anyMatch(words::contains);
    }

    private static double smooth(double from, double to, double value) {
        double t = Math.max(0, Math.min(1, (value - from) / (to - from)));
        return t * t * (3 - 2 * t);
    }

    /** A sky with a sun or a moon above the sea. */
    record SeaView(Light light, double sunX, double sunY, double sunRadius, double phase) implements Scene {
        private static final double HORIZON = 0.6;

        record Light(Colour zenith, Colour middle, Colour horizon, Colour sun, Colour shallow, Colour deep) {}

        static final Light SUNSET = new Light(
                Colour.of(0x2B1B54),
                Colour.of(0xC2476B),
                Colour.of(0xFDB35A),
                Colour.of(0xFFF1C1),
                Colour.of(0xE08A5B),
                Colour.of(0x1C2350));
        static final Light DAY = new Light(
                Colour.of(0x2E7DC8),
                Colour.of(0x7FBCE8),
                Colour.of(0xE3F2FA),
                Colour.of(0xFFFBE6),
                Colour.of(0x4FA6B8),
                Colour.of(0x0B3C6B));
        static final Light NIGHT = new Light(
                Colour.of(0x05081E),
                Colour.of(0x101A44),
                Colour.of(0x2C3A6E),
                Colour.of(0xF3F1DA),
                Colour.of(0x2A3768),
                Colour.of(0x04061A));

        @Override
        public Colour at(double x, double y) {
            return y < HORIZON ? sky(x, y) : sea(x, y);
        }

        private Colour sky(double x, double y) {
            double height = y / HORIZON;
            Colour colour = height < 0.55
                    ? light.zenith().towards(light.middle(), height / 0.55)
                    : light.middle().towards(light.horizon(), (height - 0.55) / 0.45);
            double distance = Math.sqrt((x - sunX) * (x - sunX) + (y - sunY) * (y - sunY));
            double glow = 0.6 * smooth(5 * sunRadius, 0, distance);
            double disc = smooth(sunRadius, sunRadius * 0.93, distance);
            return colour.towards(light.sun(), glow).towards(light.sun(), disc);
        }

        private Colour sea(double x, double y) {
            double depth = (y - HORIZON) / (1 - HORIZON);
            Colour colour = light.shallow().towards(light.deep(), Math.sqrt(depth));
            double ripple = Sine.ofTurns(40 / (1 + 6 * depth) + phase + 0.6 * Sine.ofTurns(x * 3 + depth * 5));
            double path = smooth(0.08 + 0.3 * depth, 0, Math.abs(x - sunX + 0.02 * ripple));
            double glitter = 0.75 * path * (0.55 + 0.45 * ripple) * (1 - 0.5 * depth);
            return colour.towards(light.horizon(), 0.08 * (1 + ripple)).towards(light.sun(), glitter);
        }
    }

    /** Ranges of hills that pale with the distance. */
    record Hills(double lot, double other) implements Scene {
        private static final int RANGES = 5;
        private static final Colour SKY = Colour.of(0xBFD9EE);
        private static final Colour HAZE = Colour.of(0xF6E7D2);
        private static final Colour NEAR = Colour.of(0x1F3B2D);

        @Override
        public Colour at(double x, double y) {
            for (int range = RANGES; range >= 1; range--) {
                double share = (double) range / RANGES;
                double wave = Sine.ofTurns(x * (0.5 + share) + lot + share * 1.7)
                        + 0.5 * Sine.ofTurns(x * (1.7 + share) + other + share * 3.1)
                        + 0.15 * Sine.ofTurns(x * 7 + lot * 3 + share);
                double top = 0.28 + 0.6 * share - 0.09 * wave * (1.2 - 0.5 * share);
                if (y >= top) {
                    double mist = 0.5 * smooth(0, 0.35, y - top); // it lies in the valleys
                    return HAZE.towards(NEAR, share).towards(HAZE, mist);
                }
            }
            return SKY.towards(HAZE, y * 2);
        }
    }

    /** Bands of colour that flow. */
    record Waves(double hue, double spread, double slope, double phase) implements Scene {
        private static final int BANDS = 7;

        Waves(byte[] lots) {
            this(lot(lots[0]), 0.25 + 0.35 * lot(lots[1]), 0.3 + 0.7 * lot(lots[2]), lot(lots[3]));
        }

        private static double lot(byte each) {
            return (each & 0xFF) / 255.0;
        }

        @Override
        public Colour at(double x, double y) {
            double flow =
                    y + slope * 0.12 * Sine.ofTurns(x * 0.9 + phase) + 0.05 * Sine.ofTurns(x * 2.3 - phase + 0.4 * y);
            double place = flow * BANDS;
            double band = Math.floor(place);
            double inside = place - band;
            Colour here = Colour.ofHue(hue + spread * band / BANDS, 0.4 + 0.06 * band);
            Colour next = Colour.ofHue(hue + spread * (band + 1) / BANDS, 0.4 + 0.06 * (band + 1));
            return here.towards(next, smooth(0.8, 1, inside)).towards(Colour.of(0xFFFFFF), 0.12 * inside);
        }
    }
}
