package dev.portolan.testkit.cassette;

import java.time.Instant;
import java.util.List;

/**
 * What a cassette holds.
 *
 * @param from the base URL of the provider
 */
record CassetteContent(Instant recorded, String from, List<Interaction> interactions) {
    /** The form that this release writes; it reads no other. */
    static final int VERSION = 1;

    CassetteContent {
        interactions = List.copyOf(interactions);
    }
}
