package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.fault.Delay;
import dev.portolan.testkit.simulator.fault.Drip;
import dev.portolan.testkit.simulator.fault.Effect;
import dev.portolan.testkit.simulator.fault.ErrorEvent;
import dev.portolan.testkit.simulator.fault.FaultLine;
import dev.portolan.testkit.simulator.fault.FaultyAnswers;
import dev.portolan.testkit.simulator.fault.HeaderChange;
import dev.portolan.testkit.simulator.fault.Insertion;
import dev.portolan.testkit.simulator.fault.Position;
import dev.portolan.testkit.simulator.fault.Rewrite;
import dev.portolan.testkit.simulator.fault.SplitCharacter;
import dev.portolan.testkit.simulator.fault.StandardErrors;
import dev.portolan.testkit.simulator.fault.WireBreak;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Ending;
import dev.portolan.testkit.simulator.json.JsonText;
import dev.portolan.testkit.simulator.state.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a call fails, for {@link OpenRouterSimulator#faults}. Immutable; equal if written the same.
 *
 * <pre>{@code
 * simulator.faults().next(3, Fault.rateLimited(Duration.ofSeconds(2)));
 * simulator.faults().next(Fault.delay(Duration.ofMillis(50)).and(Fault.cutAtByte(120)));
 * simulator.faults().next(Fault.parse("error-event events=3 shape=bare status=429"));
 * }</pre>
 *
 * <p><b>Faults that replace the answer</b> ({@code status}, {@code ownRateLimit}, {@code answer}, {@code unavailable}, {@code edgePage}, {@code
 * empty}, {@code errorInOk}, {@code garbage}, {@code redirect}, {@code deepJson}, {@code bigBody}, {@code endless}): the
 * simulator is not asked, not even whether the key is right, and charges nothing.
 *
 * <p><b>Faults that alter the answer</b> let the simulator answer first. A refusal by the simulator is altered too.
 *
 * <ul>
 *   <li><b>Bytes</b> are those of the body, without the framing of HTTP. An answer that is not longer goes out whole.
 *   <li><b>Events</b> are those of an event stream, {@code [DONE]} included and comments not. A stream that has fewer goes
 *       out whole. In a blocking answer the position is half of its body, or its beginning if no event is to come
 *       before.
 *   <li>Faults of a stream's contents have a meaning of their own in a blocking answer, said at each. Answers that are no
 *       JSON or are refusals pass these by.
 * </ul>
 *
 * <p><b>Money.</b> The line does not change what the model has done. A blocking answer that is cut, reset, stalled or
 * abandoned is billed in full, a stream for what was written until then (images: nothing, since these are all or nothing);
 * the entry's {@link BillEntry#outcome()} is {@code CUT}, or {@code CANCELLED} if it was the client that left, as it does
 * when an answer stalls; until then a stream has no entry, and a blocking answer counts as
 * delivered. A stream that breaks before its headers has not begun and costs
 * nothing. An answer that ends with an error event has the finish reason {@code error} and costs nothing (OpenRouter
 * reference: routing §9). {@code GET /generation} knows them all.
 */
public final class Fault {
    private record Part(String text, Effect effect) {}

    private final List<Part> parts;

    private Fault(List<Part> parts) {
        this.parts = parts;
    }

    private static Fault of(String text, Effect effect) {
        return new Fault(List.of(new Part(text, effect)));
    }

    private static Fault replacement(String text, Effect.Replacement answer) {
        return of(text, answer);
    }

    // ---- instead of an answer

    /**
     * A refusal in the classic form, with the words that go with the status (OpenRouter reference: errors §1 A). {@code
     * status 503}
     *
     * @param status 400 to 599
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Fault status(int status) {
        checkErrorStatus(status);
        return replacement("status " + status, request -> StandardErrors.classic(status));
    }

    /**
     * A refusal in the classic form with a hint when to try again. {@code status 503 retry-after=2s}
     *
     * @param status 400 to 599
     * @param retryAfter zero or more, sent in whole seconds, rounded up
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range or the hint is negative
     */
    public static Fault status(int status, Duration retryAfter) {
        checkErrorStatus(status);
        StandardErrors.checkNotNegative(retryAfter);
        String seconds = String.valueOf(StandardErrors.wholeSeconds(retryAfter));
        return replacement(
                "status " + status + " retry-after=" + seconds + "s",
                request -> StandardErrors.classic(status).header("Retry-After", seconds));
    }

    /**
     * The rate limit with a hint: {@code status(429, retryAfter)}.
     *
     * @param retryAfter zero or more, sent in whole seconds, rounded up
     * @return the fault
     * @throws IllegalArgumentException if the hint is negative
     */
    public static Fault rateLimited(Duration retryAfter) {
        return status(429, retryAfter);
    }

    /**
     * The limit of OpenRouter itself, which alone has the headers {@code X-RateLimit-Limit}, {@code -Remaining} and {@code
     * -Reset}, the last in milliseconds since 1970, and repeats them in the body; without {@code Retry-After}
     * (OpenRouter reference: errors §4 and §6). {@code rate-limit requests=20 reset=60s}
     *
     * @param requests how many are allowed, 0 or more
     * @param reset how long, from the request on, until more are allowed, zero or more
     * @return the fault
     * @throws IllegalArgumentException if a value is negative
     */
    public static Fault ownRateLimit(int requests, Duration reset) {
        checkNotNegative("requests", requests);
        StandardErrors.checkNotNegative(reset);
        return replacement(
                "rate-limit requests=" + requests + " reset=" + FaultLine.text(reset),
                request ->
                        StandardErrors.rateLimit(requests, request.receivedAt().plus(reset)));
    }

    /**
     * Any answer. {@code answer 502 type=text/plain body="Bad gateway"}
     *
     * @param status 200 to 599
     * @param contentType the value of {@code Content-Type}
     * @param body the text, sent as UTF-8
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Fault answer(int status, String contentType, String body) {
        Answer.checkHeader("Content-Type", contentType);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599 but is " + status);
        }
        return replacement(
                "answer " + status + " type=" + FaultLine.quoted(contentType) + " body=" + JsonText.write(body),
                request -> FaultyAnswers.text(status, contentType, body));
    }

    /**
     * A refusal in the availability form. {@code unavailable capacity_exhausted retry-after=2s fallback-models=a/b,c/d}
     *
     * @param reason why the model cannot be had
     * @return the fault
     */
    public static Fault unavailable(Unavailability reason) {
        StringBuilder text = new StringBuilder("unavailable ").append(reason.code());
        text.append(" retryable=").append(reason.retryable());
        reason.retryAfter()
                .ifPresent(wait -> text.append(" retry-after=")
                        .append(StandardErrors.wholeSeconds(wait))
                        .append('s'));
        if (!reason.fallbackModels().isEmpty()) {
            text.append(" fallback-models=").append(FaultLine.quoted(String.join(",", reason.fallbackModels())));
        }
        return replacement(text.toString(), request -> StandardErrors.unavailable(reason, request));
    }

    /**
     * The HTML page of the edge in front of the API (OpenRouter reference: errors §1 G). {@code edge-page 520}
     *
     * @param status 400 to 599; real ones are 403, 413, 502, 520 to 526 and 530
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Fault edgePage(int status) {
        checkErrorStatus(status);
        return replacement("edge-page " + status, request -> FaultyAnswers.edgePage(status));
    }

    /**
     * A JSON answer without a body. {@code empty 200}
     *
     * @param status 200 to 599
     * @return the fault
     * @throws IllegalArgumentException if the status is out of range
     */
    public static Fault empty(int status) {
        return new Fault(List.of(new Part(
                "empty " + status,
                answer(status, "application/json", "").parts.get(0).effect())));
    }

    /**
     * Status 200 and a body of an {@code error} alone (OpenRouter reference: errors §1 C), as JSON even if a stream was
     * asked for. {@code error-in-ok 429}
     *
     * @param code the error's code, 400 to 599
     * @return the fault
     * @throws IllegalArgumentException if the code is out of range
     */
    public static Fault errorInOk(int code) {
        checkErrorStatus(code);
        return replacement("error-in-ok " + code, request -> FaultyAnswers.errorInOk(code));
    }

    /**
     * Status 200 and bytes that mean nothing, the same each time. {@code garbage bytes=100}
     *
     * @param bytes how many, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if there are less than 0
     */
    public static Fault garbage(int bytes) {
        checkNotNegative("bytes", bytes);
        return replacement("garbage bytes=" + bytes, request -> FaultyAnswers.garbage(bytes, request));
    }

    /**
     * Status 307 to another address. {@code redirect http://127.0.0.1:9/}
     *
     * @param url the value of {@code Location}
     * @return the fault
     * @throws IllegalArgumentException if it is not one line
     */
    public static Fault redirect(String url) {
        Answer.checkHeader("Location", url);
        return replacement(
                "redirect " + FaultLine.quoted(url),
                request -> FaultyAnswers.text(307, "text/plain", "").header("Location", url));
    }

    /**
     * An answer of arrays within arrays; in a stream, one such event. {@code deep-json depth=1000}
     *
     * @param depth how many arrays, 1 or more
     * @return the fault
     * @throws IllegalArgumentException if there are less than 1
     */
    public static Fault deepJson(int depth) {
        if (depth < 1) {
            throw new IllegalArgumentException("depth must be at least 1 but is " + depth);
        }
        return replacement("deep-json depth=" + depth, request -> FaultyAnswers.deepJson(depth, request));
    }

    /**
     * A valid JSON document of that size; in a stream, one such event. Sent without a {@code Content-Length}. {@code
     * big-body bytes=100000}
     *
     * @param bytes about how many
     * @return the fault
     * @throws IllegalArgumentException if there are less than 0
     */
    public static Fault bigBody(long bytes) {
        checkNotNegative("bytes", bytes);
        return replacement("big-body bytes=" + bytes, request -> FaultyAnswers.bigBody(bytes, request));
    }

    /**
     * A body that never ends, until the client leaves, which counts as a cancelled stream. {@code endless}
     *
     * @return the fault
     */
    public static Fault endless() {
        return replacement("endless", request -> FaultyAnswers.bigBody(Long.MAX_VALUE, request));
    }

    // ---- the answer says something else

    /**
     * The model fails with 502 after some events: {@code errorEvent(ErrorShape.CURRENT, 502, events)}.
     *
     * @param events how many events come before the error, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if there are less than 0
     */
    public static Fault errorEvent(long events) {
        return errorEvent(ErrorShape.CURRENT, 502, events);
    }

    /**
     * The model fails after some events; the stream ends with the error and without {@code [DONE]} (OpenRouter
     * reference: streaming §5). A blocking answer keeps half of its content and carries the error in the same shape,
     * with status 200; one of another kind than chat is the error alone. A stream of images has an error of its own
     * form (OpenRouter reference: images §1). {@code error-event events=3 shape=bare status=429}
     *
     * @param shape how the error is written
     * @param status the error's code, 400 to 599
     * @param events how many events come before the error, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Fault errorEvent(ErrorShape shape, int status, long events) {
        return of(errorEventText(shape, status, events), new ErrorEvent(shape, status, events, false));
    }

    /**
     * As {@link #errorEvent(ErrorShape, int, long)}, with a {@code [DONE]} at the end. {@code error-event events=3
     * shape=bare status=429 done=true}
     *
     * @param shape how the error is written
     * @param status the error's code, 400 to 599
     * @param events how many events come before the error, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Fault errorEventThenDone(ErrorShape shape, int status, long events) {
        return of(errorEventText(shape, status, events) + " done=true", new ErrorEvent(shape, status, events, true));
    }

    private static String errorEventText(ErrorShape shape, int status, long events) {
        return "error-event events=" + events + " shape=" + FaultLine.word(shape) + " status=" + status;
    }

    /**
     * A choice with the finish reason {@code error} and an error of its own (OpenRouter reference: errors §1 C): {@code
     * errorEvent(ErrorShape.CHOICE, status, 3)}.
     *
     * @param status the error's code, 400 to 599
     * @return the fault
     * @throws IllegalArgumentException if the code is out of range
     */
    public static Fault errorChoice(int status) {
        return errorEvent(ErrorShape.CHOICE, status, 3);
    }

    /**
     * An event that is no JSON, after which the stream goes on. In a blocking answer it stands in the middle of the body.
     * {@code garbage-event events=3}
     *
     * @param events how many events come before, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if there are less than 0
     */
    public static Fault garbageEvent(long events) {
        return of("garbage-event events=" + events, new Insertion(0, events));
    }

    /**
     * An event that says nothing, but is long, after which the stream goes on. A blocking answer has as many spaces before
     * its JSON. {@code long-event bytes=100000 events=3}
     *
     * @param bytes about how many, 1 or more
     * @param events how many events come before, 0 or more
     * @return the fault
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Fault longEvent(int bytes, long events) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes must be at least 1 but is " + bytes);
        }
        return of("long-event bytes=" + bytes + " events=" + events, new Insertion(bytes, events));
    }

    /**
     * A stream whose last event is missing: it ends without {@code [DONE]}. Blocking answers pass it by. {@code no-done}
     *
     * @return the fault
     */
    public static Fault noDone() {
        return of("no-done", Rewrite.NO_DONE);
    }

    /**
     * No finish reason, blocking or streamed; all else comes. {@code no-finish-reason}
     *
     * @return the fault
     */
    public static Fault noFinishReason() {
        return of("no-finish-reason", Rewrite.NO_FINISH_REASON);
    }

    /**
     * No usage, blocking or streamed; all else comes. It is billed as ever. {@code no-usage}
     *
     * @return the fault
     */
    public static Fault noUsage() {
        return of("no-usage", Rewrite.NO_USAGE);
    }

    // ---- the answer is sent in another way

    /**
     * Sets or replaces a header. {@code header Retry-After value=2}
     *
     * @param name the header, in the spelling of the answer
     * @param value the value; what is not ASCII goes out as UTF-8
     * @return the fault
     * @throws IllegalArgumentException if the name is none, or the value is not one line
     */
    public static Fault header(String name, String value) {
        Answer.checkHeader(name, value);
        return of(
                "header " + FaultLine.quoted(name) + " value=" + FaultLine.quoted(value),
                new HeaderChange(name, value));
    }

    /**
     * The answer comes late. A client that leaves meanwhile is noticed at once and counts in {@link
     * OpenRouterSimulator#abandonedRequests()}. {@code delay 50ms}
     *
     * @param time how long to wait before the headers, zero or more, counted in whole milliseconds
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault delay(Duration time) {
        StandardErrors.checkNotNegative(time);
        return of("delay " + FaultLine.text(time), new Delay(time));
    }

    /**
     * A few bytes at a time. {@code drip bytes=1 pause=5ms}
     *
     * @param bytes how many at a time, 1 or more
     * @param pause how long to wait between them, zero or more, counted in whole milliseconds
     * @return the fault
     * @throws IllegalArgumentException if a number is out of range
     */
    public static Fault drip(int bytes, Duration pause) {
        StandardErrors.checkNotNegative(pause);
        return of("drip bytes=" + bytes + " pause=" + FaultLine.text(pause), new Drip(bytes, pause));
    }

    /**
     * Silence instead of the status line, until the client leaves, which counts in {@link
     * OpenRouterSimulator#abandonedRequests()}. {@code stall}
     *
     * @return the fault
     */
    public static Fault stall() {
        return wire("stall", Ending.STALL, new Position.BeforeHeaders());
    }

    /**
     * Silence after some bytes, until the client leaves, which counts in {@link OpenRouterSimulator#cancelledStreams()}.
     * {@code stall bytes=100}
     *
     * @param bytes 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault stallAtByte(long bytes) {
        return wire("stall", Ending.STALL, new Position.AtByte(bytes));
    }

    /**
     * Silence after some events, until the client leaves, which counts in {@link OpenRouterSimulator#cancelledStreams()}.
     * {@code stall events=3}
     *
     * @param events 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault stallAfterEvents(long events) {
        return wire("stall", Ending.STALL, new Position.AfterEvents(events));
    }

    /**
     * The connection is closed instead of an answer. {@code cut}
     *
     * @return the fault
     */
    public static Fault cut() {
        return wire("cut", Ending.DISCONNECT, new Position.BeforeHeaders());
    }

    /**
     * The connection is closed after some bytes of the body; after 0, the headers have come. {@code cut bytes=120}
     *
     * @param bytes 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault cutAtByte(long bytes) {
        return wire("cut", Ending.DISCONNECT, new Position.AtByte(bytes));
    }

    /**
     * The connection is closed after some events. {@code cut events=3}
     *
     * @param events 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault cutAfterEvents(long events) {
        return wire("cut", Ending.DISCONNECT, new Position.AfterEvents(events));
    }

    /**
     * The connection is closed after the first byte of the first character that has several. Where there is none, the
     * first byte of one stands in the place of the last two bytes, or before {@code [DONE]}. {@code cut-in-character}
     *
     * @return the fault
     */
    public static Fault cutInCharacter() {
        return of("cut-in-character", new SplitCharacter());
    }

    /**
     * The connection is reset (TCP RST) instead of an answer. {@code reset}
     *
     * @return the fault
     */
    public static Fault reset() {
        return wire("reset", Ending.RESET, new Position.BeforeHeaders());
    }

    /**
     * The connection is reset after some bytes of the body; the client may lose bytes that were sent before. {@code reset
     * bytes=120}
     *
     * @param bytes 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault resetAtByte(long bytes) {
        return wire("reset", Ending.RESET, new Position.AtByte(bytes));
    }

    /**
     * The connection is reset after some events; the client may lose bytes that were sent before. {@code reset events=3}
     *
     * @param events 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault resetAfterEvents(long events) {
        return wire("reset", Ending.RESET, new Position.AfterEvents(events));
    }

    /**
     * The body ends after some bytes as if that were all: well by the rules of HTTP, and the connection stays. {@code end
     * bytes=120}
     *
     * @param bytes 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault endAtByte(long bytes) {
        return wire("end", Ending.COMPLETE, new Position.AtByte(bytes));
    }

    /**
     * The stream ends after some events as if that were all: well by the rules of HTTP, and the connection stays. {@code
     * end events=3}
     *
     * @param events 0 or more
     * @return the fault
     * @throws IllegalArgumentException if it is negative
     */
    public static Fault endAfterEvents(long events) {
        return wire("end", Ending.COMPLETE, new Position.AfterEvents(events));
    }

    private static Fault wire(String word, Ending ending, Position position) {
        String where = "";
        if (position instanceof Position.AtByte at) {
            where = " bytes=" + at.count();
        } else if (position instanceof Position.AfterEvents after) {
            where = " events=" + after.count();
        }
        return of(word + where, new WireBreak(position, ending));
    }

    // ---- lists

    /**
     * One fault of every kind that lets go of its client by itself, for soak tests. The redirect leads nowhere; delays
     * are of 1 ms, sizes below 100 kB.
     *
     * @return the faults, always the same in the same order
     */
    public static List<Fault> everyKindThatEnds() {
        List<Fault> faults = new ArrayList<>(List.of(
                status(400),
                status(402),
                status(500),
                status(502),
                status(503),
                status(524),
                rateLimited(Duration.ZERO),
                ownRateLimit(20, Duration.ZERO),
                answer(200, "application/json", "null"),
                unavailable(Unavailability.of("capacity_exhausted").retryAfter(Duration.ZERO)),
                unavailable(Unavailability.of("no_endpoints").fallbackModels("openai/gpt-4o-mini")),
                edgePage(502),
                edgePage(520),
                empty(200),
                empty(503),
                errorInOk(429),
                garbage(500),
                redirect("http://127.0.0.1:9/"),
                deepJson(5_000),
                bigBody(100_000)));
        for (ErrorShape shape : ErrorShape.values()) {
            faults.add(errorEvent(shape, 502, 3));
        }
        faults.addAll(List.of(
                errorEvent(0),
                errorEventThenDone(ErrorShape.CURRENT, 500, 2),
                garbageEvent(2),
                longEvent(50_000, 2),
                noDone(),
                noFinishReason(),
                noUsage(),
                header("Content-Type", "text/plain"),
                delay(Duration.ofMillis(1)),
                drip(100, Duration.ZERO),
                cut(),
                cutAtByte(0),
                cutAtByte(120),
                cutAfterEvents(3),
                cutInCharacter(),
                reset(),
                resetAtByte(120),
                resetAfterEvents(3),
                endAtByte(120),
                endAfterEvents(3)));
        return List.copyOf(faults);
    }

    /**
     * One fault of every kind: {@link #everyKindThatEnds} and those that hold the client until it leaves, so that it needs
     * timeouts: stalls and a body without end.
     *
     * @return the faults, always the same in the same order
     */
    public static List<Fault> everyKind() {
        List<Fault> faults = new ArrayList<>(everyKindThatEnds());
        faults.addAll(List.of(stall(), stallAtByte(100), stallAfterEvents(3), endless()));
        return List.copyOf(faults);
    }

    /**
     * Reads a fault as {@link #toString()} writes it. Each method of this class shows its line; times are written {@code
     * 50ms}, {@code 2s} or {@code 1m}, texts with spaces as in JSON, and several faults are joined by {@code " + "}.
     *
     * @param line the line, such as {@code status 429 retry-after=2s}
     * @return the fault
     * @throws IllegalArgumentException if there is no such fault, or a value is wrong or missing
     */
    public static Fault parse(String line) {
        return FaultWords.parse(line);
    }

    /**
     * Both faults in one answer. Of several that replace the answer, the first counts; then what it says is changed, then
     * how it is sent, each in the order written.
     *
     * @param other the other fault
     * @return both
     */
    public Fault and(Fault other) {
        List<Part> both = new ArrayList<>(parts);
        both.addAll(other.parts);
        return new Fault(List.copyOf(both));
    }

    Answer apply(SimulatorRequest request, Ledger ledger, Supplier<Answer> simulator) {
        Answer answer = first(Effect.Replacement.class) instanceof Effect.Replacement replacement
                ? replacement.answer(request)
                : simulator.get();
        for (Part part : parts) {
            if (part.effect() instanceof Effect.Rewording rewording) {
                answer = rewording.reword(answer, ledger);
            }
        }
        for (Part part : parts) {
            if (part.effect() instanceof Effect.Transfer transfer) {
                answer = transfer.transfer(answer, ledger);
            }
        }
        return answer;
    }

    private @Nullable Effect first(Class<? extends Effect> kind) {
        return parts.stream()
                .map(Part::effect)
                .filter(kind::isInstance)
                .findFirst()
                .orElse(null);
    }

    private static void checkErrorStatus(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("the status of an error must be 400 to 599 but is " + status
                    + "; for others take Fault.answer(status, contentType, body)");
        }
    }

    private static void checkNotNegative(String what, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " must not be negative but is " + number);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fault fault && toString().equals(fault.toString());
    }

    @Override
    public int hashCode() {
        return Objects.hash(toString());
    }

    /** The line that {@link #parse} reads. */
    @Override
    public String toString() {
        return parts.stream().map(Part::text).collect(Collectors.joining(" + "));
    }
}
