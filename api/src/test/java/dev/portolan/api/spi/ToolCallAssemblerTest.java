package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The dialects of tool calls (OpenRouter reference: streaming §3), one by one; {@link ToolCallDialectsTest} mixes them.
 */
class ToolCallAssemblerTest {
    private final ToolCallFragments fragments = new ToolCallFragments();

    private static ToolCall call(String id, String name, String arguments) {
        return new ToolCall(id, name, arguments);
    }

    @Nested
    class Ids {
        @Test
        void may_come_on_the_first_fragment_only() {
            assertThat(fragments
                            .fragment(0, "a", "f", "")
                            .fragment(0, null, null, "{\"x\"")
                            .fragment(0, null, null, ":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }

        @Test
        void may_come_on_every_fragment() {
            assertThat(fragments
                            .fragment(0, "a", "f", "{\"x\"")
                            .fragment(0, "a", "f", ":1}")
                            .fragment(0, "a", null, "")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }

        @Test
        void may_be_empty_on_later_fragments() {
            assertThat(fragments
                            .fragment(0, "a", "f", "{\"x\"")
                            .fragment(0, "", "", ":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }

        @Test
        void may_come_after_the_name() {
            assertThat(fragments
                            .fragment(0, null, "f", "{\"x\"")
                            .fragment(0, "a", "f", ":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }

        @Test
        void that_change_on_fragments_without_a_name_do_not_split_the_call() {
            assertThat(fragments
                            .fragment(0, "a", "f", "{\"x\"")
                            .fragment(0, "b", null, ":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }

        @Test
        void that_never_come_are_made_up_and_differ() {
            List<ToolCall> calls = fragments
                    .fragment(0, null, "f", "{}")
                    .fragment(1, null, "f", "{}")
                    .finish();

            assertThat(calls)
                    .hasSize(2)
                    .extracting(ToolCall::id)
                    .doesNotHaveDuplicates()
                    .allMatch(id -> !id.isBlank());
        }

        @Test
        void that_are_made_up_are_the_same_for_the_same_reply_only() {
            assertThat(madeUpId("gen-1")).isEqualTo(madeUpId("gen-1")).isNotEqualTo(madeUpId("gen-2"));
            assertThat(madeUpId(null)).isNotBlank();
        }

        private String madeUpId(String generation) {
            ChatAssembler assembler = new ChatAssembler();
            if (generation != null) {
                assembler.id(generation);
            }
            assembler.toolCall(0, 0, null, "f", "{}", Map.of());
            return assembler.finish().toolCalls().get(0).id();
        }
    }

    @Nested
    class Indexes {
        @Test
        void keep_interleaved_fragments_apart() {
            assertThat(fragments
                            .fragment(0, "a", "f", "")
                            .fragment(1, "b", "g", "")
                            .fragment(0, null, null, "{\"x\"")
                            .fragment(1, null, null, "{\"y\"")
                            .fragment(0, null, null, ":1}")
                            .fragment(1, null, null, ":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{\"y\":2}"));
        }

        @Test
        void may_be_missing_everywhere() {
            assertThat(fragments
                            .fragment(null, "a", "f", "{\"x\"")
                            .fragment(null, null, null, ":1}")
                            .fragment(null, "b", "g", "")
                            .fragment(null, null, null, "{\"y\":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{\"y\":2}"));
        }

        @Test
        void may_be_missing_on_later_fragments_which_go_on_with_the_last_call() {
            assertThat(fragments
                            .fragment(0, "a", "f", "{}")
                            .fragment(1, "b", "g", "{\"y\"")
                            .fragment(null, null, null, ":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{}"), call("b", "g", "{\"y\":2}"));
        }

        @Test
        void that_are_missing_may_be_made_up_for_by_ids_in_interleaved_fragments() {
            assertThat(fragments
                            .fragment(null, "a", "f", "{\"x\"")
                            .fragment(null, "b", "g", "{\"y\"")
                            .fragment(null, "a", null, ":1}")
                            .fragment(null, "b", "g", ":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{\"y\":2}"));
        }

        @Test
        void need_not_start_at_zero_or_follow_each_other() {
            assertThat(fragments
                            .fragment(7, "a", "f", "{}")
                            .fragment(3, "b", "g", "{}")
                            .finish())
                    .containsExactly(call("a", "f", "{}"), call("b", "g", "{}"));
        }

        @Test
        void that_come_late_belong_to_the_call_with_the_same_id() {
            assertThat(fragments
                            .fragment(null, "a", "f", "{\"x\"")
                            .fragment(0, "a", null, ":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"));
        }
    }

    @Nested
    class OneIndexForTwoCalls {
        @ParameterizedTest
        @ValueSource(ints = 0)
        @NullSource
        void is_told_by_another_id(Integer index) {
            assertThat(fragments
                            .fragment(index, "a", "f", "{\"x\":1}")
                            .fragment(index, "b", "f", "")
                            .fragment(index, null, null, "{\"x\":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "f", "{\"x\":2}"));
        }

        @ParameterizedTest
        @ValueSource(ints = 0)
        @NullSource
        void is_told_by_another_name(Integer index) {
            assertThat(fragments
                            .fragment(index, null, "f", "{\"x\":1}")
                            .fragment(index, null, "g", "")
                            .fragment(index, null, null, "{\"x\":2}")
                            .finish())
                    .extracting(ToolCall::name, ToolCall::arguments)
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple("f", "{\"x\":1}"),
                            org.assertj.core.api.Assertions.tuple("g", "{\"x\":2}"));
        }

        @ParameterizedTest
        @ValueSource(ints = 0)
        @NullSource
        void is_told_by_arguments_that_were_complete(Integer index) {
            assertThat(fragments
                            .fragment(index, null, "f", "{\"x\":")
                            .fragment(index, null, "f", "{\"y\":1}}")
                            .fragment(index, null, "f", "{\"x\":2}")
                            .finish())
                    .extracting(ToolCall::arguments)
                    .containsExactly("{\"x\":{\"y\":1}}", "{\"x\":2}");
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "\n"})
        void is_told_by_complete_arguments_with_white_space_after_them(String space) {
            assertThat(fragments
                            .fragment(0, null, "f", "{\"x\":1}" + space)
                            .fragment(0, null, "f", "{\"x\":2}")
                            .finish())
                    .hasSize(2);
        }

        @ParameterizedTest
        @ValueSource(ints = 0)
        @NullSource
        void is_told_by_complete_arguments_when_the_second_call_begins_without_any(Integer index) {
            assertThat(fragments
                            .fragment(index, null, "f", "")
                            .fragment(index, null, null, "{\"x\":1}")
                            .fragment(index, null, "f", "")
                            .fragment(index, null, null, "{\"x\":2}")
                            .finish())
                    .extracting(ToolCall::arguments)
                    .containsExactly("{\"x\":1}", "{\"x\":2}");
        }

        @Test
        void is_told_by_ids_in_interleaved_fragments() {
            assertThat(fragments
                            .fragment(0, "a", "f", "")
                            .fragment(0, "b", "g", "")
                            .fragment(0, "a", null, "{\"x\":1}")
                            .fragment(0, "b", null, "{\"y\":2}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{\"y\":2}"));
        }
    }

    @Nested
    class Arguments {
        @Test
        void may_come_whole_with_id_and_name() {
            assertThat(fragments
                            .fragment(0, "a", "f", "{\"x\":1}")
                            .fragment(1, "b", "f", "{\"x\":1}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "f", "{\"x\":1}"));
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", " "})
        void that_stay_empty_are_an_empty_object(String arguments) {
            assertThat(fragments
                            .fragment(0, "a", "now", arguments)
                            .fragment(0, null, null, arguments)
                            .finish())
                    .containsExactly(call("a", "now", "{}"));
        }

        @Test
        void may_come_before_the_name() {
            assertThat(fragments
                            .fragment(0, "a", null, "{\"x\"")
                            .fragment(0, null, null, ":1}")
                            .fragment(0, null, "f", null)
                            .fragment(1, "b", null, "{")
                            .fragment(1, null, "g", "}")
                            .finish())
                    .containsExactly(call("a", "f", "{\"x\":1}"), call("b", "g", "{}"));
        }

        @Test
        void are_kept_as_they_came_even_if_they_are_no_json() {
            assertThat(fragments.fragment(0, "a", "f", "{\"x\": tru").finish())
                    .containsExactly(call("a", "f", "{\"x\": tru"));
        }

        @Test
        void with_brackets_in_strings_do_not_end_early() {
            assertThat(fragments
                            .fragment(0, null, "f", "{\"x\":\"}")
                            .fragment(0, null, "f", "{}")
                            .fragment(0, null, "f", "\\\"}")
                            .fragment(0, null, "f", "\"}")
                            .finish())
                    .extracting(ToolCall::arguments)
                    .containsExactly("{\"x\":\"}{}\\\"}\"}");
        }
    }

    @Test
    void the_same_tool_may_be_called_twice_with_the_same_arguments() {
        assertThat(fragments
                        .fragment(0, "a", "f", "{}")
                        .fragment(1, "b", "f", "{}")
                        .finish())
                .containsExactly(call("a", "f", "{}"), call("b", "f", "{}"));
    }

    @Test
    void further_members_of_all_fragments_are_kept() {
        RawJson signature = RawJson.of("signature");
        assertThat(fragments
                        .fragment(0, "a", "f", "{", Map.of("type", RawJson.of("function")))
                        .fragment(0, null, null, "}", Map.of("thought_signature", signature))
                        .finish())
                .containsExactly(new ToolCall(
                        "a", "f", "{}", Map.of("type", RawJson.of("function"), "thought_signature", signature)));
    }

    @Test
    void a_call_that_never_got_a_name_is_not_a_call() {
        assertThat(fragments
                        .fragment(0, "a", null, "{}")
                        .fragment(1, "b", "f", "{}")
                        .finish())
                .containsExactly(call("b", "f", "{}"));
    }

    @Test
    void the_calls_so_far_can_be_seen_at_any_time() {
        assertThat(fragments.fragment(0, "a", null, "{\"x\"").snapshot().toolCalls())
                .isEmpty();
        ChatResponse half = fragments.fragment(0, null, "f", ":").snapshot();
        fragments.fragment(0, null, null, "1}");

        assertThat(half.toolCalls()).containsExactly(call("a", "f", "{\"x\":"));
        assertThat(fragments.finish()).containsExactly(call("a", "f", "{\"x\":1}"));
    }

    @Test
    void events_come_with_the_fragments_and_the_end_with_the_end() {
        ChatAssembler assembler = new ChatAssembler();
        assembler.start();
        assembler.toolCall(0, 0, null, null, "{\"x\"", Map.of());
        assembler.toolCall(0, 0, "a", "f", ":", Map.of());
        assembler.toolCall(0, 0, null, null, "1}", Map.of());
        assembler.toolCall(0, 1, "b", "g", null, Map.of());
        List<ChatEvent> before = drained(assembler);
        ChatResponse response = assembler.finish();

        assertThat(before.subList(1, before.size()))
                .containsExactly(
                        new ChatEvent.ToolCallStarted(0, 0, "a", "f"),
                        new ChatEvent.ToolCallDelta(0, 0, "{\"x\""),
                        new ChatEvent.ToolCallDelta(0, 0, ":"),
                        new ChatEvent.ToolCallDelta(0, 0, "1}"),
                        new ChatEvent.ToolCallStarted(0, 1, "b", "g"));
        assertThat(drained(assembler))
                .containsExactly(
                        new ChatEvent.ToolCallFinished(0, 0, call("a", "f", "{\"x\":1}")),
                        new ChatEvent.ToolCallFinished(0, 1, call("b", "g", "{}")),
                        new ChatEvent.ResponseFinished(response));
    }

    @Test
    void the_calls_of_several_answers_are_kept_apart() {
        ChatAssembler assembler = new ChatAssembler();
        assembler.toolCall(1, 0, "b", "g", "{", Map.of());
        assembler.toolCall(0, 0, "a", "f", "{", Map.of());
        assembler.toolCall(1, 0, null, null, "}", Map.of());
        assembler.toolCall(0, 0, null, null, "\"x\":1}", Map.of());
        ChatResponse response = assembler.finish();

        assertThat(response.choices().get(0).message().toolCalls()).containsExactly(call("a", "f", "{\"x\":1}"));
        assertThat(response.choices().get(1).message().toolCalls()).containsExactly(call("b", "g", "{}"));
    }

    static List<ChatEvent> drained(ChatAssembler assembler) {
        List<ChatEvent> events = new ArrayList<>();
        for (ChatEvent event = assembler.poll(); event != null; event = assembler.poll()) {
            events.add(event);
        }
        return events;
    }
}
