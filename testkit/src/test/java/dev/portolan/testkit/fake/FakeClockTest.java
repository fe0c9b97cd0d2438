package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class FakeClockTest {
    private final FakeClock clock = FakeClock.at(Instant.parse("2026-05-01T12:00:00Z"));

    @Test
    void time_stands_still_until_it_is_moved() {
        assertThat(clock.instant()).isEqualTo("2026-05-01T12:00:00Z");

        clock.advance(Duration.ofHours(2));

        assertThat(clock.instant()).isEqualTo("2026-05-01T14:00:00Z");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void a_clock_of_another_zone_moves_along() {
        Clock swiss = clock.withZone(ZoneId.of("Europe/Zurich"));

        clock.advance(Duration.ofMinutes(1));

        assertThat(swiss.instant()).isEqualTo(clock.instant());
        assertThat(swiss.getZone()).isEqualTo(ZoneId.of("Europe/Zurich"));
    }

    @Test
    void time_does_not_go_back() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
