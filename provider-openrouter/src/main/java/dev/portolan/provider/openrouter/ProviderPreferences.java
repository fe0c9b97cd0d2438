package dev.portolan.provider.openrouter;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the providers behind OpenRouter may serve a request, and in what order they are asked (the {@code provider}
 * object, OpenRouter reference: chat-completions §1.6; what each field does is in routing §4). {@code null} and empty
 * mean not sent.
 *
 * @param order providers to try, first to last, by slug such as {@code openai} or {@code google-vertex/us-east5}; switches
 *     load balancing off
 * @param only the only providers that may serve
 * @param ignore providers that may not serve
 * @param allowFallbacks whether others may step in; yes by default
 * @param requireParameters whether only providers that know every parameter of the request may serve; no by default
 * @param dataCollection whether providers that store prompts may serve; yes by default
 * @param zdr whether only providers that retain nothing may serve
 * @param enforceDistillableText whether only models whose output may be used for training may serve
 * @param quantizations the number formats that may serve, such as {@code fp8}
 * @param sort by what providers are ordered; {@code null} for the default balance of price and uptime
 * @param preferredMinThroughput tokens per second below which a provider is asked later
 * @param preferredMaxLatency seconds above which a provider is asked later
 * @param maxPrice prices above which a provider may not serve
 */
