/** The simulator's own paths, beside those of the simulated API. */
@NullMarked
package dev.portolan.testkit.simulator.control;

import org.jspecify.annotations.NullMarked;
