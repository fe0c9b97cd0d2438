package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.Seeds;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Writes random calls in random dialects, with random cuts, and expects exactly the calls back. Left out are dialects in
 * which calls cannot be told apart for certain: fragments of several calls side by side without an index of their own or
 * an id on each, and names that come last without an index of their own.
 */
@Tag("thorough")
class ToolCallDialectsTest {
    enum When {
        FIRST,
        EVERY,
        LAST,
        NEVER
    }

    enum Index {
        OWN,
        OWN_ON_THE_FIRST,
        SHARED,
        NONE
    }

    record Call(String id, String name, String arguments) {}

    record Fragment(int call, Integer index, String id, String name, String arguments) {}

    /** How a server writes its calls. */
    record Dialect(Index index, When ids, When names, boolean interleaved, boolean blanks, boolean cut) {
        static Dialect random(Random random) {
            Index index = pick(random, Index.values());
            When ids = pick(random, When.FIRST, When.EVERY, When.NEVER);
            When names = index == Index.OWN
                    ? pick(random, When.FIRST, When.EVERY, When.LAST)
                    : pick(random, When.FIRST, When.EVERY);
            boolean separable = index == Index.OWN || (index == Index.NONE && ids == When.EVERY);
            return new Dialect(
                    index, ids, names, separable && random.nextBoolean(), random.nextBoolean(), random.nextInt(4) > 0);
        }

        /** Whether a new call can be told only by a name, or by arguments that were complete before. */
        boolean vague() {
            return ids == When.NEVER && (index == Index.SHARED || index == Index.NONE);
        }

        List<Fragment> write(Random random, List<Call> calls) {
            List<List<Fragment>> all = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                all.add(write(random, i, calls.get(i)));
            }
            List<Fragment> written = new ArrayList<>();
            if (!interleaved) {
                all.forEach(written::addAll);
                return written;
            }
            all.removeIf(List::isEmpty);
            while (!all.isEmpty()) {
                List<Fragment> one = all.get(random.nextInt(all.size()));
                written.add(one.remove(0));
                all.removeIf(List::isEmpty);
            }
            return written;
        }

        private List<Fragment> write(Random random, int place, Call call) {
            List<String> pieces = cut ? Seeds.pieces(random, call.arguments()) : List.of(call.arguments());
            pieces = new ArrayList<>(pieces);
            if (vague()) {
                pieces.removeIf(String::isEmpty);
            }
            if (pieces.isEmpty() || (!vague() && random.nextBoolean())) {
                pieces.add(0, "");
            }
            if (names == When.LAST && random.nextBoolean()) {
                pieces.add("");
            }
            List<Fragment> fragments = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                boolean first = i == 0;
                boolean last = i == pieces.size() - 1;
                fragments.add(new Fragment(
                        place,
                        switch (index) {
                            case OWN -> place;
                            case OWN_ON_THE_FIRST -> first ? place : null;
                            case SHARED -> 0;
                            case NONE -> null;
                        },
                        comes(ids, first, last) ? call.id() : nothing(random),
                        comes(names, first, last) ? call.name() : nothing(random),
                        pieces.get(i).isEmpty() ? nothing(random) : pieces.get(i)));
            }
            return fragments;
        }

        private String nothing(Random random) {
            return blanks && random.nextBoolean() ? "" : null;
        }

        private static boolean comes(When when, boolean first, boolean last) {
            return switch (when) {
                case FIRST -> first;
                case EVERY -> true;
                case LAST -> last;
                case NEVER -> false;
            };
        }
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private static List<Call> randomCalls(Random random, boolean vague) {
        List<Call> calls = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            calls.add(new Call(
                    "call-" + Integer.toHexString(random.nextInt()) + "-" + i,
                    pick(random, "search", "weather", "f"),
                    random.nextInt(6) > 0 || vague
                            ? RawJson.of(randomObject(random, 2)).text()
                            : pick(random, "", "{}")));
        }
        return calls;
    }

    private static Map<String, Object> randomObject(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put(
                    Seeds.text(random, 5),
                    depth > 0 && random.nextBoolean() ? randomObject(random, depth - 1) : Seeds.text(random, 15));
        }
        return object;
    }

    @Test
    void calls_come_back_exactly_from_every_dialect_that_tells_them_apart() {
        Seeds.each(30_000, random -> {
            Dialect dialect = Dialect.random(random);
            List<Call> calls = randomCalls(random, dialect.vague());
            List<Fragment> written = dialect.write(random, calls);
            Set<Call> expected = new LinkedHashSet<>();
            ToolCallFragments fragments = new ToolCallFragments();
            for (Fragment fragment : written) {
                expected.add(calls.get(fragment.call()));
                fragments.fragment(fragment.index(), fragment.id(), fragment.name(), fragment.arguments());
                if (random.nextInt(8) == 0) {
                    fragments.snapshot();
                }
            }

            List<ToolCall> assembled = fragments.finish();

            String story = dialect + " " + written;
            assertThat(assembled)
                    .as(story)
                    .extracting(call ->
                            new Call(dialect.ids() == When.NEVER ? null : call.id(), call.name(), call.arguments()))
                    .containsExactlyElementsOf(expected.stream()
                            .map(call -> new Call(
                                    dialect.ids() == When.NEVER ? null : call.id(),
                                    call.name(),
                                    call.arguments().isEmpty() ? "{}" : call.arguments()))
                            .toList());
            assertThat(assembled).as(story).extracting(ToolCall::id).doesNotHaveDuplicates();
        });
    }
}
