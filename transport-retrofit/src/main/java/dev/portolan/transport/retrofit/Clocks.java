package dev.portolan.transport.retrofit;

import dev.portolan.api.CallOptions;
import dev.portolan.api.Timeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Sets the clocks of a call: OkHttp has one for silence, which here is a longer one until the answer begins. */
record Clocks(Timeouts defaults) implements Interceptor {
    /** The clocks of a call with these options. */
    Timeouts of(@Nullable CallOptions options) {
        return options == null ? defaults : options.timeouts().or(defaults);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Timeouts clocks = of(chain.request().tag(CallOptions.class));
        Response answer = chain.withConnectTimeout(millis(clocks.connect()), TimeUnit.MILLISECONDS)
                .withReadTimeout(millis(clocks.firstByte()), TimeUnit.MILLISECONDS)
                .withWriteTimeout(millis(clocks.firstByte()), TimeUnit.MILLISECONDS)
                .proceed(chain.request());
        answer.body().source().timeout().timeout(millis(clocks.idle()), TimeUnit.MILLISECONDS);
        return answer;
    }

    /** Zero stands for no limit on both sides. */
    private static int millis(@Nullable Duration limit) {
        if (limit == null || limit.isZero()) {
            return 0;
        }
        return (int) Math.max(1, Math.min(TimeUnit.MILLISECONDS.convert(limit), Integer.MAX_VALUE));
    }
}
