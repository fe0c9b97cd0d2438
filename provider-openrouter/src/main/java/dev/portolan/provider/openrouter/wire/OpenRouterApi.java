package dev.portolan.provider.openrouter.wire;

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

/** The endpoints of OpenRouter's API. Bodies are read straight off the connection, so all of them stream; the tag sets the clocks. */
public interface OpenRouterApi {
    /** A chat completion, whole or streamed. */
    @Streaming
    @POST("chat/completions")
    Call<ResponseBody> chat(@Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Embeddings. */
    @Streaming
    @POST("embeddings")
    Call<ResponseBody> embeddings(
            @Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Images, whole or streamed. */
    @Streaming
    @POST("images")
    Call<ResponseBody> images(@Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Documents in the order of their relevance. */
    @Streaming
    @POST("rerank")
    Call<ResponseBody> rerank(@Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Speech; the answer is sound. */
    @Streaming
    @POST("audio/speech")
    Call<ResponseBody> speech(@Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Text from speech. */
    @Streaming
    @POST("audio/transcriptions")
    Call<ResponseBody> transcriptions(
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
