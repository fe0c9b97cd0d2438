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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A cost event as one line of the journal: a checksum of the rest, the version of the form, and the fields, with tabs between
 * them. Lists begin with their length.
 */
final class Lines {
    private static final String VERSION = "1";
    private static final String NONE = "\\N";

    private Lines() {}

    /** Without a line end. */
    static String write(CostEvent event) {
        List<String> fields = new ArrayList<>();
        fields.add(VERSION);
        add(fields, event.callId());
        add(fields, event.operation());
        add(fields, event.model().provider());
        add(fields, event.model().name());
        add(fields, event.answeredBy().model());
        add(fields, event.answeredBy().upstream());
        add(fields, event.answeredBy().generationIds().size());
        event.answeredBy().generationIds().forEach(id -> add(fields, id));
        add(fields, event.tags().size());
        event.tags().forEach((name, value) -> {
            add(fields, name);
            add(fields, value);
        });
        Usage usage = event.usage();
        add(fields, usage.promptTokens());
        add(fields, usage.completionTokens());
        add(fields, usage.totalTokens());
        add(fields, usage.prompt().cachedTokens());
        add(fields, usage.prompt().cacheWriteTokens());
        add(fields, usage.prompt().audioTokens());
        add(fields, usage.prompt().videoTokens());
        add(fields, usage.completion().reasoningTokens());
        add(fields, usage.completion().imageTokens());
        add(fields, usage.completion().audioTokens());
        add(fields, usage.completion().acceptedPredictionTokens());
        add(fields, usage.completion().rejectedPredictionTokens());
        add(fields, usage.raw());
        add(fields, event.cost().amount());
        add(fields, event.cost().currency());
        add(fields, event.cost().source());
        add(fields, Entries.nanos(event.timing().started()));
        add(fields, event.timing().latency());
        add(fields, event.timing().firstToken());
        add(fields, event.outcome().status());
        add(fields, event.outcome().error());
        add(fields, event.outcome().attempts());
        return line(fields);
    }

    /** Without a line end, with the checksum. */
    static String line(List<String> fields) {
        String rest = String.join("\t", fields);
        return checksum(rest) + "\t" + rest;
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is damaged or of another version
     */
    static CostEvent read(String line) {
        Fields fields = fields(line);
        if (!fields.required().equals(VERSION)) {
            throw new IllegalArgumentException("it was written by a later version of Portolan");
        }
        try {
            return read(fields);
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("its fields are wrong", e);
        }
    }

    /**
     * What stands behind the checksum.
     *
     * @throws IllegalArgumentException if the line is damaged
     */
    static Fields fields(String line) {
        int tab = line.indexOf('\t');
        String rest = line.substring(tab + 1);
        if (tab < 0 || !checksum(rest).equals(line.substring(0, tab))) {
            throw new IllegalArgumentException("its checksum is wrong");
        }
        return new Fields(rest.split("\t", -1));
    }

    private static CostEvent read(Fields fields) {
        String callId = fields.required();
        Operation operation = Operation.valueOf(fields.required());
        ModelId model = new ModelId(fields.required(), fields.required());
        String answeredModel = fields.required();
        String upstream = fields.next();
        List<String> generations = new ArrayList<>();
        for (long left = fields.number(); left > 0; left--) {
            generations.add(fields.required());
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (long left = fields.number(); left > 0; left--) {
            tags.put(fields.required(), fields.required());
        }
        Usage counts = new Usage(
                fields.number(),
                fields.number(),
                fields.number(),
                new Usage.PromptDetails(fields.number(), fields.number(), fields.number(), fields.number()),
                new Usage.CompletionDetails(
                        fields.number(), fields.number(), fields.number(), fields.number(), fields.number()),
                null);
        String raw = fields.next();
        String amount = fields.next();
        Cost cost = new Cost(
                amount == null ? null : new BigDecimal(amount),
                fields.required(),
                Cost.Source.valueOf(fields.required()));
        long started = fields.number();
        Duration latency = Duration.parse(fields.required());
        String firstToken = fields.next();
        return new CostEvent(
                callId,
                operation,
                model,
                new AnsweredBy(answeredModel, upstream, generations),
                tags,
                new Usage(
                        counts.promptTokens(),
                        counts.completionTokens(),
                        counts.totalTokens(),
                        counts.prompt(),
                        counts.completion(),
                        raw == null ? null : RawJson.parse(raw)),
                cost,
                new Timing(Entries.instant(started), latency, firstToken == null ? null : Duration.parse(firstToken)),
                new Outcome(
                        Outcome.Status.valueOf(fields.required()), fields.next(), Math.toIntExact(fields.number())));
    }

    static void add(List<String> fields, @Nullable Object value) {
        fields.add(value == null ? NONE : Escapes.JOURNAL.escaped(value.toString()));
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }

    /** Hands out field after field. */
    static final class Fields {
        private final String[] texts;
        private int at;

        Fields(String[] texts) {
            this.texts = texts;
        }

        boolean hasNext() {
            return at < texts.length;
        }

        @Nullable String next() {
            String text = texts[at++];
            return text.equals(NONE) ? null : Escapes.JOURNAL.unescaped(text);
        }

        String required() {
            String text = next();
            if (text == null) {
                throw new IllegalArgumentException("its field " + at + " is missing");
            }
            return text;
        }

        long number() {
            return Long.parseLong(required());
        }
    }
}
