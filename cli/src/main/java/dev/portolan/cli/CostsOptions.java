package dev.portolan.cli;

import dev.portolan.api.cost.CostEvent;
import dev.portolan.cost.LedgerQuery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which calls are looked at. */
final class CostsOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Calls from then on: 2026-01-31, 2026-01, 2026-01-31T12:00, a span back from now such as 7d or "
                            + "24h, or today, yesterday, week, month, year. In UTC unless an offset is written.")
    @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Calls before then, in the same forms; a day, a month and a year are included as a whole.")
    @Nullable String until;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "Calls of this model, written <provider>/<model>.")
    @Nullable String model;

    @Option(names = "--provider", paramLabel = "NAME", description = "Calls of this provider, such as openrouter.")
    @Nullable String provider;

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description = "Calls on this account, such as team=search. Repeatable; all of them.")
    List<String> tags = List.of();

    @Option(
            names = "--operation",
            paramLabel = "WORD",
            converter = WordConverter.Operation.class,
            description = "Calls of this kind: chat, embedding or image.")
    CostEvent.@Nullable Operation operation;

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            converter = WordConverter.Outcome.class,
            description = "Calls that ended like this: completed, failed or cancelled.")
    CostEvent.Outcome.@Nullable Status outcome;

    @Option(names = "--offline", description = "The calls that the built-in simulator answered, which nobody paid for.")
    boolean offline;

    /**
     * These calls.
     *
     * @throws IllegalArgumentException if a time, the model or a tag cannot be read
     */
    LedgerQuery query(Instant now) {
        LedgerQuery.Builder query = LedgerQuery.builder();
        if (since != null) {
            query.since(Moment.parse("--since", since, now).begin());
        }
        if (until != null) {
            query.until(Moment.parse("--until", until, now).end());
        }
        if (model != null) {
            query.model(ModelOption.parse("--model", model));
        }
        if (provider != null) {
            query.provider(provider);
        }
        if (operation != null) {
            query.operation(operation);
        }
        if (outcome != null) {
            query.status(outcome);
        }
        NamedValues.each("--tag", "NAME=VALUE", tags, query::tag);
        return query.build();
    }
}
