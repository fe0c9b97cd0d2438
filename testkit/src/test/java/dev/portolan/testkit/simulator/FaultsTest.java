package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    /** Nothing ends the stalls by itself, so that it does not matter how long a slow machine takes to notice. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String SKY = ask("Why is the sky blue?");

    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    // ---- which requests

    @Test
    void the_first_requests_get_the_rate_limit_and_cost_nothing() throws Exception {
        simulator.faults().next(2, Fault.rateLimited(Duration.ofMillis(1_500)));

        for (int i = 0; i < 2; i++) {
            Wire.Reply refused = wire.chat(SKY);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo("2");
            assertThat(refused.error().number("code")).isEqualTo(new BigDecimal(429));
            assertThat(Objects.requireNonNull(refused.error().object("metadata"))
                            .string("error_type"))
                    .isEqualTo("rate_limit_exceeded");
        }
        assertThat(simulator.bill().entries()).isEmpty();
        assertThat(wire.chat(SKY).status()).isEqualTo(200);
        assertThat(simulator.faults().applied()).hasSize(2).allSatisfy(applied -> {
            assertThat(applied.generationId()).isEmpty();
            assertThat(applied.request().apiPath()).isEqualTo("/chat/completions");
        });
        assertThat(simulator.faults().scripted()).isEmpty();
    }

    @Test
    void faults_are_aimed_by_path_model_and_kind_of_answer() throws Exception {
        simulator.faults().on("/models/{author}/{slug}/endpoints").next(Fault.status(500));
        simulator.faults().on(SimulatorRequest::streaming).next(Fault.status(502));
        simulator
                .faults()
                .on("/chat/completions")
                .on(request -> request.model().orElse("").startsWith("x-ai/"))
                .next(Fault.status(503));

        assertThat(wire.chat(SKY).status()).isEqualTo(200);
        assertThat(wire.chat(askModel("x-ai/grok-4-fast", "Hi")).status()).isEqualTo(503);
        assertThat(wire.streamText(SKY).status()).isEqualTo(502);
        assertThat(wire.get("/models/openai/gpt-4o-mini/endpoints").status()).isEqualTo(500);
        assertThat(wire.get("/models").status()).isEqualTo(200);
    }

    @Test
    void a_standing_fault_joins_the_next_one_until_all_are_cleared() throws Exception {
        simulator.faults().always(Fault.header("X-Always", "yes")).next(Fault.status(503));

        Wire.Reply refused = wire.chat(SKY);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("X-Always")).isEqualTo("yes");
        assertThat(wire.chat(SKY).header("X-Always")).isEqualTo("yes");
        simulator.faults().next(9, Fault.status(400)).clear();
        assertThat(wire.chat(SKY).header("X-Always")).isEmpty();
        assertThat(simulator.faults().applied())
                .extracting(applied -> applied.fault().toString())
                .containsExactly("status 503 + header X-Always value=yes", "header X-Always value=yes");
    }

    @Test
    void the_same_seed_makes_the_same_requests_fail() throws Exception {
        List<Integer> first = seededStatuses();
        List<Integer> second = seededStatuses();

        assertThat(second).isEqualTo(first);
        assertThat(first).contains(200, 500, 502);
        assertThat(first.stream().filter(status -> status == 200).count()).isBetween(15L, 35L);
    }

    private static List<Integer> seededStatuses() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            simulator.faults().seeded(42, 0.4, Fault.status(500), Fault.status(502));
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                statuses.add(new Wire(simulator).chat(ask("Hi")).status());
            }
            return statuses;
        }
    }

    @Test
    void a_canned_answer_uses_up_no_fault() throws Exception {
        simulator.enqueue(CannedResponse.json(200, "{}")).faults().next(Fault.status(503));

        assertThat(wire.chat(SKY).body()).isEqualTo("{}");
        assertThat(wire.chat(SKY).status()).isEqualTo(503);
    }

    // ---- instead of an answer

    @Test
    void a_model_that_cannot_be_had_is_refused_in_the_availability_form() throws Exception {
        simulator
                .faults()
                .next(Fault.unavailable(Unavailability.of("capacity_exhausted")
                        .retryAfter(Duration.ofSeconds(3))
                        .fallbackModels("a/b", "c/d")))
                .next(Fault.parse("unavailable no_endpoints retryable=true"));

        Wire.Reply full = wire.chat(SKY);
        assertThat(full.status()).isEqualTo(429);
        assertThat(full.header("Retry-After")).isEqualTo("3");
        assertThat(full.error().has("code")).isFalse();
        assertThat(full.availability().isTrue("retryable")).isTrue();
        assertThat(full.availability().number("retry_after")).isEqualTo(new BigDecimal(3));
        assertThat(full.availability().array("fallback_models").strings()).containsExactly("a/b", "c/d");
        assertThat(full.availability().array("requested_models").strings()).containsExactly("openai/gpt-4o-mini");
        Wire.Reply none = wire.chat(SKY);
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.availability().isTrue("retryable")).isTrue();
    }

    @Test
    void answers_that_are_no_answers_come_as_scripted() throws Exception {
        simulator
                .faults()
                .next(Fault.edgePage(520))
                .next(Fault.empty(200))
                .next(Fault.errorInOk(429))
                .next(Fault.garbage(50))
                .next(Fault.redirect("http://127.0.0.1:9/"))
                .next(Fault.deepJson(3))
                .next(Fault.bigBody(50_000))
                .next(Fault.answer(418, "text/plain", "tea"));

        Wire.Reply page = wire.chat(SKY);
        assertThat(page.status()).isEqualTo(520);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("Cloudflare");
        assertThat(wire.chat(SKY).body()).isEmpty();
        Wire.Reply hidden = wire.chat(SKY);
        assertThat(hidden.status()).isEqualTo(200);
        assertThat(hidden.error().number("code")).isEqualTo(new BigDecimal(429));
        assertThat(wire.bytes(wire.chatRequest(SKY)).body()).hasSize(50);
        Wire.Reply moved = wire.chat(SKY);
        assertThat(moved.status()).isEqualTo(307);
        assertThat(moved.header("Location")).isEqualTo("http://127.0.0.1:9/");
        assertThat(wire.streamText(SKY).body()).isEqualTo("data: {\"choices\":[[[]]]}\n\ndata: [DONE]\n\n");
        Wire.Reply big = wire.chat(SKY);
        assertThat(big.json().string("padding")).isNotEmpty();
        assertThat(big.body()).hasSize(50_000);
        assertThat(wire.chat(SKY).body()).isEqualTo("tea");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    // ---- errors after the beginning

    @ParameterizedTest
    @EnumSource
    void a_stream_that_ends_with_an_error_of_any_shape_costs_nothing(ErrorShape shape) throws Exception {
        simulator.faults().next(Fault.errorEvent(shape, 429, 3));

        AssembledStream stream = wire.stream(SKY);

        JsonObject last = stream.chunks.get(stream.chunks.size() - 1);
        assertThat(stream.chunks).hasSize(4);
        assertThat(stream.done).isFalse();
        assertThat(stream.content.toString()).isEqualTo("The sky");
        assertThat(last.has("choices")).isEqualTo(shape != ErrorShape.BARE);
        assertThat(stream.finishReason).isEqualTo(shape == ErrorShape.BARE ? "" : "error");
        assertThat(last.has("error")).isEqualTo(shape != ErrorShape.CHOICE && shape != ErrorShape.FINISH_REASON);
        assertThat(last.array("choices").objects().stream().anyMatch(choice -> choice.has("error")))
                .isEqualTo(shape == ErrorShape.CHOICE);
        assertThat(simulator.bill().entries()).isEmpty();
        JsonObject generation = generation(simulator.faults().applied().get(0));
        assertThat(generation.string("finish_reason")).isEqualTo("error");
        assertThat(generation.number("total_cost")).isZero();
        assertThat(generation.number("tokens_completion")).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void a_blocking_answer_carries_the_same_error_with_status_200_and_costs_nothing(ErrorShape shape) throws Exception {
        simulator.faults().next(Fault.errorEvent(shape, 500, 3));

        Wire.Reply reply = wire.chat(SKY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().has("usage")).isFalse();
        if (shape != ErrorShape.BARE) {
            assertThat(reply.choice().string("finish_reason")).isEqualTo("error");
            assertThat(reply.content()).startsWith("The sky is blue").doesNotEndWith("part of the sky.");
        }
        assertThat(reply.json().has("error"))
                .isEqualTo(shape != ErrorShape.CHOICE && shape != ErrorShape.FINISH_REASON);
        assertThat(reply.body()).doesNotContain("provider_code");
        assertThat(simulator.bill().entries()).isEmpty();
        assertThat(generation(simulator.faults().applied().get(0)).number("total_cost"))
                .isZero();
    }

    @Test
    void a_stream_of_images_fails_in_its_own_form_and_an_embedding_with_a_bare_error() throws Exception {
        simulator.faults().next(2, Fault.errorEventThenDone(ErrorShape.CURRENT, 502, 1));

        String images = wire.post(
                        "/images",
                        "{\"model\":\"openai/gpt-5-image-mini\",\"prompt\":\"sea\",\"stream\":true,\"size\":\"64x64\"}")
                .body();
        Wire.Reply embedding = wire.post(
                "/embeddings", "{\"model\":\"openai/text-embedding-3-small\",\"input\":\"sea\",\"dimensions\":4}");

        assertThat(images)
                .contains("data: {\"type\":\"error\",\"error\":{\"message\":")
                .endsWith("data: [DONE]\n\n");
        assertThat(embedding.json().names()).containsExactly("error");
        assertThat(simulator.bill().entries()).isEmpty();
    }

    private JsonObject generation(AppliedFault applied) throws Exception {
        return wire.get("/generation?id=" + applied.generationId().orElseThrow())
                .data();
    }

    // ---- something too much or missing

    @Test
    void a_stream_may_lack_what_clients_wait_for_and_costs_the_same() throws Exception {
        AssembledStream whole = wire.stream(SKY);
        simulator.faults().next(Fault.noDone()).next(Fault.noFinishReason()).next(Fault.noUsage());

        AssembledStream noDone = wire.stream(SKY);
        AssembledStream noFinish = wire.stream(SKY);
        AssembledStream noUsage = wire.stream(SKY);

        assertThat(noDone.done).isFalse();
        assertThat(noDone.usage.toString()).isEqualTo(whole.usage.toString());
        assertThat(noFinish.finishReason).isEmpty();
        assertThat(noFinish.done).isTrue();
        assertThat(noUsage.usage.names()).isEmpty();
        assertThat(noUsage.finishReason).isEqualTo("stop");
        assertThat(noUsage.content.toString()).isEqualTo(whole.content.toString());
        assertThat(simulator.bill().entries())
                .hasSize(4)
                .extracting(BillEntry::cost)
                .containsOnly(whole.usage.number("cost"));
    }

    @Test
    void a_blocking_answer_may_lack_them_too() throws Exception {
        simulator.faults().next(Fault.noUsage().and(Fault.noFinishReason()).and(Fault.noDone()));

        Wire.Reply reply = wire.chat(SKY);

        assertThat(reply.json().has("usage")).isFalse();
        assertThat(reply.choice().get("finish_reason")).isNull();
        assertThat(reply.content()).contains("Rayleigh");
    }

    @Test
    void an_event_too_much_does_not_end_the_stream() throws Exception {
        simulator.faults().next(Fault.garbageEvent(2)).next(Fault.longEvent(70_000, 2));

        List<String> events = List.of(wire.streamText(SKY).body().split("\n\n"));
        assertThat(events.get(4)).startsWith("data: {\"id\":\"gen-").endsWith(",,]");
        assertThat(events).endsWith("data: [DONE]");
        AssembledStream stream = wire.stream(SKY);
        assertThat(stream.chunks.get(2).string("padding")).hasSize(70_000);
        assertThat(stream.content.toString()).contains("Rayleigh");
        assertThat(simulator.bill().entries()).extracting(BillEntry::outcome).containsOnly(BillEntry.Outcome.DELIVERED);
    }

    // ---- the line

    @Test
    void a_blocking_answer_that_is_cut_is_billed_in_full_and_marked() throws Exception {
        BigDecimal cost = wire.chat(SKY).usage().number("cost");
        simulator.faults().next(Fault.cutAtByte(120));

        String answer = new String(wire.exchange(SKY), StandardCharsets.UTF_8);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).hasSize(120).startsWith("{\"id\":");
        assertThat(answer).containsPattern("Content-Length: [0-9]{3,}\r\n");

        BillEntry entry = simulator
                .bill()
                .entry(simulator.faults().applied().get(0).generationId().orElseThrow())
                .orElseThrow();
        assertThat(entry.outcome()).isEqualTo(BillEntry.Outcome.CUT);
        assertThat(entry.cost()).isEqualTo(cost);
        assertThat(simulator.cancelledStreams()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut events=4", "reset events=4", "cut bytes=1000", "cut events=4 + drip bytes=7"})
    void a_stream_that_breaks_is_billed_for_what_was_written_by_the_time_the_client_knows(String fault)
            throws Exception {
        simulator.faults().next(Fault.parse(fault));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
            try (InputStream body = wire.open(SKY).body()) {
                body.readAllBytes();
            }
        });

        assertThat(simulator.bill().entries()).singleElement().satisfies(entry -> {
            assertThat(entry.outcome()).isEqualTo(BillEntry.Outcome.CUT);
            assertThat(entry.completionTokens()).isBetween(1L, 10L);
            assertThat(entry.cost()).isPositive();
        });
    }

    @Test
    void a_body_that_ends_too_early_is_well_formed_http() throws Exception {
        simulator.faults().next(Fault.endAtByte(10)).next(Fault.endAfterEvents(3));

        assertThat(wire.chat(SKY).body()).hasSize(10);
        AssembledStream stream = wire.stream(SKY);
        assertThat(stream.content.toString()).isEqualTo("The sky");
        assertThat(stream.done).isFalse();
        assertThat(simulator.bill().entries()).extracting(BillEntry::outcome).containsOnly(BillEntry.Outcome.CUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüezi", "Why is the sky blue?"})
    void a_cut_may_fall_inside_a_character(String text) throws Exception {
        simulator.faults().next(2, Fault.cutInCharacter());

        for (String request : List.of(ask(text), Wire.streaming(ask(text)))) {
            byte[] received = wire.exchange(request);
            int end = received.length;
            while (received[end - 1] == '\r' || received[end - 1] == '\n') { // the end of the HTTP chunk
                end--;
            }
            assertThat(received[end - 1] & 0xC0).isEqualTo(0xC0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "reset", "cut bytes=0"})
    void a_stream_that_breaks_before_its_first_byte_was_not_written(String fault) throws Exception {
        simulator.faults().next(3, Fault.parse(fault));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> wire.open(SKY).body().readAllBytes());

        assertThat(simulator.bill().total()).isLessThan(new BigDecimal("0.00001"));
    }

    @Test
    void a_drip_changes_no_byte() throws Exception {
        String whole = wire.chat(SKY).content();
        simulator.faults().always(Fault.drip(50, Duration.ofMillis(1)));

        assertThat(wire.chat(SKY).content()).isEqualTo(whole);
        assertThat(wire.stream(SKY).content.toString()).isEqualTo(whole);
        assertThat(simulator.bill().entries()).extracting(BillEntry::outcome).containsOnly(BillEntry.Outcome.DELIVERED);
    }

    @Test
    void a_delayed_answer_is_late() throws Exception {
        simulator.faults().next(Fault.delay(Duration.ofMillis(30)));

        long before = System.nanoTime();
        assertThat(wire.chat(SKY).status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    // ---- clients that leave

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stall events=1",
                "stall bytes=600",
                "stall bytes=100",
                "drip bytes=60 pause=1m",
                "drip bytes=1 pause=5ms"
            })
    void a_stream_left_while_the_simulator_waits_is_noticed_at_once_and_billed(String fault) throws Exception {
        simulator.faults().next(Fault.parse(fault));

        InputStream body = wire.open(SKY).body();
        assertThat(body.read()).isPositive();
        body.close();

        assertThat(simulator.awaitCancelledStreams(1, SOON)).isTrue();
        assertThat(simulator.bill().entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.cancelled()).isTrue());
    }

    @Test
    void a_stream_left_in_a_canned_stall_or_between_chunks_is_noticed_at_once() throws Exception {
        try (OpenRouterSimulator slow =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            slow.enqueue(CannedResponse.sse("data: {}\n\n").thenStall());
            for (int i = 1; i <= 2; i++) {
                InputStream body = new Wire(slow).open(SKY).body();
                assertThat(body.read()).isPositive();
                body.close();
                assertThat(slow.awaitCancelledStreams(i, SOON)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall", "delay 1m"})
    void a_request_given_up_before_the_answer_is_noticed_at_once_and_billed(String fault) throws Exception {
        simulator.faults().next(Fault.parse(fault));
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        CompletableFuture<HttpResponse<String>> call =
                http.sendAsync(wire.chatRequest(SKY), HttpResponse.BodyHandlers.ofString());
        while (simulator.faults().applied().isEmpty()) {
            Thread.onSpinWait();
        }

        call.cancel(true);

        assertThat(simulator.awaitAbandonedRequests(1, SOON)).isTrue();
        assertThat(simulator.abandonedRequests()).isEqualTo(1);
        assertThat(simulator.cancelledStreams()).isZero();
        assertThat(simulator.bill().entries()).singleElement().satisfies(entry -> {
            assertThat(entry.cancelled()).isTrue();
            assertThat(entry.completionTokens()).isPositive();
        });
    }

    @Test
    void closing_the_simulator_ends_what_it_holds_back() {
        simulator.faults().next(Fault.stall());
        CompletableFuture<HttpResponse<String>> call =
                HttpClient.newHttpClient().sendAsync(wire.chatRequest(SKY), HttpResponse.BodyHandlers.ofString());
        while (simulator.faults().applied().isEmpty()) {
            Thread.onSpinWait();
        }

        simulator.close();

        assertThat(call).failsWithin(SOON);
        assertThat(simulator.abandonedRequests()).isZero();
    }

    // ---- as text

    static List<Fault> everyKind() {
        return Fault.everyKind();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void every_fault_is_read_from_the_line_that_it_writes(Fault fault) {
        assertThat(Fault.parse(fault.toString())).isEqualTo(fault).hasToString(fault.toString());
        Fault two = fault.and(Fault.answer(200, "text/plain", "a \"b\" + c=\n"));
        assertThat(Fault.parse(two.toString())).hasToString(two.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "statu 503",
                "status",
                "status x",
                "status 200",
                "status 503 503",
                "status 503 retry=2",
                "delay fast",
                "cut bytes=1 events=1",
                "cut bytes=-1",
                "error-event events=1 shape=round",
                "drip bytes=0",
                "answer 200 body=\"a",
                "unavailable never",
                "status 503 +"
            })
    void nonsense_is_refused_with_what_is_wrong(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.parse(line)).withMessageMatching("(?s).{15,}");
    }

    @Test
    void an_unknown_fault_is_told_the_known_ones() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.parse("statu 503"))
                .withMessageContaining("statu")
                .withMessageContaining("cut-in-character");
    }

    // ---- soak

    @Test
    void every_kind_that_ends_lets_go_of_its_client_and_the_simulator_stays_well() throws Exception {
        for (Fault fault : Fault.everyKindThatEnds()) {
            for (String body : List.of(SKY, Wire.streaming(SKY))) {
                simulator.faults().next(fault);
                try {
                    wire.chat(body);
                } catch (IOException broken) {
                    assertThat(simulator.faults().applied()).isNotEmpty();
                }
            }
        }
        assertThat(simulator.faults().applied())
                .hasSize(2 * Fault.everyKindThatEnds().size());
        assertThat(wire.chat(SKY).status()).isEqualTo(200);
        assertThat(simulator.bill().entries())
                .noneMatch(BillEntry::cancelled)
                .extracting(BillEntry::generationId)
                .doesNotHaveDuplicates();
    }

    // ---- by HTTP

    @Test
    void faults_are_scripted_and_books_are_read_by_http() throws Exception {
        assertThat(simulator.controlUrl()).isEqualTo("http://127.0.0.1:" + simulator.port() + "/simulator");
        JsonObject scripted = control(
                "POST",
                "/faults",
                "{\"fault\":\"status 429 retry-after=2\",\"times\":3,\"path\":\"/chat/completions\",\"stream\":false}");
        assertThat(scripted.array("scripted").strings())
                .containsExactly("next 3 on /chat/completions and a condition: status 429 retry-after=2s");

        assertThat(wire.chat(SKY).status()).isEqualTo(429);
        assertThat(control("GET", "/faults", "").array("applied").objects())
                .singleElement()
                .satisfies(applied -> assertThat(applied.string("fault")).isEqualTo("status 429 retry-after=2s"));
        assertThat(control("DELETE", "/faults", "").array("scripted").isEmpty()).isTrue();
        assertThat(wire.chat(SKY).status()).isEqualTo(200);

        JsonObject requests = control("GET", "/requests", "");
        assertThat(requests.array("requests").objects()).hasSize(2);
        assertThat(requests.toString()).contains("sky").doesNotContain(simulator.apiKey());
        JsonObject bill = control("GET", "/bill", "");
        assertThat(bill.number("total"))
                .isEqualByComparingTo(simulator.bill().total())
                .isPositive();
        assertThat(bill.array("entries").objects().get(0).string("outcome")).isEqualTo("delivered");
        assertThat(simulator.requests()).hasSize(2);
    }

    @Test
    void the_own_limit_of_openrouter_says_in_headers_and_body_when_it_ends() throws Exception {
        simulator.faults().next(Fault.ownRateLimit(20, Duration.ofMinutes(1)));

        Wire.Reply refused = wire.chat(SKY);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEmpty();
        assertThat(refused.header("X-RateLimit-Limit")).isEqualTo("20");
        assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("0");
        String reset = String.valueOf(
                simulator.requests().get(0).receivedAt().plusSeconds(60).toEpochMilli());
        assertThat(refused.header("X-RateLimit-Reset")).isEqualTo(reset);
        JsonObject metadata = Objects.requireNonNull(refused.error().object("metadata"));
        assertThat(Objects.requireNonNull(metadata.object("headers")).string("X-RateLimit-Reset"))
                .isEqualTo(reset);
        assertThat(wire.chat(SKY).header("X-RateLimit-Limit")).isEmpty();
    }

    @Test
    void by_http_faults_are_for_a_method_a_header_or_a_text_too() throws Exception {
        control("POST", "/faults", "{\"fault\":\"status 503\",\"always\":true,\"method\":\"get\"}");
        control("POST", "/faults", "{\"fault\":\"status 502\",\"always\":true,\"header\":{\"X-Test\":\"a\"}}");
        control("POST", "/faults", "{\"fault\":\"status 500\",\"always\":true,\"contains\":\"sea\"}");

        assertThat(wire.get("/models").status()).isEqualTo(503);
        assertThat(wire.chat(SKY).status()).isEqualTo(200);
        assertThat(wire.chat(SKY, "X-Test", "b").status()).isEqualTo(200);
        assertThat(wire.chat(SKY, "X-Test", "a").status()).isEqualTo(502);
        assertThat(wire.chat(Wire.ask("The sea")).status()).isEqualTo(500);
    }

    @Test
    void by_http_no_key_of_a_request_can_be_read() throws Exception {
        simulator.faults().next(Fault.status(503));
        wire.post(
                "/chat/completions?api_key=hush-1&n=1",
                SKY,
                "X-Api-Key",
                "hush-2",
                "api-key",
                "hush-3",
                "Cookie",
                "hush-4");

        JsonObject requests = control("GET", "/requests", "");
        assertThat(requests.toString())
                .contains("/chat/completions?api_key=hidden&n=1")
                .doesNotContain("hush");
        assertThat(control("GET", "/faults", "").toString())
                .contains("api_key=hidden")
                .doesNotContain("hush");
    }

    @Test
    void by_http_the_newest_can_be_read_alone_and_all_be_forgotten() throws Exception {
        simulator.faults().always(Fault.delay(Duration.ZERO));
        wire.chat(SKY);
        wire.chat(Wire.ask("Last"));

        assertThat(control("GET", "/requests?last=1", "").array("requests").objects())
                .singleElement()
                .satisfies(request -> assertThat(request.string("body", "")).contains("Last"));
        JsonObject bill = control("GET", "/bill?last=1", "");
        assertThat(bill.array("entries").objects()).hasSize(1);
        assertThat(bill.number("total")).isEqualByComparingTo(simulator.bill().total());
        JsonObject status = control("GET", "/status", "");
        assertThat(status.integer("requests", -1)).isEqualTo(2);
        assertThat(status.integer("generations_billed", -1)).isEqualTo(2);
        assertThat(status.integer("scripted_faults", -1)).isEqualTo(1);
        assertThat(status.integer("cancelled_streams", -1)).isZero();

        assertThat(control("POST", "/reset", "").integer("requests", -1)).isZero();
        assertThat(simulator.requests()).isEmpty();
        assertThat(simulator.faults().scripted()).isEmpty();
    }

    @Test
    void a_header_of_any_text_arrives_and_one_that_is_no_header_is_refused() throws Exception {
        control("POST", "/faults", "{\"fault\":\"header X-A value=\\\"größer\\\"\"}");
        HttpResponse<InputStream> answer = wire.open(wire.chatRequest(SKY));
        assertThat(new String(
                        answer.headers().firstValue("X-A").orElse("").getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8))
                .isEqualTo("größer");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.header("X-Ä", "a"))
                .withMessageContaining("X-Ä");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.header("X-A", "a\r\nX-B: b"))
                .withMessageContaining("X-A");
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.redirect("http://a/\nb"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CannedResponse.json(200, "{}").header("", "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenRouterSimulator.builder().generationPrefix("prüf-"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"fault\":\"status 503\",\"stream\":\"yes\"}",
                "{\"fault\":\"status 503\",\"header\":\"X-Test\"}",
                "{\"fault\":[\"status 503\"]}",
                "{\"fault\":\"statu 1\"}",
                "{\"fault\":\"status 503\",\"tmes\":3}",
                "{\"fault\":\"status 503\",\"times\":0}",
                "{\"fault\":\"status 503\",\"path\":\"chat\"}",
                "{\"faults\":[\"status 503\"],\"probability\":2}",
                "no json"
            })
    void a_script_that_is_wrong_is_refused(String body) throws Exception {
        JsonObject refused = control("POST", "/faults", body);

        assertThat(Objects.requireNonNull(refused.object("error")).string("message"))
                .isNotEmpty();
        assertThat(simulator.faults().scripted()).isEmpty();
    }

    private JsonObject control(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.controlUrl() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return (JsonObject)
                Objects.requireNonNull(JsonText.parse(wire.send(request).body()));
    }
}
