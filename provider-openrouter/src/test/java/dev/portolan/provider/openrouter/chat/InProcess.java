package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.openai.OpenAiChat;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;

/** Decodes bytes as if they had come over a connection, each piece in a read of its own; for many tries. */
public final class InProcess {
    private static final HttpTransport TRANSPORT =
            new HttpTransport(HttpConfig.of("OpenRouter", URI.create("http://127.0.0.1:1/api/v1"), Map.of()));

    private static final WireCall CALL = ModelNames.callOf(ModelId.parse("openrouter/acme/large-1"));

    private InProcess() {}

    public static ChatStream stream(List<byte[]> pieces) {
        return OpenAiChat.streamed(answer("text/event-stream", pieces), CALL, OpenRouterDialect.INSTANCE);
    }

    public static ChatStream stream(byte[] bytes) {
        return stream(List.of(bytes));
    }

    public static ChatResponse complete(byte[] bytes) {
        try (Answer answer = answer("application/json", List.of(bytes))) {
            return OpenAiChat.whole(answer, CALL, OpenRouterDialect.INSTANCE).finish();
        }
    }

    public static Answer answer(String type, List<byte[]> pieces) {
        ResponseBody body = ResponseBody.create(Okio.buffer(new Pieces(pieces)), MediaType.get(type), -1);
        return TRANSPORT.send(new Answered(body), ModelId.parse("openrouter/acme/large-1"), CallOptions.DEFAULT);
    }

    private static final class Pieces implements Source {
        private final Iterator<byte[]> pieces;

        Pieces(List<byte[]> pieces) {
            this.pieces = pieces.iterator();
        }

        @Override
        public long read(Buffer sink, long byteCount) {
            if (!pieces.hasNext()) {
                return -1;
            }
            byte[] piece = pieces.next();
            sink.write(piece);
            return piece.length;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {}
    }

    private record Answered(ResponseBody body) implements Call<ResponseBody> {
        @Override
        public Response<ResponseBody> execute() {
            return Response.success(body);
        }

        @Override
        public void enqueue(Callback<ResponseBody> callback) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isExecuted() {
            return true;
        }

        @Override
        public void cancel() {}

        @Override
        public boolean isCanceled() {
            return false;
        }

        @Override
        public Call<ResponseBody> clone() {
            return this;
        }

        @Override
        public Request request() {
            return new Request.Builder().url("http://127.0.0.1:1/").build();
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }
    }
}
