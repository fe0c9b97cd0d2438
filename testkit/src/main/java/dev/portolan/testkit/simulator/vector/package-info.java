/** Vectors of things by what they have in common. */
@NullMarked
package dev.portolan.testkit.simulator.vector;

import org.jspecify.annotations.NullMarked;
