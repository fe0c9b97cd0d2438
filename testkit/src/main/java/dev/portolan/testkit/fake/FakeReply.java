package dev.portolan.testkit.fake;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeChat} answers: what comes, in which pieces, after which time, and how it ends. Streamed or not, the answer
 * is the same; a stream shows the pieces. Immutable: each method gives another reply.
 *
 * <pre>{@code
 * FakeReply.text("Hello, Ann.").withUsage(12, 4).withCost("0.0001")
 * FakeReply.reasoning("A city, then.").andToolCall("get_weather", "{\"city\":", "\"Zürich\"}")
 * FakeReply.pieces("The ", "sea ", "is ", "calm.").brokenAfter(2)
 * FakeReply.failing(RateLimitedException::new)
 * }</pre>
 *
 * <p>What is not set is made up: an id such as {@code fake-chat-1}, the model that was asked, the clock's time, usage by the
 * count of words, a cost of 0, and the finish reason {@code stop}, or {@code tool_calls} if there are calls.
 */
public final class FakeReply {
    private static final FakeReply NOTHING = new FakeReply(List.of(), Duration.ZERO, null, Terms.DEFAULT);

    private final List<Step> steps;
    private final Duration pace;
    private final @Nullable String finishReason;
    private final Terms terms;

    private FakeReply(List<Step> steps, Duration pace, @Nullable String finishReason, Terms terms) {
        this.steps = List.copyOf(steps);
        this.pace = pace;
        this.finishReason = finishReason;
        this.terms = terms;
    }

    /** What happens next. */
    sealed interface Step {
        /** Whether the answer has not begun as long as there is nothing but this. */
        default boolean isBeforeTheAnswer() {
            return this instanceof Pause || this instanceof Hang || this instanceof Refuse;
        }

        /** Something comes. */
        sealed interface Piece extends Step {}

        record Text(String text) implements Piece {}

        record Thought(String text) implements Piece {}

        record Detail(ReasoningDetail detail) implements Piece {}

        record Refusal(String text) implements Piece {}

        /** A part of a call; the first one has its name. */
        record CallPart(
                int call, @Nullable String id, @Nullable String name, String arguments) implements Piece {}

        record Image(Media image) implements Piece {}

        record Note(Annotation annotation) implements Piece {}

        /** Time passes. */
        record Pause(Duration time) implements Step {}

        /** Nothing comes any more. */
        record Hang() implements Step {}

        /** The answer does not begin. */
        record Refuse(Fail failure) implements Step {}

        /** The answer breaks off. */
        record Break(Fail failure) implements Step {}
    }

    /** A text; streamed word by word. */
    public static FakeReply text(String text) {
        return NOTHING.andText(text);
    }

    /** A text; streamed in these pieces. */
    public static FakeReply pieces(String... pieces) {
        return NOTHING.andPieces(pieces);
    }

    /** A reply that begins with reasoning; streamed word by word. */
    public static FakeReply reasoning(String text) {
        return NOTHING.andReasoning(text);
    }

    /**
     * A call of a tool.
     *
     * @param name the function's name
     * @param arguments JSON text, in the pieces in which it is streamed; not checked, so that a model that writes no JSON can be
     *     played too
     */
    public static FakeReply toolCall(String name, String... arguments) {
        return NOTHING.andToolCall(name, arguments);
    }

    /** A call of a tool with these arguments, by name; anything that {@link RawJson#of} takes. */
    public static FakeReply toolCall(String name, Map<String, ?> arguments) {
        return NOTHING.andToolCall(name, arguments);
    }

    /** An image. */
    public static FakeReply image(Media image) {
        return NOTHING.andImage(image);
    }

    /** Why the model will not answer; streamed word by word. */
    public static FakeReply refusal(String text) {
        return NOTHING.and(Lines.words(text).stream().map(Step.Refusal::new).toList());
    }

    /** Nothing at all, not even a finish reason: what a provider gives that is just starting up. */
    public static FakeReply empty() {
        return NOTHING.withFinishReason("").withUsage(Usage.NOT_REPORTED);
    }

    /** A failure before the answer begins. The very same exception each time; see the others for one of its own for each call. */
    public static FakeReply failing(PortolanException failure) {
        return refused(Fail.with(failure));
    }

    /**
     * A failure before the answer begins: {@code failing(details -> new RateLimitedException("Busy",
     * details.withRetryAfter(Duration.ofSeconds(2))))}.
     *
     * @param failure gets the details of the call, with its model
     */
    public static FakeReply failing(Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return refused(Fail.with(failure));
    }

