package dev.portolan.testkit.simulator.fault;

import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import okio.ByteString;

/** Answers that are no answers. */
public final class FaultyAnswers {
    private static final int BLOCK = 1 << 14;

    private FaultyAnswers() {}

    public static Answer text(int status, String contentType, String body) {
        return whole(status, contentType, ByteString.encodeUtf8(body));
    }

    private static Answer whole(int status, String contentType, ByteString bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", contentType);
        return new Answer(status, headers, new Answer.Whole(bytes));
    }

    private static String type(SimulatorRequest request) {
        return request.streaming() ? "text/event-stream" : "application/json";
    }

    public static Answer edgePage(int status) {
        return text(
                        status,
                        "text/html; charset=UTF-8",
                        "<!DOCTYPE html>\n<html><head><title>openrouter.ai | " + status + ": "
                                + StandardErrors.message(status) + "</title></head>\n<body><h1>Error " + status
                                + "</h1><p>Cloudflare Ray ID: 0000000000000000</p></body></html>\n")
                .header("Server", "cloudflare")
                .header("CF-RAY", "0000000000000000-SIM");
    }

    public static Answer errorInOk(int status) {
        JsonObject error = new JsonObject().put("code", status).put("message", StandardErrors.message(status));
        return Answer.json(200, new JsonObject().put("error", error));
    }

    /** The same bytes each time. */
    public static Answer garbage(int count, SimulatorRequest request) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return whole(200, type(request), ByteString.of(bytes));
    }

    public static Answer deepJson(int depth, SimulatorRequest request) {
        String json = "{\"choices\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        String body = request.streaming() ? "data: " + json + "\n\n" + Bodies.DONE : json;
        return text(200, type(request), body);
    }

    /** One JSON string or one event, sent in blocks so that it need not fit into the memory. */
    public static Answer bigBody(long bytes, SimulatorRequest request) {
        byte[] head = Bodies.bytes((request.streaming() ? "data: " : "") + "{\"padding\":\"");
        byte[] tail = Bodies.bytes(request.streaming() ? "\"}\n\n" : "\"}");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type(request));
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) 'x');
        return new Answer(200, headers, new Answer.Streamed(stream -> {
            stream.send(head);
            long left = bytes - head.length - tail.length;
            while (left > 0) {
                stream.send(left >= BLOCK ? block : Arrays.copyOf(block, (int) left));
                left -= BLOCK;
            }
            stream.send(tail);
        }));
    }
}
