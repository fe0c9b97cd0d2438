package dev.portolan.provider.openai;

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

/** The endpoints of OpenAI's API that are called, and that not all have. */
interface CompatibleApi extends OpenAiApi {
    /** Images from a description. */
    @Streaming
    @POST("images/generations")
    Call<ResponseBody> generateImages(
            @Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);

    /** Images from a description and other images. */
    @Streaming
    @POST("images/edits")
    Call<ResponseBody> editImages(
            @Tag CallOptions options, @HeaderMap Map<String, String> headers, @Body RequestBody body);
}
