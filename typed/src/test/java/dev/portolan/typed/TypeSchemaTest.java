package dev.portolan.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.squareup.moshi.Json;
import dev.portolan.api.chat.ResponseFormat;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypeSchemaTest {
    @Description("How rough it is")
    enum Sea {
        @Description("one can swim")
        CALM,
        @Json(name = "rough")
        ROUGH,
        @Name("storm")
        STORMY
    }

    @Description("A place for ships")
    record Harbour(
            @Description("as on the chart") String name,
            @Json(name = "depth_m") int depth,
            Sea sea,
            Optional<String> pilot,
            @Nullable BigDecimal fee,
            @Name("is_open") boolean open) {
        Harbour {
            if (depth < 0) {
                throw new IllegalArgumentException("depth must not be negative");
            }
        }
    }

    @Test
    void a_record_is_an_object_with_all_members_required_and_optional_ones_nullable() {
        assertThat(TypeSchema.of(Harbour.class).json().text()).isEqualTo("""
                {"type":"object","description":"A place for ships","properties":{\
                "name":{"description":"as on the chart","type":"string"},\
                "depth_m":{"type":"integer"},\
                "sea":{"type":"string","description":"How rough it is; CALM: one can swim","enum":["CALM","rough","storm"]},\
                "pilot":{"type":["string","null"]},\
                "fee":{"type":["number","null"]},\
                "is_open":{"type":"boolean"}},\
                "required":["name","depth_m","sea","pilot","fee","is_open"],"additionalProperties":false}""");
        assertThat(TypeSchema.of(Harbour.class).responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema(
                        "Harbour",
                        "A place for ships",
                        TypeSchema.of(Harbour.class).json(),
                        true));
    }

    @Test
    void a_schema_is_made_once_for_each_class() {
        assertThat(TypeSchema.of(Harbour.class)).isSameAs(TypeSchema.of(Harbour.class));
        assertThat(TypeSchema.listOf(Harbour.class)).isSameAs(TypeSchema.listOf(Harbour.class));
    }

    @Test
    void a_record_is_read_with_what_is_missing_left_out_and_what_is_unknown_passed_over() {
        Harbour harbour = TypeSchema.of(Harbour.class)
                .read("{\"depth_m\":12.0,\"more\":{\"a\":[1]},\"name\":\"Genoa\",\"sea\":\"rough\",\"is_open\":true}");

        assertThat(harbour).isEqualTo(new Harbour("Genoa", 12, Sea.ROUGH, Optional.empty(), null, true));
        assertThat(TypeSchema.of(Harbour.class).read("""
                {"name":"Genoa","depth_m":12,"sea":"storm","pilot":"Ada","fee":0.10000000000000000001,"is_open":false}"""))
                .isEqualTo(new Harbour(
                        "Genoa", 12, Sea.STORMY, Optional.of("Ada"), new BigDecimal("0.10000000000000000001"), false));
    }

    record Everything(
            byte b,
            short s,
            Long l,
            float f,
            Double d,
            BigInteger big,
            Instant instant,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            LocalDateTime local,
            LocalDate date,
            LocalTime time,
            Duration duration,
            UUID uuid,
            URI uri) {}

    @Test
    void values_of_all_kinds_are_read() {
        Everything everything = TypeSchema.of(Everything.class).read("""
                {"b":-128,"s":32767,"l":9223372036854775807,"f":1.5,"d":1e3,"big":123456789012345678901234567890,
                 "instant":"2026-01-15T14:30:00+02:00","offset":"2026-01-15T14:30:00+02:00",
                 "zoned":"2026-01-15T14:30:00Z","local":"2026-01-15T14:30:00","date":"2026-01-15","time":"14:30:00Z",
                 "duration":"PT1H","uuid":"123e4567-e89b-42d3-a456-426614174000","uri":"https://example.com/"}""");

        assertThat(everything.l()).isEqualTo(Long.MAX_VALUE);
        assertThat(everything.big()).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(everything.instant()).isEqualTo(Instant.parse("2026-01-15T12:30:00Z"));
        assertThat(everything.time()).isEqualTo(LocalTime.of(14, 30));
        assertThat(TypeSchema.of(Everything.class).json().text())
                .contains("\"instant\":{\"type\":\"string\",\"format\":\"date-time\"}")
                .contains("\"date\":{\"type\":\"string\",\"format\":\"date\"}")
                .contains("\"uri\":{\"type\":\"string\"}");
    }

    record Times(
            OffsetTime time,
            YearMonth month,
            Year year,
            MonthDay day,
            ZoneId zone,
            ZoneOffset offset,
            Period period,
            @Description("how long") Duration stay) {}

    @Test
    void values_of_java_time_are_read_and_the_schema_says_what_their_format_does_not() {
        assertThat(TypeSchema.of(Times.class).read("""
                {"time":"14:30:00+01:00","month":"2026-01","year":"2026","day":"--01-15","zone":"Europe/Rome",
                 "offset":"+01:00","period":"P1Y2M","stay":"P2W"}"""))
                .isEqualTo(new Times(
                        OffsetTime.parse("14:30+01:00"),
                        YearMonth.of(2026, 1),
                        Year.of(2026),
                        MonthDay.of(1, 15),
                        ZoneId.of("Europe/Rome"),
                        ZoneOffset.ofHours(1),
                        Period.of(1, 2, 0),
                        Duration.ofDays(14)));
        assertThat(TypeSchema.of(Times.class).json().text())
                .contains("\"month\":{\"type\":\"string\",\"description\":\"a month of a year such as 2026-01\"}")
                .contains("\"stay\":{\"description\":\"how long (a duration such as P2W or P1DT1H30M, without years and"
                        + " months)\",\"type\":\"string\",\"format\":\"duration\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Duration.class).read("{\"value\":\"P1M\"}"))
                .withMessage("$.value: expected a duration such as P2W or P1DT1H30M, without years and months, found"
                        + " \"P1M\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Duration.class).read("{\"value\":\"P99999999999999999W\"}"));
    }

    record Maybe(OptionalInt berths, OptionalLong tons, OptionalDouble draught) {}

    @Test
    void optionals_of_primitives_may_be_missing() {
        assertThat(TypeSchema.of(Maybe.class).json().text())
                .contains("\"berths\":{\"type\":[\"integer\",\"null\"]},\"tons\":{\"type\":[\"integer\",\"null\"]},")
                .contains("\"draught\":{\"type\":[\"number\",\"null\"]}");
        assertThat(TypeSchema.of(Maybe.class).read("{\"berths\":3,\"tons\":null}"))
                .isEqualTo(new Maybe(OptionalInt.of(3), OptionalLong.empty(), OptionalDouble.empty()));
        assertThat(TypeSchema.of(Maybe.class).read("{\"tons\":7,\"draught\":2}"))
                .isEqualTo(new Maybe(OptionalInt.empty(), OptionalLong.of(7), OptionalDouble.of(2)));
    }

    record Fleet(List<Ship> ships, Set<String> flags, int[] berths, String[] names, List<@Nullable Integer> scores) {
        record Ship(String name) {}
    }

    @Test
    void lists_sets_and_arrays_are_arrays() {
        Fleet fleet = TypeSchema.of(Fleet.class).read("""
                {"ships":[{"name":"Argo"},{"name":"Fram"}],"flags":["GR","NO","GR"],"berths":[3,1],"names":["a"],
                 "scores":[1,null]}""");

        assertThat(fleet.ships()).containsExactly(new Fleet.Ship("Argo"), new Fleet.Ship("Fram"));
        assertThat(fleet.flags()).containsExactly("GR", "NO");
        assertThat(fleet.berths()).containsExactly(3, 1);
        assertThat(fleet.names()).containsExactly("a");
        assertThat(fleet.scores()).containsExactly(1, null);
        assertThat(TypeSchema.of(Fleet.class).json().text())
                .contains("\"scores\":{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"null\"]}}");
    }

    record Soundings(Map<String, Integer> depths) {}

    @Test
    void a_map_makes_a_schema_that_is_not_strict_and_that_can_be_seen() {
        TypeSchema<Soundings> schema = TypeSchema.of(Soundings.class);

        assertThat(schema.strict()).isFalse();
        assertThat(schema.maps()).containsExactly("Soundings.depths");
        assertThat(schema.responseFormat())
                .isInstanceOfSatisfying(
                        ResponseFormat.JsonSchema.class,
                        format -> assertThat(format.strict()).isFalse());
        assertThat(schema.json().text())
                .contains("{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}");
        assertThat(schema.read("{\"depths\":{\"Genoa\":12}}").depths()).containsExactly(Map.entry("Genoa", 12));
        assertThat(TypeSchema.of(Fleet.class).strict()).isTrue();
    }

    record Island(String name, @Description("next to it") Island.@Nullable Bridge bridge, List<Island> near) {
        record Bridge(Island to) {}
    }

    @Test
    void what_contains_itself_is_defined_once_and_referred_to() {
        TypeSchema<Island> schema = TypeSchema.of(Island.class);

        assertThat(schema.json().text()).isEqualTo("""
                {"type":"object","properties":{"name":{"type":"string"},\
                "bridge":{"description":"next to it","anyOf":[{"type":"object",\
                "properties":{"to":{"$ref":"#/$defs/Island"}},"required":["to"],"additionalProperties":false},\
                {"type":"null"}]},\
                "near":{"type":"array","items":{"$ref":"#/$defs/Island"}}},\
                "required":["name","bridge","near"],"additionalProperties":false,\
                "$defs":{"Island":{"type":"object","properties":{"name":{"type":"string"},\
                "bridge":{"description":"next to it","anyOf":[{"type":"object",\
                "properties":{"to":{"$ref":"#/$defs/Island"}},"required":["to"],"additionalProperties":false},\
                {"type":"null"}]},\
                "near":{"type":"array","items":{"$ref":"#/$defs/Island"}}},\
                "required":["name","bridge","near"],"additionalProperties":false}}}""");
        assertThat(schema.read("{\"name\":\"a\",\"bridge\":{\"to\":{\"name\":\"b\",\"near\":[]}},\"near\":[]}"))
                .isEqualTo(new Island("a", new Island.Bridge(new Island("b", null, List.of())), List.of()));
    }

    @Description("What may be on the chart")
    sealed interface Mark {
        record Buoy(String colour, int number) implements Mark {}

        @Name("light")
        record Lighthouse(int metres) implements Mark {}

        sealed interface Group extends Mark {}

        record Both(Mark one, Mark other) implements Group {}
    }

    record Chart(List<Mark> marks, Mark.Buoy last) {}

    @Test
    void a_sealed_interface_is_any_of_its_records_told_by_a_member() {
        TypeSchema<Chart> schema = TypeSchema.of(Chart.class);

        assertThat(schema.json().text())
                .contains("\"items\":{\"$ref\":\"#/$defs/Mark\"}")
                .contains(
                        "\"$defs\":{\"Mark\":{\"description\":\"What may be on the chart\",\"anyOf\":[{\"type\":\"object\","
                                + "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"Buoy\"]},")
                .contains("\"required\":[\"type\",\"one\",\"other\"]")
                .contains("\"last\":{\"type\":\"object\",\"properties\":{\"colour\"");
        assertThat(schema.read("""
                {"marks":[{"metres":12,"type":"light"},
                  {"type":"Both","one":{"type":"light","metres":1},"other":{"type":"Buoy","number":7,"colour":"red"}}],
                 "last":{"colour":"green","number":1}}""").marks())
                .containsExactly(
                        new Mark.Lighthouse(12), new Mark.Both(new Mark.Lighthouse(1), new Mark.Buoy("red", 7)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schema.read("{\"marks\":[{\"type\":\"Reef\"}],\"last\":{}}"))
                .withMessage("$.marks[0].type: expected one of Buoy, light, Both, found \"Reef\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schema.read("{\"marks\":[{}],\"last\":{}}"))
                .withMessage("$.marks[0].type: expected one of Buoy, light, Both, found nothing");
    }

    sealed interface Taken {
        record Typed(String type) implements Taken {}
    }

    @Test
    void the_member_that_tells_the_record_has_another_name_where_that_is_taken() {
        assertThat(TypeSchema.of(Taken.class).read("{\"value\":{\"kind\":\"Typed\",\"type\":\"x\"}}"))
                .isEqualTo(new Taken.Typed("x"));
    }

    record Page<E>(List<E> items, Optional<E> first) {}

    record Pages(Page<Sea> seas, Page<Fleet.Ship> ships) {}

    @Test
    void type_parameters_are_what_they_stand_for() {
        assertThat(TypeSchema.of(Pages.class).read("""
                {"seas":{"items":["CALM"],"first":null},"ships":{"items":[],"first":{"name":"Argo"}}}"""))
                .isEqualTo(new Pages(
                        new Page<>(List.of(Sea.CALM), Optional.empty()),
                        new Page<>(List.of(), Optional.of(new Fleet.Ship("Argo")))));
    }

    @Test
    void what_is_no_object_is_wrapped_in_one() {
        assertThat(TypeSchema.listOf(Sea.class).json().text())
                .startsWith("{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"array\"");
        assertThat(TypeSchema.listOf(Sea.class).read("{\"value\":[\"CALM\",\"storm\"]}"))
                .containsExactly(Sea.CALM, Sea.STORMY);
        assertThat(TypeSchema.of(Sea.class).read("{\"value\":\"rough\"}")).isEqualTo(Sea.ROUGH);
        assertThat(TypeSchema.of(Integer.class).read("{\"value\":4}")).isEqualTo(4);
        assertThat(TypeSchema.listOf(Sea.class).name()).isEqualTo("Sea_list");
    }

    @Test
    void json_is_found_in_a_fence_and_between_words() {
        TypeSchema<Fleet.Ship> schema = TypeSchema.of(Fleet.Ship.class);
        Fleet.Ship argo = new Fleet.Ship("Argo");

        assertThat(schema.read(" {\"name\":\"Argo\"}\n")).isEqualTo(argo);
        assertThat(schema.read("```json\n{\"name\":\"Argo\"}\n```")).isEqualTo(argo);
        assertThat(schema.read("Here {it} is:\n```\n{\"name\":\"Argo\"}\n```\nEnjoy {it}!"))
                .isEqualTo(argo);
        assertThat(schema.read("Here it is: {\"name\":\"Argo\"}. Enjoy!")).isEqualTo(argo);
    }

    @Test
    void json_is_found_behind_words_with_brackets_and_the_last_object_counts() {
        TypeSchema<Fleet.Ship> schema = TypeSchema.of(Fleet.Ship.class);
        Fleet.Ship argo = new Fleet.Ship("Argo");

        assertThat(schema.read("A ship is {a hull, a sail}: {\"name\":\"Argo\"} as in {Apollonius}"))
                .isEqualTo(argo);
        assertThat(schema.read("First {\"name\":\"Fram\"}, no: {\"name\":\"Argo\"}."))
                .isEqualTo(argo);
        assertThat(schema.read("So {\"name\":\"Argo\",\"log\":{\"name\":\"}{\\\"\"}}!"))
                .isEqualTo(argo);
    }

    @Test
    void a_part_of_an_object_that_is_broken_is_not_taken_for_the_whole() {
        for (String broken : List.of(
                "{\"name\":\"Argo\",\"tender\":{\"name\":\"Fram\"},}",
                "{\"name\":\"Argo\",\"tender\":{\"name\":\"Fram\"}")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TypeSchema.of(Fleet.Ship.class).read(broken))
                    .withMessage("$: expected a JSON object, found text that is not JSON");
        }
    }

    @Test
    void a_reply_of_brackets_only_is_given_up() {
        TypeSchema<Fleet.Ship> schema = TypeSchema.of(Fleet.Ship.class);

        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatIllegalArgumentException().isThrownBy(() -> schema.read("{\"a\":".repeat(100_000))));
    }

    @Test
    void what_the_schema_wraps_may_also_come_without_the_wrapping() {
        assertThat(TypeSchema.listOf(Sea.class).read("[\"CALM\"]")).containsExactly(Sea.CALM);
        assertThat(TypeSchema.listOf(Fleet.Ship.class)
                        .read("Both [of them]: [{\"name\":\"Argo\"},{\"name\":\"Fram\"}]"))
                .hasSize(2);
        assertThat(TypeSchema.listOf(Sea.class).read("So {\"value\":[\"CALM\"]}, as in [1]"))
                .containsExactly(Sea.CALM);
        assertThat(TypeSchema.of(Sea.class).read("\"rough\"")).isEqualTo(Sea.ROUGH);
        assertThat(TypeSchema.of(Integer.class).read("4")).isEqualTo(4);
        assertThat(TypeSchema.of(Mark.class).read("{\"type\":\"light\",\"metres\":12}"))
                .isEqualTo(new Mark.Lighthouse(12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.listOf(Sea.class).read("{\"seas\":[]}"))
                .withMessage("$.value: expected an array, found nothing");
    }

    private static void assertMisfit(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Harbour.class).read(json))
                .withMessage(message);
    }

    @Test
    void what_does_not_fit_is_told_with_its_place() {
        String rest = ",\"name\":\"x\",\"sea\":\"CALM\",\"is_open\":true}";
        assertMisfit("{\"depth_m\":\"deep\"" + rest, "$.depth_m: expected an integer of 32 bits, found \"deep\"");
        assertMisfit("{\"depth_m\":1.5" + rest, "$.depth_m: expected an integer of 32 bits, found 1.5");
        assertMisfit("{\"depth_m\":1e99999999" + rest, "$.depth_m: expected an integer of 32 bits, found 1e99999999");
        assertMisfit("{\"depth_m\":null" + rest, "$.depth_m: expected an integer of 32 bits, found null");
        assertMisfit("{\"depth_m\":[1]" + rest, "$.depth_m: expected an integer of 32 bits, found an array");
        assertMisfit("{\"x\":1" + rest, "$.depth_m: expected an integer of 32 bits, found nothing");
        assertMisfit(
                "{\"depth_m\":-1" + rest,
                "$: expected values that Harbour accepts, found others: depth must not be negative");
        assertMisfit(
                "{\"depth_m\":1,\"name\":\"x\",\"sea\":\"wild\"}",
                "$.sea: expected one of CALM, rough, storm, found \"wild\"");
        assertMisfit("{\"name\":7}", "$.name: expected a string, found 7");
        assertMisfit("{\"is_open\":\"yes\"}", "$.is_open: expected a boolean, found \"yes\"");
        assertMisfit("[]", "$: expected an object, found an array");
        assertMisfit("Genoa, of course", "$: expected a JSON object, found text that is not JSON");
        assertMisfit("{\"name\":", "$: expected a JSON object, found text that is not JSON");
        assertMisfit("", "$: expected a JSON object, found nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Fleet.class).read("{\"ships\":[{\"name\":\"a\"},{\"name\":false}]}"))
                .withMessage("$.ships[1].name: expected a string, found false");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Everything.class).read("{\"date\":\"tomorrow\"}"))
                .withMessage("$.date: expected a date such as 2026-01-15, found \"tomorrow\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(Everything.class).read("{\"d\":1e999}"))
                .withMessage("$.d: expected a number, found 1e999");
    }

    record Raw(List<Object> items) {}

    record Dated(Date date) {}

    record Keyed(Map<Integer, String> map) {}

    @SuppressWarnings("rawtypes")
    record Bare(List items) {}

    record Twice(@Name("a") String one, @Json(name = "a") String other) {}

    sealed interface Open permits Closed {}

    static final class Closed implements Open {}

    record Grows<A>(@Nullable Grows<List<A>> next) {}

    record Depth(@Nullable int metres) {}

    record Growing(Grows<String> start) {}

    private static void assertNone(Class<?> type, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeSchema.of(type))
                .withMessageContaining(message);
    }

    @Test
    void a_type_without_a_schema_is_told_with_its_component_the_reason_and_the_remedy() {
        assertNone(
                Dated.class, "No JSON schema for Dated.date: java.util.Date is of no kind that has one; use a record");
        assertNone(Depth.class, "No JSON schema for Depth.metres: int cannot be null; use Integer or Optional");
        assertNone(Raw.class, "No JSON schema for Raw.items[]: java.lang.Object is of no kind");
        assertNone(Keyed.class, "No JSON schema for Keyed.map: the keys of a map must be String");
        assertNone(
                Bare.class, "No JSON schema for Bare.items: List stands here without its type arguments; write them");
        assertNone(Page.class, "No JSON schema for Page: Page stands here without its type arguments; wrap it");
        assertNone(Twice.class, "No JSON schema for Twice: it has two members called 'a'");
        assertNone(Open.class, "Open permits Closed, which is no record");
        assertNone(Growing.class, "grow without end");
    }

    @Test
    void a_record_in_a_closed_module_is_refused_with_the_line_that_opens_it(@TempDir Path folder) throws Exception {
        Class<?> closed = compiledInModule(folder.resolve("a"), "");
        assertNone(
                closed,
                "The module acme does not let acme.orders.Order be used; add 'opens acme.orders to dev.portolan.typed;' to"
                        + " its module-info.java");

        Class<?> opened = compiledInModule(folder.resolve("b"), "opens acme.orders;");
        assertThat(TypeSchema.of(opened).read("{\"id\":\"x\"}")).hasToString("Order[id=x]");
    }

    private static Class<?> compiledInModule(Path folder, String directive) throws IOException, ClassNotFoundException {
        Path module = Files.createDirectories(folder).resolve("module-info.java");
        Path order = Files.createDirectories(folder.resolve("acme/orders")).resolve("Order.java");
        Files.writeString(module, "module acme { " + directive + " }");
        Files.writeString(order, "package acme.orders; record Order(String id) {}");
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", folder.toString(), module.toString(), order.toString());
        assertThat(failed).isZero();
        Configuration configuration =
                ModuleLayer.boot().configuration().resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("acme"));
        return ModuleLayer.boot()
                .defineModulesWithOneLoader(configuration, TypeSchemaTest.class.getClassLoader())
                .findLoader("acme")
                .loadClass("acme.orders.Order");
    }
}
