package dev.portolan.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The events of a chat stream that has ended well. */
final class StreamedEvents {
    private StreamedEvents() {}

    /** They come in an order that makes sense, and together are what the reply says. */
    static void assertLawful(List<ChatEvent> events, ChatResponse reply) {
        assertThat(events).as("the events").hasSizeGreaterThanOrEqualTo(2);
        assertThat(events.get(0)).as("the first event").isInstanceOf(ChatEvent.ResponseStarted.class);
        assertThat(events.get(events.size() - 1)).as("the last event").isEqualTo(new ChatEvent.ResponseFinished(reply));
        assertThat(events)
                .filteredOn(ChatEvent.ResponseStarted.class::isInstance)
                .hasSize(1);
        assertThat(events)
                .filteredOn(ChatEvent.ResponseFinished.class::isInstance)
                .hasSize(1);
        assertDeltasAreNotEmpty(events);
        for (ChatChoice choice : reply.choices()) {
            assertAddUp(events, choice);
        }
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.UsageReported told) {
                assertThat(told.usage()).isEqualTo(reply.usage());
                assertThat(told.cost()).isEqualTo(reply.cost());
            }
        }
    }

    private static void assertDeltasAreNotEmpty(List<ChatEvent> events) {
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.TextDelta delta) {
                assertThat(delta.text()).as("a piece of text").isNotEmpty();
            } else if (event instanceof ChatEvent.ReasoningDelta delta) {
                assertThat(delta.text()).as("a piece of reasoning").isNotEmpty();
            } else if (event instanceof ChatEvent.RefusalDelta delta) {
                assertThat(delta.text()).as("a piece of a refusal").isNotEmpty();
            } else if (event instanceof ChatEvent.ToolCallDelta delta) {
                assertThat(delta.arguments()).as("a piece of arguments").isNotEmpty();
            }
        }
    }

    private static void assertAddUp(List<ChatEvent> events, ChatChoice choice) {
        AssistantMessage message = choice.message();
        assertThat(text(events, choice.index()))
                .as("the pieces of text, joined")
                .isEqualTo(message.text());
        assertThat(joined(
                        events,
                        event -> event instanceof ChatEvent.ReasoningDelta delta && delta.choice() == choice.index()
                                ? delta.text()
                                : null))
                .as("the pieces of reasoning, joined")
                .isEqualTo(Objects.requireNonNullElse(message.reasoning(), ""));
        assertThat(joined(
                        events,
                        event -> event instanceof ChatEvent.RefusalDelta delta && delta.choice() == choice.index()
                                ? delta.text()
                                : null))
                .as("the pieces of a refusal, joined")
                .isEqualTo(Objects.requireNonNullElse(message.refusal(), ""));
        List<Media> images = new ArrayList<>();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.ImageReceived received && received.choice() == choice.index()) {
                images.add(received.image());
            }
        }
        assertThat(images).as("the images").isEqualTo(message.images());
        assertToolCalls(events, choice.index(), message.toolCalls());
    }

    /** Each call is started, then gets its arguments, then is finished, once. */
    private static void assertToolCalls(List<ChatEvent> events, int choice, List<ToolCall> calls) {
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
        Map<Integer, ToolCall> whole = new LinkedHashMap<>();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.ToolCallStarted started && started.choice() == choice) {
                assertThat(names.put(started.call(), started.name()))
                        .as("an earlier start of call %s", started.call())
                        .isNull();
                arguments.put(started.call(), new StringBuilder());
            } else if (event instanceof ChatEvent.ToolCallDelta delta && delta.choice() == choice) {
                assertThat(names).as("calls that have started").containsKey(delta.call());
                assertThat(whole).as("calls that have finished").doesNotContainKey(delta.call());
                Objects.requireNonNull(arguments.get(delta.call())).append(delta.arguments());
            } else if (event instanceof ChatEvent.ToolCallFinished finished && finished.choice() == choice) {
                assertThat(names).as("calls that have started").containsKey(finished.call());
                assertThat(whole.put(finished.call(), finished.toolCall()))
                        .as("an earlier end of call %s", finished.call())
                        .isNull();
            }
        }
        assertThat(whole.keySet()).as("calls that have finished").isEqualTo(names.keySet());
        assertThat(new ArrayList<>(whole.values()))
                .as("the calls, as they finished")
                .isEqualTo(calls);
        whole.forEach((place, call) -> {
            assertThat(call.name()).isEqualTo(names.get(place));
            String joined = String.valueOf(arguments.get(place));
            // A call without arguments has an empty object.
            assertThat(joined.isBlank() ? "{}" : joined)
                    .as("the pieces of arguments, joined")
                    .isEqualTo(call.arguments());
        });
    }

    /** The text of an answer, as its pieces say. */
    static String text(List<ChatEvent> events, int choice) {
        return joined(
                events,
                event -> event instanceof ChatEvent.TextDelta delta && delta.choice() == choice ? delta.text() : null);
    }

    private static String joined(List<ChatEvent> events, Function<ChatEvent, @Nullable String> piece) {
        StringBuilder all = new StringBuilder();
        for (ChatEvent event : events) {
            String text = piece.apply(event);
            all.append(text == null ? "" : text);
        }
        return all.toString();
    }
}
