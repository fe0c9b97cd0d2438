/** What the simulator knows about texts: their tokens, and digests to make things from that must stay the same. */
@NullMarked
package dev.portolan.testkit.simulator.text;

import org.jspecify.annotations.NullMarked;
