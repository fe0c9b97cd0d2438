/** What the kinds of faults do to an answer. */
@NullMarked
package dev.portolan.testkit.simulator.fault;

import org.jspecify.annotations.NullMarked;
