package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.JsonBody;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import java.util.Map;
import java.util.function.Function;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;

/** Sends calls to the endpoints of {@link OpenRouterApi}. Thread-safe. */
public final class OpenRouterClient {
    private final HttpTransport transport;
    private final OpenRouterApi api;

    /** Over this transport, which the caller closes. */
    public OpenRouterClient(HttpTransport transport) {
        this.transport = transport;
        this.api = transport.api(OpenRouterApi.class);
    }

    /** An endpoint that takes a body. */
    public interface Post {
        /** The call of it. */
        Call<ResponseBody> call(OpenRouterApi api, CallOptions options, Map<String, String> headers, RequestBody body);
    }

    /**
     * Sends a request, once, and waits until the answer begins.
     *
     * @return an answer with a status of 2xx; to be closed
     * @throws dev.portolan.api.error.PortolanException if there is no such answer
     */
    public Answer send(WireCall call, CallOptions options, Post endpoint) {
        return transport.send(
                endpoint.call(
                        at(options), options, transport.headers(call.headers(), options), new JsonBody(call.body())),
                call.model(),
                options);
    }

    /**
     * Reads what is at a path.
     *
     * @param about what is asked about, for messages
     * @return the whole answer, a JSON object
     * @throws dev.portolan.api.error.PortolanException if there is none
     */
    public RawJson get(ModelId about, CallOptions options, String path, Map<String, String> parameters) {
        return transport.retrying(options, current -> {
            Call<ResponseBody> call = at(current).get(current, transport.headers(Map.of(), current), path, parameters);
            try (Answer answer = transport.send(call, about, current)) {
                return whole(answer);
            }
        });
    }

    /**
     * Sends a request, and reads the answer whole.
     *
     * @return a JSON object
     * @throws dev.portolan.api.error.PortolanException if there is none, or it is an error
     */
    public RawJson post(WireCall call, CallOptions options, Post endpoint) {
        return read(call, options, endpoint, OpenRouterClient::whole);
    }

    /** Sends a request, and reads the answer; again if that fails and can be repeated. */
    public <T> T read(WireCall call, CallOptions options, Post endpoint, Function<Answer, T> reader) {
        return transport.retrying(options, current -> {
            try (Answer answer = send(call, current, endpoint)) {
                return reader.apply(answer);
            }
        });
    }

    private static RawJson whole(Answer answer) {
        RawJson json = answer.json(Lenient::raw);
        RawJson error = JsonTree.members(json).get("error");
        if (error != null && !error.isNull()) {
            throw answer.error(error, answer.header("X-Generation-Id"), null);
        }
        return json;
    }

    private OpenRouterApi at(CallOptions options) {
        return options.baseUrl() == null ? api : transport.api(OpenRouterApi.class, options.baseUrl());
    }
}
