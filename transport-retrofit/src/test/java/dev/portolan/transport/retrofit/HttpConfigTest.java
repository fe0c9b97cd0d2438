package dev.portolan.transport.retrofit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.Timeouts;
import dev.portolan.api.error.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConfigTest {
    private static final HttpConfig CONFIG =
            HttpConfig.of("Acme", URI.create("https://api.example.com/v1"), Map.of("Authorization", "Bearer k"));

    private static HttpConfig with(Map<String, String> settings) {
        return CONFIG.with(Settings.of(settings));
    }

    @Test
    void without_settings_the_defaults_hold() {
        assertThat(with(Map.of())).isEqualTo(CONFIG);
        assertThat(CONFIG.timeouts()).isEqualTo(HttpConfig.DEFAULT_TIMEOUTS);
        assertThat(CONFIG.retries()).isEqualTo(RetryPolicy.DEFAULT);
        assertThat(CONFIG.allowPlainHttp()).isFalse();
    }

    @Test
    void each_setting_has_its_place() {
        HttpConfig config = with(Map.of(
                "PORTOLAN_CONNECT_TIMEOUT", "PT1S",
                "PORTOLAN_FIRST_BYTE_TIMEOUT", "PT2M",
                "PORTOLAN_IDLE_TIMEOUT", "PT0S",
                "PORTOLAN_CALL_TIMEOUT", "PT3M",
                "PORTOLAN_MAX_ATTEMPTS", "5",
                "PORTOLAN_ALLOW_PLAIN_HTTP", "true"));

        assertThat(config.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ZERO, Duration.ofMinutes(3)));
        assertThat(config.retries()).isEqualTo(RetryPolicy.DEFAULT.withMaxAttempts(5));
        assertThat(config.allowPlainHttp()).isTrue();
    }

    @Test
    void a_clock_that_is_not_set_keeps_its_default() {
        HttpConfig config = with(Map.of("PORTOLAN_IDLE_TIMEOUT", "PT7S"));

        assertThat(config.timeouts()).isEqualTo(HttpConfig.DEFAULT_TIMEOUTS.withIdle(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({
        "PORTOLAN_CONNECT_TIMEOUT, 10",
        "PORTOLAN_FIRST_BYTE_TIMEOUT, soon",
        "PORTOLAN_IDLE_TIMEOUT, PT-1S",
        "PORTOLAN_CALL_TIMEOUT, PT",
        "PORTOLAN_MAX_ATTEMPTS, 0",
        "PORTOLAN_MAX_ATTEMPTS, many"
    })
    void a_setting_that_cannot_be_read_is_named_with_what_was_expected(String name, String value) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> with(Map.of(name, value)))
                .withMessageStartingWith(name + " is '" + value + "'; expected a ");
    }

    @Test
    void the_value_of_a_header_is_never_shown() {
        assertThat(CONFIG).asString().contains("Authorization").doesNotContain("Bearer");
    }
}
