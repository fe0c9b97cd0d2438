package dev.portolan.testkit.assertion;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things in order, and a place among them.
 *
 * @param what one of them, as a word
 * @param at the place, from 0; -1 for the place before the first
 */
record Series<T>(String what, List<T> all, int at) {
    static <T> Series<T> only(String what, @Nullable T one) {
        return new Series<>(what, one == null ? List.of() : List.of(one), 0);
    }

    Series<T> next() {
        return moved(at + 1);
    }

    Series<T> moved(int place) {
        return new Series<>(what, all, place);
    }

    boolean isInside() {
        return at >= 0 && at < all.size();
    }

    T here() {
        return all.get(at);
    }

    int left() {
        return all.size() - at - 1;
    }

    /** For the beginning of a message: {@code request 2 of 3}. */
    String place() {
        return all.size() == 1 ? "the " + what : what + " " + (at + 1) + " of " + all.size();
    }

    /** For the end of a message: a line for each. */
    String listed() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            lines.append("\n  ").append(i + 1).append(". ").append(Shown.of(all.get(i)));
        }
        return lines.toString();
    }

    static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
