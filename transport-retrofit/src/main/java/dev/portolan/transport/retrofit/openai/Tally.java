package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;

/**
 * What a reply says that it used and cost.
 *
 * @param usage the tokens; {@link Usage#NOT_REPORTED} if it does not say
 * @param cost what they cost; {@link Cost#UNKNOWN} if it does not say
 */
public record Tally(Usage usage, Cost cost) {
    /** Nothing said. */
    public static final Tally NONE = new Tally(Usage.NOT_REPORTED, Cost.UNKNOWN);
}
