/**
 * What monitoring sees of calls, in the names of OpenTelemetry's conventions for generative AI:
 * {@link dev.portolan.cost.signal.CostMeters} are meters of Micrometer, {@link dev.portolan.cost.signal.CallTracing} makes spans
 * of OpenTelemetry. Neither ever sees a prompt or an answer.
 *
 * <p>Both libraries are optional: {@code io.micrometer:micrometer-core} and {@code io.opentelemetry:opentelemetry-api} are for
 * the user to add. Nothing outside of this package needs them.
 */
@NullMarked
package dev.portolan.cost.signal;

import org.jspecify.annotations.NullMarked;
