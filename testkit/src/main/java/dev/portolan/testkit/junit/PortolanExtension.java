package dev.portolan.testkit.junit;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives each test a {@link Portolan} of its own, and fails a test that leaves something open.
 *
 * <p>By default the providers on the test's class path are found by {@link java.util.ServiceLoader} and talk to an
 * {@link OpenRouterSimulator}; nothing of the machine's settings shows through. With {@link Builder#fakes} there are fakes in
 * place of providers. Everything is made when it is first asked for.
 *
 * <p>As parameters of test methods, of lifecycle methods and of constructors there are {@link Portolan},
 * {@link dev.portolan.api.chat.ChatPort}, {@link dev.portolan.api.embedding.EmbeddingPort},
 * {@link dev.portolan.api.image.ImagePort}, {@link dev.portolan.api.catalog.ModelCatalogPort}, the
 * {@link dev.portolan.testkit.fake.RecordingCostSink} and the {@link dev.portolan.testkit.fake.FakeGuard} of the {@code Portolan};
 * and {@link OpenRouterSimulator}, or {@link dev.portolan.testkit.fake.FakeChat}, {@link dev.portolan.testkit.fake.FakeEmbeddings},
 * {@link dev.portolan.testkit.fake.FakeImages}, {@link dev.portolan.testkit.fake.FakeCatalog} and
 * {@link dev.portolan.testkit.fake.FakeBilling}.
 *
 * <p>After a test, and its {@code @AfterEach} methods, it fails if there is a {@link Leak}. A test that failed already keeps its
 * own failure, and the leak is suppressed in it. Threads and connections get a second to end. If tests run in parallel, threads are
 * not looked at, since nobody knows whose they are; virtual threads never are. If tests {@linkplain Builder#shared share}
 * everything, streams are looked at after each test, or if they also run in parallel after the last; the rest after the last.
 *
 * <pre>
 * &#64;RegisterExtension
 * final PortolanExtension portolan = PortolanExtension.builder()
 *         .setting("PORTOLAN_MAX_ATTEMPTS", "1")
 *         .simulator(simulator -&gt; simulator.apiKey("sk-test"))
 *         .build();
 * </pre>
 *
 * <p>Registered by {@link PortolanTest}, by {@code @ExtendWith}, or in a field; a static one if it is to be shared.
 */
@SuppressWarnings("exports") // whoever uses this requires JUnit of its own accord
public final class PortolanExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    /** The key under which a test is known to have begun. */
    private static final String BEGUN = "begun";

    private final @Nullable Plan plan;
    private final ExtensionContext.Namespace namespace =
            ExtensionContext.Namespace.create(PortolanExtension.class, this);

    /** As {@link PortolanTest} at the class says, or with all defaults. */
    public PortolanExtension() {
        this(null);
    }

    private PortolanExtension(@Nullable Plan plan) {
        this.plan = plan;
    }

    /** With more than all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Constructors get what the tests get, and not what a class has. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Plan found = plan(context);
        if (found.shared() && current(context).isEmpty()) {
            begin(found, context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        surroundings(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        String who = "The test " + context.getDisplayName();
        Surroundings own = store(context).remove(Surroundings.class, Surroundings.class);
        if (own != null) {
            own.end().throwIfAny(who);
        } else {
            current(context).ifPresent(shared -> shared.testEnded().throwIfAny(who));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Surroundings own = store(context).remove(Surroundings.class, Surroundings.class);
        if (own != null) {
            own.end().throwIfAny("One of the tests of " + context.getDisplayName());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return Plan.isKnown(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return surroundings(context)
                .find(type)
                .orElseThrow(() -> new ParameterResolutionException(
                        type == OpenRouterSimulator.class
                                ? "There is no simulator where there are fakes; take a fake, or leave out fakes(…)"
                                : "There is no " + type.getSimpleName()
                                        + " unless you say which providers the fakes stand for, as with"
                                        + " @PortolanTest(fakes = \"openrouter\")"));
    }

    /** Also tells them that a test begins: with its constructor, if that wants a parameter. */
    private Surroundings surroundings(ExtensionContext context) {
        Surroundings found = current(context).orElseGet(() -> begin(plan(context), context));
        if (context.getTestMethod().isPresent() && store(context).get(BEGUN) == null) {
            store(context).put(BEGUN, true);
            found.testBegins();
        }
        return found;
    }

    private Surroundings begin(Plan found, ExtensionContext context) {
        if (context.getTestMethod().isEmpty() && !found.shared()) {
            throw new ParameterResolutionException(
                    "Each test gets its own, so there is none outside of a test. Take it as a"
                            + " parameter of the test or of a @BeforeEach method, or share it: @PortolanTest(shared = true)");
        }
        boolean inParallel = context.getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
                .map(Boolean::parseBoolean)
                .orElse(false);
        Surroundings made = new Surroundings(found, inParallel);
        store(context).put(Surroundings.class, made);
        return made;
    }

    private Optional<Surroundings> current(ExtensionContext context) {
        return Optional.ofNullable(store(context).get(Surroundings.class, Surroundings.class));
    }

    private ExtensionContext.Store store(ExtensionContext context) {
        return context.getStore(namespace);
    }

    private Plan plan(ExtensionContext context) {
        if (plan != null) {
            return plan;
        }
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            Optional<PortolanTest> found = AnnotationSupport.findAnnotation(type, PortolanTest.class);
            if (found.isPresent()) {
                return plan(found.get());
            }
        }
        return new Builder().plan();
    }

    private static Plan plan(PortolanTest annotation) {
        Builder builder = new Builder().fakes(annotation.fakes()).allow(annotation.allowed());
        for (String setting : annotation.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "A setting of @PortolanTest is written NAME=value, found '" + setting + "'");
            }
            builder.setting(setting.substring(0, equals), setting.substring(equals + 1));
        }
        for (String name : annotation.allowedThreads()) {
            builder.allowThread(name);
        }
        return annotation.shared() ? builder.shared().plan() : builder.plan();
    }

    /** Collects what tests are to be given. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> fakes = new ArrayList<>();
        private UnaryOperator<OpenRouterSimulator.Builder> simulator = UnaryOperator.identity();
        private Consumer<Portolan.Builder> more = builder -> {};
        private boolean shared;
        private final List<Pattern> allowedThreads = new ArrayList<>();
        private final Set<Leak> allowed = EnumSet.noneOf(Leak.class);

        private Builder() {}

        /** Adds a setting; it beats one that leads to the simulator. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Has fakes stand for the providers of these names, in place of those on the class path and the simulator.
         *
         * @param providers first segments of model ids, such as {@code openrouter}
         * @throws IllegalArgumentException if one cannot be the name of a provider
         */
        public Builder fakes(String... providers) {
            for (String name : providers) {
                if (!ModelId.isProviderName(name)) {
                    throw new IllegalArgumentException(
                            "Fakes stand for a provider, such as 'openrouter', found '" + name + "'");
                }
                fakes.add(name);
            }
            return this;
        }

        /** Sets up the simulator: its key, models, delays. */
        public Builder simulator(UnaryOperator<OpenRouterSimulator.Builder> setUp) {
            simulator = setUp;
            return this;
        }

        /** Adds more to the {@code Portolan} before it is built: providers, sinks, guards, decorators. */
        public Builder portolan(Consumer<Portolan.Builder> setUp) {
            more = more.andThen(setUp);
            return this;
        }

        /**
         * Has all tests of a class share one of everything; the extension must be in a static field then. What they script and ask
         * is forgotten before the next test, unless they run in parallel: {@code @BeforeAll} is no place to script anything.
         */
        public Builder shared() {
            shared = true;
            return this;
        }

        /** Lets threads outlive a test whose whole name matches this regular expression. */
        public Builder allowThread(String name) {
            allowedThreads.add(Pattern.compile(name));
            return this;
        }

        /** Does not look for these. */
        public Builder allow(Leak... leaks) {
            allowed.addAll(List.of(leaks));
            return this;
        }

        private Plan plan() {
            return new Plan(settings, fakes, simulator, more, shared, allowedThreads, allowed);
        }

        /** The extension. */
        public PortolanExtension build() {
            return new PortolanExtension(plan());
        }
    }
}
