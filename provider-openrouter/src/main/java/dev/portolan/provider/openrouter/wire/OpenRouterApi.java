package dev.portolan.provider.openrouter.wire;

import dev.portolan.api.CallOptions;
import dev.portolan.transport.retrofit.openai.OpenAiApi;
import java.util.Map;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.HeaderMap;
import retrofit2.http.POST;
import retrofit2.http.Streaming;
import retrofit2.http.Tag;

/** The endpoints of OpenRouter's API: OpenAI's, and its own. */
public interface OpenRouterApi extends OpenAiApi {
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
}
