package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.state.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Scripts how the calls to a simulator fail. Thread-safe.
 *
 * <pre>{@code
 * simulator.faults().next(3, Fault.rateLimited(Duration.ofSeconds(2)));
 * simulator.faults().on("/chat/completions").always(Fault.delay(Duration.ofMillis(50)));
 * simulator.faults().on(SimulatorRequest::streaming).seeded(42, 0.3, Fault.everyKindThatEnds());
 * }</pre>
 *
 * <p>A request, whatever its path unless {@code on} says otherwise, gets at most one fault that is scripted by {@code next},
 * the first that fits; or else at most one by {@code seeded}; and with it all that are scripted by {@code always}. If
 * several of these replace the answer, the one of {@code next} or {@code seeded} counts. A request that is served a {@link
 * CannedResponse} gets none and uses up none.
 */
public final class FaultDesk {
    private final List<Rule> rules = new ArrayList<>();
    private final NewestOf<AppliedFault> applied;
    private final Scope everything = new Scope("", request -> true);

    FaultDesk(NewestOf<AppliedFault> applied) {
        this.applied = applied;
    }

    private enum Kind {
        NEXT,
        ALWAYS,
        SEEDED
    }

    private static final class Rule {
        private final Kind kind;
        private final Scope scope;
        private final List<Fault> faults;
        private final @Nullable Random random;
        private final double probability;
        private int left;

        Rule(Kind kind, Scope scope, List<Fault> faults, int left, @Nullable Random random, double probability) {
            this.kind = kind;
            this.scope = scope;
            this.faults = faults;
            this.left = left;
            this.random = random;
            this.probability = probability;
        }

        /** Draws for every request in scope, so that other rules do not change the sequence. */
        @Nullable Fault draw() {
            if (random == null) {
                return faults.get(0);
            }
            boolean hit = random.nextDouble() < probability;
            int index = random.nextInt(faults.size());
            return hit ? faults.get(index) : null;
        }

        @Override
        public String toString() {
            String where = scope.name.isEmpty() ? "" : " on " + scope.name;
            return switch (kind) {
                case NEXT -> "next " + left + where + ": " + faults.get(0);
                case ALWAYS -> "always" + where + ": " + faults.get(0);
                case SEEDED -> "with probability " + probability + where + " one of: " + faults;
            };
        }
    }

    /** Some of the requests. Thread-safe. */
    public final class Scope {
        private final String name;
        private final Predicate<SimulatorRequest> condition;

        private Scope(String name, Predicate<SimulatorRequest> condition) {
            this.name = name;
            this.condition = condition;
        }

        /**
         * Of these only the requests to a path.
         *
         * @param path the path below the base URL, such as {@code /chat/completions}; a segment in braces stands for any
         * @return fewer requests
         * @throws IllegalArgumentException if the path does not start with a slash
         */
        public Scope on(String path) {
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException(
                        "a path starts with a slash, such as /chat/completions, but this is \"" + path + "\"");
            }
            PathTemplate template = PathTemplate.of(path);
            return narrowed(path, request -> template.matches(request.apiPath()));
        }

        /**
         * Of these only the requests that meet a condition, such as {@link SimulatorRequest#streaming()}. It is asked for
         * each request, one at a time, and should neither wait nor throw.
         *
         * @param more the condition
         * @return fewer requests
         */
        public Scope on(Predicate<SimulatorRequest> more) {
            return narrowed("a condition", Objects.requireNonNull(more, "more"));
        }

        private Scope narrowed(String what, Predicate<SimulatorRequest> more) {
            return new Scope(name.isEmpty() ? what : name + " and " + what, condition.and(more));
        }

        /**
         * The next request that has no such fault yet gets one.
         *
         * @param fault the fault
         * @return the desk
         */
        public FaultDesk next(Fault fault) {
            return next(1, fault);
        }

        /**
         * Each of the next requests that have no such fault yet gets one.
         *
         * @param times how many, 1 or more
         * @param fault the fault
         * @return the desk
         * @throws IllegalArgumentException if there are less than 1
         */
        public FaultDesk next(int times, Fault fault) {
            if (times < 1) {
                throw new IllegalArgumentException("times must be at least 1 but is " + times);
            }
            return add(new Rule(Kind.NEXT, this, List.of(fault), times, null, 1));
        }

        /**
         * Every request gets a fault from now on.
         *
         * @param fault the fault
         * @return the desk
         */
        public FaultDesk always(Fault fault) {
            return add(new Rule(Kind.ALWAYS, this, List.of(fault), 0, null, 1));
        }

        /**
         * Every request gets with some probability one of several faults, each as likely as the others. Which, depends on
         * nothing but the seed and how many of these requests came before.
         *
         * @param seed any number
         * @param probability 0 to 1
         * @param faults at least one
         * @return the desk
         * @throws IllegalArgumentException if the probability is out of range or there are no faults
         */
        public FaultDesk seeded(long seed, double probability, Fault... faults) {
            return seeded(seed, probability, List.of(faults));
        }

