package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallOptionsTest {
    @Test
    void by_default_nothing_is_changed() {
        assertThat(CallOptions.DEFAULT).isEqualTo(new CallOptions(Timeouts.UNSET, null, null, Map.of(), Map.of()));
    }

    @Test
    void each_value_is_set_without_the_others() {
        URI baseUrl = URI.create("http://127.0.0.1:4010/api/v1");
        CallOptions options = CallOptions.DEFAULT
                .withTimeout(Duration.ofSeconds(5))
                .withBaseUrl(baseUrl)
                .withHeader("X-A", "1")
                .withHeader("X-B", "2")
                .withHeader("X-A", "3");

        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.baseUrl()).isEqualTo(baseUrl);
        assertThat(options.headers()).containsExactly(Map.entry("X-A", "3"), Map.entry("X-B", "2"));
        assertThat(CallOptions.DEFAULT.headers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "X Y", "X:Y", "X\r\nEvil", "X\nEvil", "X\u0000", "X\u007f", "X\t", "X-\u00dc"})
    void a_header_name_that_could_leave_its_line_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallOptions.DEFAULT.withHeader(name, "1"))
                .withMessage("Bad header name '" + name.replaceAll("\\p{Cntrl}", "?")
                        + "'; use ASCII letters, digits and '-'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"secret\r\nX-Evil: 1", "secret\n", "secret\r", "secret\u0000", "secret\u007f", "secret\u00fc"})
    void a_header_value_that_could_leave_its_line_is_refused_but_not_shown(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallOptions.DEFAULT.withHeader("X-Key", value))
                .withMessage("Bad value for header 'X-Key'; use printable ASCII without line breaks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\tb", "~!@#$%^&*()"})
    void any_other_header_value_is_taken(String value) {
        assertThat(CallOptions.DEFAULT.withHeader("X-Key", value).headers()).containsEntry("X-Key", value);
    }

    @Test
    void a_missing_header_name_or_value_is_refused() {
        assertThatNullPointerException()
                .isThrownBy(() -> CallOptions.DEFAULT.withHeader("X-Key", null))
                .withMessage("header value");
        assertThatNullPointerException()
                .isThrownBy(() -> CallOptions.DEFAULT.withHeader(null, "1"))
                .withMessage("header name");
    }

    @Test
    void a_timeout_must_not_be_negative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(-1)))
                .withMessage("call must not be negative, found PT-1S; zero means no limit");
    }

    @Test
    void headers_are_copied_and_cannot_be_changed() {
        Map<String, String> headers = new HashMap<>(Map.of("X-A", "1"));
        CallOptions options = new CallOptions(Timeouts.UNSET, null, null, headers, Map.of());
        headers.clear();

        assertThat(options.headers()).containsOnly(Map.entry("X-A", "1"));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> options.headers().put("X-B", "2"));
    }

    @Test
    void the_value_of_a_header_is_never_shown() {
        assertThat(CallOptions.DEFAULT
                        .withHeader("Authorization", "Bearer sk-secret")
                        .toString())
                .contains("Authorization")
                .doesNotContain("sk-secret");
    }
}
