package dev.portolan.provider.openrouter;

import java.util.Map;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.http.Body;
import retrofit2.http.HeaderMap;
import retrofit2.http.POST;
import retrofit2.http.Streaming;

/** The endpoints of OpenRouter's API. Bodies are read straight off the connection, so all of them stream. */
interface OpenRouterApi {
    @Streaming
    @POST("chat/completions")
    Call<ResponseBody> chat(@HeaderMap Map<String, String> headers, @Body RequestBody body);
}
