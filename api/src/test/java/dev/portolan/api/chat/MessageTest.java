package dev.portolan.api.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.portolan.api.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void the_text_of_a_message_is_that_of_its_text_parts() {
        assertThat(Message.user(
                                ContentPart.text("What is "),
                                ContentPart.image("https://example.org/a.png"),
                                ContentPart.text("this?"))
                        .text())
                .isEqualTo("What is this?");
        assertThat(Message.user(ContentPart.image("https://example.org/a.png")).text())
                .isEmpty();
        assertThat(Message.system("Be brief.").text()).isEqualTo("Be brief.");
        assertThat(AssistantMessage.builder().build().text()).isEmpty();
    }

    @Test
    void only_an_assistant_message_may_have_no_content() {
        assertThat(Message.assistant("").content()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.user())
                .withMessage("A user message needs content, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SystemMessage(List.of(), null, null, Map.of()))
                .withMessage("A system message needs content, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DeveloperMessage(List.of(), null, null, Map.of()))
                .withMessage("A developer message needs content, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ToolMessage("call_1", List.of(), null, null, Map.of()))
                .withMessage("A tool message needs content, found none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void a_tool_message_needs_the_id_of_its_call(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.tool(id, "42"))
                .withMessage("A tool message needs the id of the tool call that it answers");
    }

    @Test
    void a_breakpoint_or_a_name_is_added_to_a_copy() {
        CacheControl hour = CacheControl.ephemeral(CacheControl.Ttl.ONE_HOUR);

        assertThat(Message.user("a").withName("Ann").withCacheControl(hour))
                .isEqualTo(new UserMessage(List.of(ContentPart.text("a")), "Ann", hour, Map.of()));
        assertThat(Message.system("a").withName("Ann").withCacheControl(hour))
                .isEqualTo(new SystemMessage(List.of(ContentPart.text("a")), "Ann", hour, Map.of()));
        assertThat(Message.developer("a").withName("Ann").withCacheControl(hour))
                .isEqualTo(new DeveloperMessage(List.of(ContentPart.text("a")), "Ann", hour, Map.of()));
        assertThat(Message.tool("id", "a").withCacheControl(hour))
                .isEqualTo(new ToolMessage("id", List.of(ContentPart.text("a")), null, hour, Map.of()));
    }

    @Test
    void an_assistant_message_with_a_breakpoint_keeps_all_its_parts() {
        AssistantMessage message = AssistantMessage.builder()
                .text("a")
                .part(new ContentPart.Raw(RawJson.of(Map.of("type", "new"))))
                .toolCalls(List.of(new ToolCall("call_1", "f", "{}")))
                .reasoning("because")
                .reasoningDetails(
                        List.of(new ReasoningDetail.Text("because", "signature", ReasoningDetail.Origin.NONE)))
                .refusal("no")
                .images(List.of(Media.url("https://example.org/a.png")))
                .audio(new AudioOutput("id", null, "a", null))
                .annotations(List.of(new Annotation.Raw(RawJson.NULL)))
                .model("m")
                .name("n")
                .extras(Map.of("x", RawJson.NULL))
                .build();

        AssistantMessage marked = message.withCacheControl(CacheControl.EPHEMERAL);

        assertThat(marked.cacheControl()).isEqualTo(CacheControl.EPHEMERAL);
        assertThat(marked)
                .usingRecursiveComparison()
                .ignoringFields("cacheControl")
                .isEqualTo(message);
    }

    @Test
    void a_message_is_empty_only_if_nothing_was_said() {
        assertThat(AssistantMessage.builder().reasoning("hm").build().isEmpty()).isTrue();
        assertThat(AssistantMessage.builder().text("a").build().isEmpty()).isFalse();
        assertThat(AssistantMessage.builder().refusal("no").build().isEmpty()).isFalse();
        assertThat(AssistantMessage.builder()
                        .toolCalls(List.of(new ToolCall("call_1", "f", "")))
                        .build()
                        .isEmpty())
                .isFalse();
        assertThat(AssistantMessage.builder()
                        .images(List.of(Media.url("https://example.org/a.png")))
                        .build()
                        .isEmpty())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void a_tool_call_without_arguments_has_an_empty_object(String arguments) {
        assertThat(new ToolCall("call_1", "f", arguments).arguments()).isEqualTo("{}");
    }

    @Test
    void the_arguments_of_a_tool_call_stay_as_the_model_wrote_them() {
        assertThat(new ToolCall("call_1", "f", "{ \"a\": 1.0").arguments()).isEqualTo("{ \"a\": 1.0");
        assertThatNullPointerException().isThrownBy(() -> new ToolCall(null, "f", "{}"));
        assertThatNullPointerException().isThrownBy(() -> new ToolCall("call_1", null, "{}"));
    }

    @Test
    void the_parts_of_a_message_are_copied() {
        List<ContentPart> parts = new ArrayList<>(List.of(ContentPart.text("a")));
        UserMessage message = new UserMessage(parts, null, null, Map.of());
        parts.clear();

        assertThat(message.text()).isEqualTo("a");
    }

    @Test
    void a_file_part_needs_content() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ContentPart.File("a.pdf", null, null))
                .withMessage("A file part needs data or a file id");
        assertThat(new ContentPart.File(null, null, "file-1").fileId()).isEqualTo("file-1");
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP, true",
        "length, LENGTH, false",
        "tool_calls, TOOL_CALLS, true",
        "function_call, TOOL_CALLS, true",
        "content_filter, CONTENT_FILTER, false",
        "error, ERROR, false",
        "end_turn, STOP, true",
        "STOP, STOP, true",
        "MAX_TOKENS, LENGTH, false",
        "SAFETY, CONTENT_FILTER, false",
        "pause_turn, OTHER, false"
    })
    void a_finish_reason_is_unified_and_kept_as_it_came(String raw, FinishReason.Unified unified, boolean complete) {
        assertThat(FinishReason.of(raw)).isEqualTo(new FinishReason(unified, raw));
        assertThat(FinishReason.of(raw).isComplete()).isEqualTo(complete);
    }

    @Test
    void no_finish_reason_is_unknown() {
        assertThat(FinishReason.of(null)).isEqualTo(FinishReason.UNKNOWN);
        assertThat(FinishReason.of(" ")).isEqualTo(FinishReason.UNKNOWN);
        assertThat(FinishReason.UNKNOWN.isComplete()).isFalse();
    }
}
