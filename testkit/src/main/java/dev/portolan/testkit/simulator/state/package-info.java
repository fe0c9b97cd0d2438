/** What the endpoints of one simulator share. */
@NullMarked
package dev.portolan.testkit.simulator.state;

import org.jspecify.annotations.NullMarked;
