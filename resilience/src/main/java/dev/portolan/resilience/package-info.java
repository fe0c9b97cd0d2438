/**
 * Decorators of the ports, for {@link dev.portolan.api.Portolan.Builder#decorator}: {@link
 * dev.portolan.resilience.Fallback} to other models, {@link dev.portolan.resilience.ReplyCache}, {@link
 * dev.portolan.resilience.CircuitBreaking}, {@link dev.portolan.resilience.ConcurrencyLimit} and {@link
 * dev.portolan.resilience.RateLimit}, from the outside in.
 *
 * <p>So each model that a call falls back to passes the cache, the breaker and the limits anew, and a refusal by any of them
 * moves the call on to the next model. Decorators with the default order 0 are outside of all of them and see one call, however
 * many models it took.
 */
@NullMarked
package dev.portolan.resilience;

import org.jspecify.annotations.NullMarked;
