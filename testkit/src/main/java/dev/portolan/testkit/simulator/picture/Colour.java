package dev.portolan.testkit.simulator.picture;

import java.util.Locale;

/** A colour; each part is 0 to 1. */
record Colour(double red, double green, double blue) {
    /** From {@code 0xRRGGBB}. */
    static Colour of(int rgb) {
        return new Colour((rgb >> 16 & 0xFF) / 255.0, (rgb >> 8 & 0xFF) / 255.0, (rgb & 0xFF) / 255.0);
    }

    /** From a place on the colour wheel, 0 to 1. */
    static Colour ofHue(double hue, double lightness) {
        return new Colour(
                lightness + 0.3 * Sine.ofTurns(hue),
                lightness + 0.3 * Sine.ofTurns(hue + 1 / 3.0),
                lightness + 0.3 * Sine.ofTurns(hue + 2 / 3.0));
    }

    /** This colour at 0, the other at 1. */
    Colour towards(Colour other, double share) {
        double part = Math.max(0, Math.min(1, share));
        return new Colour(
                red + (other.red - red) * part,
                green + (other.green - green) * part,
                blue + (other.blue - blue) * part);
    }

    int rgb() {
        return part(red) << 16 | part(green) << 8 | part(blue);
    }

    private static int part(double value) {
        return (int) Math.round(255 * Math.max(0, Math.min(1, value)));
    }

    /** As CSS writes it. */
    String hex() {
        return String.format(Locale.ROOT, "#%06x", rgb());
    }
}
