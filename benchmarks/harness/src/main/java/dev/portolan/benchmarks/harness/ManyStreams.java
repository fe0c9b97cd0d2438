package dev.portolan.benchmarks.harness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Many slow streams open at once: how late their pieces come, and how many threads and how much memory that takes. */
public final class ManyStreams {
    private static final int PERIOD_MILLIS = 2_000;

    private ManyStreams() {}

    /** Takes the address of the stub, how many streams, and how many chunks each has. */
    public static void main(String[] arguments) throws Exception {
        Contender contender = Contender.found();
        int streams = Integer.parseInt(arguments[1]);
        int chunks = Integer.parseInt(arguments[2]);
        Lateness lateness = new Lateness();
        AtomicInteger complete = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(streams);
        int most = 0;
        ManagementFactory.getThreadMXBean().resetPeakThreadCount();
        try (Contender.Client client = contender.open(arguments[0] + "/drip/" + chunks + "/" + PERIOD_MILLIS + "/v1")) {
            ExecutorService threads = executor();
            for (int i = 0; i < streams; i++) {
                threads.execute(() -> {
                    AtomicInteger pieces = new AtomicInteger();
                    try {
                        client.drip(text -> {
                            if (text.startsWith("@")) {
                                lateness.add(System.nanoTime() - Long.parseLong(text.substring(1)));
                                pieces.incrementAndGet();
                            }
                        });
                        if (pieces.get() == chunks) {
                            complete.incrementAndGet();
                        }
                    } catch (RuntimeException e) {
                        System.err.println(e);
                    } finally {
                        ended.countDown();
                    }
                });
                if (i % (streams / 20 + 1) == 0) {
                    // So that the chunks are spread over the whole of their period.
                    TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS / 20);
                    most = Math.max(most, ManagementFactory.getThreadMXBean().getThreadCount());
                }
            }
            while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                most = Math.max(most, ManagementFactory.getThreadMXBean().getThreadCount());
            }
            threads.shutdown();
            print(contender.name(), streams, complete.get(), lateness, most);
        }
        System.exit(0);
    }

    private static void print(String name, int streams, int complete, Lateness lateness, int threads)
            throws IOException {
        String work = "MANY " + streams;
        new Figure(name, work, "complete", complete).print();
        new Figure(name, work, "late p99 ms", lateness.millis(0.99)).print();
        new Figure(name, work, "late max ms", lateness.millis(1)).print();
        new Figure(name, work, "threads", threads).print();
        new Figure(name, work, "megabytes", StartUp.peakKilobytes() / 1e3).print();
    }

    /** Virtual threads where there are some. */
    private static ExecutorService executor() throws ReflectiveOperationException {
        try {
            Method virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
            return (ExecutorService) virtual.invoke(null);
        } catch (NoSuchMethodException olderJdk) {
            return Executors.newCachedThreadPool();
        }
    }

    /** Counted by the millisecond, up to ten seconds. */
    private static final class Lateness {
        private final AtomicLong[] byMillisecond = new AtomicLong[10_000];

        Lateness() {
            Arrays.setAll(byMillisecond, i -> new AtomicLong());
        }

        void add(long nanos) {
            int millis = (int) Math.min(byMillisecond.length - 1L, Math.max(0, nanos / 1_000_000));
            byMillisecond[millis].incrementAndGet();
        }

        double millis(double quantile) {
            long all = Arrays.stream(byMillisecond).mapToLong(AtomicLong::get).sum();
            long seen = 0;
            for (int i = 0; i < byMillisecond.length; i++) {
                seen += byMillisecond[i].get();
                if (seen >= quantile * all) {
                    return i + 1;
                }
            }
            return byMillisecond.length;
        }
    }
}
