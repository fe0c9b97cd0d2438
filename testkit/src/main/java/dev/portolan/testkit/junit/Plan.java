package dev.portolan.testkit.junit;

import dev.portolan.api.Portolan;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import dev.portolan.testkit.fake.FakeBilling;
import dev.portolan.testkit.fake.FakeCatalog;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.RecordingCostSink;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What the tests of a class are to be given.
 *
 * @param settings besides those that lead to the simulator
 * @param fakes the names of providers that fakes stand for
 * @param simulator sets up the simulator
 * @param more adds to the {@code Portolan}
 * @param shared whether the tests of a class share it
 * @param allowedThreads names of threads that may outlive a test
 * @param allowed what is not looked for
 */
record Plan(
        Map<String, String> settings,
        List<String> fakes,
        UnaryOperator<OpenRouterSimulator.Builder> simulator,
        Consumer<Portolan.Builder> more,
        boolean shared,
        List<Pattern> allowedThreads,
        Set<Leak> allowed) {
    private static final Map<Class<?>, Function<Surroundings, Object>> ALWAYS = Map.of(
            Portolan.class,
            Surroundings::portolan,
            ChatPort.class,
            all -> all.portolan().chat(),
            EmbeddingPort.class,
            all -> all.portolan().embeddings(),
            ImagePort.class,
            all -> all.portolan().images(),
            ModelCatalogPort.class,
            all -> all.portolan().catalog(),
            RecordingCostSink.class,
            Surroundings::sink,
            FakeGuard.class,
            Surroundings::guard);
    private static final Map<Class<?>, Function<Surroundings, Object>> WITH_FAKES = Map.of(
            FakeChat.class, all -> all.fakes().chat(),
            FakeEmbeddings.class, all -> all.fakes().embeddings(),
            FakeImages.class, all -> all.fakes().images(),
            FakeCatalog.class, all -> all.fakes().catalog(),
            FakeBilling.class, all -> all.fakes().billing());
    private static final Map<Class<?>, Function<Surroundings, Object>> WITH_SIMULATOR =
            Map.of(OpenRouterSimulator.class, Surroundings::simulator);

    Plan {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        fakes = List.copyOf(fakes);
        allowedThreads = List.copyOf(allowedThreads);
        allowed = Set.copyOf(allowed);
    }

    /** Whether it is a type that this package knows, given here or not. */
    static boolean isKnown(Class<?> type) {
        return ALWAYS.containsKey(type) || WITH_FAKES.containsKey(type) || WITH_SIMULATOR.containsKey(type);
    }

    boolean supports(Class<?> type) {
        return ALWAYS.containsKey(type) || (fakes.isEmpty() ? WITH_SIMULATOR : WITH_FAKES).containsKey(type);
    }

    Object value(Class<?> type, Surroundings all) {
        Function<Surroundings, Object> found = ALWAYS.get(type);
        if (found == null) {
            found = (fakes.isEmpty() ? WITH_SIMULATOR : WITH_FAKES).get(type);
        }
        if (found == null) {
            throw new IllegalArgumentException(type.getName());
        }
        return found.apply(all);
    }

    boolean allows(Leak leak) {
        return allowed.contains(leak);
    }

    boolean allowsThread(String name) {
        return allowedThreads.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