    /** A failure of this class before the answer begins: {@code failing(RateLimitedException::new)}. */
    public static FakeReply failing(
            BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return refused(Fail.with(failure));
    }

    private static FakeReply refused(Fail failure) {
        return NOTHING.and(List.of(new Step.Refuse(failure)));
    }

    /** An answer that never begins. See {@link #andHang}. */
    public static FakeReply hanging() {
        return NOTHING.and(List.of(new Step.Hang()));
    }

    /** The same with more text; streamed word by word. */
    public FakeReply andText(String text) {
        return and(Lines.words(text).stream().map(Step.Text::new).toList());
    }

    /** The same with more text; streamed in these pieces. */
    public FakeReply andPieces(String... pieces) {
        return and(Stream.of(pieces).map(Step.Text::new).toList());
    }

    /** The same with more reasoning; streamed word by word. */
    public FakeReply andReasoning(String text) {
        return and(Lines.words(text).stream().map(Step.Thought::new).toList());
    }

    /** The same with a piece of reasoning in a provider's own form. */
    public FakeReply andReasoning(ReasoningDetail detail) {
        return and(List.of(new Step.Detail(detail)));
    }

    /**
     * The same with one more call of a tool. Its id is made up, and is another in each reply.
     *
     * @param arguments JSON text, in the pieces in which it is streamed
     */
    public FakeReply andToolCall(String name, String... arguments) {
        return andCall(null, name, List.of(arguments));
    }

    /** The same with one more call of a tool, with these arguments by name. */
    public FakeReply andToolCall(String name, Map<String, ?> arguments) {
        return andCall(null, name, List.of(RawJson.of(arguments).text()));
    }

    /** The same with one more call of a tool, under this id. */
    public FakeReply andToolCallOfId(String id, String name, String... arguments) {
        return andCall(id, name, List.of(arguments));
    }

    private FakeReply andCall(@Nullable String id, String name, List<String> arguments) {
        int call = (int) steps.stream()
                .filter(step -> step instanceof Step.CallPart part && part.name() != null)
                .count();
        List<Step> parts = new ArrayList<>();
        parts.add(new Step.CallPart(call, id, name, arguments.isEmpty() ? "" : arguments.get(0)));
        for (String more : arguments.subList(Math.min(1, arguments.size()), arguments.size())) {
            parts.add(new Step.CallPart(call, null, null, more));
        }
        return and(parts);
    }

    /** The same with one more image. */
    public FakeReply andImage(Media image) {
        return and(List.of(new Step.Image(image)));
    }

    /** The same with a source that it cites, or a file that was parsed. */
    public FakeReply andAnnotation(Annotation annotation) {
        return and(List.of(new Step.Note(annotation)));
    }

    /**
     * The same with a pause at this place: the {@linkplain FakeClock clock} is moved, nobody waits. A request whose time limit
     * is shorter fails with a {@link dev.portolan.api.error.CallTimeoutException}, and the clock moves to that limit.
     */
    public FakeReply andPause(Duration time) {
        return and(List.of(new Step.Pause(time)));
    }

    /** The same after a pause before anything comes. */
    public FakeReply after(Duration time) {
        List<Step> later = new ArrayList<>();
        later.add(new Step.Pause(time));
        later.addAll(steps);
        return with(later);
    }

    /** The same with a pause before each piece but the first. */
    public FakeReply paced(Duration time) {
        return new FakeReply(steps, time, finishReason, terms);
    }

    /**
     * The same, but here nothing comes any more. If the request has a time limit, it fails at once, and the clock moves to
     * that limit. Otherwise the thread really waits: until the stream is closed, the thread interrupted, or the
     * {@link FakeProvider} closed.
     */
    public FakeReply andHang() {
        return and(List.of(new Step.Hang()));
    }

    /**
     * The same, broken off after so many pieces by a {@link BrokenStreamException} that has what had arrived. A blocking call
     * fails so too.
     *
     * @param pieces 0 to break off when it has only begun
     * @throws IllegalArgumentException if the reply has not so many pieces
     */
    public FakeReply brokenAfter(int pieces) {
        return failingAfter(
                pieces,
                details -> new BrokenStreamException(
                        "The stream of the fake for " + details.model() + " broke, as it was told to, after " + pieces
                                + " pieces. What had arrived is in partial().",
                        details));
    }

