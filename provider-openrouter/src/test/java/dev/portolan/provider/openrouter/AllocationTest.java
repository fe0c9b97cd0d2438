package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the calling thread allocates stays below what docs/performance.md promises. How long things take is not tested. */
class AllocationTest {
    static {
        // Else the server waits 40 ms with the second packet of each answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final ChatRequest REQUEST = ChatRequest.builder("openrouter/openai/gpt-4o-mini")
            .user("Tell me about Genoa.")
            .build();
    private static final int CHUNKS = 2_000;
    private static final int FRAGMENTS = 200;
    private static final int VECTORS = 64;
    private static final int DIMENSIONS = 1_536;

    private HttpServer server;
    private Portolan portolan;
    private volatile String contentType = "application/json";
    private volatile byte[] reply = {};

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        server.start();
        portolan = Portolan.load(Settings.of(Map.of(
                "OPENROUTER_API_KEY",
                "none",
                "OPENROUTER_API_BASE",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
                "PORTOLAN_MAX_ATTEMPTS",
                "1")));
    }

    @AfterEach
    void stop() {
        portolan.close();
        server.stop(0);
    }

    @Test
    void a_whole_reply_takes_few_kilobytes_more_than_the_http_client_does() {
        reply = bytes(
                "{\"id\":\"gen-1\",\"provider\":\"OpenAI\",\"model\":\"openai/gpt-4o-mini\",\"object\":\"chat.completion\","
                        + "\"created\":1764086400,\"choices\":[{\"logprobs\":null,\"finish_reason\":\"stop\",\"native_finish_reason\":\"stop\","
                        + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + "harbour ".repeat(125)
                        + "\",\"refusal\":null,\"reasoning\":null}}],\"system_fingerprint\":\"fp_1\",\"usage\":"
                        + usage() + "}");

        assertStaysBelow(22_000, 500, () -> portolan.chat().complete(REQUEST));
    }

    @Test
    void a_chunk_takes_less_than_300_bytes() {
        contentType = "text/event-stream";
        reply = stream(CHUNKS, i -> "{\"role\":\"assistant\",\"content\":\" word\"}");

        assertStaysBelow(300 * CHUNKS, 10, this::readText);
    }

    @Test
    void a_tool_call_of_200_fragments_takes_less_than_120_kilobytes() {
        contentType = "text/event-stream";
        reply = stream(
                FRAGMENTS,
                i -> "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,"
                        + (i == 0
                                ? "\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"plan\",\"arguments\":\"{\\\"a\\\":[0\"}}"
                                : "\"function\":{\"arguments\":\"" + (i == FRAGMENTS - 1 ? "]}" : ",12345") + "\"}}")
                        + "]}");
        ChatRequest request = REQUEST.toBuilder()
                .tool(Tool.function("plan", "Plans", RawJson.parse("{\"type\":\"object\"}")))
                .build();

        assertStaysBelow(120_000, 100, () -> {
            try (ChatStream stream = portolan.chat().stream(request)) {
                assertThat(stream.response().toolCalls()).hasSize(1);
            }
        });
    }

    @Test
    void vectors_take_little_more_than_their_numbers_whether_base64_or_json() {
        Random random = new Random(7);
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (random.nextGaussian() * 0.025);
        }
        ByteBuffer buffer = ByteBuffer.allocate(DIMENSIONS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        String numbers = IntStream.range(0, DIMENSIONS)
                .mapToObj(i -> String.format(Locale.ROOT, "%.9f", vector[i]))
                .collect(Collectors.joining(",", "[", "]"));

        reply = vectors('"' + Base64.getEncoder().encodeToString(buffer.array()) + '"');
        assertStaysBelow(1_200_000, 5, this::embed);

        reply = vectors(numbers);
        assertStaysBelow(1_500_000, 5, this::embed);
    }

    @Test
    void an_image_takes_less_than_two_and_a_half_times_its_size() {
        byte[] image = new byte[4_500_000];
        new Random(11).nextBytes(image);
        reply = bytes("{\"created\":1764086400,\"data\":[{\"b64_json\":\""
                + Base64.getEncoder().encodeToString(image)
                + "\",\"media_type\":\"image/png\"}],\"usage\":{\"cost\":0.04}}");
        ImageRequest request = ImageRequest.builder("openrouter/openai/gpt-image-1")
                .prompt("a calm sea")
                .options(OpenRouterOptions.builder()
                        .imageRoute(ImageRoute.IMAGES)
                        .build())
                .build();

        assertStaysBelow(image.length * 5L / 2, 2, () -> portolan.images().generate(request));
    }

    private void readText() {
        try (ChatStream stream = portolan.chat().stream(REQUEST)) {
            int pieces = 0;
            for (ChatEvent event : stream) {
                pieces += event instanceof ChatEvent.TextDelta ? 1 : 0;
            }
            assertThat(pieces).isEqualTo(CHUNKS);
        }
    }

    private void embed() {
        List<String> texts =
                IntStream.range(0, VECTORS).mapToObj(i -> "text " + i).toList();
        assertThat(portolan.embeddings()
                        .embed(EmbeddingRequest.builder("openrouter/openai/text-embedding-3-small")
                                .texts(texts)
                                .build())
                        .embeddings())
                .hasSize(VECTORS);
    }

    /**
     * What is allocated while classes are loaded and code is compiled does not count, and that takes longer on some machines: so
     * what counts is the first round that is good enough.
     */
    private static void assertStaysBelow(long limit, int times, Runnable work) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 60 && least >= limit; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / times);
        }
        assertThat(least).as("bytes allocated each time").isLessThan(limit);
    }

    private static byte[] stream(int count, IntFunction<String> deltas) {
        StringBuilder text = new StringBuilder(": OPENROUTER PROCESSING\n\n");
        for (int i = 0; i < count; i++) {
            text.append("data: ").append(chunk(deltas.apply(i), "null", "")).append("\n\n");
        }
        text.append("data: ")
                .append(chunk("{\"content\":\"\"}", "\"stop\"", ""))
                .append("\n\n");
        text.append("data: ")
                .append(chunk("{\"content\":\"\"}", "null", ",\"usage\":" + usage()))
                .append("\n\n");
        return bytes(text.append("data: [DONE]\n\n").toString());
    }

    private static String chunk(String delta, String finishReason, String more) {
        return "{\"id\":\"gen-1\",\"provider\":\"OpenAI\",\"model\":\"openai/gpt-4o-mini\",\"object\":\"chat.completion.chunk\","
                + "\"created\":1764086400,\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":"
                + finishReason
                + ",\"native_finish_reason\":" + finishReason + ",\"logprobs\":null}]" + more + "}";
    }

    private static String usage() {
        return "{\"prompt_tokens\":24,\"completion_tokens\":180,\"total_tokens\":204,\"cost\":0.0001116,\"is_byok\":false,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"cost_details\":{\"upstream_inference_cost\":null},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}";
    }

    private static byte[] vectors(String one) {
        return bytes(
                IntStream.range(0, VECTORS)
                        .mapToObj(i -> "{\"object\":\"embedding\",\"index\":" + i + ",\"embedding\":" + one + "}")
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "{\"object\":\"list\",\"data\":[",
                                        "],\"model\":\"m\",\"usage\":{\"prompt_tokens\":640,\"total_tokens\":640,\"cost\":0.0000128}}")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
