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
        Call<ResponseBody> call(OpenRouterApi api, Map<String, String> headers, RequestBody body);
    }

    /**
     * Sends a request and waits until the answer begins.
     *
     * @return an answer with a status of 2xx; to be closed
     * @throws dev.portolan.api.error.PortolanException if there is no such answer
     */
    public Answer send(WireCall call, CallOptions options, Post endpoint) {
        return transport.send(
                endpoint.call(at(options), transport.headers(call.headers(), options), new JsonBody(call.body())),
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
        Call<ResponseBody> call = at(options).get(transport.headers(Map.of(), options), path, parameters);
        try (Answer answer = transport.send(call, about, options)) {
            return whole(answer);
        }
    }

    /**
     * Sends a request, and reads the answer whole.
     *
     * @return a JSON object
     * @throws dev.portolan.api.error.PortolanException if there is none, or it is an error
     */
    public RawJson post(WireCall call, CallOptions options, Post endpoint) {
        try (Answer answer = send(call, options, endpoint)) {
            return whole(answer);
        }
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
