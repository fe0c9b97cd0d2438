package dev.portolan.transport.retrofit.openai;

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

/**
 * Sends calls to the endpoints of an API. Thread-safe.
 *
 * @param <A> the Retrofit interface that declares them
 */
public final class OpenAiClient<A extends OpenAiApi> {
    private final HttpTransport transport;
    private final Class<A> type;
    private final A api;

    /** Over this transport, which the caller closes. */
    public OpenAiClient(HttpTransport transport, Class<A> type) {
        this.transport = transport;
        this.type = type;
        this.api = transport.api(type);
    }

    /**
     * An endpoint that takes a body.
     *
     * @param <A> the interface that declares it
     */
    public interface Post<A> {
        /** The call of it. */
        Call<ResponseBody> call(A api, CallOptions options, Map<String, String> headers, RequestBody body);
    }

    /**
     * Sends a request, once, and waits until the answer begins.
     *
     * @return an answer with a status of 2xx; to be closed
     * @throws dev.portolan.api.error.PortolanException if there is no such answer
     */
    public Answer send(WireCall call, CallOptions options, Post<? super A> endpoint) {
        return send(call, new JsonBody(call.body()), options, endpoint);
    }

    /**
     * Sends a request whose body is not JSON, once, and waits until the answer begins.
     *
     * @param call the model and the headers; its body is not sent
     * @return an answer with a status of 2xx; to be closed
     * @throws dev.portolan.api.error.PortolanException if there is no such answer
     */
    public Answer send(WireCall call, RequestBody body, CallOptions options, Post<? super A> endpoint) {
        Map<String, String> headers = transport.headers(call.headers(), options);
        return transport.send(endpoint.call(at(options), options, headers, body), call.model(), options);
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
    public RawJson post(WireCall call, CallOptions options, Post<? super A> endpoint) {
        return read(call, options, endpoint, OpenAiClient::whole);
    }

    /** Sends a request, and reads the answer; again if that fails and can be repeated. */
    public <T> T read(WireCall call, CallOptions options, Post<? super A> endpoint, Function<Answer, T> reader) {
        return transport.retrying(options, current -> {
            try (Answer answer = send(call, current, endpoint)) {
                return reader.apply(answer);
            }
        });
    }

    private static RawJson whole(Answer answer) {
        RawJson json = answer.json(Lenient::raw);
        Map<String, RawJson> members = JsonTree.members(json);
        RawJson error = Lenient.error(members.get("error"));
        if (error != null) {
            throw answer.error(error, members, answer.header("X-Generation-Id"), null);
        }
        return json;
    }

    private A at(CallOptions options) {
        return options.baseUrl() == null ? api : transport.api(type, options.baseUrl());
    }
}
