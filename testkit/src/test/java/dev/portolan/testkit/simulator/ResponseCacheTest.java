package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponseCacheTest {
    private final AtomicLong seconds = new AtomicLong(1_787_300_000);
    private final OpenRouterSimulator simulator =
            OpenRouterSimulator.builder().clock(new HandClock()).start();
    private final Wire wire = new Wire(simulator);

    private final class HandClock extends Clock {
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
            return Instant.ofEpochSecond(seconds.get());
        }
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    private Wire.Reply cached(String body, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        all[0] = "X-OpenRouter-Cache";
        all[1] = "true";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return wire.chat(body, all);
    }

    @Test
    void a_repeated_request_is_a_hit_that_costs_nothing() throws Exception {
        Wire.Reply miss = cached(ask("Why is the sky blue?"));
        seconds.addAndGet(12);
        Wire.Reply hit = cached(ask("Why is the sky blue?"), "X-OpenRouter-Metadata", "enabled");

        assertThat(miss.header("X-OpenRouter-Cache-Status")).isEqualTo("MISS");
        assertThat(miss.header("X-OpenRouter-Cache-TTL")).isEqualTo("300");
        assertThat(miss.header("X-OpenRouter-Cache-Age")).isEmpty();
        assertThat(hit.header("X-OpenRouter-Cache-Status")).isEqualTo("HIT");
        assertThat(hit.header("X-OpenRouter-Cache-Age")).isEqualTo("12");
        assertThat(hit.header("X-OpenRouter-Cache-TTL")).isEqualTo("288");
        assertThat(hit.header("X-OpenRouter-Cache-Source-Id"))
                .isEqualTo(miss.json().string("id"));
        assertThat(hit.content()).isEqualTo(miss.content());
        assertThat(hit.json().string("id")).isNotEqualTo(miss.json().string("id"));
        assertThat(hit.json().number("created")).isEqualByComparingTo("1787300012");
        assertThat(hit.usage().number("total_tokens")).isZero();
        assertThat(hit.usage().number("cost")).isZero();
        assertThat(hit.json().has("openrouter_metadata")).isFalse();
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void whitespace_does_not_count_but_the_order_of_fields_does() throws Exception {
        cached("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"seed\":1}");

        assertThat(cached("{ \"messages\" : [ {\"role\":\"user\",\"content\":\"Hi\"} ], \"seed\" : 1 }")
                        .header("X-OpenRouter-Cache-Status"))
                .isEqualTo("HIT");
        assertThat(cached("{\"seed\":1,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                        .header("X-OpenRouter-Cache-Status"))
                .isEqualTo("MISS");
    }

    @Test
    void entries_expire_and_can_be_refreshed() throws Exception {
        cached(ask("Hi"), "X-OpenRouter-Cache-TTL", "60");
        seconds.addAndGet(59);
        assertThat(cached(ask("Hi")).header("X-OpenRouter-Cache-Status")).isEqualTo("HIT");
        assertThat(cached(ask("Hi"), "X-OpenRouter-Cache-Clear", "true").header("X-OpenRouter-Cache-Status"))
                .isEqualTo("MISS");
        seconds.addAndGet(299);
        assertThat(cached(ask("Hi")).header("X-OpenRouter-Cache-Status")).isEqualTo("HIT");
        seconds.addAndGet(1);
        assertThat(cached(ask("Hi"), "X-OpenRouter-Cache-TTL", "999999").header("X-OpenRouter-Cache-TTL"))
                .isEqualTo("86400");
    }

    @Test
    void streams_are_cached_apart_and_replayed_as_streams() throws Exception {
        cached(ask("Hi"));
        Wire.Reply miss = cached(Wire.streaming(ask("Hi")));
        Wire.Reply hit = cached(Wire.streaming(ask("Hi")));

        assertThat(miss.header("X-OpenRouter-Cache-Status")).isEqualTo("MISS");
        assertThat(hit.header("X-OpenRouter-Cache-Status")).isEqualTo("HIT");
        AssembledStream replay = AssembledStream.of(hit.body());
        assertThat(replay.content.toString())
                .isEqualTo(AssembledStream.of(miss.body()).content.toString());
        assertThat(replay.usage.number("cost")).isZero();
        assertThat(replay.done).isTrue();
    }

    @Test
    void caching_is_off_unless_asked_for() throws Exception {
        cached(ask("Hi"));

        assertThat(wire.chat(ask("Hi")).header("X-OpenRouter-Cache-Status")).isEmpty();
    }
}
