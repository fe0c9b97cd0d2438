package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.fault.FaultLine;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Reads faults from text. */
final class FaultWords {
    private static final List<String> NAMES = List.of(
            "status",
            "rate-limit",
            "answer",
            "unavailable",
            "edge-page",
            "empty",
            "error-in-ok",
            "garbage",
            "redirect",
            "deep-json",
            "big-body",
            "endless",
            "error-event",
            "error-choice",
            "garbage-event",
            "long-event",
            "no-done",
            "no-finish-reason",
            "no-usage",
            "header",
            "delay",
            "drip",
            "stall",
            "cut",
            "cut-in-character",
            "reset",
            "end");

    private final FaultLine line;

    private FaultWords(FaultLine line) {
        this.line = line;
    }

    static Fault parse(String text) {
        return FaultLine.parseAll(text).stream()
                .map(line -> new FaultWords(line).fault())
                .reduce(Fault::and)
                .orElseThrow();
    }

    private Fault fault() {
        Fault fault = named();
        line.checkAllUnderstood();
        return fault;
    }

    private Fault named() {
        return switch (line.name()) {
            case "status" ->
                line.option("retry-after")
                        .map(wait -> Fault.status(number(), line.duration(wait)))
                        .orElseGet(() -> Fault.status(number()));
            case "rate-limit" ->
                Fault.ownRateLimit(
                        number("requests", 20),
                        line.option("reset").map(line::duration).orElse(Duration.ofMinutes(1)));
            case "answer" ->
                Fault.answer(
                        number(),
                        line.option("type").orElse("application/json"),
                        line.option("body").orElse(""));
            case "unavailable" -> unavailable();
            case "edge-page" -> Fault.edgePage(number());
            case "empty" -> Fault.empty(number());
            case "error-in-ok" -> Fault.errorInOk(number());
            case "garbage" -> Fault.garbage(number("bytes", 100));
            case "redirect" -> Fault.redirect(line.requiredValue());
            case "deep-json" -> Fault.deepJson(number("depth", 1_000));
            case "big-body" -> Fault.bigBody(required("bytes"));
            case "endless" -> Fault.endless();
            case "error-event" -> errorEvent();
            case "error-choice" -> Fault.errorChoice(number());
            case "garbage-event" -> Fault.garbageEvent(required("events"));
            case "long-event" -> Fault.longEvent(line.integer(String.valueOf(required("bytes"))), required("events"));
            case "no-done" -> Fault.noDone();
            case "no-finish-reason" -> Fault.noFinishReason();
            case "no-usage" -> Fault.noUsage();
            case "header" -> Fault.header(line.requiredValue(), text("value"));
            case "delay" -> Fault.delay(line.duration(line.requiredValue()));
            case "drip" ->
                Fault.drip(
                        number("bytes", 1),
                        line.option("pause").map(line::duration).orElse(Duration.ZERO));
            case "stall" -> placed(Fault::stall, Fault::stallAtByte, Fault::stallAfterEvents);
            case "cut" -> placed(Fault::cut, Fault::cutAtByte, Fault::cutAfterEvents);
            case "cut-in-character" -> Fault.cutInCharacter();
            case "reset" -> placed(Fault::reset, Fault::resetAtByte, Fault::resetAfterEvents);
            case "end" -> placed(() -> Fault.endAtByte(required("bytes")), Fault::endAtByte, Fault::endAfterEvents);
            default -> throw line.error("there is no fault \"" + line.name() + "\"; take one of " + NAMES);
        };
    }

    private Fault unavailable() {
        Unavailability reason = Unavailability.of(line.requiredValue());
        if (line.option("retryable").isPresent()) {
            reason = reason.retryable(line.flag("retryable"));
        }
        Optional<String> wait = line.option("retry-after");
        if (wait.isPresent()) {
            reason = reason.retryAfter(line.duration(wait.get()));
        }
        Optional<String> models = line.option("fallback-models");
        return Fault.unavailable(
                models.isPresent() ? reason.fallbackModels(models.get().split(",")) : reason);
    }

    private Fault errorEvent() {
        ErrorShape shape = line.option("shape").map(this::shape).orElse(ErrorShape.CURRENT);
        int status = number("status", 502);
        return line.flag("done")
                ? Fault.errorEventThenDone(shape, status, required("events"))
                : Fault.errorEvent(shape, status, required("events"));
    }

    private ErrorShape shape(String word) {
        return Arrays.stream(ErrorShape.values())
                .filter(shape -> FaultLine.word(shape).equals(word))
                .findFirst()
                .orElseThrow(() -> line.error("there is no shape \"" + word + "\"; take one of "
                        + Arrays.stream(ErrorShape.values())
                                .map(FaultLine::word)
                                .toList()));
    }

    private Fault placed(Supplier<Fault> before, LongFunction<Fault> atByte, LongFunction<Fault> afterEvents) {
        Optional<String> bytes = line.option("bytes");
        Optional<String> events = line.option("events");
        if (bytes.isPresent() && events.isPresent()) {
            throw line.error("it happens at a byte or after events; take one of bytes and events");
        }
        if (bytes.isPresent()) {
            return atByte.apply(line.number(bytes.get()));
        }
        return events.isPresent() ? afterEvents.apply(line.number(events.get())) : before.get();
    }

    private int number() {
        return line.integer(line.requiredValue());
    }

    private int number(String option, int otherwise) {
        return line.option(option).map(line::integer).orElse(otherwise);
    }

    private long required(String option) {
        return line.number(text(option));
    }

    private String text(String option) {
        return line.option(option)
                .orElseThrow(() -> line.error("\"" + line.name() + "\" needs the option " + option + "=..."));
    }
}
