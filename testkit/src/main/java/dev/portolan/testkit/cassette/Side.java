package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.Responder;
import java.util.List;

/** What stands behind the address of a cassette: the provider, or the file. */
interface Side extends Responder {
    /** What went wrong so far, to fail the test with. */
    List<String> problems();

    /** Ends the calls under way and puts the file in order; called once, when nobody asks any more. */
    void finish();
}
