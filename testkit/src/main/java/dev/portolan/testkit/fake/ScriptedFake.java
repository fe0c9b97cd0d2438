package dev.portolan.testkit.fake;

import dev.portolan.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the fakes of the ports have in common: a script of replies, a clock, and a memory of what was asked.
 *
 * <p>A request is answered by the first of these that has a reply: each {@link #when} that it fits, in the order in which they
 * were given; the replies {@linkplain #next in order}; the reply that was given for {@linkplain #always everything else}. If
 * none has, the call fails with an {@link AssertionError} that says what was asked and what is left.
 *
 * <p>Thread-safe.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 * @param <S> the fake itself
 */
public abstract sealed class ScriptedFake<Q extends Request, A, S extends ScriptedFake<Q, A, S>>
        permits FakeChat, FakeEmbeddings, FakeImages {
    private final @Nullable A usual;
    private final List<Script<Q>> rules = new ArrayList<>();
    private Script<Q> general;
    private final List<FakeCall<Q>> calls = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final Set<CallTime> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger replies = new AtomicInteger();
    private volatile FakeClock clock = new FakeClock();

    /** @param usual what a new fake replies to everything; null for nothing */
    ScriptedFake(@Nullable A usual) {
        this.usual = usual;
        this.general = unscripted();
    }

    private Script<Q> unscripted() {
        Script<Q> script = new Script<>("next(…)", request -> true);
        if (usual != null) {
            script.always(usual);
        }
        return script;
    }

    /** This fake. */
    abstract S self();

    /** A request in a few words, for messages. */
    abstract String shown(Q request);

    /** Adds replies, each for one request, in order. */
    @SafeVarargs
    public final S next(A... replies) {
        synchronized (this) {
            for (A reply : replies) {
                general.add(reply);
            }
        }
        return self();
    }

    /** Adds the same reply for so many requests. */
    public final S next(int times, A reply) {
        synchronized (this) {
            for (int i = 0; i < times; i++) {
                general.add(reply);
            }
        }
        return self();
    }

    /** Adds a reply that is made from the next request, on the thread that asks. */
    public final S next(Function<? super Q, ? extends A> reply) {
        synchronized (this) {
            general.add(reply);
        }
        return self();
    }

    /** Sets the reply to everything that nothing else is there for. */
    public final S always(A reply) {
        synchronized (this) {
            general.always(reply);
        }
        return self();
    }

    /** Sets what makes the reply to everything that nothing else is there for, on the thread that asks. */
    public final S always(Function<? super Q, ? extends A> reply) {
        synchronized (this) {
            general.always(reply);
        }
        return self();
    }

    /**
     * Replies to requests of some kind: {@code chat.when(request -> !request.toolUse().tools().isEmpty()).next(…)}.
     *
     * @param condition asked under a lock: it must be quick, and not call this fake
     */
    public FakeRule<Q, A, S> when(Predicate<? super Q> condition) {
        return new FakeRule<>(self(), rule("when(…)", condition));
    }

    final Script<Q> rule(String title, Predicate<? super Q> condition) {
        synchronized (this) {
            String numbered = title + " number " + (rules.size() + 1);
            Script<Q> rule = new Script<>(title.contains("\"") ? title : numbered, condition);
            rules.add(rule);
            return rule;
        }
    }

    /**
     * Makes the fake as it was when it was new: it forgets its script, its clock and all that it was asked, and ends the calls
     * that are under way, as if their streams were closed.
     */
    public final void reset() {
        synchronized (this) {
            rules.clear();
            general = unscripted();
            calls.clear();
            unexpected.clear();
            replies.set(0);
            clock = new FakeClock();
        }
        endCalls();
    }

    /** Lets the fake's delays pass on this clock, rather than on one of its own. */
    public final S clock(FakeClock newClock) {
        clock = newClock;
        return self();
    }

    /** The clock on which delays pass. */
    public final FakeClock clock() {
        return clock;
    }

    /** All that was asked so far, in order. */
    public final List<Q> requests() {
        return calls().stream().map(FakeCall::request).toList();
    }

    /** All calls so far, in order. */
    public final List<FakeCall<Q>> calls() {
        synchronized (this) {
            return List.copyOf(calls);
        }
    }

    /** How many streams were neither read to their end nor closed. */
    public final int openStreams() {
        return (int) underWay.stream().filter(CallTime::isStreamed).count();
    }

    /**
     * Makes sure that the script was kept to: no reply that {@code next} has given is left, and nothing was asked that no reply
     * was there for. Replies that {@code always} has given may be left.
     *
     * @throws AssertionError if it was not; the message says what is left
     */
    public final void verifyAllUsed() {
        List<String> faults = new ArrayList<>();
        synchronized (this) {
            unexpected.forEach(asked -> faults.add("asked without a reply: " + asked));
            for (Script<Q> script : scripts()) {
                script.left().forEach(reply -> faults.add("never used: " + script.title() + ", " + shownEntry(reply)));
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(
                    name() + " was not asked as its script expects:\n- " + String.join("\n- ", faults));
        }
    }

    /** Notes a call, and finds its reply. */
    final A answer(Q request, boolean streamed) {
        Object reply;
        synchronized (this) {
            calls.add(new FakeCall<>(request, streamed));
            reply = find(request);
        }
        return made(reply, request);
    }

    private Object find(Q request) {
        for (Script<Q> script : scripts()) {
            Object reply = script.take(request);
            if (reply != null) {
                return reply;
            }
        }
        unexpected.add("request " + calls.size() + ", " + shown(request));
        throw new AssertionError(withoutReply(request));
    }

    private List<Script<Q>> scripts() {
        List<Script<Q>> all = new ArrayList<>(rules);
        all.add(general);
        return all;
    }

    private String withoutReply(Q request) {
        StringBuilder message = new StringBuilder(
                name() + " has no reply to request " + calls.size() + ", " + shown(request) + ".\nIts script has");
        if (rules.isEmpty() && general.given() == 0) {
            message.append(" no replies at all.");
        } else {
            message.append(':');
            for (Script<Q> script : scripts()) {
                if (script != general || script.given() > 0) {
                    message.append("\n- ").append(script.state());
                }
            }
        }
        return message.append("\nAdd a reply with next(…), when(…), or always(…) for whatever else is asked.")
                .toString();
    }

    private String shownEntry(Object reply) {
        return reply instanceof Function ? "a reply made from the request" : reply.toString();
    }

    @SuppressWarnings("unchecked") // a script takes nothing but these two
    private A made(Object reply, Q request) {
        return reply instanceof Function ? ((Function<? super Q, ? extends A>) reply).apply(request) : asReply(reply);
    }

    @SuppressWarnings("unchecked") // a script takes nothing else
    private A asReply(Object reply) {
        return (A) reply;
    }

    /** An id for the next reply: {@code fake-chat-1}. */
    final String nextId(String prefix) {
        return prefix + replies.incrementAndGet();
    }

    /** Notes a call that has begun. */
    final void begun(CallTime call) {
        underWay.add(call);
    }

    /** Notes that a call has ended, in whatever way. */
    final void ended(CallTime call) {
        underWay.remove(call);
    }

    /** Ends the calls that are under way. */
    final void endCalls() {
        underWay.forEach(CallTime::end);
        underWay.clear();
    }

    private String name() {
        return getClass().getSimpleName();
    }
}
