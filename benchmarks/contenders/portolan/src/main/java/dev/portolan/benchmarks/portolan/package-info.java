/** Portolan as a contender. */
@NullMarked
package dev.portolan.benchmarks.portolan;

import org.jspecify.annotations.NullMarked;
