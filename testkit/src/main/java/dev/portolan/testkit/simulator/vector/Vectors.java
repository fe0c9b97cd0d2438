package dev.portolan.testkit.simulator.vector;

import java.util.Map;

/** Vectors of unit length from features: each feature has a direction of its own, drawn by lot from its name. */
public final class Vectors {
    /** A feature touches every eighth coordinate, so that a shortened vector still has something of each. */
    private static final int STRIDE = 8;

    private static final int ROOMY = 1536;

    private Vectors() {}

    /** The first so many coordinates, made unit length again: what a model that can shorten does. */
    public static float[] of(Features features, int dimensions) {
        double[] sums = new double[dimensions];
        for (Map.Entry<String, Double> feature : features.weights().entrySet()) {
            addDirection(sums, hash(feature.getKey()), feature.getValue());
        }
        double square = 0;
        for (double sum : sums) {
            square += sum * sum;
        }
        if (square == 0) {
            sums[0] = 1; // too short to hold anything
            square = 1;
        }
        double length = Math.sqrt(square);
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sums[i] / length);
        }
        return vector;
    }

    private static void addDirection(double[] sums, long seed, double weight) {
        long signs = 0;
        int used = Long.SIZE;
        long state = seed;
        for (int i = (int) (seed & (STRIDE - 1)); i < sums.length; i += STRIDE) {
            if (used == Long.SIZE) {
                state += 0x9E3779B97F4A7C15L;
                signs = mixed(state);
                used = 0;
            }
            sums[i] += (signs & 1) == 0 ? weight : -weight;
            signs >>>= 1;
            used++;
        }
    }

    private static long hash(String text) {
        long hash = 0xCBF29CE484222325L; // FNV-1a
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mixed(hash);
    }

    /** The finish of SplitMix64: every bit of the input moves every bit of the output. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** How alike two things are: 1 if they are the same, about 0 if they have nothing in common. */
    public static double likeness(Features one, Features other) {
        float[] a = of(one, ROOMY);
        float[] b = of(other, ROOMY);
        double product = 0;
        for (int i = 0; i < ROOMY; i++) {
            product += (double) a[i] * b[i];
        }
        return product;
    }
}
