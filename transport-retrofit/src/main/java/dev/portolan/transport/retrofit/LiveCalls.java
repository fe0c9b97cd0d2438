package dev.portolan.transport.retrofit;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;

/**
 * The calls whose answer has not been read to its end, so that they can be ended. OkHttp's dispatcher is no help there: it
 * forgets a call as soon as its answer begins. Holds them weakly, for an answer that nobody closes. Thread-safe.
 */
final class LiveCalls extends EventListener {
    private final Set<Call> calls = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final ConnectionPool connections;
    private volatile boolean closed;

    LiveCalls(ConnectionPool connections) {
        this.connections = connections;
    }

    /** Added before the look at {@code closed}, which is set before {@link #close} reads the calls: none slips through. */
    @Override
    public void callStart(Call call) {
        calls.add(call);
        if (closed) {
            call.cancel();
        }
    }

    @Override
    public void callEnd(Call call) {
        calls.remove(call);
    }

    @Override
    public void callFailed(Call call, IOException e) {
        calls.remove(call);
    }

    /** A call that just ended when all were cancelled gives its connection back, where nobody would look for it again. */
    @Override
    public void connectionReleased(Call call, Connection connection) {
        if (closed) {
            connections.evictAll();
        }
    }

    /** Cancels all calls, and each that starts from now on, and closes their connections. */
    void close() {
        closed = true;
        List<Call> live;
        synchronized (calls) {
            live = List.copyOf(calls);
        }
        live.forEach(Call::cancel);
        connections.evictAll();
    }
}
