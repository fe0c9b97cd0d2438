package dev.portolan.testkit.fake;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FakeImages} answer. Immutable: each method gives another answer. What is not set is made up: an id such as
 * {@code fake-image-1}, the model that was asked, the clock's time, some usage, a cost of 0.
 */
public final class FakeDrawing {
    private static final FakeDrawing OF_PROMPT = new FakeDrawing(null, "", 0, Course.AT_ONCE, Terms.DEFAULT);

    private final @Nullable List<Media> images;
    private final String text;
    private final int previews;
    private final Course course;
    private final Terms terms;

    private FakeDrawing(@Nullable List<Media> images, String text, int previews, Course course, Terms terms) {
        this.images = images;
        this.text = text;
        this.previews = previews;
        this.course = course;
        this.terms = terms;
        if (images != null) {
            checkEvents(images.size());
        }
    }

    /**
     * Makes sure that it has the events after which it ends, with so many images.
     *
     * @throws IllegalArgumentException if it has fewer
     */
    void checkEvents(int imageCount) {
        int events = (text.isEmpty() ? 0 : 1) + previews + imageCount;
        if (course.events() > events) {
            throw new IllegalArgumentException("The drawing has " + events + " events, and cannot end after "
                    + course.events() + "; give it as many before, with withPreviews(…)");
        }
    }

    /** When things come, and what ends it after so many events, if anything does: below 0 it does not even begin. */
    record Course(
            Duration delay,
            Duration pace,
            int events,
            boolean hangs,
            @Nullable Fail failure) {
        static final Course AT_ONCE = new Course(Duration.ZERO, Duration.ZERO, -1, false, null);

        Course failing(int after, Fail newFailure) {
            return new Course(delay, pace, after, false, newFailure);
        }

        Course hanging(int after) {
            return new Course(delay, pace, after, true, null);
        }
    }

    /**
     * PNG pictures made from the prompt: the same for the same request, others for another prompt, as many as asked for. They
     * have the size that is asked for in pixels, else 64 pixels for the longer side, in the aspect ratio that is asked for.
     */
    public static FakeDrawing ofPrompt() {
        return OF_PROMPT;
    }

    /** These images. */
    public static FakeDrawing of(Media... images) {
        return new FakeDrawing(List.of(images), "", 0, Course.AT_ONCE, Terms.DEFAULT);
    }

    /** A failure before the work begins. The very same exception each time; see the others for one for each call. */
    public static FakeDrawing failing(PortolanException failure) {
        return OF_PROMPT.failing(-1, Fail.with(failure));
    }

    /**
     * A failure before the work begins.
     *
     * @param failure gets the details of the call, with its model
     */
    public static FakeDrawing failing(Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return OF_PROMPT.failing(-1, Fail.with(failure));
    }

    /** A failure of this class before the work begins: {@code failing(ContentPolicyException::new)}. */
    public static FakeDrawing failing(
            BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return OF_PROMPT.failing(-1, Fail.with(failure));
    }

    /** Work that never begins, as with {@link FakeReply#hanging}. */
    public static FakeDrawing hanging() {
        return OF_PROMPT.with(Course.AT_ONCE.hanging(-1));
    }

    /** The same with so many previews before the images, in streams. */
    public FakeDrawing withPreviews(int count) {
        return new FakeDrawing(images, text, count, course, terms);
    }

    /** The same with something that the model says beside the images. */
    public FakeDrawing withText(String newText) {
        return new FakeDrawing(images, newText, previews, course, terms);
    }

    /** The same after a pause before anything comes: the {@linkplain FakeClock clock} is moved, nobody waits. */
    public FakeDrawing after(Duration time) {
        return with(new Course(time, course.pace(), course.events(), course.hangs(), course.failure()));
    }

    /** The same with a pause before each event of a stream but the first. */
    public FakeDrawing paced(Duration time) {
        return with(new Course(course.delay(), time, course.events(), course.hangs(), course.failure()));
    }

    /**
     * The same, broken off after so many events (text, previews, finished images) by a {@link BrokenStreamException} that has
     * the images that had arrived.
     *
     * @throws IllegalArgumentException if it has not so many events; where only a request tells how many images there are, when
     *     that is answered
     */
    public FakeDrawing brokenAfter(int events) {
        return failingAfter(
                events,
                details -> new BrokenStreamException(
                        "The stream of the fake for " + details.model() + " broke, as it was told to, after " + events
                                + " events",
                        details));
    }

    /**
     * The same with a failure after so many events.
     *
     * @param failure gets the details of the call, with what had arrived
     * @throws IllegalArgumentException as with {@link #brokenAfter}
     */
    public FakeDrawing failingAfter(int events, Function<? super ErrorDetails, ? extends PortolanException> failure) {
        return failing(events, Fail.with(failure));
    }

    /**
     * The same with a failure of this class after so many events: {@code failingAfter(3, ContentPolicyException::new)}.
     *
     * @throws IllegalArgumentException as with {@link #brokenAfter}
     */
    public FakeDrawing failingAfter(
            int events, BiFunction<? super String, ? super ErrorDetails, ? extends PortolanException> failure) {
        return failing(events, Fail.with(failure));
    }

    /**
     * The same, but after so many events nothing comes any more, as with {@link FakeReply#andHang}.
     *
     * @throws IllegalArgumentException as with {@link #brokenAfter}
     */
    public FakeDrawing hangingAfter(int events) {
        return with(course.hanging(events));
    }

    private FakeDrawing failing(int after, Fail failure) {
        return with(course.failing(after, failure));
    }

    /** The same under this id. */
    public FakeDrawing withId(String id) {
        return with(terms.withId(id));
    }

    /** The same by another model than was asked. */
    public FakeDrawing withModel(String model) {
        return with(terms.withModel(model, terms.upstream()));
    }

    /** The same by a model that somebody else runs. */
    public FakeDrawing withModel(String model, String upstream) {
        return with(terms.withModel(model, upstream));
    }

    /** The same with this usage; {@link Usage#NOT_REPORTED} for a provider that does not tell. */
    public FakeDrawing withUsage(Usage usage) {
        return with(terms.withUsage(usage));
    }

    /** The same at this price in US dollars, such as {@code 0.04}. */
    public FakeDrawing withCost(String dollars) {
        return withCost(Terms.dollars(dollars));
    }

    /** The same at this cost; {@link Cost#UNKNOWN} for a provider that does not tell. */
    public FakeDrawing withCost(Cost cost) {
        return with(terms.withCost(cost));
    }

    /** The same with one more warning. */
    public FakeDrawing withWarning(String subject, String message) {
        return with(terms.withWarning(new Warning(subject, message)));
    }

    /** The same with what only one provider tells. */
    public FakeDrawing withMetadata(ProviderMetadata... metadata) {
        return with(terms.withMetadata(metadata));
    }

    private FakeDrawing with(Course newCourse) {
        return new FakeDrawing(images, text, previews, newCourse, terms);
    }

    private FakeDrawing with(Terms newTerms) {
        return new FakeDrawing(images, text, previews, course, newTerms);
    }

    /** The images in place of those of the prompt; null for these. */
    @Nullable List<Media> images() {
        return images;
    }

    String text() {
        return text;
    }

    int previews() {
        return previews;
    }

    Course course() {
        return course;
    }

    Terms terms() {
        return terms;
    }

    /** For people: what comes. */
    @Override
    public String toString() {
        return course.failure() != null
                ? "a failure"
                : course.hangs() ? "a hang" : images == null ? "pictures of the prompt" : images.size() + " images";
    }
}
