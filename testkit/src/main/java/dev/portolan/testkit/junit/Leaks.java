package dev.portolan.testkit.junit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found to have leaked. */
final class Leaks {
    private final List<String> messages = new ArrayList<>();
    private final List<Throwable> origins = new ArrayList<>();

    /**
     * Adds one.
     *
     * @param origin where it comes from, if that is known
     */
    void add(String message, @Nullable Throwable origin) {
        messages.add(message);
        if (origin != null) {
            origins.add(origin);
        }
    }

    void addAll(Leaks more) {
        messages.addAll(more.messages);
        origins.addAll(more.origins);
    }

    /** Fails the test if there is any. The first origin is the cause, the others are suppressed. */
    void throwIfAny(String who) {
        if (messages.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder(who).append(" leaks:");
        messages.forEach(leak -> message.append("\n- ").append(leak));
        AssertionError error = new AssertionError(message.toString(), origins.isEmpty() ? null : origins.get(0));
        origins.stream().skip(1).forEach(error::addSuppressed);
        throw error;
    }
}
