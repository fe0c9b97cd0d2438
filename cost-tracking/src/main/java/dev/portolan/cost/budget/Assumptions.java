package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import java.util.function.ToLongBiFunction;

/**
 * What {@link UpperEstimate} takes for granted where a request does not say.
 *
 * @param tokens the tokens of a text with a model
 * @param completionTokens of an answer without a limit, reasoning left out
 * @param imageTokens of an image going in
 * @param drawnImageTokens of an image coming out, up to two megapixels
 * @param webSearches of a call that may search the web
 */
record Assumptions(
        ToLongBiFunction<ModelId, String> tokens,
        long completionTokens,
        long imageTokens,
        long drawnImageTokens,
        int webSearches) {}
