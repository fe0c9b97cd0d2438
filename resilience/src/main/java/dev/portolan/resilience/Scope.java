package dev.portolan.resilience;

import dev.portolan.api.Request;

/**
 * Which calls share a limit or a circuit breaker: those with equal keys. Use one of these, or a function of your own.
 *
 * <p>A key is in messages of errors, so it must not be a secret. It must have {@code equals} and {@code hashCode}.
 */
@FunctionalInterface
public interface Scope {
    /** All calls share one. */
    Scope ALL = request -> "all models";

    /** One for each provider: the first segment of the model id. */
    Scope PROVIDER = request -> request.model().provider();

    /** One for each model id. */
    Scope MODEL = Request::model;

    /** The key of the call with this request; never {@code null}. */
    Object keyOf(Request request);
}
