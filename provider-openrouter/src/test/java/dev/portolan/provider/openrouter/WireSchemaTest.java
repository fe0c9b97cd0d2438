package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ContentPart;
import dev.portolan.api.chat.Message;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes on the wire fits the schema of OpenRouter's own specification. */
class WireSchemaTest {
    /** Rows that go beyond the schema: each on purpose. */
    private static final Set<String> BEYOND_THE_SCHEMA = Set.of(
            "format raw", // the hatch for a form nobody knows
            "tool choice raw", // the same for a tool choice
            "plugin new-plugin"); // and for a plugin

    @RegisterExtension
    final Loopback server = new Loopback();

    @Test
    void a_request_with_every_field_set_fits_the_schema() {
        ChatRequest request = FullRequest.builder().build();

        assertThat(WireSchema.problems(server.sent(request).body())).isEmpty();
        assertThat(WireSchema.problems(server.sentStreaming(request).body())).isEmpty();
    }

    @Test
    void every_member_of_the_schema_that_is_not_deprecated_can_be_set() {
        Set<String> known = Set.of(
                "audio",
                "verbosity",
                "preset",
                "transforms",
                "include_reasoning",
                "structured_outputs",
                "usage",
                "max_tool_calls",
                "web_search_options",
                "x_search_filter",
                "safe_prompt"); // in the guides only
        Set<String> sent = Json.object(
                        server.sentStreaming(FullRequest.builder().build()).body())
                .keySet();

        Set<String> schema = WireSchemaMembers.ofChatRequest();
        assertThat(schema).contains("messages", "model", "provider");
        // reasoning_effort is a shorthand of reasoning.effort, and may not differ from it.
        assertThat(sent)
                .containsAll(schema.stream()
                        .filter(name -> !name.equals("reasoning_effort"))
                        .toList());
        assertThat(sent.stream().filter(name -> !schema.contains(name))).isSubsetOf(known);
    }

    @ParameterizedTest
    @MethodSource
    void each_kind_of_message_fits_the_schema(Message message) {
        ChatRequest request = Loopback.request().message(message).build();

        assertThat(WireSchema.problems(server.sent(request).body())).isEmpty();
    }

    static List<Message> each_kind_of_message_fits_the_schema() {
        return FullRequest.messages();
    }

    @ParameterizedTest
    @MethodSource
    void each_kind_of_part_fits_the_schema(ContentPart part) {
        ChatRequest request = Loopback.request().user(part).build();

        assertThat(WireSchema.problems(server.sent(request).body())).isEmpty();
    }

    static List<ContentPart> each_kind_of_part_fits_the_schema() {
        return FullRequest.parts();
    }

    @ParameterizedTest
    @MethodSource
    void each_field_fits_the_schema(WireFields.Row row) {
        assertThat(WireSchema.problems(server.sent(row.request()).body())).isEmpty();
    }

    static Stream<WireFields.Row> each_field_fits_the_schema() {
        return WireFields.all().stream()
                .filter(row -> !BEYOND_THE_SCHEMA.contains(row.name()))
                // The guides send prices as numbers, the specification types them as texts
                // (OpenRouter reference: routing §4).
                .filter(row -> !row.name().equals("provider maxPrice"));
    }

    @Test
    void prices_as_numbers_are_the_one_place_where_the_wire_is_wider_than_the_schema() {
        ChatRequest request = Loopback.request()
                .options(OpenRouterOptions.builder()
                        .provider(ProviderPreferences.builder()
                                .maxPrice(ProviderPreferences.MaxPrice.tokens("0.5", "1.5"))
                                .build())
                        .build())
                .build();

        assertThat(WireSchema.problems(server.sent(request).body()))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).contains("max_price"));
    }

    @Test
    void the_schema_finds_mistakes() {
        assertThat(WireSchema.problems("{}")).isNotEmpty();
        assertThat(WireSchema.problems(json("{'messages':[]}"))).isNotEmpty();
        assertThat(WireSchema.problems(json("{'messages':[{'role':'nobody','content':'x'}]}")))
                .isNotEmpty();
        assertThat(WireSchema.problems(json("{'messages':[{'role':'user','content':[{'type':'image_url'}]}]}")))
                .isNotEmpty();
        assertThat(WireSchema.problems(
                        json("{'messages':[{'role':'user','content':'x'}],'provider':{'unknown':true}}")))
                .isNotEmpty();
        assertThat(WireSchema.problems(
                        json("{'messages':[{'role':'user','content':'x'}],'response_format':{'type':'xml'}}")))
                .isNotEmpty();
    }
}
