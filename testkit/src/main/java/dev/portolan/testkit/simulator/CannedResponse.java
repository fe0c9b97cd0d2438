package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.ByteString;

/**
 * An exact answer for {@link OpenRouterSimulator#enqueue}. Immutable and thread-safe: each method returns a new value.
 *
 * <pre>{@code
 * simulator.enqueue(CannedResponse.json(429, "{\"error\":{\"code\":429,\"message\":\"slow down\"}}")
 *         .header("Retry-After", "2"));
 * simulator.enqueue(CannedResponse.sse(": OPENROUTER PROCESSING\n\n").thenDisconnect());
 * }</pre>
 *
 * <p>A whole answer goes out with a {@code Content-Length}. An event stream, an answer in pieces and one that ends
 * badly go out in HTTP chunks.
 */
public final class CannedResponse {
    private final int status;
    private final Map<String, String> headers;
    private final List<byte[]> pieces;
    private final boolean chunked;
    private final Ending ending;

    private CannedResponse(
            int status, Map<String, String> headers, List<byte[]> pieces, boolean chunked, Ending ending) {
        this.status = status;
        this.headers = headers;
        this.pieces = pieces;
        this.chunked = chunked;
        this.ending = ending;
    }

    /**
     * A JSON answer. The body is sent as it is, valid JSON or not.
     *
     * @param status the HTTP status, 200 to 599
     * @param body the body
     * @return the answer
     * @throws IllegalArgumentException if the status is out of range
     */
    public static CannedResponse json(int status, String body) {
        return of(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An answer of any type, such as the HTML page of a gateway (OpenRouter reference: errors §1 G).
     *
     * @param status the HTTP status, 200 to 599
     * @param contentType the value of {@code Content-Type}
     * @param body the bytes
     * @return the answer
     * @throws IllegalArgumentException if the status is out of range, or the type is not one line
     */
    public static CannedResponse of(int status, String contentType, byte[] body) {
        Answer.checkHeader("Content-Type", contentType);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599 but is " + status);
        }
        return new CannedResponse(
                status, Map.of("Content-Type", contentType), List.of(body.clone()), false, Ending.COMPLETE);
    }

    /**
     * An event stream with status 200, sent as it is, in one piece.
     *
     * @param bytes the raw stream: comments, {@code data:} lines, {@code data: [DONE]}
     * @return the answer
     */
    public static CannedResponse sse(byte[] bytes) {
        return new CannedResponse(
                200, Map.of("Content-Type", "text/event-stream"), List.of(bytes.clone()), true, Ending.COMPLETE);
    }

    /**
     * An event stream with status 200, sent as it is, in one piece.
     *
     * @param text the raw stream; sent as UTF-8
     * @return the answer
     */
    public static CannedResponse sse(String text) {
        return sse(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sets a header.
     *
     * @param name the name; an earlier value of the same spelling is replaced
     * @param value the value; what is not ASCII goes out as UTF-8
     * @return a new answer
     * @throws IllegalArgumentException if the name is none, or the value is not one line
     */
    public CannedResponse header(String name, String value) {
        Answer.checkHeader(name, value);
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CannedResponse(status, more, pieces, chunked, ending);
    }

    /**
     * Cuts the body at the given offsets and flushes it piece by piece, one HTTP chunk for each. How many pieces the
     * client sees in one read is up to the network.
     *
     * @param offsets byte offsets into the body, rising, each more than 0 and less than the length
     * @return a new answer
     * @throws IllegalArgumentException if an offset is out of range or not greater than the one before
     */
    public CannedResponse chunkedAt(int... offsets) {
        byte[] body = body();
        List<byte[]> cut = new ArrayList<>();
        int from = 0;
        for (int offset : offsets) {
            if (offset <= from || offset >= body.length) {
                throw new IllegalArgumentException(
                        "offset " + offset + " must lie between " + from + " and the body's length " + body.length);
            }
            cut.add(Arrays.copyOfRange(body, from, offset));
            from = offset;
        }
        cut.add(Arrays.copyOfRange(body, from, body.length));
        return pieces(cut);
    }

    /**
     * Replaces the body by pieces that are flushed one by one, one HTTP chunk for each. Empty pieces are left out.
     *
     * @param pieces the body's pieces
     * @return a new answer
     */
    public CannedResponse pieces(List<byte[]> pieces) {
        List<byte[]> copies = pieces.stream().map(byte[]::clone).toList();
        return new CannedResponse(status, headers, copies, true, ending);
    }

    /**
     * Closes the connection after the bytes, without the final chunk: the client finds the answer cut short.
     *
     * @return a new answer
     */
    public CannedResponse thenDisconnect() {
        return new CannedResponse(status, headers, pieces, true, Ending.DISCONNECT);
    }

    /**
     * Resets the connection after the bytes. The client may lose bytes that were sent before.
     *
     * @return a new answer
     */
    public CannedResponse thenReset() {
        return new CannedResponse(status, headers, pieces, true, Ending.RESET);
    }

    /**
     * Falls silent after the bytes: the connection stays open, and nothing comes any more, until the client hangs up
     * (which counts as a cancelled stream) or the simulator closes.
     *
     * @return a new answer
     */
    public CannedResponse thenStall() {
        return new CannedResponse(status, headers, pieces, true, Ending.STALL);
    }

    Answer answer() {
        Answer.Body body = chunked ? new Answer.Streamed(this::writeTo) : new Answer.Whole(ByteString.of(body()));
        return new Answer(status, headers, body);
    }

    private void writeTo(AnswerStream stream) throws IOException {
        for (byte[] piece : pieces) {
            stream.send(piece);
        }
        ending.of(stream);
    }

    private byte[] body() {
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        byte[] body = new byte[length];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, body, at, piece.length);
            at += piece.length;
        }
        return body;
    }

    /** Names the status and the size only: the body may hold anything. */
    @Override
    public String toString() {
        return "CannedResponse[status=" + status + ", bytes=" + body().length + ", ending=" + ending + "]";
    }
}
