package dev.portolan.api.cost;

/**
 * Is told of every call that has ended: completed, failed or cancelled, of any port and any provider. Several may be set; each
 * is told of each call.
 *
 * <p>Called on the thread that ends the call, before the caller gets the reply: a sink that must not slow calls down hands
 * the event to a thread of its own. Implementations are thread-safe. What a sink throws is logged and counted
 * ({@link dev.portolan.api.Portolan#failedRecords}), and neither the call nor another sink suffers from it.
 */
@FunctionalInterface
public interface CostSink {
    /** Notes a call. A call is told once, unless a sink is called by other means than a {@code Portolan}. */
    void record(CostEvent event);
}
