package dev.portolan.api.chat;

import org.jspecify.annotations.Nullable;

/**
 * How much a model thinks before it answers, and what of it is told (OpenRouter reference: chat-completions §1.7).
 *
 * @param effort how much; {@code null} for the model's default
 * @param maxTokens a budget in tokens instead of an effort; {@code null} for none
 * @param exclude whether the reasoning is left out of the reply; {@code null} for the default, no
 * @param enabled whether to reason at all, with medium effort; {@code null} for the model's default
 * @param summary how the reasoning is summed up; {@code null} for the model's default
 * @param context which earlier reasoning the model sees again; {@code null} for the model's default
 * @param mode {@code standard} or {@code pro}; {@code null} for the model's default
 */
public record Reasoning(
        @Nullable Effort effort,
        @Nullable Integer maxTokens,
        @Nullable Boolean exclude,
        @Nullable Boolean enabled,
        @Nullable Summary summary,
        @Nullable Context context,
        @Nullable Mode mode) {
    /** Medium effort, where a model can reason. */
    public static final Reasoning ENABLED = new Reasoning(null, null, null, true, null, null, null);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if both an effort and a budget are given, or the budget is below 1
     */
    public Reasoning {
        if (effort != null && maxTokens != null) {
            throw new IllegalArgumentException("reasoning takes an effort or a budget of max tokens, not both");
        }
        Ranges.check("reasoning max tokens", maxTokens, 1, Integer.MAX_VALUE);
    }

    /** Reasoning with this effort. */
    public static Reasoning effort(Effort effort) {
        return new Reasoning(effort, null, null, null, null, null, null);
    }

    /** Reasoning with at most this many tokens. */
    public static Reasoning maxTokens(int maxTokens) {
        return new Reasoning(null, maxTokens, null, null, null, null, null);
    }

    /** The same, with the reasoning left out of the reply. */
    public Reasoning excluded() {
        return new Reasoning(effort, maxTokens, true, enabled, summary, context, mode);
    }

    /** The same, summed up in this way. */
    public Reasoning withSummary(Summary newSummary) {
        return new Reasoning(effort, maxTokens, exclude, enabled, newSummary, context, mode);
    }

    /** How much a model thinks; where a model has budgets only, a share of its output tokens. */
    public enum Effort {
        /** As much as the model can. */
        MAX,
        /** 95 %. */
        XHIGH,
        /** 80 %. */
        HIGH,
        /** 50 %. */
        MEDIUM,
        /** 20 %. */
        LOW,
        /** 10 %. */
        MINIMAL,
        /** Not at all; an error with a model that always reasons. */
        NONE
    }

    /** How reasoning is summed up. */
    public enum Summary {
        /** The provider chooses. */
        AUTO,
        /** In few words. */
        CONCISE,
        /** At length. */
        DETAILED
    }

    /** Which earlier reasoning the model sees again. */
    public enum Context {
        /** The provider chooses. */
        AUTO,
        /** That of all turns. */
        ALL_TURNS,
        /** That of this turn only. */
        CURRENT_TURN
    }

    /** The way of reasoning. */
    public enum Mode {
        /** The usual one. */
        STANDARD,
        /** A slower, more thorough one. */
        PRO
    }
}
