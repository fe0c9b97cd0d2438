package dev.portolan.transport.retrofit;

import java.io.IOException;
import okhttp3.Interceptor.Chain;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;

/**
 * Keeps OkHttp from sending a request again by itself: it would follow redirects, with the caller's headers, and repeat
 * after 408 and 503, and each answer may be charged. It has no switch for all of that and decides by the status; so the
 * status is changed where the answer comes in and put right where it leaves.
 */
final class Resending {
    private static final int HIDDEN = 1000;
    private static final long MAX_ERROR_BYTES = 1L << 20;

    private Resending() {}

    /** Next to the network. */
    static Response hide(Chain chain) throws IOException {
        Response answer = chain.proceed(chain.request());
        return answer.code() < 300
                ? answer
                : answer.newBuilder().code(answer.code() + HIDDEN).build();
    }

    /** Next to the caller. Reads the body of an error here, as Retrofit would read all of it and fail if it is cut off. */
    static Response show(Chain chain) throws IOException {
        Response answer = chain.proceed(chain.request());
        return answer.code() < HIDDEN
                ? answer
                : answer.newBuilder()
                        .code(answer.code() - HIDDEN)
                        .body(start(answer.body()))
                        .build();
    }

    private static ResponseBody start(ResponseBody body) {
        Buffer start = new Buffer();
        try (body) {
            while (start.size() <= MAX_ERROR_BYTES && body.source().read(start, 8192) != -1) {
                // reads on
            }
        } catch (IOException cutOff) {
            start.clear();
        }
        return ResponseBody.create(start, body.contentType(), start.size());
    }
}
