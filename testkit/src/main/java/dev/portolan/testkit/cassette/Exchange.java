package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.ClientLine;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Headers;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.GzipSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/**
 * One call to the provider. A thread of the HTTP client passes the bytes on as they arrive, while the thread that serves
 * the client watches whether the client is still there.
 */
final class Exchange implements Callback {
    private static final Duration LOOK_AROUND = Duration.ofMillis(5);
    private static final long CHUNK = 1 << 16;

    /**
     * What comes before the body.
     *
     * @param length of the body, -1 if it was not told
     */
    record Head(int status, Headers headers, long length, long at) {}

    private final ReceivedRequest request;
    private final Call call;
    private final Clock clock;
    private final Instant start;
    private final CompletableFuture<Head> head = new CompletableFuture<>();
    private final CompletableFuture<AnswerStream> client = new CompletableFuture<>();
    private final CompletableFuture<RecordedAnswer.End> end = new CompletableFuture<>();
    private final List<StreamReading.Arrival> arrivals = new ArrayList<>(); // read once the end is known
    private volatile long endedAt;
    private volatile boolean left;

    Exchange(ReceivedRequest request, Call call, Clock clock) {
        this.request = request;
        this.call = call;
        this.clock = clock;
        this.start = clock.instant();
    }

    /**
     * Waits for the head of the answer.
     *
     * @return the head, or null if the provider could not be reached
     * @throws IOException if the client left, or the connection to the provider broke
     */
    @Nullable Head head(ClientLine line) throws IOException {
        call.enqueue(this);
        watch(line, head);
        try {
            return head.join();
        } catch (RuntimeException failed) {
            if (isUnreachable(failed.getCause())) {
                return null;
            }
            line.disconnect();
            throw failed;
        }
    }

    /** Why there is no head. */
    String failure() {
        return head.handle((found, failure) -> failure == null ? "" : String.valueOf(failure.getMessage()))
                .join();
    }

    private static boolean isUnreachable(@Nullable Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof SocketTimeoutException
                || failure instanceof SSLException;
    }

    /** Waits for a step of the call, and gives the call up when the client leaves. */
    private void watch(ClientLine line, CompletableFuture<?> step) throws IOException {
        try {
            while (!step.isDone()) {
                line.pause(LOOK_AROUND);
            }
        } catch (IOException gone) {
            cancel();
            throw gone;
        }
    }

    Answer answer(Head found) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < found.headers().size(); i++) {
            headers.merge(found.headers().name(i), found.headers().value(i), (one, other) -> one + ", " + other);
        }
        headers.keySet().removeIf(name -> isOfConnection(name.toLowerCase(Locale.ROOT)));
        Long length = found.length() < 0 ? null : found.length();
        return new Answer(found.status(), headers, new Answer.Streamed(this::passOn, length));
    }

    private static boolean isOfConnection(String name) {
        return switch (name) {
            case "connection",
                    "keep-alive",
                    "proxy-connection",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "content-length" -> true;
            default -> false;
        };
    }

    private void passOn(AnswerStream stream) throws IOException {
        client.complete(stream);
        watch(stream, end);
        if (end.join() != RecordedAnswer.End.COMPLETE) {
            stream.disconnect();
        }
    }

    @Override
    public void onFailure(Call failed, IOException failure) {
        endedAt = now();
        head.completeExceptionally(failure);
        end.complete(left ? RecordedAnswer.End.CANCELLED : RecordedAnswer.End.CUT);
    }

    @Override
    public void onResponse(Call answered, Response response) {
        RecordedAnswer.End ended = RecordedAnswer.End.CUT;
        try (response) {
            Headers headers = response.headers();
            boolean gzip = "gzip".equalsIgnoreCase(headers.get("Content-Encoding"));
            if (gzip) { // though nobody asked for it
                headers = headers.newBuilder().removeAll("Content-Encoding").build();
            }
            long length = gzip ? -1 : response.body().contentLength();
            head.complete(new Head(response.code(), headers, length, now()));
            BufferedSource body = response.body().source();
            Source source = gzip ? Okio.buffer(new GzipSource(body)) : body;
            Buffer bytes = new Buffer();
            while (source.read(bytes, CHUNK) >= 0) {
                ByteString arrived = bytes.readByteString();
                arrivals.add(new StreamReading.Arrival(now(), arrived));
                send(client.get(10, TimeUnit.SECONDS), arrived); // who may leave before its answer begins
            }
            ended = RecordedAnswer.End.COMPLETE;
        } catch (IOException broken) {
            ended = RecordedAnswer.End.CUT;
        } catch (InterruptedException | ExecutionException | TimeoutException gone) {
            left = true;
        } finally {
            endedAt = now();
            end.complete(left ? RecordedAnswer.End.CANCELLED : ended);
        }
    }

    private void send(AnswerStream stream, ByteString bytes) throws IOException {
        try {
            stream.send(bytes.toByteArray());
        } catch (IOException gone) {
            left = true;
            throw gone;
        }
    }

    private long now() {
        return Math.max(0, Duration.between(start, clock.instant()).toMillis());
    }

    /** Ends the call if it has not ended. */
    void cancel() {
        if (!end.isDone()) {
            left = true;
            call.cancel();
            client.cancel(false);
        }
    }

    /** What there is to write down, once the call has ended; null if the provider was never reached. */
    @Nullable Interaction interaction(Scrubber scrubber, KeptHeaders kept) {
        RecordedAnswer.End how = end.join();
        RecordedRequest asked = RecordedRequest.of(request, scrubber, kept.ofRequests());
        if (head.isCompletedExceptionally()) {
            Throwable failure = head.handle((found, thrown) -> thrown).join();
            return how == RecordedAnswer.End.CUT && isUnreachable(failure)
                    ? null
                    : new Interaction(
                            asked, new RecordedAnswer(null, endedAt, endedAt, Map.of(), new Body.None(), how));
        }
        Head found = Objects.requireNonNull(head.join());
        String contentType = Objects.requireNonNullElse(found.headers().get("Content-Type"), "");
        StreamKind kind = StreamKind.of(contentType);
        Buffer all = new Buffer();
        arrivals.forEach(arrival -> all.write(arrival.bytes()));
        boolean whole =
                all.size() == found.length() || request.request().method().equals("HEAD");
        Body body = kind == null || all.size() == 0
                ? Body.ofAnswer(all.readByteString(), contentType, scrubber)
                : StreamReading.of(kind, arrivals, scrubber);
        if (how == RecordedAnswer.End.CANCELLED && (whole || endsWithDone(body))) {
            how = RecordedAnswer.End.COMPLETE;
        }
        return new Interaction(
                asked,
                new RecordedAnswer(
                        found.status(),
                        found.at(),
                        Math.max(found.at(), endedAt),
                        kept.ofAnswer(found.headers(), scrubber),
                        body,
                        how));
    }

    /** Many clients hang up at this mark, without waiting for the end of the body. */
    private static boolean endsWithDone(Body body) {
        if (!(body instanceof Body.Stream stream) || stream.pieces().isEmpty()) {
            return false;
        }
        StreamPiece last = stream.pieces().get(stream.pieces().size() - 1);
        return last.content() instanceof StreamPiece.Event event && event.data().equals("[DONE]");
    }
}
