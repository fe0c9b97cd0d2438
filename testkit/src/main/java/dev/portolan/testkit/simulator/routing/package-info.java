/** From the model that a request names to the one that answers it (routing.md). */
@NullMarked
package dev.portolan.testkit.simulator.routing;

import org.jspecify.annotations.NullMarked;
