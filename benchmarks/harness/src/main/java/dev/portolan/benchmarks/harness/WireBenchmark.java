package dev.portolan.benchmarks.harness;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One piece of work by the contender on the class path, again and again. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WireBenchmark {
    /** Which. */
    @Param
    Work work = Work.BLOCKING;

    private Contender.@Nullable Client client;
    private int expected;

    /** Opens the client, and does the work once to see what comes out. */
    @Setup
    public void open() {
        Contender.Client opened = Contender.found().open(work.baseUrl(System.getProperty("stub", "")));
        client = opened;
        expected = work.with(opened);
        if (expected <= 0) {
            throw new IllegalStateException("Nothing came out of " + work);
        }
    }

    /** Closes the client. */
    @TearDown
    public void close() {
        Objects.requireNonNull(client).close();
    }

    /** Does the work. */
    @Benchmark
    public int work() {
        int result = work.with(Objects.requireNonNull(client));
        if (result != expected) {
            throw new IllegalStateException("Expected " + expected + ", found " + result);
        }
        return result;
    }
}
