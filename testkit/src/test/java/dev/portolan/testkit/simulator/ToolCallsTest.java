package dev.portolan.testkit.simulator;

import static dev.portolan.testkit.simulator.Wire.ask;
import static dev.portolan.testkit.simulator.Wire.askModel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolCallsTest {
    static final String TOOLS = """
            "tools":[
              {"type":"function","function":{"name":"get_weather","description":"Current weather of a city",
                "parameters":{"type":"object","properties":{"city":{"type":"string"},
                  "unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"]}}},
              {"type":"function","function":{"name":"get_time","description":"Local hour of a place",
                "parameters":{"type":"object","properties":{"timezone":{"type":"string"}}}}},
              {"type":"function","function":{"name":"calculate","description":"Evaluates arithmetic",
                "parameters":{"type":"object","properties":{"expression":{"type":"string"}}}}}]
            """;

    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final Wire wire = new Wire(simulator);

    @AfterEach
    void close() {
        simulator.close();
    }

    private static List<JsonObject> functions(Wire.Reply reply) {
        return reply.message().array("tool_calls").objects().stream()
                .map(call -> Objects.requireNonNull(call.object("function")))
                .toList();
    }

    @Test
    void the_tool_that_the_user_names_is_called_with_arguments_from_the_text() throws Exception {
        Wire.Reply reply = wire.chat(ask("What's the weather in New York in fahrenheit?", TOOLS));

        assertThat(reply.choice().string("finish_reason")).isEqualTo("tool_calls");
        assertThat(reply.message().get("content")).isNull();
        JsonObject call = reply.message().array("tool_calls").objects().get(0);
        assertThat(call.string("id")).startsWith("call_");
        assertThat(call.string("type")).isEqualTo("function");
        assertThat(functions(reply)).singleElement().satisfies(function -> {
            assertThat(function.string("name")).isEqualTo("get_weather");
            assertThat(function.string("arguments")).isEqualTo("{\"city\":\"New York\",\"unit\":\"fahrenheit\"}");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "Weather and time in Oslo?, Oslo",
        "Weather for San Sebastián?, San Sebastián",
        "Paris weather please, Paris",
        "Hello! Is the weather nice in Tokyo, Tokyo"
    })
    void a_place_is_found_in_the_text(String text, String city) throws Exception {
        assertThat(functions(wire.chat(ask(text, TOOLS))).get(0).string("arguments", ""))
                .contains("\"city\":\"" + city + "\"");
    }

    @Test
    void two_tools_are_called_when_two_are_named_unless_the_request_forbids_it() throws Exception {
        String text = "Weather and time in Zürich, please";

        assertThat(functions(wire.chat(ask(text, TOOLS))))
                .extracting(function -> function.string("name"))
                .containsExactly("get_weather", "get_time");
        assertThat(functions(wire.chat(ask(text, TOOLS, "\"parallel_tool_calls\":false"))))
                .extracting(function -> function.string("name"))
                .containsExactly("get_weather");
    }

    @Test
    void a_description_counts_when_no_name_matches() throws Exception {
        assertThat(functions(wire.chat(ask("Do the arithmetic: 17 * (20 + 3)", TOOLS))))
                .singleElement()
                .satisfies(function ->
                        assertThat(function.string("arguments")).isEqualTo("{\"expression\":\"17 * (20 + 3)\"}"));
    }

    @Test
    void without_a_match_the_model_answers_unless_a_tool_is_required() throws Exception {
        assertThat(wire.chat(ask("Tell me a joke", TOOLS)).choice().string("finish_reason"))
                .isEqualTo("stop");
        assertThat(functions(wire.chat(ask("Tell me a joke", TOOLS, "\"tool_choice\":\"required\""))))
                .extracting(function -> function.string("name"))
                .containsExactly("get_weather");
    }

    @Test
    void a_named_choice_wins_and_none_forbids() throws Exception {
        assertThat(functions(wire.chat(ask(
                        "Weather in Oslo",
                        TOOLS,
                        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"get_time\"}}"))))
                .extracting(function -> function.string("name"))
                .containsExactly("get_time");
        assertThat(wire.chat(ask("Weather in Oslo", TOOLS, "\"tool_choice\":\"none\""))
                        .choice()
                        .string("finish_reason"))
                .isEqualTo("stop");
    }

    @Test
    void a_model_without_tools_drops_them_silently() throws Exception {
        assertThat(wire.chat(askModel("google/gemini-2.5-flash-image", "Weather in Oslo", TOOLS))
                        .choice()
                        .string("finish_reason"))
                .isEqualTo("stop");
    }

    @Test
    void each_vendor_has_its_own_word_for_the_finish() throws Exception {
        assertThat(wire.chat(askModel("anthropic/claude-sonnet-4.5", "Weather in Oslo", TOOLS))
                        .choice()
                        .string("native_finish_reason"))
                .isEqualTo("tool_use");
    }

    @Test
    void the_answer_after_tool_results_uses_them() throws Exception {
        JsonObject user = new JsonObject().put("role", "user").put("content", "Weather and time in Oslo?");
        JsonObject body = new JsonObject().put("messages", JsonArray.of(user)).putAll((JsonObject)
                Objects.requireNonNull(JsonText.parse("{" + TOOLS + "}")));
        JsonObject assistant = wire.chat(body.toString()).message();
        List<JsonObject> calls = assistant.array("tool_calls").objects();
        body.put(
                "messages",
                JsonArray.of(user, assistant, result(calls.get(0), "7 °C, rain"), result(calls.get(1), "09:41")));

        Wire.Reply reply = wire.chat(body.toString());

        assertThat(reply.choice().string("finish_reason")).isEqualTo("stop");
        assertThat(reply.content())
                .isEqualTo("The tool get_weather answered: 7 °C, rain The tool get_time answered: 09:41");
    }

    private static JsonObject result(JsonObject call, String text) {
        return new JsonObject()
                .put("role", "tool")
                .put("tool_call_id", call.get("id"))
                .put("content", text);
    }

    @Test
    void calls_of_later_turns_have_other_ids() throws Exception {
        String first = wire.chat(ask("Weather in Oslo", TOOLS))
                .message()
                .array("tool_calls")
                .objects()
                .get(0)
                .string("id");
        String second = wire.chat(ask("Weather in Rome", TOOLS))
                .message()
                .array("tool_calls")
                .objects()
                .get(0)
                .string("id");

        assertThat(first).isNotEqualTo(second);
    }
}
