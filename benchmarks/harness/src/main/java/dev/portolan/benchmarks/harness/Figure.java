package dev.portolan.benchmarks.harness;

import java.util.Optional;

/**
 * Something that was measured once; a line of the results.
 *
 * @param contender whose
 * @param work at what
 * @param what of which kind, for example {@code time}, which also tells the unit: see {@link Table}
 * @param value how much
 */
record Figure(String contender, String work, String what, double value) {
    private static final String MARK = "figure";

    void print() {
        System.out.println(String.join("\t", MARK, contender, work, what, Double.toString(value)));
    }

    /** The figure of a line, if it is one. */
    static Optional<Figure> parse(String line) {
        String[] parts = line.split("\t", -1);
        return parts.length == 5 && parts[0].equals(MARK)
                ? Optional.of(new Figure(parts[1], parts[2], parts[3], Double.parseDouble(parts[4])))
                : Optional.empty();
    }
}
