package dev.portolan.benchmarks.okhttp;

import dev.portolan.benchmarks.harness.Contender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/** The floor: OkHttp that reads text, line by line where it is a stream, and understands none of it. */
public final class BareOkHttp implements Contender {
    private static final MediaType JSON = MediaType.get("application/json");

    /** Found by name. */
    public BareOkHttp() {}

    @Override
    public String name() {
        return "OkHttp";
    }

    @Override
    public Client open(String baseUrl) {
        return new BareClient(baseUrl);
    }

    private static final class BareClient implements Client {
        private final OkHttpClient http =
                new OkHttpClient.Builder().readTimeout(5, TimeUnit.MINUTES).build();
        private final String baseUrl;

        BareClient(String baseUrl) {
            this.baseUrl = baseUrl;
        }

        @Override
        public int complete() {
            return whole("/chat/completions", chat(false));
        }

        @Override
        public int stream() {
            return lines(line -> {});
        }

        @Override
        public int toolCall() {
            return lines(line -> {});
        }

        @Override
        public int embed(boolean base64) {
            StringBuilder body = new StringBuilder("{\"model\":\"openai/text-embedding-3-small\",\"input\":[");
            for (int i = 0; i < 64; i++) {
                body.append(i == 0 ? "" : ",")
                        .append("\"The ship number ")
                        .append(i)
                        .append(" sails at noon.\"");
            }
            return whole("/embeddings", body.append("]}").toString());
        }

        @Override
        public int draw() {
            return whole("/images", "{\"model\":\"openai/gpt-image-1\",\"prompt\":\"a calm sea\"}");
        }

        @Override
        public void drip(Pieces pieces) {
            lines(line -> {
                int at = line.indexOf("\"content\":\"@");
                if (at >= 0) {
                    pieces.piece(line.substring(at + 11, line.indexOf('"', at + 11)));
                }
            });
        }

        private static String chat(boolean stream) {
            return "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me about Genoa.\"}]"
                    + (stream ? ",\"stream\":true}" : "}");
        }

        private Response send(String path, String body) throws IOException {
            Request request = new Request.Builder()
                    .url(baseUrl + path)
                    .header("Authorization", "Bearer none")
                    .post(RequestBody.create(body, JSON))
                    .build();
            return http.newCall(request).execute();
        }

        private int whole(String path, String body) {
            try (Response response = send(path, body)) {
                return response.body().string().length();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private int lines(Pieces pieces) {
            int characters = 0;
            try (Response response = send("/chat/completions", chat(true))) {
                BufferedSource source = response.body().source();
                for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
                    characters += line.length();
                    pieces.piece(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return characters;
        }

        @Override
        public void close() {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }
}
