package dev.portolan.benchmarks.stub;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The replies of the stub, head and body, made once before it listens. */
final class Replies {
    private static final int CHUNKS = 2_000;
    private static final int FRAGMENTS = 200;
    private static final int VECTORS = 64;
    private static final int DIMENSIONS = 1_536;
    private static final int IMAGE_BYTES = 4_500_000;

    private static final String[] WORDS = {
        " the", " harbour", " of", " Genoa", " lies", " under", " steep", " hills", ",", " and", " ships", " come",
                " in",
        " with", " the", " evening", " wind", ".", " A", " pilot", " knows", " each", " shoal", " by", " name", "."
    };

    private Replies() {}

    /** By the first segment of the path. */
    static Map<String, byte[]> all() {
        Map<String, byte[]> replies = new TreeMap<>();
        replies.put("blocking", whole(blocking()));
        replies.put("stream", stream(CHUNKS, Replies::text));
        replies.put("tools", stream(FRAGMENTS, Replies::fragment));
        replies.put("base64", whole(vectors(true)));
        replies.put("floats", whole(vectors(false)));
        replies.put("image", whole(image()));
        return replies;
    }

    static byte[] streamHead() {
        return ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
                + "X-Generation-Id: gen-1764086400-stub\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /** One event as a chunk of HTTP, as a server sends it that flushes each. */
    static byte[] event(String data) {
        byte[] text = ascii("data: " + data + "\n\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 8);
        out.writeBytes(ascii(Integer.toHexString(text.length) + "\r\n"));
        out.writeBytes(text);
        out.writeBytes(ascii("\r\n"));
        return out.toByteArray();
    }

    static byte[] streamEnd() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(event(chunk("{\"content\":\"\"}", "\"stop\"", "")));
        out.writeBytes(event(chunk("{\"content\":\"\"}", "null", ",\"usage\":" + usage(2_000))));
        out.writeBytes(event("[DONE]"));
        out.writeBytes(ascii("0\r\n\r\n"));
        return out.toByteArray();
    }

    static String text(int place) {
        return chunk("{\"role\":\"assistant\",\"content\":\"" + WORDS[place % WORDS.length] + "\"}", "null", "");
    }

    /** A piece of the text that tells when it was sent. */
    static String stamped(long nanos) {
        return chunk("{\"role\":\"assistant\",\"content\":\"@" + nanos + "\"}", "null", "");
    }

    private static String fragment(int place) {
        String call = place == 0
                ? "{\"index\":0,\"id\":\"call_4711\",\"type\":\"function\",\"function\":{\"name\":\"plan_voyage\",\"arguments\":\"\"}}"
                : "{\"index\":0,\"function\":{\"arguments\":\"" + argument(place) + "\"}}";
        return chunk("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call + "]}", "null", "");
    }

    /** All of them together are one JSON object. */
    private static String argument(int place) {
        if (place == 1) {
            return "{\\\"stops\\\":[";
        }
        return place == FRAGMENTS - 1 ? "\\\"Genoa\\\"]}" : "\\\"port" + place % 10 + "\\\",";
    }

    private static String chunk(String delta, String finishReason, String more) {
        return "{\"id\":\"gen-1764086400-stub\",\"provider\":\"OpenAI\",\"model\":\"openai/gpt-4o-mini\","
                + "\"object\":\"chat.completion.chunk\",\"created\":1764086400,\"choices\":[{\"index\":0,\"delta\":"
                + delta
                + ",\"finish_reason\":" + finishReason + ",\"native_finish_reason\":" + finishReason
                + ",\"logprobs\":null}]" + more + "}";
    }

    private static String usage(int completionTokens) {
        return "{\"prompt_tokens\":24,\"completion_tokens\":" + completionTokens + ",\"total_tokens\":"
                + (24 + completionTokens)
                + ",\"cost\":0.0012036,\"is_byok\":false,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                + "\"cost_details\":{\"upstream_inference_cost\":null},\"completion_tokens_details\":{\"reasoning_tokens\":0}}";
    }

    private interface Chunks {
        String at(int place);
    }

    private static byte[] stream(int count, Chunks chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(streamHead());
        for (int i = 0; i < count; i++) {
            if (i % 500 == 0) {
                byte[] comment = ascii(": OPENROUTER PROCESSING\n\n");
                out.writeBytes(ascii(Integer.toHexString(comment.length) + "\r\n"));
                out.writeBytes(comment);
                out.writeBytes(ascii("\r\n"));
            }
            out.writeBytes(event(chunks.at(i)));
        }
        out.writeBytes(streamEnd());
        return out.toByteArray();
    }

    private static String blocking() {
        StringBuilder answer = new StringBuilder();
        while (answer.length() < 1_000) {
            answer.append(WORDS[answer.length() % WORDS.length]);
        }
        return "{\"id\":\"gen-1764086400-stub\",\"provider\":\"OpenAI\",\"model\":\"openai/gpt-4o-mini\","
                + "\"object\":\"chat.completion\",\"created\":1764086400,\"choices\":[{\"logprobs\":null,\"finish_reason\":\"stop\","
                + "\"native_finish_reason\":\"stop\",\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                + answer
                + "\",\"refusal\":null,\"reasoning\":null}}],\"system_fingerprint\":\"fp_b8bc95a0ac\",\"usage\":"
                + usage(180) + "}";
    }

    private static String vectors(boolean base64) {
        Random random = new Random(7);
        StringBuilder json = new StringBuilder(2_000_000);
        json.append("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < VECTORS; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(i)
                    .append(",\"embedding\":");
            ByteBuffer bytes = ByteBuffer.allocate(DIMENSIONS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            StringBuilder numbers = new StringBuilder();
            for (int d = 0; d < DIMENSIONS; d++) {
                float value = (float) (random.nextGaussian() * 0.025);
                bytes.putFloat(value);
                numbers.append(d == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.9f", value));
            }
            if (base64) {
                json.append('"')
                        .append(Base64.getEncoder().encodeToString(bytes.array()))
                        .append('"');
            } else {
                json.append('[').append(numbers).append(']');
            }
            json.append('}');
        }
        return json.append(
                        "],\"model\":\"openai/text-embedding-3-small\",\"usage\":{\"prompt_tokens\":640,\"total_tokens\":640,"
                                + "\"cost\":0.0000128}}")
                .toString();
    }

    private static String image() {
        byte[] bytes = new byte[IMAGE_BYTES];
        new Random(11).nextBytes(bytes);
        byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        System.arraycopy(signature, 0, bytes, 0, signature.length);
        return "{\"created\":1764086400,\"data\":[{\"b64_json\":\""
                + Base64.getEncoder().encodeToString(bytes)
                + "\",\"media_type\":\"image/png\"}],\"usage\":{\"input_tokens\":20,\"output_tokens\":4160,\"prompt_tokens\":20,"
                + "\"completion_tokens\":4160,\"total_tokens\":4180,\"cost\":0.04}}";
    }

    private static byte[] whole(String json) {
        byte[] body = ascii(json);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 200);
        out.writeBytes(ascii(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Generation-Id: gen-1764086400-stub\r\nContent-Length: "
                        + body.length + "\r\n\r\n"));
        out.writeBytes(body);
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
