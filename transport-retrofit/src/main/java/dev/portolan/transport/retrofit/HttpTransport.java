package dev.portolan.transport.retrofit;

import dev.portolan.api.Attempt;
import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Request;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Recovery;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import retrofit2.Call;
import retrofit2.Response;
import retrofit2.Retrofit;

/**
 * Sends calls for one provider. Calls run on the caller's thread; any number may run at once, and nothing here keeps a
 * JVM alive. Thread-safe.
 */
public final class HttpTransport implements AutoCloseable {
    /** Idle connections that are kept: enough that a burst of streams need not connect anew. */
    private static final int IDLE_CONNECTIONS = 256;

    /** Each body says its own; Retrofit would wrap one whose type a header tells, and OkHttp might send the wrapper twice. */
    private static final String CONTENT_TYPE = "Content-Type";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final HttpConfig config;
    private final Map<String, String> headers;
    private final OkHttpClient client;
    private final Retrofit retrofit;
    private final ErrorDecoder errors;
    private final Clocks clocks;
    private final LiveCalls liveCalls;
    private final Waits waits;

    /**
     * Checks the configuration; connects to nothing.
     *
     * @throws dev.portolan.api.error.ConfigurationException if the base URL is not acceptable
     */
    public HttpTransport(HttpConfig config) {
        this(config, Clock.systemUTC(), new Waits());
    }

    HttpTransport(HttpConfig config, Clock clock, Waits waits) {
        this.config = config;
        this.headers = withoutContentType(config.headers());
        this.errors = new ErrorDecoder(clock);
        this.clocks = new Clocks(config.timeouts());
        this.waits = waits;
        HttpUrl baseUrl = BaseUrl.check(config.provider(), config.baseUrl(), config.allowPlainHttp());
        ConnectionPool connections = new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES);
        this.liveCalls = new LiveCalls(connections);
        this.client = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher(daemonThreads()))
                .connectionPool(connections)
                .socketFactory(new InterruptibleSockets())
                .eventListener(liveCalls)
                .addInterceptor(
                        Resending::show) // before the clocks, which set the one that the body of an error is read by
                .addInterceptor(clocks)
                .addNetworkInterceptor(Resending::hide)
                .build();
        this.retrofit =
                new Retrofit.Builder().baseUrl(baseUrl).callFactory(client).build();
    }

    /** An implementation of a Retrofit interface, for the configured address. Make it once and keep it. */
    public <T> T api(Class<T> type) {
        return retrofit.create(type);
    }

    /**
     * The same for another address, as one call may ask for.
     *
     * @throws dev.portolan.api.error.ConfigurationException if the address is not acceptable
     */
    public <T> T api(Class<T> type, URI baseUrl) {
        HttpUrl checked = BaseUrl.check(config.provider(), baseUrl, config.allowPlainHttp());
        return retrofit.newBuilder().baseUrl(checked).build().create(type);
    }

    /** Threads that help with one call's work, as many as are asked for; they keep no JVM alive and end with this. */
    public Executor helpers() {
        return client.dispatcher().executorService();
    }

    /**
     * The headers of a call: the configured ones, then {@code more}, then the caller's, each replacing those before; but for the
     * type of the body.
     */
    public Map<String, String> headers(Map<String, String> more, CallOptions call) {
        if (more.isEmpty() && call.headers().isEmpty()) {
            return headers;
        }
        Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        merged.putAll(headers);
        replace(merged, more);
        replace(merged, call.headers());
        merged.remove(CONTENT_TYPE);
        return merged;
    }

    private static Map<String, String> withoutContentType(Map<String, String> headers) {
        Map<String, String> others = new LinkedHashMap<>(headers);
        others.keySet().removeIf(CONTENT_TYPE::equalsIgnoreCase);
        return Map.copyOf(others);
    }

    /** Removes first, so that the name is sent in the way the last one wrote it. */
    private static void replace(Map<String, String> merged, Map<String, String> with) {
        with.keySet().forEach(merged::remove);
        merged.putAll(with);
    }

    /**
     * Sends a call once and waits until the answer begins. The call carries its options as a tag, as from a parameter
     * {@code @Tag CallOptions}; without it the clocks are those of the configuration.
     *
     * @param model the model asked, for messages
     * @return an answer with a status of 2xx; to be closed
     * @throws PortolanException if there is no such answer
     */
    public Answer send(Call<ResponseBody> call, ModelId model, CallOptions options) {
        Timeouts limits = clocks.of(options);
        Duration limit = limits.call();
        if (limit != null && !limit.isZero()) {
            call.timeout().timeout(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
        }
        Exchange exchange = new Exchange(config, limits, errors, model, call);
        Response<ResponseBody> response;
        try {
            response = call.execute();
        } catch (IOException e) {
            throw exchange.noAnswer(e);
        } catch (Exception e) {
            // OkHttp waits for connections to several addresses of a host, and lets through what it does not declare
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw exchange.cancelled(null, null);
            }
            throw e;
        }
        if (!response.isSuccessful()) {
            throw exchange.refused(response.code(), response.headers(), text(response.errorBody()));
        }
        ResponseBody body = response.body();
        if (body == null) {
            throw exchange.malformed(Exchange.NOT_JSON, response.headers().get("X-Generation-Id"), null, null);
        }
        return new Answer(exchange, response.headers(), body);
    }

    /** What a port needs to make failed calls again, as its requests and the configuration say. */
    public <Q extends Request> Recovery.Plan<Q> retries(BiFunction<Q, CallOptions, Q> withCall) {
        return request -> {
            Retries retries = retries(request.call());
            return (failed, failure) -> {
                Duration delay = retries.after(failure);
                return new Recovery.Next<>(withCall.apply(failed, retries.remaining(failed.call())), delay);
            };
        };
    }

    /**
     * Makes a call that is behind no port, and makes it again as its options and the configuration say; the exception at the
     * end of several attempts tells them.
     *
     * @param call makes one attempt, with the options given to it
     */
    public <T> T retrying(CallOptions options, Function<CallOptions, T> call) {
        Retries retries = retries(options);
        List<Attempt> failed = new ArrayList<>(0);
        CallOptions current = options;
        Duration delay = Duration.ZERO;
        while (true) {
            try {
                return call.apply(current);
            } catch (PortolanException e) {
                for (Attempt attempt : e.attempts()) {
                    failed.add(new Attempt(attempt.model(), delay, e));
                }
                delay = waitAfter(e, retries, failed);
                current = retries.remaining(options);
            }
        }
    }

    private static Duration waitAfter(PortolanException failure, Retries retries, List<Attempt> failed) {
        try {
            return retries.after(failure);
        } catch (PortolanException last) {
            throw failed.size() > 1 ? last.withAttempts(failed) : last;
        }
    }

    private Retries retries(CallOptions options) {
        RetryPolicy policy = options.retries() != null ? options.retries() : config.retries();
        return new Retries(waits, policy, clocks.of(options).call());
    }

    /** The body of an error, which is in memory. */
    private static String text(@Nullable ResponseBody error) {
        String text = error == null ? "" : error.source().getBuffer().readUtf8();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    /** Ends every call under way, every wait and every connection; calls made later fail as cancelled. */
    @Override
    public void close() {
        waits.close();
        liveCalls.close();
        client.dispatcher().executorService().shutdown();
    }

    private static ExecutorService daemonThreads() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "portolan-http");
            thread.setDaemon(true);
            return thread;
        });
    }
}
