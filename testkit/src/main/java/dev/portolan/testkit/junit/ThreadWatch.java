package dev.portolan.testkit.junit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The threads that there were at some moment; all others are new. Virtual threads are not seen. */
final class ThreadWatch {
    /** Threads of the JVM, of test engines, and of pools that all users of a library share, which end when they please. */
    private static final Pattern OF_NOBODY =
            Pattern.compile("Reference Handler|Finalizer|Signal Dispatcher|Attach Listener"
                    + "|Notification Thread|Service Thread|Common-Cleaner|Cleaner-\\d+|process reaper.*|DestroyJavaVM"
                    + "|JFR .*|RMI .*|JMX .*|Keep-Alive-Timer|Java2D Disposer|VirtualThread-.*|(Read-|Write-|Master)Poller|ForkJoinPool.*"
                    + "|CompletableFutureDelayScheduler|OkHttp TaskRunner|Okio Watchdog|junit-.*|surefire-.*");

    private final Set<Thread> before = new HashSet<>(alive());

    /** The new threads that have not ended after some time, but for those whose names are allowed. */
    List<Thread> stillAlive(Predicate<String> allowed, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Thread> left = new ArrayList<>();
        for (Thread thread : alive()) {
            boolean isNew = !before.contains(thread) && thread != Thread.currentThread();
            if (isNew && !OF_NOBODY.matcher(thread.getName()).matches() && !allowed.test(thread.getName())) {
                left.add(thread);
            }
        }
        for (Thread thread : left) {
            await(thread, deadline);
        }
        left.removeIf(thread -> !thread.isAlive());
        return left;
    }

    private static void await(Thread thread, long deadline) {
        try {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without their stack traces, which would cost far more. */
    private static List<Thread> alive() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        for (ThreadGroup parent = root.getParent(); parent != null; parent = parent.getParent()) {
            root = parent;
        }
        @Nullable Thread[] found = new Thread[root.activeCount() + 32];
        int count = root.enumerate(found, true);
        while (count == found.length) {
            found = new Thread[found.length * 2];
            count = root.enumerate(found, true);
        }
        List<Thread> threads = new ArrayList<>(count);
        for (Thread thread : found) {
            if (thread != null) {
                threads.add(thread);
            }
        }
        return threads;
    }
}
