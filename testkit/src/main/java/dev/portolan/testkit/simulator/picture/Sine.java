package dev.portolan.testkit.simulator.picture;

/** Sines from a table: fast, and the same on every platform, which {@link Math#sin} does not promise. */
final class Sine {
    private static final int STEPS = 4096;
    private static final double[] TABLE = new double[STEPS];

    static {
        for (int i = 0; i < STEPS; i++) {
            TABLE[i] = StrictMath.sin(2 * Math.PI * i / STEPS);
        }
    }

    private Sine() {}

    /** The sine of so many full turns. */
    static double ofTurns(double turns) {
        return TABLE[(int) Math.floor(turns * STEPS) & (STEPS - 1)];
    }
}
