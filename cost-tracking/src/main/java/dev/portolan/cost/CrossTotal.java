package dev.portolan.cost;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the calls cost together that have two things in common.
 *
 * @param row the first of them; {@code null} if they have no such thing
 * @param total what they cost; its key is the second
 */
public record CrossTotal(@Nullable String row, Total total) {
    /** Checks that there is a total. */
    public CrossTotal {
        Objects.requireNonNull(total, "total");
    }
}
