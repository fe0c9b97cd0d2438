package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.CallOptions;
import java.util.Map;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.HeaderMap;
import retrofit2.http.POST;
import retrofit2.http.QueryMap;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;
import retrofit2.http.Url;

/**
 * The endpoints that all have; a provider's interface extends this with its own. Bodies are read straight off the
 * connection, so all of them stream; the tag sets the clocks.
 */
public interface OpenAiApi {
    /** A chat completion, whole or streamed. */
    @Streaming
    @POST("chat/completions")
    Call<ResponseBody> chat(@Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Embeddings. */
    @Streaming
    @POST("embeddings")
    Call<ResponseBody> embeddings(
            @Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** What is below a path, such as {@code models}; with parameters. */
    @Streaming
    @GET
    Call<ResponseBody> get(
            @Tag CallOptions options,
            @HeaderMap Map<String, String> headers,
            @Url String path,
            @QueryMap Map<String, String> parameters);
}
