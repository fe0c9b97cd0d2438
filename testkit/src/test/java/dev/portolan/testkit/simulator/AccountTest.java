package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-08-22T05:13:20.123456Z"), ZoneOffset.UTC);

    private static JsonObject generation(Wire wire, String id) throws Exception {
        Wire.Reply reply = wire.get("/generation?id=" + id);
        assertThat(reply.status()).isEqualTo(200);
        return reply.data();
    }

    @Test
    void a_generation_tells_what_its_answer_told() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().clock(CLOCK).start()) {
            Wire wire = new Wire(simulator);
            Wire.Reply reply = wire.chat(
                    askModel("openrouter/auto", "Hi", "\"user\":\"u-1\"", "\"session_id\":\"s-1\""),
                    "HTTP-Referer",
                    "https://app.example/");

            JsonObject data = generation(wire, reply.header("X-Generation-Id"));
            assertThat(data.string("id")).isEqualTo(reply.json().string("id"));
            assertThat(data.string("api_type")).isEqualTo("completions");
            assertThat(data.string("model")).isEqualTo("openai/gpt-4o-mini");
            assertThat(data.string("router")).isEqualTo("openrouter/auto");
            assertThat(data.string("provider_name")).isEqualTo("OpenAI");
            assertThat(data.string("created_at")).isEqualTo("2026-08-22T05:13:20.123456+00:00");
            assertThat(data.number("total_cost"))
                    .isEqualByComparingTo(reply.usage().number("cost"));
            assertThat(data.number("usage")).isEqualByComparingTo(data.number("total_cost"));
            assertThat(data.number("tokens_prompt"))
                    .isEqualByComparingTo(reply.usage().number("prompt_tokens"));
            assertThat(data.number("native_tokens_completion"))
                    .isEqualByComparingTo(reply.usage().number("completion_tokens"));
            assertThat(data.string("finish_reason")).isEqualTo("stop");
            assertThat(data.isFalse("streamed")).isTrue();
            assertThat(data.isFalse("cancelled")).isTrue();
            assertThat(data.number("latency")).isPositive();
            assertThat(data.number("generation_time")).isPositive();
            assertThat(data.string("origin")).isEqualTo("https://app.example/");
            assertThat(data.string("external_user")).isEqualTo("u-1");
            assertThat(data.string("session_id")).isEqualTo("s-1");
            assertThat(data.array("provider_responses").objects()).hasSize(1);
        }
    }

    @Test
    void every_endpoint_that_runs_a_model_leaves_a_generation() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            assertThat(generation(wire, idOf(wire.chat(Wire.streaming(ask("Hi")))))
                            .isTrue("streamed"))
                    .isTrue();
            assertType(
                    wire, "/embeddings", "embeddings", "\"model\":\"openai/text-embedding-3-small\",\"input\":\"a\"");
            assertType(wire, "/images", "image", "\"model\":\"google/gemini-2.5-flash-image\",\"prompt\":\"a\"");
            assertType(
                    wire,
                    "/rerank",
                    "rerank",
                    "\"model\":\"cohere/rerank-v3.5\",\"query\":\"a\",\"documents\":[\"a\"]");
            assertType(wire, "/audio/speech", "tts", "\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"a\"");
            assertType(
                    wire,
                    "/audio/transcriptions",
                    "stt",
                    "\"model\":\"openai/gpt-4o-mini-transcribe\",\"input_audio\":{\"data\":\"AAAA\",\"format\":\"mp3\"}");
            assertThat(simulator.bill().entries()).hasSize(6);
        }
    }

    private static String idOf(Wire.Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.header("X-Generation-Id");
    }

    private static void assertType(Wire wire, String path, String type, String fields) throws Exception {
        assertThat(generation(wire, idOf(wire.post(path, "{" + fields + "}"))).string("api_type"))
                .isEqualTo(type);
    }

    @Test
    void an_answer_from_the_cache_names_its_source_and_costs_nothing() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            String source = idOf(wire.chat(ask("Hi"), "X-OpenRouter-Cache", "true"));
            JsonObject replay = generation(wire, idOf(wire.chat(ask("Hi"), "X-OpenRouter-Cache", "true")));

            assertThat(replay.string("response_cache_source_id")).isEqualTo(source);
            assertThat(replay.number("total_cost")).isZero();
        }
    }

    @Test
    void a_stream_that_was_left_is_cancelled_and_costs_what_the_bill_says() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            Wire wire = new Wire(simulator);
            try (InputStream body = wire.open(ask("Why is the sky blue?")).body()) {
                Wire.readUntil(body, "data: ");
            }
            assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10)))
                    .isTrue();

            BillEntry entry = simulator.bill().entries().get(0);
            JsonObject data = generation(wire, entry.generationId());
            assertThat(data.isTrue("cancelled")).isTrue();
            assertThat(data.number("total_cost")).isEqualByComparingTo(entry.cost());
        }
    }

    @Test
    void what_there_is_none_of_is_not_found() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            Wire.Reply unknown = wire.get("/generation?id=gen-none");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.error().number("code")).isEqualByComparingTo("404");
            assertThat(wire.get("/generation").status()).isEqualTo(400);
        }
    }

    @Test
    void a_generation_may_appear_late() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().generationShownAtAsk(3).start()) {
            Wire wire = new Wire(simulator);
            String id = idOf(wire.chat(ask("Hi")));

            assertThat(wire.get("/generation?id=" + id).status()).isEqualTo(404);
            assertThat(wire.get("/generation?id=" + id).status()).isEqualTo(404);
            assertThat(wire.get("/generation?id=" + id).status()).isEqualTo(200);
            assertThat(wire.get("/generation?id=" + id).status()).isEqualTo(200);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenRouterSimulator.builder().generationShownAtAsk(0));
    }

    @Test
    void credits_are_shown_to_management_keys_only() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire.Reply refused = new Wire(simulator).get("/credits");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.error().string("message")).isEqualTo("Only management keys can perform this operation");
        }
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().managementKey().start()) {
            Wire wire = new Wire(simulator);
            wire.chat(ask("Hi"));

            JsonObject credits = wire.get("/credits").data();
            assertThat(credits.number("total_credits")).isEqualByComparingTo("100");
            assertThat(credits.number("total_usage"))
                    .isEqualByComparingTo(simulator.bill().total());
            assertThat(wire.get("/key").data().isTrue("is_management_key")).isTrue();
        }
    }

    @Test
    void the_key_tells_its_usage_by_day_week_and_month() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-07-31T12:00:00Z"));
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
        try (OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                .apiKey("sk-or-v1-0123456789abcdef")
                .clock(clock)
                .start()) {
            Wire wire = new Wire(simulator);
            wire.chat(ask("Hi"));
            now.set(Instant.parse("2026-08-01T12:00:00Z")); // a Saturday, in the same week
            wire.chat(ask("Hi"));
            now.set(Instant.parse("2026-08-02T12:00:00Z"));

            JsonObject key = wire.get("/key").data();
            assertThat(key.string("label")).isEqualTo("sk-or-v1-012...def");
            assertThat(key.get("limit")).isNull();
            assertThat(key.number("usage"))
                    .isEqualByComparingTo(simulator.bill().total());
            assertThat(key.number("usage_daily")).isZero();
            assertThat(key.number("usage_weekly")).isEqualByComparingTo(key.number("usage"));
            assertThat(key.number("usage_monthly"))
                    .isEqualByComparingTo(simulator.bill().entries().get(1).cost());
            assertThat(key.isFalse("is_management_key")).isTrue();
        }
    }

    @Test
    void the_account_needs_a_key() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().apiKey("sk-right").start()) {
            Wire wire = new Wire(simulator);
            for (String path : new String[] {"/key", "/credits", "/generation?id=x", "/models/user"}) {
                assertThat(wire.send(HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                                        .build())
                                .status())
                        .isEqualTo(401);
            }
        }
    }
}
