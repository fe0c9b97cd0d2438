package dev.portolan.testkit.fake;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Replies to requests of one kind: some for one request each, one for all others. Guarded by its fake. */
final class Script<Q> {
    private final String title;
    private final Predicate<? super Q> condition;
    private final Deque<Object> next = new ArrayDeque<>();
    private @Nullable Object always;
    private int given;

    Script(String title, Predicate<? super Q> condition) {
        this.title = title;
        this.condition = condition;
    }

    String title() {
        return title;
    }

    /** Takes a reply, or a function that makes it. */
    void add(Object reply) {
        next.add(reply);
        given++;
    }

    /** Takes a reply, or a function that makes it. */
    void always(Object reply) {
        always = reply;
    }

    /** A reply or what makes it; null if there is none for this request. */
    @Nullable Object take(Q request) {
        if ((next.isEmpty() && always == null) || !condition.test(request)) {
            return null;
        }
        return next.isEmpty() ? always : next.poll();
    }

    int given() {
        return given;
    }

    List<Object> left() {
        return List.copyOf(next);
    }

    String state() {
        if (always != null) {
            return title + ": an answer to every request that fits, which this one does not";
        }
        if (given == 0) {
            return title + ": no replies were given";
        }
        int used = given - next.size();
        return next.isEmpty()
                ? title + ": all " + given + " used"
                : title + ": " + next.size() + " of " + given + " left, for requests that fit; " + used + " used";
    }
}
