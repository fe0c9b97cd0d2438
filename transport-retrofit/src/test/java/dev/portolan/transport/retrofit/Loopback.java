package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.PortolanException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ServerSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.HeaderMap;
import retrofit2.http.POST;
import retrofit2.http.Streaming;

/** A server on this host, and a transport that calls it. */
final class Loopback implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-08-20T12:00:00Z");
    static final ModelId MODEL = ModelId.parse("openrouter/acme/large-1");
    static final String KEY = "sk-or-v1-0123456789abcdef";

    /** Long enough never to be waited for. */
    static final Duration FOREVER = Duration.ofMinutes(5);

    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    final MockWebServer server = new MockWebServer();
    final HttpTransport transport;
    final Api api;

    interface Api {
        @Streaming
        @POST("chat/completions")
        Call<ResponseBody> chat(@HeaderMap Map<String, String> headers, @Body RequestBody body);

        @Streaming
        @GET("models")
        Call<ResponseBody> models(@HeaderMap Map<String, String> headers);
    }

    Loopback() {
        this(config -> config);
    }

    Loopback(UnaryOperator<HttpConfig> change) {
        SERVER_LOG.setLevel(Level.OFF);
        server.setServerSocketFactory(new NoDelay());
        try {
            server.start(InetAddress.getLoopbackAddress(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpConfig config =
                HttpConfig.of("OpenRouter", server.url("/api/v1").uri(), Map.of("Authorization", "Bearer " + KEY));
        transport = new HttpTransport(change.apply(config), Clock.fixed(NOW, ZoneOffset.UTC), new Waits());
        api = transport.api(Api.class);
    }

    /** Without it, each answer waits 40 ms for the client to acknowledge its headers before the body is sent. */
    private static final class NoDelay extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public Socket accept() throws IOException {
                    Socket socket = super.accept();
                    socket.setTcpNoDelay(true);
                    return socket;
                }
            };
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            throw new UnsupportedOperationException();
        }
    }

    static Loopback withTimeouts(Duration idle, Duration call) {
        return new Loopback(config -> config.withTimeouts(new Timeouts(null, idle, idle, call)));
    }

    static Loopback withIdle(Duration idle) {
        return new Loopback(config -> config.withTimeouts(new Timeouts(null, FOREVER, idle, Duration.ZERO)));
    }

    static MockResponse.Builder response(int status) {
        return new MockResponse.Builder().code(status);
    }

    Call<ResponseBody> call() {
        return api.chat(
                transport.headers(Map.of(), CallOptions.DEFAULT), new JsonBody(Map.of("model", "acme/large-1")));
    }

    Answer send() {
        return send(call(), CallOptions.DEFAULT);
    }

    Answer send(Call<ResponseBody> call, CallOptions options) {
        return transport.send(call, MODEL, options);
    }

    /** What a call that gets this answer fails with. */
    PortolanException refusal(MockResponse.Builder response) {
        server.enqueue(response.build());
        return failure(this::send);
    }

    /** What a call that gets this answer fails with. */
    PortolanException refusal(int status, String body) {
        return refusal(response(status).body(body));
    }

    /** A client may give up before the server has noticed that it was asked. */
    void awaitRequest() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.getRequestCount() == 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    interface Attempt {
        void run() throws Exception;
    }

    /** What an attempt fails with, which must be one of ours and tell no secret. */
    static PortolanException failure(Attempt attempt) {
        Throwable failure = catchThrowable(attempt::run);
        assertThat(failure).isInstanceOf(PortolanException.class);
        assertThat(failure.toString()).doesNotContain(KEY);
        return (PortolanException) failure;
    }

    @Override
    public void close() {
        transport.close();
        server.close();
    }
}
