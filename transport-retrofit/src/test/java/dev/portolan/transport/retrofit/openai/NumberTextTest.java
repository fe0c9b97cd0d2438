package dev.portolan.transport.retrofit.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
    private final NumberText number = new NumberText();

    @Test
    void any_number_is_the_nearest_float_however_it_is_written() {
        Random random = new Random(42);
        for (int i = 0; i < 50_000; i++) {
            float value = i % 2 == 0 ? (float) (random.nextGaussian() * 0.03) : Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                for (String text : new String[] {
                    Float.toString(value),
                    Double.toString(value),
                    Double.toString(random.nextGaussian()),
                    String.format(Locale.ROOT, "%.9f", value),
                    String.format(Locale.ROOT, "%.7e", value)
                }) {
                    assertThat(read(text)).as(text).isEqualTo(Float.parseFloat(text));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "1",
                "-1",
                "12",
                "1e0",
                "1E+2",
                "1e-2",
                "1.5e22",
                "1e23",
                "1e38",
                "1e39",
                "-1e39",
                "1e-45",
                "1e-46",
                "1e400",
                "1e-400",
                "0.1",
                "16777217",
                "16777216.999999999",
                "16777217.000000001",
                "1.00000017881393432617187499",
                "1.000000178813934326171875",
                "0.0000000000000000000000000000000000000000000014012984643",
                "999999999999999999",
                "9999999999999999999999",
                "3.4028235677973366e38",
                "0.00000000000000000000001"
            })
    void numbers_at_the_edges_are_the_nearest_float(String text) {
        assertThat(read(text)).isEqualTo(Float.parseFloat(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", ".", "e5", "1e", "1-2", "1.2.3", "--1", "1e5.5", "1 2"})
    void what_is_no_number_is_refused(String text) {
        assertThatExceptionOfType(NumberFormatException.class).isThrownBy(() -> read(text));
    }

    @Test
    void bytes_that_belong_to_no_number_are_not_taken() {
        for (char c : "xIN,]f{\u00e9".toCharArray()) {
            assertThat(number.add((byte) c)).isFalse();
        }

        assertThat(number.isEmpty()).isTrue();
    }

    private float read(String text) {
        for (byte c : text.getBytes(StandardCharsets.US_ASCII)) {
            number.add(c);
        }
        return number.take();
    }
}
