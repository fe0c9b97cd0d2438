package dev.portolan.api.spi;

import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ToolCall;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The events by which a stream would have brought a reply, if each part had come in one piece. */
final class WholeReply {
    private static final byte[] SILENCE = {};

    private final Queue<ChatEvent> events = new ArrayDeque<>();

    private WholeReply() {}

    static Queue<ChatEvent> events(ChatResponse reply) {
        WholeReply whole = new WholeReply();
        whole.events.add(new ChatEvent.ResponseStarted(reply.id(), reply.model(), reply.provider(), reply.created()));
        reply.choices().forEach(whole::add);
        if (reply.usage().isReported() || reply.cost().isKnown()) {
            whole.events.add(new ChatEvent.UsageReported(reply.usage(), reply.cost()));
        }
        reply.choices().forEach(whole::finish);
        whole.events.add(new ChatEvent.ResponseFinished(reply));
        return whole.events;
    }

    private void add(ChatChoice choice) {
        int index = choice.index();
        AssistantMessage message = choice.message();
        add(message.reasoning(), text -> new ChatEvent.ReasoningDelta(index, text));
        add(message.text(), text -> new ChatEvent.TextDelta(index, text));
        add(message.refusal(), text -> new ChatEvent.RefusalDelta(index, text));
        List<ToolCall> calls = message.toolCalls();
        for (int i = 0; i < calls.size(); i++) {
            ToolCall call = calls.get(i);
            events.add(new ChatEvent.ToolCallStarted(index, i, call.id(), call.name()));
            events.add(new ChatEvent.ToolCallDelta(index, i, call.arguments()));
        }
        message.images().forEach(image -> events.add(new ChatEvent.ImageReceived(index, image)));
        AudioOutput audio = message.audio();
        if (audio != null) {
            add(index, audio);
        }
        message.annotations().forEach(source -> events.add(new ChatEvent.AnnotationReceived(index, source)));
    }

    private void add(@Nullable String text, Function<String, ChatEvent> event) {
        if (text != null && !text.isEmpty()) {
            events.add(event.apply(text));
        }
    }

    private void add(int index, AudioOutput audio) {
        Media.Bytes sound = audio.data();
        String transcript = audio.transcript();
        events.add(new ChatEvent.AudioDelta(
                index, sound == null ? SILENCE : sound.data(), transcript == null ? "" : transcript));
    }

    private void finish(ChatChoice choice) {
        List<ToolCall> calls = choice.message().toolCalls();
        for (int i = 0; i < calls.size(); i++) {
            events.add(new ChatEvent.ToolCallFinished(choice.index(), i, calls.get(i)));
        }
    }
}
