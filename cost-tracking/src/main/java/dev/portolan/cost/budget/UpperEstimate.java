package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.cost.Cost;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Estimates from above what a call may cost, from the sizes in the request and the list prices of its model. Where the request
 * does not say, it assumes, and errs on the dear side:
 *
 * <ul>
 *   <li>Text: one token for each byte of UTF-8, about four times what English has; a tokenizer of one's own comes closer. With
 *       it 64 for the request, 16 for each message and part, 64 for each tool and form of answer, 1,024 for having tools.
 *   <li>Images going in: 5,000 tokens each, and the price of an image if there is one. Sound and video: a token for each 64
 *       bytes; a video at an address: 100,000. Files: a token for each byte; at an address: 50,000.
 *   <li>All that goes in together is never more than the model has room for.
 *   <li>The answer: the limit that the request sets, under whatever name; else 4,096 tokens and what is reasoned beside them
 *       (its budget, or the share of the answer that its effort stands for), but no more than the model gives. All of it for each
 *       of the {@code n} answers asked for, with the prediction, which is charged where it fails.
 *   <li>Images coming out: 8,192 tokens each, or 4,096 for each megapixel if that is more.
 *   <li>Web searches: one with {@code :online} or a plugin, 5 with a tool; 8,000 tokens for what each brings, and $0.02 each where
 *       the model names no price.
 *   <li>Nothing is read from a prompt cache; all is written to it, where that is dearer. Of prices that depend on the length of
 *       the prompt the dearest that can apply.
 * </ul>
 *
 * <p>So a call with text, a limit on its answer and a price that does not vary costs no more than this, if it is made once and
 * served at the list price. It can cost more when the provider makes an image, a sound or a page into more tokens than assumed;
 * when an answer without a limit is longer than assumed; when it runs tools of its own in several steps; when it charges for a
 * faster service, for parsing files, or for another model that it falls back to: settings of single providers are not looked
 * into. It is unknown if the model, its price of a token or, for images, any price above 0 is.
 *
 * <p>Thread-safe.
 */
public final class UpperEstimate implements CallEstimate {
    /** With the assumptions above. */
    public static final UpperEstimate DEFAULT = builder().build();

    private static final BigDecimal SEARCH = new BigDecimal("0.02");

    private final Assumptions assumptions;

    private UpperEstimate(Assumptions assumptions) {
        this.assumptions = assumptions;
    }

    /** Begins one with other assumptions. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many bytes a text has in UTF-8. */
    public static long bytesOf(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // Of the two halves of a character each counts 2.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    @Override
    public Cost estimate(Request request, @Nullable ModelInfo model, Instant when) {
        if (model == null) {
            return Cost.UNKNOWN;
        }
        CallSize size = CallSize.of(request, model, assumptions);
        BigDecimal dearest = BigDecimal.ZERO;
        for (Pricing prices : possible(model.pricing(), size.prompt(), when)) {
            BigDecimal cost = cost(size, prices, model.contextLength());
            if (cost == null) {
                return Cost.UNKNOWN;
            }
            dearest = dearest.max(cost);
        }
        BigDecimal discount = model.pricing().discount();
        return Cost.estimated(discount == null ? dearest : dearest.multiply(BigDecimal.ONE.subtract(discount)));
    }

    /** The prices for each length that the prompt may have. */
    private static List<Pricing> possible(Pricing pricing, long promptTokens, Instant when) {
        List<Pricing> possible = new ArrayList<>();
        possible.add(pricing.at(0, when));
        for (Pricing.Conditional override : pricing.overrides()) {
            if (override.moreThanPromptTokens() < promptTokens) {
                possible.add(pricing.at(override.moreThanPromptTokens() + 1, when));
            }
        }
        return possible;
    }

    private @Nullable BigDecimal cost(CallSize size, Pricing prices, @Nullable Long room) {
        BigDecimal prompt = prices.prompt();
        BigDecimal completion = prices.completion();
        boolean answers = size.completion > 0 || size.drawn > 0;
        if (prompt == null || prompt.signum() < 0 || (answers && (completion == null || completion.signum() < 0))) {
            return null;
        }
        BigDecimal in = dearer(prompt, prices.cacheWrite());
        in = size.cachesForAnHour ? dearer(in, prices.cacheWriteHour()) : in;
        BigDecimal image = dearer(in, prices.imageToken());
        BigDecimal sound = dearer(in, prices.audio());
        BigDecimal sum = times(in, size.text)
                .add(times(image, size.images * assumptions.imageTokens()))
                .add(times(sound, size.sound));
        if (room != null && size.requests == 1 && room < size.prompt()) {
            sum = sum.min(times(dearer(image, sound), room));
        }
        sum = sum.add(times(dearer(BigDecimal.ZERO, prices.image()), size.images));
        if (answers && completion != null) {
            BigDecimal out = dearer(completion, prices.reasoning());
            out = size.speaks ? dearer(out, prices.audioOutput()) : out;
            BigDecimal picture = dearer(out, prices.imageOutput());
            if (size.draws && picture.signum() == 0) {
                return null;
            }
            sum = sum.add(times(out, size.completion)).add(times(picture, size.drawn));
        }
        BigDecimal search = prices.webSearch();
        return sum.add(times(search == null || search.signum() <= 0 ? SEARCH : search, size.searches))
                .add(times(dearer(BigDecimal.ZERO, prices.request()), size.requests));
    }

    private static BigDecimal dearer(BigDecimal price, @Nullable BigDecimal other) {
        return other == null ? price : price.max(other);
    }

    private static BigDecimal times(BigDecimal price, long count) {
        return price.multiply(BigDecimal.valueOf(count));
    }

    /** Collects assumptions. Not thread-safe. */
    public static final class Builder {
        private ToLongBiFunction<ModelId, String> tokens = (model, text) -> bytesOf(text);
        private long completionTokens = 4096;
        private long imageTokens = 5000;
        private long drawnImageTokens = 8192;
        private int webSearches = 5;

        private Builder() {}

        /** How many tokens a text is with a model, at most; default: its bytes. Called on the threads of calls. */
        public Builder tokens(ToLongBiFunction<ModelId, String> tokenizer) {
            tokens = Objects.requireNonNull(tokenizer, "tokenizer");
            return this;
        }

        /** The tokens of an answer without a limit, reasoning left out; default: 4,096, at least 1. */
        public Builder completionTokens(long count) {
            completionTokens = checked("An answer", count);
            return this;
        }

        /** The tokens of an image going in; default: 5,000, at least 1. */
        public Builder imageTokens(long count) {
            imageTokens = checked("An image going in", count);
            return this;
        }

        /** The tokens of an image coming out that has up to two megapixels; default: 8,192, at least 1. */
        public Builder drawnImageTokens(long count) {
            drawnImageTokens = checked("An image coming out", count);
            return this;
        }

        /** How often a call with a tool for it searches the web; default: 5, at least 0. */
        public Builder webSearches(int count) {
            webSearches = (int) checked("Searches", count + 1L) - 1;
            return this;
        }

        private static long checked(String what, long count) {
            if (count < 1 || count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        what + " cannot be estimated with " + count + "; expected 1 to " + Integer.MAX_VALUE);
            }
            return count;
        }

        /** The estimate. */
        public UpperEstimate build() {
            return new UpperEstimate(
                    new Assumptions(tokens, completionTokens, imageTokens, drawnImageTokens, webSearches));
        }
    }
}