        /**
         * As {@link #seeded(long, double, Fault...)}.
         *
         * @param seed any number
         * @param probability 0 to 1
         * @param faults at least one, such as {@link Fault#everyKind()}
         * @return the desk
         * @throws IllegalArgumentException if the probability is out of range or there are no faults
         */
        public FaultDesk seeded(long seed, double probability, List<Fault> faults) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("probability must be 0 to 1 but is " + probability);
            }
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("there are no faults to choose from; take Fault.everyKind()");
            }
            return add(new Rule(Kind.SEEDED, this, List.copyOf(faults), 0, new Random(seed), probability));
        }
    }

    private FaultDesk add(Rule rule) {
        synchronized (rules) {
            rules.add(rule);
        }
        return this;
    }

    /**
     * The requests to a path.
     *
     * @param path the path below the base URL, such as {@code /chat/completions}; a segment in braces stands for any
     * @return these requests
     * @throws IllegalArgumentException if the path does not start with a slash
     */
    public Scope on(String path) {
        return everything.on(path);
    }

    /**
     * The requests that meet a condition; see {@link Scope#on(Predicate)}.
     *
     * @param condition the condition
     * @return these requests
     */
    public Scope on(Predicate<SimulatorRequest> condition) {
        return everything.on(condition);
    }

    /**
     * As {@link Scope#next(Fault)}, for all requests.
     *
     * @param fault the fault
     * @return this desk
     */
    public FaultDesk next(Fault fault) {
        return everything.next(fault);
    }

    /**
     * As {@link Scope#next(int, Fault)}, for all requests.
     *
     * @param times how many, 1 or more
     * @param fault the fault
     * @return this desk
     * @throws IllegalArgumentException if there are less than 1
     */
    public FaultDesk next(int times, Fault fault) {
        return everything.next(times, fault);
    }

    /**
     * As {@link Scope#always(Fault)}, for all requests.
     *
     * @param fault the fault
     * @return this desk
     */
    public FaultDesk always(Fault fault) {
        return everything.always(fault);
    }

    /**
     * As {@link Scope#seeded(long, double, Fault...)}, for all requests.
     *
     * @param seed any number
     * @param probability 0 to 1
     * @param faults at least one
     * @return this desk
     * @throws IllegalArgumentException if the probability is out of range or there are no faults
     */
    public FaultDesk seeded(long seed, double probability, Fault... faults) {
        return everything.seeded(seed, probability, faults);
    }

    /**
     * As {@link Scope#seeded(long, double, List)}, for all requests.
     *
     * @param seed any number
     * @param probability 0 to 1
     * @param faults at least one
     * @return this desk
     * @throws IllegalArgumentException if the probability is out of range or there are no faults
     */
    public FaultDesk seeded(long seed, double probability, List<Fault> faults) {
        return everything.seeded(seed, probability, faults);
    }

    /** Forgets all that was scripted. What is under way goes on; {@link #applied()} stays. */
    public void clear() {
        synchronized (rules) {
            rules.clear();
        }
    }

    /**
     * What is scripted and not used up, in words.
     *
     * @return a snapshot, one line for each call of {@code next}, {@code always} and {@code seeded}, in their order
     */
    public List<String> scripted() {
        synchronized (rules) {
            return rules.stream().map(Rule::toString).toList();
        }
    }

    /**
     * The faults that requests got so far, each noted before its client sees anything of it. One that found nothing to
     * do, such as a cut behind the end, is noted too. The newest {@link OpenRouterSimulator.Builder#kept} are kept.
     *
     * @return a snapshot, in order of the answers
     */
    public List<AppliedFault> applied() {
        return applied.all();
    }

    void reset() {
        clear();
        applied.clear();
    }

    /** To be called in the order of the requests. */
    @Nullable Fault take(SimulatorRequest request) {
        synchronized (rules) {
            Fault scripted = null;
            Fault drawn = null;
            Fault standing = null;
            for (Rule rule : List.copyOf(rules)) {
                if (!rule.scope.condition.test(request)) {
                    continue;
                }
                if (rule.kind == Kind.ALWAYS) {
                    standing = both(standing, rule.draw());
                } else if (rule.kind == Kind.SEEDED) {
                    Fault draw = rule.draw();
                    drawn = drawn == null ? draw : drawn;
                } else if (scripted == null) {
                    scripted = rule.draw();
                    rule.left--;
                    if (rule.left == 0) {
                        rules.remove(rule);
                    }
                }
            }
            return both(scripted == null ? drawn : scripted, standing);
        }
    }

    private static @Nullable Fault both(@Nullable Fault first, @Nullable Fault second) {
        if (first == null) {
            return second;
        }
        return second == null ? first : first.and(second);
    }

    Answer apply(Fault fault, SimulatorRequest request, Ledger ledger, Supplier<Answer> simulator) {
        AtomicReference<@Nullable String> id = new AtomicReference<>();
        Answer faulty = fault.apply(request, ledger, () -> {
            Answer answer = simulator.get();
            id.set(answer.generationId());
            return answer;
        });
        applied.add(new AppliedFault(request, fault, Optional.ofNullable(id.get())));
        return faulty;
    }
}
