package dev.portolan.benchmarks.harness;

/** Notes down how large a contender's jars are, its own and those that it needs. */
public final class Size {
    private Size() {}

    /** Takes the megabytes. */
    public static void main(String[] arguments) {
        new Figure(Contender.found().name(), "JARS", "megabytes", Double.parseDouble(arguments[0])).print();
    }
}
