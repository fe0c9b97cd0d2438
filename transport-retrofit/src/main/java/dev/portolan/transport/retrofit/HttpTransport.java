package dev.portolan.transport.retrofit;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.ResponseBody;
import okio.Buffer;
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

    private static final long MAX_ERROR_BYTES = 1L << 20;

    private final HttpConfig config;
    private final OkHttpClient client;
    private final Retrofit retrofit;
    private final ErrorDecoder errors;

    /**
     * Checks the configuration; connects to nothing.
     *
     * @throws dev.portolan.api.error.ConfigurationException if the base URL is not acceptable
     */
    public HttpTransport(HttpConfig config) {
        this(config, Clock.systemUTC());
    }

    HttpTransport(HttpConfig config, Clock clock) {
        this.config = config;
        this.errors = new ErrorDecoder(clock);
        HttpUrl baseUrl = BaseUrl.check(config.provider(), config.baseUrl(), config.allowPlainHttp());
        this.client = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher(daemonThreads()))
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 1, TimeUnit.MINUTES))
                .connectTimeout(config.connectTimeout())
                .readTimeout(config.idleTimeout())
                .writeTimeout(config.idleTimeout())
                .callTimeout(config.callTimeout())
                .followSslRedirects(false)
                .build();
        this.retrofit = new Retrofit.Builder().baseUrl(baseUrl).callFactory(client).build();
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

    /** The headers of a call: the configured ones, then {@code more}, then the caller's, each replacing those before. */
    public Map<String, String> headers(Map<String, String> more, CallOptions call) {
        if (more.isEmpty() && call.headers().isEmpty()) {
            return config.headers();
        }
        Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        merged.putAll(config.headers());
        replace(merged, more);
        replace(merged, call.headers());
        return merged;
    }

    /** Removes first, so that the name is sent in the way the last one wrote it. */
    private static void replace(Map<String, String> merged, Map<String, String> with) {
        merged.keySet().removeAll(with.keySet());
        merged.putAll(with);
    }

    /**
     * Sends a call and waits until the answer begins.
     *
     * @param model the model asked, for messages
     * @return an answer with a status of 2xx; to be closed
     * @throws PortolanException if there is no such answer
     */
    public Answer send(Call<ResponseBody> call, ModelId model, CallOptions options) {
        Duration timeout = options.timeout();
        if (timeout != null) {
            call.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
        Exchange exchange = new Exchange(config, errors, model, call);
        Response<ResponseBody> response;
        try {
            response = call.execute();
        } catch (IOException e) {
            throw exchange.noAnswer(e);
        }
        ResponseBody body = response.body();
        if (!response.isSuccessful() || body == null) {
            throw exchange.refused(response.code(), response.headers(), errorText(response.errorBody()));
        }
        return new Answer(exchange, response.headers(), body);
    }

    private static String errorText(@org.jspecify.annotations.Nullable ResponseBody body) {
        if (body == null) {
            return "";
        }
        try (body) {
            Buffer text = new Buffer();
            while (text.size() < MAX_ERROR_BYTES && body.source().read(text, 8192) != -1) {
                // reads on
            }
            return text.readUtf8();
        } catch (IOException cutOff) {
            return "";
        }
    }

    /** Ends every call under way and every connection. */
    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    private static ExecutorService daemonThreads() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "portolan-http");
            thread.setDaemon(true);
            return thread;
        });
    }
}
