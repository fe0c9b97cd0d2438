package dev.portolan.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.squareup.moshi.Json;
import dev.portolan.api.RawJson;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypedToolTest {
    record City(@Description("without the country") String city, Optional<LocalDate> day) {}

    record Nothing() {}

    enum Wind {
        @Json(name = "off-shore")
        OFF_SHORE
    }

    record Report(int celsius, Wind wind, @Nullable String remark, LocalDate day) {}

    private static String result(@Nullable Object value) throws Exception {
        return call(TypedTool.of("tool", "A tool", Nothing.class, nothing -> value), "{}");
    }

    private static String call(TypedTool tool, String arguments) throws Exception {
        return ResultText.of(tool.call(tool.read(arguments)));
    }

    @Test
    void a_record_of_arguments_is_the_tools_schema() throws Exception {
        TypedTool tool = TypedTool.of("get_weather", "The weather", City.class, city -> city.city() + city.day());

        assertThat(tool.definition().name()).isEqualTo("get_weather");
        assertThat(tool.definition().description()).isEqualTo("The weather");
        assertThat(tool.definition().strict()).isTrue();
        assertThat(tool.definition().parameters()).hasToString("""
                {"type":"object","properties":{"city":{"description":"without the country","type":"string"},\
                "day":{"type":["string","null"],"format":"date"}},"required":["city","day"],\
                "additionalProperties":false}""");
        assertThat(call(tool, "{\"city\":\"Genoa\"}")).isEqualTo("GenoaOptional.empty");
        assertThat(tool.withStrict(false).definition().strict()).isFalse();
    }

    @Test
    void a_result_is_text_or_json() throws Exception {
        assertThat(result("plain \"text\"")).isEqualTo("plain \"text\"");
        assertThat(result(null)).isEqualTo("null");
        assertThat(result(21.5)).isEqualTo("21.5");
        assertThat(result(RawJson.parse("{ }"))).isEqualTo("{ }");
        assertThat(result(new Report(21, Wind.OFF_SHORE, null, LocalDate.of(2026, 1, 15))))
                .isEqualTo("{\"celsius\":21,\"wind\":\"off-shore\",\"remark\":null,\"day\":\"2026-01-15\"}");
        assertThat(result(List.of(Optional.of(1), Optional.empty(), Map.of("a", new int[] {1, 2}))))
                .isEqualTo("[1,null,{\"a\":[1,2]}]");
        assertThatThrownBy(() -> result(new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("A tool cannot return a java.lang.Object; return text, a record");
    }

    @Test
    void a_path_is_text_though_it_is_a_list_of_paths_too() throws Exception {
        assertThat(result(Path.of("a", "b"))).isEqualTo("\"" + Path.of("a", "b") + "\"");
        assertThat(result(List.of(Path.of("a")))).isEqualTo("[\"a\"]");
    }

    @Test
    void a_collection_that_contains_itself_is_refused() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> result(endless))
                .withMessageContaining("is a collection contained in itself?");
    }

    static final class Dated {
        @ToolFunction("Reserves")
        Date reserve() {
            throw new AssertionError("must not run");
        }
    }

    static final class Listed {
        @ToolFunction("Reserves")
        StringBuilder[][] many() {
            return new StringBuilder[0][];
        }

        @ToolFunction("Reserves")
        Comparable<String> one() {
            return "one";
        }
    }

    @Test
    void a_method_that_returns_what_cannot_be_told_is_refused_before_it_does_anything() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedTool.methodsOf(new Dated()))
                .withMessageStartingWith(
                        "Dated.reserve cannot return a java.util.Date to a model; return text, a record");
        assertThat(TypedTool.methodsOf(new Listed())).hasSize(2);
    }

    abstract static class Base {
        @ToolFunction("Inherited")
        String inherited() {
            return "from above";
        }
    }

    static final class Weather extends Base {
        private int changes;

        @ToolFunction("The weather in a city")
        public Report weather(@Description("its name") String city, int days, @Nullable Wind wind) {
            return new Report(days, Wind.OFF_SHORE, city + wind, LocalDate.EPOCH);
        }

        @ToolFunction(value = "Counts", name = "count-up")
        void count() {
            changes++;
        }

        @ToolFunction("Fails")
        static String fail(@Name("the_city") String city) throws IOException {
            throw new IOException("no wire to " + city);
        }

        String notForModels() {
            return "";
        }
    }

    @Test
    void methods_that_are_marked_become_tools_in_the_order_of_their_names() throws Exception {
        Weather object = new Weather();
        List<TypedTool> tools = TypedTool.methodsOf(object);

        assertThat(tools).extracting(TypedTool::name).containsExactly("count-up", "fail", "inherited", "weather");
        TypedTool weather = tools.get(3);
        assertThat(weather.definition().parameters().text())
                .contains(
                        "\"city\":{\"description\":\"its name\",\"type\":\"string\"},\"days\":{\"type\":\"integer\"}");
        assertThat(call(weather, "{\"city\":\"Genoa\",\"days\":3}"))
                .contains("\"celsius\":3")
                .contains("Genoanull");
        assertThat(call(tools.get(0), "{}")).isEqualTo("done");
        assertThat(object.changes).isEqualTo(1);
        assertThat(call(tools.get(2), "{}")).isEqualTo("from above");
        assertThatThrownBy(() -> call(tools.get(1), "{\"the_city\":\"Genoa\"}"))
                .isInstanceOf(IOException.class)
                .hasMessage("no wire to Genoa");
    }

    interface Clock<T> {
        @ToolFunction("The time")
        default String time() {
            return "noon";
        }

        @ToolFunction("The time somewhere")
        String timeIn(@Name("place") T place);

        @ToolFunction("No tool of an object")
        static String zone() {
            return "UTC";
        }
    }

    static final class Sundial implements Clock<String> {
        @Override
        @ToolFunction("The time by the sun")
        public String timeIn(String place) {
            return "noon in " + place;
        }
    }

    interface Bell {
        @ToolFunction("Rings")
        String ring(@Name("times") int times);
    }

    @Test
    void methods_that_are_marked_in_an_interface_become_tools_too() throws Exception {
        List<TypedTool> tools = TypedTool.methodsOf(new Sundial());

        assertThat(tools).extracting(TypedTool::name).containsExactly("time", "timeIn");
        assertThat(call(tools.get(0), "{}")).isEqualTo("noon");
        assertThat(tools.get(1).definition().description()).isEqualTo("The time by the sun");
        assertThat(call(tools.get(1), "{\"place\":\"Genoa\"}")).isEqualTo("noon in Genoa");

        Object proxy = Proxy.newProxyInstance(
                Bell.class.getClassLoader(), new Class<?>[] {Bell.class}, (self, method, arguments) -> "ding");
        assertThat(call(TypedTool.methodsOf(proxy).get(0), "{\"times\":2}")).isEqualTo("ding");
    }

    @Test
    void values_of_java_time_and_primitive_optionals_are_told_as_they_are_read() throws Exception {
        assertThat(result(List.of(
                        YearMonth.of(2026, 1),
                        Year.of(2026),
                        Period.ofMonths(2),
                        ZoneId.of("Europe/Rome"),
                        ZoneOffset.ofHours(1),
                        OffsetTime.parse("14:30+01:00"),
                        MonthDay.of(1, 15),
                        Duration.ofDays(14))))
                .isEqualTo("[\"2026-01\",\"2026\",\"P2M\",\"Europe/Rome\",\"+01:00\",\"14:30+01:00\",\"--01-15\","
                        + "\"PT336H\"]");
        assertThat(result(List.of(OptionalInt.of(1), OptionalLong.empty(), OptionalDouble.of(0.5))))
                .isEqualTo("[1,null,0.5]");
    }

    static final class Twice {
        @ToolFunction("One")
        void go(int a) {}

        @ToolFunction("Other")
        void go(String a) {}
    }

    static final class Unfit {
        @ToolFunction("No")
        void go(StringBuilder builder) {}
    }

    @Test
    void what_cannot_be_a_tool_is_told_with_the_reason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedTool.methodsOf(new Twice()))
                .withMessageContaining("Two tools of")
                .withMessageContaining("are called 'go'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedTool.methodsOf(new Unfit()))
                .withMessageContaining("No JSON schema for Unfit.go.builder: java.lang.StringBuilder");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedTool.methodsOf("nothing"))
                .withMessageContaining("annotate it with @ToolFunction");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypedTool.of("bad name", "", Nothing.class, nothing -> ""))
                .withMessageContaining("Bad tool name");
    }

    @Test
    void a_parameter_without_a_name_is_told_with_the_remedy(@TempDir Path folder) throws Exception {
        // Compiled without -parameters, as most code is.
        Path source = folder.resolve("Unnamed.java");
        Files.writeString(source, """
                public class Unnamed {
                    @dev.portolan.typed.ToolFunction("No names")
                    public String go(@dev.portolan.typed.Name("a") int first, int second) {
                        return "";
                    }
                }
                """);
        String classPath = Path.of(ToolFunction.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), source.toString());
        assertThat(failed).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Object unnamed =
                    loader.loadClass("Unnamed").getDeclaredConstructor().newInstance();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TypedTool.methodsOf(unnamed))
                    .withMessage("Parameter 2 of Unnamed.go has no name in the class file; compile with -parameters, or"
                            + " annotate it with @Name(\"…\")");
        }
    }
}