public record ProviderPreferences(
        List<String> order,
        List<String> only,
        List<String> ignore,
        @Nullable Boolean allowFallbacks,
        @Nullable Boolean requireParameters,
        @Nullable DataCollection dataCollection,
        @Nullable Boolean zdr,
        @Nullable Boolean enforceDistillableText,
        List<String> quantizations,
        @Nullable Sort sort,
        @Nullable Threshold preferredMinThroughput,
        @Nullable Threshold preferredMaxLatency,
        @Nullable MaxPrice maxPrice) {
    /** Copies the lists. */
    public ProviderPreferences {
        order = List.copyOf(order);
        only = List.copyOf(only);
        ignore = List.copyOf(ignore);
        quantizations = List.copyOf(quantizations);
    }

    /** Nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether providers that store prompts may serve. */
    public enum DataCollection {
        /** They may. */
        ALLOW,
        /** They may not. */
        DENY
    }

    /**
     * By what providers are ordered.
     *
     * @param by the measure
     * @param partition whether models are kept apart when a request names several; {@code null} for the default,
     *     {@link Partition#MODEL}
     */
    public record Sort(By by, @Nullable Partition partition) {
        /** The measure. */
        public enum By {
            /** Cheapest first. */
            PRICE,
            /** Most tokens per second first. */
            THROUGHPUT,
            /** Quickest first token first. */
            LATENCY,
            /** Best at calling tools first. */
            EXACTO
        }

        /** Whether models are kept apart. */
        public enum Partition {
            /** All providers of the first model, then those of the next. */
            MODEL,
            /** The providers of all models in one order. */
            NONE
        }
    }

    /**
     * A limit, for all requests or for percentiles of them.
     *
     * @param value for all; {@code null} if percentiles are given
     * @param p50 for the median; or {@code null}
     * @param p75 for three quarters; or {@code null}
     * @param p90 for nine tenths; or {@code null}
     * @param p99 for all but one in a hundred; or {@code null}
     */
    public record Threshold(
            @Nullable Double value,
            @Nullable Double p50,
            @Nullable Double p75,
            @Nullable Double p90,
            @Nullable Double p99) {
        /** One limit for all. */
        public static Threshold of(double value) {
            return new Threshold(value, null, null, null, null);
        }

        /** Limits for percentiles; {@code null} for those without one. */
        public static Threshold percentiles(
                @Nullable Double p50, @Nullable Double p75, @Nullable Double p90, @Nullable Double p99) {
            return new Threshold(null, p50, p75, p90, p99);
        }
    }

    /**
     * The highest prices, in USD: of a million tokens for prompt and completion, of one for the others. The guides send
     * numbers and the specification has texts; numbers are what servers are known to take.
     *
     * @param prompt of a million tokens going in; or {@code null}
     * @param completion of a million tokens coming out; or {@code null}
     * @param request of a request; or {@code null}
     * @param image of an image; or {@code null}
     * @param audio of sound; or {@code null}
     * @param asText whether prices are sent as texts instead of numbers
     */
    public record MaxPrice(
            @Nullable BigDecimal prompt,
            @Nullable BigDecimal completion,
            @Nullable BigDecimal request,
            @Nullable BigDecimal image,
            @Nullable BigDecimal audio,
            boolean asText) {
        /** Prices of a million tokens, for example {@code MaxPrice.tokens("0.50", "1.50")}. */
        public static MaxPrice tokens(String prompt, String completion) {
            return new MaxPrice(new BigDecimal(prompt), new BigDecimal(completion), null, null, null, false);
        }
    }

    /** Collects preferences. Not thread-safe. */
    public static final class Builder {
        private List<String> order = List.of();
        private List<String> only = List.of();
        private List<String> ignore = List.of();
        private @Nullable Boolean allowFallbacks;
        private @Nullable Boolean requireParameters;
        private @Nullable DataCollection dataCollection;
        private @Nullable Boolean zdr;
        private @Nullable Boolean enforceDistillableText;
        private List<String> quantizations = List.of();
        private @Nullable Sort sort;
        private @Nullable Threshold preferredMinThroughput;
        private @Nullable Threshold preferredMaxLatency;
        private @Nullable MaxPrice maxPrice;

        private Builder() {}

        /** Sets the providers to try, first to last. */
        public Builder order(String... providers) {
            order = List.of(providers);
            return this;
        }

        /** Sets the only providers that may serve. */
        public Builder only(String... providers) {
            only = List.of(providers);
            return this;
        }

        /** Sets providers that may not serve. */
        public Builder ignore(String... providers) {
            ignore = List.of(providers);
            return this;
        }

        /** Sets whether others than those in order may step in. */
        public Builder allowFallbacks(@Nullable Boolean allowed) {
            allowFallbacks = allowed;
            return this;
        }

        /** Sets whether only providers that know every parameter may serve. */
        public Builder requireParameters(@Nullable Boolean required) {
            requireParameters = required;
            return this;
        }

        /** Sets whether providers that store prompts may serve. */
        public Builder dataCollection(@Nullable DataCollection collection) {
            dataCollection = collection;
            return this;
        }

        /** Sets whether only providers that retain nothing may serve. */
        public Builder zdr(@Nullable Boolean only) {
            zdr = only;
            return this;
        }

        /** Sets whether only models whose output may be used for training may serve. */
        public Builder enforceDistillableText(@Nullable Boolean enforced) {
            enforceDistillableText = enforced;
            return this;
        }

        /** Sets the number formats that may serve. */
        public Builder quantizations(String... formats) {
            quantizations = List.of(formats);
            return this;
        }

        /** Sets by what providers are ordered. */
        public Builder sort(Sort.@Nullable By by) {
            return sort(by == null ? null : new Sort(by, null));
        }

        /** Sets by what providers are ordered, within a model or across models. */
        public Builder sort(@Nullable Sort newSort) {
            sort = newSort;
            return this;
        }

        /** Sets the tokens per second below which a provider is asked later. */
        public Builder preferredMinThroughput(@Nullable Threshold tokensPerSecond) {
            preferredMinThroughput = tokensPerSecond;
            return this;
        }

        /** Sets the seconds above which a provider is asked later. */
        public Builder preferredMaxLatency(@Nullable Threshold seconds) {
            preferredMaxLatency = seconds;
            return this;
        }

        /** Sets prices above which a provider may not serve. */
        public Builder maxPrice(@Nullable MaxPrice price) {
            maxPrice = price;
            return this;
        }

        /** The preferences. */
        public ProviderPreferences build() {
            return new ProviderPreferences(
                    order,
                    only,
                    ignore,
                    allowFallbacks,
                    requireParameters,
                    dataCollection,
                    zdr,
                    enforceDistillableText,
                    quantizations,
                    sort,
                    preferredMinThroughput,
                    preferredMaxLatency,
                    maxPrice);
        }
    }
}
