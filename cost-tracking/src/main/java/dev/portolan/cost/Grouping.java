package dev.portolan.cost;

import dev.portolan.api.cost.CostEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** By what the cost of calls is added up. */
public sealed interface Grouping {
    /** Everything together; the key is empty. */
    Grouping NOTHING = Field.NOTHING;

    /** The model that was asked, with its provider: {@code openrouter/google/gemini-2.5-flash}. */
    Grouping MODEL = Field.MODEL;

    /** The provider that was asked: {@code openrouter}. */
    Grouping PROVIDER = Field.PROVIDER;

    /** Who ran the model for the provider: {@code OpenAI}; no key if not told. */
    Grouping UPSTREAM = Field.UPSTREAM;

    /** The day on which the call began, in UTC: {@code 2026-01-31}. */
    Grouping DAY = Field.DAY;

    /** The name of the {@link dev.portolan.api.cost.CostEvent.Operation}. */
    Grouping OPERATION = Field.OPERATION;

    /** The name of the {@link dev.portolan.api.cost.CostEvent.Outcome.Status}. */
    Grouping OUTCOME = Field.OUTCOME;

    /** The value of the tag of that name; no key for calls without it. */
    static Grouping tag(String name) {
        return new Tag(name);
    }

    /** The key of a call. */
    @Nullable String keyOf(CostEvent event);

    /** By what every call has. */
    enum Field implements Grouping {
        /** See {@link Grouping#NOTHING}. */
        NOTHING,
        /** See {@link Grouping#MODEL}. */
        MODEL,
        /** See {@link Grouping#PROVIDER}. */
        PROVIDER,
        /** See {@link Grouping#UPSTREAM}. */
        UPSTREAM,
        /** See {@link Grouping#DAY}. */
        DAY,
        /** See {@link Grouping#OPERATION}. */
        OPERATION,
        /** See {@link Grouping#OUTCOME}. */
        OUTCOME;

        @Override
        public @Nullable String keyOf(CostEvent event) {
            return switch (this) {
                case NOTHING -> "";
                case MODEL -> event.model().toString();
                case PROVIDER -> event.model().provider();
                case UPSTREAM -> event.answeredBy().upstream();
                case DAY -> Entries.day(event.timing().started());
                case OPERATION -> event.operation().name();
                case OUTCOME -> event.outcome().status().name();
            };
        }
    }

    /**
     * By a tag.
     *
     * @param name of the tag
     */
    record Tag(String name) implements Grouping {
        /** Checks that there is a name. */
        public Tag {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public @Nullable String keyOf(CostEvent event) {
            return event.tags().get(name);
        }
    }
}
