/**
 * The models that are served, and the endpoints that list them (OpenRouter reference: catalogue-and-account §1 to §3).
 */
@NullMarked
package dev.portolan.testkit.simulator.catalog;

import org.jspecify.annotations.NullMarked;
