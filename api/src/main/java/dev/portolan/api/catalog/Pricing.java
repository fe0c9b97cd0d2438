package dev.portolan.api.catalog;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs, in US dollars for a single unit, exactly as the provider writes it
 * (OpenRouter reference: catalogue-and-account §1). {@code null} is a price that was not told. A negative price, such
 * as that of a router, means that it varies.
 *
 * @param prompt a token going in
 * @param completion a token coming out
 * @param request a request
 * @param image an image going in
 * @param imageToken a token of an image going in
 * @param imageOutput a token of an image coming out
 * @param audio a token of sound going in
 * @param audioOutput a token of sound coming out
 * @param audioCacheRead a token of sound read from the prompt cache
 * @param cacheRead a token read from the prompt cache
 * @param cacheWrite a token written to the prompt cache for five minutes
 * @param cacheWriteHour a token written to the prompt cache for an hour
 * @param reasoning a token of reasoning; {@code 0}, as most rows say, means that it costs what any token coming out does
 * @param webSearch a search of the web
 * @param discount the part that is taken off, 0 to 1; {@code null} for none
 * @param overrides prices under conditions, such as long prompts; the last one that applies wins, price by price
 */
public record Pricing(
        @Nullable BigDecimal prompt,
        @Nullable BigDecimal completion,
        @Nullable BigDecimal request,
        @Nullable BigDecimal image,
        @Nullable BigDecimal imageToken,
        @Nullable BigDecimal imageOutput,
        @Nullable BigDecimal audio,
        @Nullable BigDecimal audioOutput,
        @Nullable BigDecimal audioCacheRead,
        @Nullable BigDecimal cacheRead,
        @Nullable BigDecimal cacheWrite,
        @Nullable BigDecimal cacheWriteHour,
        @Nullable BigDecimal reasoning,
        @Nullable BigDecimal webSearch,
        @Nullable BigDecimal discount,
        List<Conditional> overrides) {
    /** Nothing told. */
    public static final Pricing UNKNOWN = of(null, null);

    /** Copies the list. */
    public Pricing {
        overrides = List.copyOf(overrides);
    }

    /**
     * Prices under conditions, all of which must hold.
     *
     * @param moreThanPromptTokens how many tokens the prompt must exceed; -1 for any
     * @param from the time of day, in UTC, from which on they hold; {@code null} for all day
     * @param to the time of day, in UTC, at which they end; before {@code from} if they hold over midnight
     * @param pricing the prices then; those that are {@code null} stay as they are
     */
    public record Conditional(
            long moreThanPromptTokens,
            @Nullable LocalTime from,
            @Nullable LocalTime to,
            Pricing pricing) {
        boolean applies(long promptTokens, LocalTime now) {
            return promptTokens > moreThanPromptTokens && (from == null || to == null || isBetween(now, from, to));
        }

        private static boolean isBetween(LocalTime now, LocalTime from, LocalTime to) {
            boolean afterFrom = !now.isBefore(from);
            boolean beforeTo = now.isBefore(to);
            return from.isBefore(to) ? afterFrom && beforeTo : afterFrom || beforeTo;
        }
    }

    /** Prices of tokens only. */
    public static Pricing of(@Nullable BigDecimal prompt, @Nullable BigDecimal completion) {
        return new Pricing(
                prompt,
                completion,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /**
     * Prices of tokens only, as they are usually told.
     *
     * @param prompt a million tokens going in, in US dollars, such as {@code "0.20"}
     * @param completion a million tokens coming out
     * @throws IllegalArgumentException if one is not a number, or negative
     */
    public static Pricing perMillion(String prompt, String completion) {
        return of(perToken(prompt), perToken(completion));
    }

    private static BigDecimal perToken(String perMillion) {
        BigDecimal price;
        try {
            price = new BigDecimal(perMillion.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The price of a million tokens is '" + perMillion + "'; expected dollars, such as '0.20'", e);
        }
        if (price.signum() < 0) {
            throw new IllegalArgumentException(
                    "The price of a million tokens is '" + perMillion + "'; expected 0 or more dollars");
        }
        return price.movePointLeft(6);
    }

    /** Whether prompt and completion have a price that does not vary. */
    public boolean isKnown() {
        return known(prompt) != null && known(completion) != null;
    }

    /** Whether the price depends on the model that a router chooses. */
    public boolean varies() {
        return (prompt != null && prompt.signum() < 0) || (completion != null && completion.signum() < 0);
    }

    /**
     * What these tokens cost at these prices, now, with one request and no searches of the web.
     *
     * @return a cost marked as estimated; unknown if a price that is needed is not told or varies
     */
    public Cost estimate(Usage usage) {
        return estimate(usage, 0, Instant.now());
    }

    /**
     * What these tokens cost at these prices, with one request and some searches of the web.
     *
     * <p>Tokens that were read from the prompt cache or written to it, of sound, of images and of reasoning are parts of the
     * tokens going in and coming out; each part is counted at its own price where there is one, else at that of the whole.
     * Images going in are in the count of the prompt, so what {@link #image} and {@link #imageToken} say is not added to it.
     *
     * @param webSearches how often the web was searched
     * @param when the time of the call, since prices can depend on the hour
     * @return a cost marked as estimated; unknown if no token was counted, or a price that is needed is not told or varies
     */
    public Cost estimate(Usage usage, long webSearches, Instant when) {
        // A usage without a count says nothing; 0 would say that the call was free.
        if (usage.promptTokens() == 0 && usage.completionTokens() == 0) {
            return Cost.UNKNOWN;
        }
        Pricing prices = at(usage.promptTokens(), when);
        Sum sum = new Sum();
        Usage.PromptDetails in = usage.prompt();
        Usage.CompletionDetails out = usage.completion();
        sum.add(in.cachedTokens(), prices.cacheRead, prices.prompt);
        sum.add(in.cacheWriteTokens(), prices.cacheWrite, prices.prompt);
        sum.add(in.audioTokens(), prices.audio, prices.prompt);
        long plainIn = usage.promptTokens() - in.cachedTokens() - in.cacheWriteTokens() - in.audioTokens();
        sum.add(Math.max(0, plainIn), prices.prompt, null);
        sum.add(out.reasoningTokens(), positive(prices.reasoning), prices.completion);
        sum.add(out.imageTokens(), positive(prices.imageOutput), prices.completion);
        sum.add(out.audioTokens(), positive(prices.audioOutput), prices.completion);
        long plainOut = usage.completionTokens() - out.reasoningTokens() - out.imageTokens() - out.audioTokens();
        sum.add(Math.max(0, plainOut), prices.completion, null);
        sum.add(webSearches, prices.webSearch, null);
        sum.add(1, prices.request, BigDecimal.ZERO);
        return sum.cost(discount);
    }

    /** The prices for a prompt of this length at this time. */
    public Pricing at(long promptTokens, Instant when) {
        LocalTime now = LocalTime.ofInstant(when, ZoneOffset.UTC);
        Pricing prices = this;
        for (Conditional override : overrides) {
            if (override.applies(promptTokens, now)) {
                prices = prices.with(override.pricing());
            }
        }
        return prices;
    }

    private Pricing with(Pricing other) {
        return new Pricing(
                or(other.prompt, prompt),
                or(other.completion, completion),
                or(other.request, request),
                or(other.image, image),
                or(other.imageToken, imageToken),
                or(other.imageOutput, imageOutput),
                or(other.audio, audio),
                or(other.audioOutput, audioOutput),
                or(other.audioCacheRead, audioCacheRead),
                or(other.cacheRead, cacheRead),
                or(other.cacheWrite, cacheWrite),
                or(other.cacheWriteHour, cacheWriteHour),
                or(other.reasoning, reasoning),
                or(other.webSearch, webSearch),
                discount,
                overrides);
    }

    private static @Nullable BigDecimal or(@Nullable BigDecimal first, @Nullable BigDecimal second) {
        return first != null ? first : second;
    }

    private static @Nullable BigDecimal positive(@Nullable BigDecimal price) {
        return price == null || price.signum() == 0 ? null : price;
    }

    /** The price, unless it is not told or varies. */
    static @Nullable BigDecimal known(@Nullable BigDecimal price) {
        return price == null || price.signum() < 0 ? null : price;
    }

    /** Adds exactly, and becomes unknown once a price is. */
    private static final class Sum {
        private @Nullable BigDecimal total = BigDecimal.ZERO;

        void add(long count, @Nullable BigDecimal own, @Nullable BigDecimal otherwise) {
            if (count == 0 || total == null) {
                return;
            }
            BigDecimal price = known(own != null ? own : otherwise);
            total = price == null ? null : total.add(price.multiply(BigDecimal.valueOf(count)));
        }

        Cost cost(@Nullable BigDecimal discount) {
            if (total == null) {
                return Cost.UNKNOWN;
            }
            return Cost.estimated(
                    withoutZeros(discount == null ? total : total.multiply(BigDecimal.ONE.subtract(discount))));
        }

        /** Multiplying leaves zeros at the end, which look like digits that somebody knows. */
        private static BigDecimal withoutZeros(BigDecimal amount) {
            BigDecimal stripped = amount.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        }
    }
}
