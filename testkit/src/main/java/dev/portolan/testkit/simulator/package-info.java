/**
 * A real HTTP server on loopback that behaves like OpenRouter: {@link
 * dev.portolan.testkit.simulator.OpenRouterSimulator}.
 *
 * <p>It speaks the wire only and knows nothing of Portolan's own types, so it serves any OpenRouter client. Answers are
 * deterministic: the same sequence of requests gets the same answers, ids included.
 */
@NullMarked
package dev.portolan.testkit.simulator;

import org.jspecify.annotations.NullMarked;
