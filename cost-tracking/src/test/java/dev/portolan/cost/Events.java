package dev.portolan.cost;

import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.AnsweredBy;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome;
import dev.portolan.api.cost.CostEvent.Timing;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Builds cost events; what a test does not name is ordinary. */
final class Events {
    private static final List<String> AMOUNTS = List.of(
            "1.6e-7",
            "0.0000022500000000000003",
            "0",
            "0.1",
            "-0.25",
            "-1e-18",
            "12345678901234567890.123456789",
            "3e-19",
            "1E+3",
            "0.000000000000000001");

    private final String callId;
    private String model = "openrouter/google/gemini-2.5-flash";
    private Operation operation = Operation.CHAT;
    private Outcome.Status status = Outcome.Status.COMPLETED;
    private Cost cost = Cost.reported(new BigDecimal("0.5"));
    private Usage usage = Usage.of(10, 5);
    private Instant started = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private List<String> generations = List.of();
    private final Map<String, String> tags = new LinkedHashMap<>();

    private Events(String callId) {
        this.callId = callId;
    }

    static Events call(String callId) {
        return new Events(callId);
    }

    /** Any event; the same for the same state of the dice. */
    static CostEvent random(String callId, Random dice) {
        Events event = call(callId)
                .model(List.of("openrouter/a/b", "openrouter/c", "other/a/b").get(dice.nextInt(3)))
                .operation(Operation.values()[dice.nextInt(3)])
                .status(Outcome.Status.values()[dice.nextInt(3)])
                .started(Instant.parse("2026-03-01T00:00:00Z").plusSeconds(dice.nextInt(5 * 86_400)))
                .usage(Usage.of(dice.nextInt(1000), dice.nextInt(1000)))
                .generations(dice.nextBoolean() ? List.of() : List.of("gen-" + dice.nextInt(150)));
        BigDecimal amount = new BigDecimal(AMOUNTS.get(dice.nextInt(AMOUNTS.size())));
        event.cost(
                switch (dice.nextInt(4)) {
                    case 0 -> Cost.UNKNOWN;
                    case 1 -> Cost.estimated(amount);
                    case 2 -> new Cost(amount, "EUR", Cost.Source.REPORTED);
                    default -> Cost.reported(amount);
                });
        if (dice.nextBoolean()) {
            event.tag("team", List.of("red", "blue", "").get(dice.nextInt(3)));
        }
        if (dice.nextBoolean()) {
            event.tag("env", List.of("prod", "test").get(dice.nextInt(2)));
        }
        return event.build();
    }

    Events model(String id) {
        model = id;
        return this;
    }

    Events operation(Operation kind) {
        operation = kind;
        return this;
    }

    Events status(Outcome.Status end) {
        status = end;
        return this;
    }

    Events cost(String dollars) {
        return cost(Cost.reported(new BigDecimal(dollars)));
    }

    Events cost(Cost value) {
        cost = value;
        return this;
    }

    Events usage(Usage value) {
        usage = value;
        return this;
    }

    Events started(Instant time) {
        started = time;
        return this;
    }

    Events generations(List<String> ids) {
        generations = ids;
        return this;
    }

    Events generation(String id) {
        return generations(List.of(id));
    }

    Events tag(String name, String value) {
        tags.put(name, value);
        return this;
    }

    CostEvent build() {
        return new CostEvent(
                callId,
                operation,
                ModelId.parse(model),
                new AnsweredBy("google/gemini-2.5-flash-001", "Google", generations),
                tags,
                usage,
                cost,
                new Timing(started, Duration.ofNanos(1_234_567_890), null),
                new Outcome(status, status == Outcome.Status.FAILED ? "RateLimitedException" : null, 2));
    }

    /** An event with a value in every field, and with every kind of character that something may stumble over. */
    static CostEvent full() {
        String odd =
                "tab\t line\r\n nul\u0000 esc\u001b back\\slash \\N 'quote' \"double\" :colon ?mark <angle> %like_ "
                        + "\ud83d\ude00 lone\ud800 \udc00 \u00e9 \u2028";
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("zeta", "last first");
        tags.put(odd, odd);
        tags.put("", "");
        List<String> generations = new ArrayList<>(List.of("gen-2", "gen-1", odd));
        return new CostEvent(
                "call " + odd,
                Operation.EMBEDDING,
                new ModelId("openrouter", "a/b:free 'x' \u00e9"),
                new AnsweredBy(odd, odd, generations),
                tags,
                new Usage(
                        1,
                        2,
                        Long.MAX_VALUE,
                        new Usage.PromptDetails(4, 5, 6, 7),
                        new Usage.CompletionDetails(8, 9, 10, 11, 12),
                        RawJson.parse("{\"cost\": 1.60e-7, \"is_byok\" : true, \"x\":\"\\u0000\"}")),
                Cost.reported(new BigDecimal("1.60E-7")),
                new Timing(Instant.parse("1969-12-31T23:59:59.999999999Z"), Duration.ofNanos(1), Duration.ofMillis(-3)),
                new Outcome(Outcome.Status.CANCELLED, odd, 3));
    }
}
