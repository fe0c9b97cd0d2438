package dev.portolan.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Feeds fragments of tool calls to an assembler, and checks the events that every dialect must give. */
final class ToolCallFragments {
    private final ChatAssembler assembler = new ChatAssembler();

    ToolCallFragments() {
        assembler.id("gen-1");
        assembler.start();
    }

    ToolCallFragments fragment(Integer index, String id, String name, String arguments) {
        return fragment(index, id, name, arguments, Map.of());
    }

    ToolCallFragments fragment(Integer index, String id, String name, String arguments, Map<String, RawJson> extras) {
        assembler.toolCall(0, index, id, name, arguments, extras);
        return this;
    }

    ChatResponse snapshot() {
        return assembler.snapshot();
    }

    /** The calls, once their events have been checked. */
    List<ToolCall> finish() {
        ChatResponse response = assembler.finish();
        List<ChatEvent> events = new ArrayList<>();
        for (ChatEvent event = assembler.poll(); event != null; event = assembler.poll()) {
            events.add(event);
        }
        checkEvents(events, response.toolCalls());
        return response.toolCalls();
    }

    private static void checkEvents(List<ChatEvent> events, List<ToolCall> calls) {
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, StringBuilder> arguments = new LinkedHashMap<>();
        Map<Integer, ToolCall> finished = new LinkedHashMap<>();
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.ToolCallStarted started) {
                assertThat(names.put(started.call(), started.name()))
                        .as("call %d starts once", started.call())
                        .isNull();
                arguments.put(started.call(), new StringBuilder());
            } else if (event instanceof ChatEvent.ToolCallDelta delta) {
                assertThat(delta.arguments()).isNotEmpty();
                assertThat(names).as("started before its arguments come").containsKey(delta.call());
                assertThat(finished).as("not finished while its arguments come").doesNotContainKey(delta.call());
                arguments.get(delta.call()).append(delta.arguments());
            } else if (event instanceof ChatEvent.ToolCallFinished end) {
                assertThat(names).as("started before it is finished").containsKey(end.call());
                assertThat(finished.put(end.call(), end.toolCall()))
                        .as("call %d is finished once", end.call())
                        .isNull();
                assertThat(end.toolCall().name()).isEqualTo(names.get(end.call()));
                String written = arguments.get(end.call()).toString();
                assertThat(written.isBlank() ? "{}" : written)
                        .as("the pieces of the arguments")
                        .isEqualTo(end.toolCall().arguments());
            }
        }
        assertThat(finished.keySet()).isEqualTo(names.keySet());
        assertThat(finished.values()).containsExactlyElementsOf(calls);
        assertThat(events.get(events.size() - 1)).isInstanceOf(ChatEvent.ResponseFinished.class);
    }
}
