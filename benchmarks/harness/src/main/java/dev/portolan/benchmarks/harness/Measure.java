package dev.portolan.benchmarks.harness;

import java.util.Arrays;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link WireBenchmark} and appends what came out to the results. */
public final class Measure {
    private Measure() {}

    /** Takes the address of the stub, seconds of warm-up and of measuring, and names of {@link Work}, all of it without. */
    public static void main(String[] arguments) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(WireBenchmark.class.getName())
                .forks(1)
                .warmupIterations(Integer.parseInt(arguments[1]))
                .measurementIterations(Integer.parseInt(arguments[2]))
                .warmupTime(TimeValue.seconds(1))
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend("-Xmx1g", "-Dstub=" + arguments[0])
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (arguments.length > 3) {
            options = options.param("work", Arrays.copyOfRange(arguments, 3, arguments.length));
        }
        String name = Contender.found().name();
        for (RunResult result : new Runner(options.build()).run()) {
            Work work = Work.valueOf(result.getParams().getParam("work"));
            print(name, work, "time", result.getPrimaryResult());
            for (Map.Entry<String, Result> other : result.getSecondaryResults().entrySet()) {
                if (other.getKey().endsWith("gc.alloc.rate.norm")) {
                    print(name, work, "allocation", other.getValue());
                } else if (other.getKey().endsWith(ProcessorTime.LABEL)) {
                    print(name, work, "cpu", other.getValue());
                }
            }
        }
    }

    private static void print(String contender, Work work, String what, Result<?> result) {
        new Figure(contender, work.name(), what, result.getScore() / work.parts()).print();
    }
}
