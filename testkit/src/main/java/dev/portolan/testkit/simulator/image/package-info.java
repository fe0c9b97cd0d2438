/** Image generation by the endpoint of its own (OpenRouter reference: images §1). */
@NullMarked
package dev.portolan.testkit.simulator.image;

import org.jspecify.annotations.NullMarked;
