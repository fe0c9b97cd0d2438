package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A simulator that serves for days: what it keeps, what it tells as it goes, and how it begins anew. */
class LongRunTest {
    @Test
    void only_the_newest_are_kept_and_totals_stay_exact() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().kept(2).start()) {
            Wire wire = new Wire(simulator);
            simulator.faults().always(Fault.header("X-Always", "yes"));
            BigDecimal told = BigDecimal.ZERO;
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Wire.Reply reply = wire.chat(ask("Call " + i));
                ids.add(reply.json().string("id", ""));
                told = told.add(Objects.requireNonNull(reply.usage().number("cost")));
            }

            assertThat(simulator.requests())
                    .extracting(SimulatorRequest::body)
                    .containsExactly(ask("Call 3"), ask("Call 4"));
            assertThat(simulator.droppedRequests()).isEqualTo(3);
            assertThat(simulator.faults().applied()).hasSize(2);
            Bill bill = simulator.bill();
            assertThat(bill.entries()).extracting(BillEntry::generationId).containsExactlyElementsOf(ids.subList(3, 5));
            assertThat(bill.droppedEntries()).isEqualTo(3);
            assertThat(bill.total()).isEqualByComparingTo(told);
            JsonObject key = wire.get("/key").data();
            assertThat(key.number("usage")).isEqualByComparingTo(told);
            assertThat(key.number("usage_daily")).isEqualByComparingTo(told);
            assertThat(wire.get("/generation?id=" + ids.get(0)).status()).isEqualTo(404);
            assertThat(wire.get("/generation?id=" + ids.get(4)).status()).isEqualTo(200);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenRouterSimulator.builder().kept(0));
    }

    @Test
    void long_values_make_room_for_newer_ones_but_for_the_last() {
        NewestOf<String> newest = new NewestOf<>(10, 5, String::length);
        List.of("aaa", "bb", "c").forEach(newest::add);
        assertThat(newest.all()).containsExactly("bb", "c");
        assertThat(newest.dropped()).isEqualTo(1);

        newest.add("longer than all");
        assertThat(newest.all()).containsExactly("longer than all");
        newest.clear();
        assertThat(newest.all()).isEmpty();
        assertThat(newest.dropped()).isZero();
    }

    @Test
    void after_a_reset_it_answers_as_after_the_start() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.start()) {
            Wire wire = new Wire(simulator);
            String[] cached = {"X-OpenRouter-Cache", "true"};
            Wire.Reply first = wire.chat(ask("Hi"), cached);
            simulator.faults().next(Fault.status(503)).always(Fault.delay(Duration.ZERO));
            wire.chat(ask("Hi"));
            simulator.faults().next(Fault.status(503));
            simulator.enqueue(CannedResponse.json(418, "{}"));

            simulator.reset();

            assertThat(simulator.requests()).isEmpty();
            assertThat(simulator.bill().entries()).isEmpty();
            assertThat(simulator.faults().scripted()).isEmpty();
            assertThat(simulator.faults().applied()).isEmpty();
            Wire.Reply again = wire.chat(ask("Hi"), cached);
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.header("X-OpenRouter-Cache-Status")).isEqualTo("MISS");
            assertThat(again.json().string("id")).isEqualTo(first.json().string("id"));
            assertThat(again.content()).isEqualTo(first.content());
        }
    }

    @Test
    void a_stream_under_way_at_a_reset_is_not_on_the_new_bill() throws Exception {
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().chunkDelay(Duration.ofHours(1)).start()) {
            try (InputStream body = new Wire(simulator).open(ask("Hi")).body()) {
                Wire.readUntil(body, "data: ");
                simulator.reset();
            }

            assertThat(simulator.awaitCancelledStreams(1, Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(simulator.bill().entries()).isEmpty();

            simulator.reset();

            assertThat(simulator.cancelledStreams()).isZero();
        }
    }

    @Test
    void the_listener_is_told_of_each_request_how_it_ended_and_what_it_cost() throws Exception {
        BlockingQueue<ServedRequest> served = new LinkedBlockingQueue<>();
        try (OpenRouterSimulator simulator =
                OpenRouterSimulator.builder().listener(served::add).start()) {
            Wire wire = new Wire(simulator);

            String id = wire.chat(ask("Hi")).json().string("id", "");
            ServedRequest whole = next(served);
            assertThat(whole.request().apiPath()).isEqualTo("/chat/completions");
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.outcome()).isEqualTo(BillEntry.Outcome.DELIVERED);
            assertThat(whole.fault()).isEmpty();
            assertThat(whole.billed()).isEqualTo(simulator.bill().entry(id)).isPresent();
            assertThat(whole.time()).isPositive();

            simulator.faults().next(Fault.status(503));
            wire.chat(ask("Hi"));
            ServedRequest refused = next(served);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fault()).contains(Fault.status(503));
            assertThat(refused.billed()).isEmpty();

            simulator.faults().next(Fault.stallAfterEvents(3));
            try (InputStream body = wire.open(ask("Hi")).body()) {
                Wire.readUntil(body, "data: ");
            }
            ServedRequest left = next(served);
            assertThat(left.outcome()).isEqualTo(BillEntry.Outcome.CANCELLED);
            assertThat(left.billed())
                    .hasValueSatisfying(entry -> assertThat(entry.cancelled()).isTrue());

            simulator.faults().next(Fault.endAfterEvents(3));
            wire.streamText(ask("Hi"));
            assertThat(next(served).billed())
                    .hasValueSatisfying(entry -> assertThat(entry.outcome()).isEqualTo(BillEntry.Outcome.CUT));

            wire.send(HttpRequest.newBuilder(URI.create(simulator.controlUrl() + "/bill"))
                    .build());
            assertThat(served).isEmpty();
        }
    }

    @Test
    void a_listener_that_fails_changes_nothing() throws Exception {
        try (OpenRouterSimulator simulator = OpenRouterSimulator.builder()
                .listener(served -> {
                    throw new IllegalStateException("listener");
                })
                .start()) {
            Wire wire = new Wire(simulator);
            assertThat(wire.chat(ask("Hi")).status()).isEqualTo(200);
            assertThat(wire.stream(ask("Hi")).done).isTrue();
        }
    }

    private static ServedRequest next(BlockingQueue<ServedRequest> served) throws InterruptedException {
        return Objects.requireNonNull(served.poll(10, TimeUnit.SECONDS));
    }
}
