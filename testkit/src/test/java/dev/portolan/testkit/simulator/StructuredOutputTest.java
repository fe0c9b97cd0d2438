package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StructuredOutputTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private JsonObject sample(String schema) throws Exception {
        Wire.Reply reply = wire.chat(ask(
                "Why is the sky blue in Lisbon at 35 degrees?",
                "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"thing\",\"strict\":true,"
                        + "\"schema\":" + schema + "}}"));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return (JsonObject) Objects.requireNonNull(JsonText.parse(reply.content()));
    }

    @Test
    void a_json_object_is_one() throws Exception {
        String content = wire.chat(ask("Why is the sky blue?", "\"response_format\":{\"type\":\"json_object\"}"))
                .content();

        assertThat(((JsonObject) Objects.requireNonNull(JsonText.parse(content))).string("answer"))
                .contains("Rayleigh");
    }

    @Test
    void types_enums_constants_and_nested_objects_are_kept() throws Exception {
        JsonObject value = sample("""
                {"type":"object","properties":{
                  "answer":{"type":"string"},
                  "city":{"type":"string"},
                  "kind":{"enum":["x","y"]},
                  "version":{"const":3},
                  "sure":{"type":"boolean"},
                  "maybe":{"type":["string","null"]},
                  "nested":{"type":"object","properties":{"deep":{"type":"object","properties":{"n":{"type":"null"}},
                    "required":["n"]}},"required":["deep"]}},
                 "required":["answer","city","kind","version","sure","maybe","nested"],"additionalProperties":false}
                """);

        assertThat(value.names()).containsExactly("answer", "city", "kind", "version", "sure", "maybe", "nested");
        assertThat(value.string("answer")).contains("Rayleigh");
        assertThat(value.string("city")).isEqualTo("Lisbon");
        assertThat(value.string("kind")).isIn("x", "y");
        assertThat(value.number("version")).isEqualByComparingTo("3");
        assertThat(value.isTrue("sure")).isTrue();
        assertThat(value.get("maybe")).isInstanceOf(String.class);
        JsonObject deep = Objects.requireNonNull(
                Objects.requireNonNull(value.object("nested")).object("deep"));
        assertThat(deep.has("n")).isTrue();
        assertThat(deep.get("n")).isNull();
    }

    @Test
    void a_map_has_an_entry() throws Exception {
        JsonObject value = sample("""
                {"type":"object","properties":{"depths":{"type":"object","additionalProperties":{"type":"integer"}}},
                 "required":["depths"]}
                """);

        assertThat(Objects.requireNonNull(value.object("depths")).number("example"))
                .isEqualByComparingTo("35");
    }

    @Test
    void bounds_of_numbers_strings_and_arrays_are_kept() throws Exception {
        JsonObject value = sample("""
                {"type":"object","properties":{
                  "percent":{"type":"integer","minimum":0,"maximum":100},
                  "small":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.5},
                  "big":{"type":"integer","minimum":1001,"multipleOf":7},
                  "below":{"type":"integer","maximum":-5},
                  "code":{"type":"string","minLength":4,"maxLength":6},
                  "long":{"type":"string","minLength":300},
                  "shape":{"type":"string","pattern":"^[A-Z]{3}$"},
                  "tags":{"type":"array","items":{"type":"string"},"minItems":3,"uniqueItems":true},
                  "none":{"type":"array","items":{"type":"string"},"maxItems":0},
                  "pair":{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"minItems":2}}}
                """);

        assertThat(value.number("percent")).isBetween(BigDecimal.ZERO, new BigDecimal(100));
        assertThat(value.number("small")).isPositive().isLessThan(new BigDecimal("0.5"));
        assertThat(value.number("big")).isGreaterThan(new BigDecimal(1000));
        assertThat(value.number("big").remainder(new BigDecimal(7))).isZero();
        assertThat(value.number("below")).isLessThanOrEqualTo(new BigDecimal(-5));
        assertThat(value.string("code")).hasSizeBetween(4, 6);
        assertThat(value.string("long")).hasSizeGreaterThanOrEqualTo(300);
        assertThat(value.string("shape")).matches("[A-Z]{3}");
        assertThat(value.array("tags").strings()).hasSize(3).doesNotHaveDuplicates();
        assertThat(value.array("none").items()).isEmpty();
        assertThat(value.array("pair").items())
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(BigDecimal.class),
                        second -> assertThat(second).isEqualTo(true));
    }

    @Test
    void formats_are_kept() throws Exception {
        JsonObject value = sample("""
                {"type":"object","properties":{"a":{"type":"string","format":"date-time"},
                 "b":{"type":"string","format":"uuid"},"c":{"type":"string","format":"email"},
                 "d":{"type":"string","format":"date"}}}
                """);

        assertThat(java.time.Instant.parse(value.string("a", ""))).isNotNull();
        assertThat(java.util.UUID.fromString(value.string("b", ""))).isNotNull();
        assertThat(value.string("c")).contains("@");
        assertThat(java.time.LocalDate.parse(value.string("d", ""))).isNotNull();
    }

    @Test
    void references_alternatives_and_recursion_come_to_an_end() throws Exception {
        JsonObject value = sample("""
                {"$ref":"#/$defs/node","$defs":{
                  "node":{"type":"object","properties":{
                    "name":{"$ref":"#/$defs/label"},
                    "next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},
                    "children":{"type":"array","items":{"$ref":"#/$defs/node"}},
                    "either":{"oneOf":[{"type":"integer"},{"type":"string"}]},
                    "all":{"allOf":[{"type":"object","properties":{"p":{"type":"integer"}},"required":["p"]},
                                    {"properties":{"q":{"type":"string"}},"required":["q"]}]}},
                   "required":["name","next","children"]},
                  "label":{"type":"string"}}}
                """);

        assertThat(value.string("name")).isNotBlank();
        assertThat(value.object("next")).isNotNull();
        assertThat(value.array("children").items()).hasSize(1);
        assertThat(value.get("either")).isInstanceOf(BigDecimal.class);
        assertThat(List.copyOf(Objects.requireNonNull(value.object("all")).names()))
                .containsExactly("p", "q");
        JsonObject node = value;
        int depth = 0;
        while (node != null) {
            assertThat(node.names()).contains("name", "next", "children");
            node = node.object("next");
            depth++;
        }
        assertThat(depth).isLessThan(10);
    }
}
