/** From the model that a request names to the one that answers it (OpenRouter reference: routing). */
@NullMarked
package dev.portolan.testkit.simulator.routing;

import org.jspecify.annotations.NullMarked;
