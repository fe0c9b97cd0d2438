/** Decorators of the ports: fallback to other models, cache, limits of concurrency and rate, circuit breakers. */
module dev.portolan.resilience {
    requires static transitive org.jspecify;
    requires dev.failsafe.core;
    requires transitive dev.portolan.api;

    exports dev.portolan.resilience;
}
