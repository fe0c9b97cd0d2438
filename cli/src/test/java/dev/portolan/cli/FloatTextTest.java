package dev.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.1f, 0.1",
        "-0.5f, -0.5",
        "1f, 1",
        "0f, 0",
        "-0f, -0",
        "0.0123f, 0.0123",
        "2E-3f, 0.002",
        "100f, 100",
        "3.4028235E38f, 3.4028235E+38",
        "1.4E-45f, 1E-45",
        "16777216f, 16777216",
        "9999999f, 9999999",
        "0.3333333f, 0.3333333",
        "NaNf, null",
        "Infinityf, null"
    })
    void a_float_is_written_as_people_would(String number, String expected) {
        assertThat(text(Float.parseFloat(number.replaceAll("f$", "")))).isEqualTo(expected);
    }

    @Test
    void every_float_comes_back_from_the_shortest_decimal() {
        Random random = new Random(4711);
        for (int i = 0; i < 300_000; i++) {
            float value = switch (i % 3) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> (float) random.nextGaussian() / 40;
                default -> random.nextInt(2_000_000) / 100f;
            };
            if (!Float.isFinite(value)) {
                continue;
            }
            String text = text(value);
            BigDecimal decimal = new BigDecimal(text);
            assertThat(Float.parseFloat(text)).as(text).isEqualTo(value);
            int digits = decimal.stripTrailingZeros().precision();
            if (digits > 1) {
                BigDecimal shorter = new BigDecimal((double) value).round(new MathContext(digits - 1));
                assertThat(shorter.floatValue()).as(text).isNotEqualTo(value);
            }
        }
    }

    private static String text(float value) {
        StringBuilder out = new StringBuilder();
        FloatText.append(out, value);
        return out.toString();
    }
}