    /**
     * The same with a failure after so many pieces.
     *
     * @param failure gets the details of the call, with what had arrived
     * @throws IllegalArgumentException if the reply has not so many pieces
     */
    public FakeReply failingAfter(int pieces, Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return cut(pieces, Fail.with(failure));
    }

    /** The same with a failure of this class after so many pieces: {@code failingAfter(3, ContentPolicyException::new)}. */
    public FakeReply failingAfter(
            int pieces, BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return cut(pieces, Fail.with(failure));
    }

    private FakeReply cut(int pieces, Fail failure) {
        List<Step> kept = new ArrayList<>();
        int left = pieces;
        for (Step step : steps) {
            if (step instanceof Step.Piece && left-- == 0) {
                break;
            }
            kept.add(step);
        }
        if (pieces < 0 || left > 0) {
            throw new IllegalArgumentException("The reply has " + (pieces - left) + " pieces, and cannot fail after "
                    + pieces + "; give it as many with pieces(…)");
        }
        kept.add(new Step.Break(failure));
        return with(kept);
    }

    /** The same under this id. */
    public FakeReply withId(String id) {
        return with(terms.withId(id));
    }

    /** The same by another model than was asked, as routers do. */
    public FakeReply withModel(String model) {
        return with(terms.withModel(model, terms.upstream()));
    }

    /** The same by a model that somebody else runs. */
    public FakeReply withModel(String model, String upstream) {
        return with(terms.withModel(model, upstream));
    }

    /** The same with this usage. */
    public FakeReply withUsage(long promptTokens, long completionTokens) {
        return withUsage(Usage.of(promptTokens, completionTokens));
    }

    /** The same with this usage; {@link Usage#NOT_REPORTED} for a provider that does not tell. */
    public FakeReply withUsage(Usage usage) {
        return with(terms.withUsage(usage));
    }

    /** The same at this price in US dollars, such as {@code 0.0001}. */
    public FakeReply withCost(String dollars) {
        return withCost(Terms.dollars(dollars));
    }

    /** The same at this cost; {@link Cost#UNKNOWN} for a provider that does not tell. */
    public FakeReply withCost(Cost cost) {
        return with(terms.withCost(cost));
    }

    /** The same with this finish reason, as it stands on the wire: {@code length}, {@code content_filter}. */
    public FakeReply withFinishReason(String reason) {
        return new FakeReply(steps, pace, reason, terms);
    }

    /** The same with one more warning. */
    public FakeReply withWarning(String subject, String message) {
        return with(terms.withWarning(new Warning(subject, message)));
    }

    /** The same with what only one provider tells. */
    public FakeReply withMetadata(ProviderMetadata... metadata) {
        return with(terms.withMetadata(metadata));
    }

    private FakeReply and(List<? extends Step> more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(more);
        return with(all);
    }

    private FakeReply with(List<Step> newSteps) {
        return new FakeReply(newSteps, pace, finishReason, terms);
    }

    private FakeReply with(Terms newTerms) {
        return new FakeReply(steps, pace, finishReason, newTerms);
    }

    /** What happens, in order, with the pauses between pieces. */
    List<Step> steps() {
        if (pace.isZero()) {
            return steps;
        }
        List<Step> paced = new ArrayList<>();
        boolean begun = false;
        for (Step step : steps) {
            if (step instanceof Step.Piece) {
                if (begun) {
                    paced.add(new Step.Pause(pace));
                }
                begun = true;
            }
            paced.add(step);
        }
        return paced;
    }

    /** As on the wire; null if it is to be made up. */
    @Nullable String finishReason() {
        return finishReason;
    }

    Terms terms() {
        return terms;
    }

    /** For people: what comes, shortened. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        List<String> rest = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Text piece) {
                text.append(piece.text());
            } else if (step instanceof Step.CallPart part && part.name() != null) {
                rest.add("a call of " + part.name());
            } else if (step instanceof Step.Refusal) {
                rest.add("a refusal");
            } else if (step instanceof Step.Image) {
                rest.add("an image");
            } else if (step instanceof Step.Refuse || step instanceof Step.Break) {
                rest.add("a failure");
            } else if (step instanceof Step.Hang) {
                rest.add("a hang");
            }
        }
        if (!text.isEmpty()) {
            rest.add(0, Lines.preview(text.toString()));
        }
        return rest.isEmpty()
                ? "an empty reply"
                : String.join(", then ", rest.stream().distinct().toList());
    }
}
