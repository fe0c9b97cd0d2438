package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawJsonTest {
    @Nested
    class Parsing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0",
                    "-0",
                    "1",
                    "-1",
                    "10",
                    "1e5",
                    "1E5",
                    "1e+5",
                    "1e-05",
                    "0e0",
                    "-0.0",
                    "1.25e-10",
                    "123456789012345678901234567890.12345678901234567890",
                    "true",
                    "false",
                    "null",
                    "\"\"",
                    "\"a\"",
                    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                    "\"\\u0041\\u00e9\\uABCD\\uabcd\"",
                    "\"\\u0000\"",
                    "\"\\uD83D\\uDE00\"",
                    "\"\uD83D\uDE00\"",
                    "\"\\ud800\"",
                    "\"\u007f\u2028\uFEFF\"",
                    "[]",
                    "[ ]",
                    "[1,2]",
                    "[ 1 , [ 2 ] ]",
                    "{}",
                    "{ }",
                    "{\"\":{}}",
                    "{\"a\":1,\"a\":2}",
                    " { \"a\" : [ null ] } ",
                    " \t\r\n1 \t\r\n"
                })
        void keeps_well_formed_text_to_the_letter(String text) {
            assertThat(RawJson.parse(text).text()).isEqualTo(text);
        }

        static Stream<Arguments> notJson() {
            return Stream.of(
                    arguments("", "the text ends too early at offset 0"),
                    arguments("   ", "the text ends too early at offset 3"),
                    arguments("\uFEFF1", "expected a JSON value at offset 0"),
                    arguments("\u00a01", "expected a JSON value at offset 0"),
                    arguments("01", "something after the end of the value at offset 1"),
                    arguments("-01", "something after the end of the value at offset 2"),
                    arguments("0x10", "something after the end of the value at offset 1"),
                    arguments("1_000", "something after the end of the value at offset 1"),
                    arguments("1.", "expected a JSON value at offset 2"),
                    arguments("1.e5", "expected a JSON value at offset 2"),
                    arguments(".5", "expected a JSON value at offset 0"),
                    arguments("+1", "expected a JSON value at offset 0"),
                    arguments("-", "expected a JSON value at offset 1"),
                    arguments("--1", "expected a JSON value at offset 1"),
                    arguments("1e", "expected a JSON value at offset 2"),
                    arguments("1e+", "expected a JSON value at offset 3"),
                    arguments("\u0661", "expected a JSON value at offset 0"),
                    arguments("NaN", "expected a JSON value at offset 0"),
                    arguments("Infinity", "expected a JSON value at offset 0"),
                    arguments("-Infinity", "expected a JSON value at offset 1"),
                    arguments("tru", "expected a JSON value at offset 0"),
                    arguments("True", "expected a JSON value at offset 0"),
                    arguments("nulll", "something after the end of the value at offset 4"),
                    arguments("1 2", "something after the end of the value at offset 2"),
                    arguments("[]]", "something after the end of the value at offset 2"),
                    arguments("// a\n1", "expected a JSON value at offset 0"),
                    arguments("]", "expected a JSON value at offset 0"),
                    arguments("[", "the text ends too early at offset 1"),
                    arguments("[1", "expected ']' at offset 2"),
                    arguments("[1 2]", "expected ']' at offset 3"),
                    arguments("[1,]", "expected a JSON value at offset 3"),
                    arguments("[,1]", "expected a JSON value at offset 1"),
                    arguments("[1}", "expected ']' at offset 2"),
                    arguments("{", "the text ends too early at offset 1"),
                    arguments("{\"a\"}", "expected ':' at offset 4"),
                    arguments("{\"a\":}", "expected a JSON value at offset 5"),
                    arguments("{\"a\":1", "expected '}' at offset 6"),
                    arguments("{\"a\":1,}", "expected a member name in double quotes at offset 7"),
                    arguments("{\"a\":1 \"b\":2}", "expected '}' at offset 7"),
                    arguments("{a:1}", "expected a member name in double quotes at offset 1"),
                    arguments("{'a':1}", "expected a member name in double quotes at offset 1"),
                    arguments("{1:1}", "expected a member name in double quotes at offset 1"),
                    arguments("'a'", "expected a JSON value at offset 0"),
                    arguments("\"a", "an unfinished string at offset 2"),
                    arguments("\"\\", "an unfinished string at offset 2"),
                    arguments("\"\\u12", "an unfinished string at offset 5"));
        }

        @ParameterizedTest
        @MethodSource("notJson")
        void refuses_other_text_and_says_what_is_wrong_where(String text, String problem) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse(text))
                    .withMessage("Not a JSON value: " + problem);
        }

        static Stream<Arguments> badStrings() {
            return Stream.of(
                    arguments("\"a\tb\"", "an unescaped control character in a string"),
                    arguments("\"a\nb\"", "an unescaped control character in a string"),
                    arguments("\"\u0000\"", "an unescaped control character in a string"),
                    arguments("\"\u001f\"", "an unescaped control character in a string"),
                    arguments("\"\\x41\"", "a bad escape in a string"),
                    arguments("\"\\U0041\"", "a bad escape in a string"),
                    arguments("\"\\'\"", "a bad escape in a string"),
                    arguments("\"\\u12\"", "a bad \\u escape"),
                    arguments("\"\\u12g4\"", "a bad \\u escape"));
        }

        @ParameterizedTest
        @MethodSource("badStrings")
        void refuses_bad_characters_in_strings(String text, String problem) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse(text))
                    .withMessageContaining(problem);
        }

        @Test
        void an_error_inside_a_string_points_at_the_character_that_is_wrong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse("\"a\tb\""))
                    .withMessageEndingWith("at offset 2");
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"\\u\uFF11\uFF12\uFF13\uFF14\"", "\"\\u\u0660\u0661\u0662\u0663\""})
        void an_escape_takes_only_the_digits_of_ascii(String text) {
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.parse(text));
        }

        @Test
        void an_error_never_quotes_the_text() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse("{\"secret\": secret}"))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
        }

        @Test
        void arrays_may_be_nested_200_deep() {
            assertThat(RawJson.parse(nested(200, "")).text()).startsWith("[[");
            assertThat(RawJson.parse(nested(200, "1")).text()).startsWith("[[");
            assertThat(RawJson.parse("{\"a\":".repeat(200) + "1" + "}".repeat(200))
                            .text())
                    .startsWith("{");
        }

        @Test
        void a_value_inside_201_arrays_or_objects_is_too_deep() {
            String tooDeep = "Not a JSON value: nesting deeper than 200 levels at offset ";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse(nested(201, "1")))
                    .withMessage(tooDeep + "200");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse("{\"a\":".repeat(201) + "1" + "}".repeat(201)))
                    .withMessageStartingWith(tooDeep);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.parse("[".repeat(1_000_000)))
                    .withMessageStartingWith(tooDeep);
        }

        @Test
        void arrays_nested_201_deep_are_refused_even_if_the_last_is_empty() {
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.parse(nested(201, "")));
        }

        @Test
        void any_text_is_taken_or_refused_but_never_breaks_the_parser() {
            String alphabet = "{}[]\",:\\ \n0123456789-+.eEtrufalsn'\u0000\ud83d\ude00";
            Seeds.each(20_000, random -> {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    text.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                try {
                    assertThat(RawJson.parse(text.toString()).text()).isEqualTo(text.toString());
                } catch (IllegalArgumentException refused) {
                    assertThat(refused).hasMessageStartingWith("Not a JSON value: ");
                }
            });
        }

        private static String nested(int depth, String inside) {
            return "[".repeat(depth) + inside + "]".repeat(depth);
        }
    }

    @Nested
    class Writing {
        enum Colour {
            RED {
                @Override
                public String toString() {
                    return "a warm red";
                }
            }
        }

        static Stream<Arguments> values() {
            Map<String, Object> ordered = new LinkedHashMap<>();
            ordered.put("z", 1);
            ordered.put("a", Arrays.asList(1, null));
            return Stream.of(
                    arguments(null, "null"),
                    arguments(true, "true"),
                    arguments(false, "false"),
                    arguments("text", "\"text\""),
                    arguments(new StringBuilder("text"), "\"text\""),
                    arguments(
                            "\"\\/\b\f\n\r\t\u0001\u001f\u007f",
                            "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\u007f\""),
                    arguments("é😀\u2028", "\"é😀\u2028\""),
                    arguments((byte) -1, "-1"),
                    arguments((short) 7, "7"),
                    arguments(42, "42"),
                    arguments(Long.MIN_VALUE, "-9223372036854775808"),
                    arguments(BigInteger.TWO.pow(80), "1208925819614629174706176"),
                    arguments(0.1, "0.1"),
                    arguments(-0.0, "-0.0"),
                    arguments(1e300, "1.0E300"),
                    arguments(Double.MIN_VALUE, "4.9E-324"),
                    arguments(0.1f, "0.1"),
                    arguments(new AtomicInteger(5), "5"),
                    arguments(new AtomicLong(6), "6"),
                    arguments(TimeUnit.SECONDS, "\"SECONDS\""),
                    arguments(Colour.RED, "\"RED\""),
                    arguments(List.of(), "[]"),
                    arguments(List.of(1, "a", List.of(true)), "[1,\"a\",[true]]"),
                    arguments(new TreeSet<>(List.of(2, 1)), "[1,2]"),
                    arguments(new Object[] {1, null}, "[1,null]"),
                    arguments(new String[][] {{"a"}, {}}, "[[\"a\"],[]]"),
                    arguments(Map.of(), "{}"),
                    arguments(Map.of("a\n", Map.of()), "{\"a\\n\":{}}"),
                    arguments(ordered, "{\"z\":1,\"a\":[1,null]}"),
                    arguments(List.of(RawJson.parse(" { \"a\" : 1.0 } ")), "[ { \"a\" : 1.0 } ]"));
        }

        @ParameterizedTest
        @MethodSource("values")
        void writes_every_kind_of_java_value(Object value, String json) {
            assertThat(RawJson.of(value)).isEqualTo(RawJson.parse(json));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.10", "1E+3", "1E-10", "-0.000001", "12345678901234567890.123456789"})
        void a_decimal_keeps_every_digit(String digits) {
            assertThat(RawJson.of(new BigDecimal(digits)).text()).isEqualTo(digits);
            assertThat(new BigDecimal(RawJson.of(new BigDecimal(digits)).text()))
                    .isEqualTo(new BigDecimal(digits));
        }

        @Test
        void raw_json_is_not_wrapped_again() {
            RawJson json = RawJson.parse("{}");
            assertThat(RawJson.of(json)).isSameAs(json);
        }

        static Stream<Object> notFinite() {
            return Stream.of(
                    Double.NaN,
                    Double.POSITIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    Float.NaN,
                    Float.POSITIVE_INFINITY,
                    Float.NEGATIVE_INFINITY);
        }

        @ParameterizedTest
        @MethodSource("notFinite")
        void refuses_a_number_that_json_has_not(Object number) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.of(number))
                    .withMessage("JSON has no number " + number + "; use a finite one");
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.of(Map.of("a", List.of(number))));
        }

        @Test
        void refuses_a_number_of_another_class_that_is_not_finite() {
            DoubleAdder sum = new DoubleAdder();
            sum.add(Double.NaN);
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.of(sum));
        }

        static Stream<Object> unknownTypes() {
            return Stream.of(new Object(), Optional.of("a"), 'c', new int[] {1}, Stream.of(1), String.class);
        }

        @ParameterizedTest
        @MethodSource("unknownTypes")
        void refuses_other_types_and_says_which_there_are(Object value) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.of(List.of(value)))
                    .withMessage("Cannot write a " + value.getClass().getName()
                            + " as JSON; use a String, Number, Boolean, Map, List, null or RawJson.parse(text)");
        }

        @Test
        void refuses_keys_that_are_not_strings() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.of(Map.of(1, "a")))
                    .withMessage("A JSON object needs string keys, found 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.of(Collections.singletonMap(null, "a")))
                    .withMessage("A JSON object needs string keys, found null");
        }

        @Test
        void refuses_a_map_or_a_list_that_contains_itself() {
            Map<String, Object> map = new HashMap<>();
            map.put("self", map);
            List<Object> list = new ArrayList<>();
            list.add(list);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RawJson.of(map))
                    .withMessage("JSON value is nested deeper than 200 levels; is a map or list contained in itself?");
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.of(list));
        }

        @Test
        void raw_json_inside_counts_for_the_depth() {
            RawJson deep = RawJson.parse("[".repeat(200) + "1" + "]".repeat(200));
            assertThatIllegalArgumentException().isThrownBy(() -> RawJson.of(List.of(deep)));
        }

        @Test
        void whatever_is_written_can_be_parsed() {
            Seeds.each(2_000, random -> {
                RawJson json = RawJson.of(randomValue(random, 4));
                assertThat(RawJson.parse(json.text())).isEqualTo(json);
            });
        }

        @Test
        void a_text_in_any_characters_is_read_back_the_same() {
            Seeds.each(2_000, random -> {
                String text = Seeds.text(random, 40);
                assertThat(unescaped(RawJson.of(text).text())).isEqualTo(text);
            });
        }

        private static Object randomValue(Random random, int depth) {
            switch (random.nextInt(depth == 0 ? 7 : 10)) {
                case 0:
                    return null;
                case 1:
                    return random.nextBoolean();
                case 2:
                    return Seeds.text(random, 20);
                case 3:
                    return random.nextLong();
                case 4:
                    double number = Double.longBitsToDouble(random.nextLong());
                    return Double.isFinite(number) ? number : (Object) random.nextFloat();
                case 5:
                    return new BigDecimal(new BigInteger(100, random), random.nextInt(400) - 200);
                case 6:
                    return RawJson.of(randomValue(random, 0));
                case 7:
                    return new Object[] {randomValue(random, depth - 1)};
                case 8:
                    List<Object> list = new ArrayList<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        list.add(randomValue(random, depth - 1));
                    }
                    return list;
                default:
                    Map<String, Object> map = new LinkedHashMap<>();
                    for (int i = random.nextInt(4); i > 0; i--) {
                        map.put(Seeds.text(random, 6), randomValue(random, depth - 1));
                    }
                    return map;
            }
        }

        private static String unescaped(String json) {
            StringBuilder text = new StringBuilder();
            for (int i = 1; i < json.length() - 1; i++) {
                char c = json.charAt(i);
                if (c != '\\') {
                    text.append(c);
                    continue;
                }
                char escape = json.charAt(++i);
                switch (escape) {
                    case 'n' -> text.append('\n');
                    case 'r' -> text.append('\r');
                    case 't' -> text.append('\t');
                    case 'u' -> {
                        text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                        i += 4;
                    }
                    default -> text.append(escape);
                }
            }
            return text.toString();
        }
    }

    @Nested
    class Values {
        @Test
        void are_equal_when_their_texts_are() {
            assertThat(RawJson.parse("{\"a\":1}"))
                    .isEqualTo(RawJson.of(Map.of("a", 1)))
                    .hasSameHashCodeAs(RawJson.of(Map.of("a", 1)))
                    .isNotEqualTo(RawJson.parse("{\"a\":1.0}"))
                    .isNotEqualTo(RawJson.parse("{ \"a\":1}"))
                    .isNotEqualTo("{\"a\":1}");
        }

        @Test
        void show_their_text() {
            assertThat(RawJson.parse(" [1] ")).hasToString(" [1] ");
        }

        @Test
        void know_whether_they_are_null() {
            assertThat(RawJson.NULL.isNull()).isTrue();
            assertThat(RawJson.of(null).isNull()).isTrue();
            assertThat(RawJson.parse("null").isNull()).isTrue();
            assertThat(RawJson.parse("\"null\"").isNull()).isFalse();
            assertThat(RawJson.parse("[null]").isNull()).isFalse();
        }

        @Test
        void are_null_with_white_space_around_it_too() {
            assertThat(RawJson.parse(" null\n").isNull()).isTrue();
        }
    }
}
