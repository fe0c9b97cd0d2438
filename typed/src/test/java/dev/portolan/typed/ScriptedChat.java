package dev.portolan.typed;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A model that says what it was told to say, in order, and keeps what it was asked. */
final class ScriptedChat implements ChatPort {
    private final Deque<Function<ChatRequest, ChatAssembler>> script = new ArrayDeque<>();
    private final List<ChatRequest> asked = new ArrayList<>();
    private int number;

    /** Each reply costs a cent. */
    ScriptedChat says(String text) {
        return ends(text, "stop");
    }

    ScriptedChat ends(String text, String finishReason) {
        return replies(reply -> {
            reply.text(0, text);
            reply.usage(Usage.of(10, 5), Cost.reported(new BigDecimal("0.01")));
            reply.finishReason(0, finishReason);
        });
    }

    ScriptedChat calls(String... namesAndArguments) {
        return replies(reply -> {
            for (int i = 0; i < namesAndArguments.length; i += 2) {
                reply.toolCall(0, i / 2, "call-" + (i / 2), namesAndArguments[i], namesAndArguments[i + 1], Map.of());
            }
            reply.usage(Usage.of(10, 5), Cost.reported(new BigDecimal("0.01")));
            reply.finishReason(0, "tool_calls");
        });
    }

    ScriptedChat replies(java.util.function.Consumer<ChatAssembler> what) {
        return does(request -> {
            ChatAssembler reply = new ChatAssembler();
            reply.id("gen-" + ++number);
            reply.model("scripted");
            reply.start();
            what.accept(reply);
            return reply;
        });
    }

    ScriptedChat fails(RuntimeException failure) {
        return does(request -> {
            throw failure;
        });
    }

    ScriptedChat does(Function<ChatRequest, ChatAssembler> what) {
        script.add(what);
        return this;
    }

    List<ChatRequest> asked() {
        return asked;
    }

    ChatRequest asked(int place) {
        return asked.get(place);
    }

    private ChatAssembler next(ChatRequest request) {
        asked.add(request);
        return script.remove().apply(request);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        return next(request).finish();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return ReplayedStream.of(next(request));
    }
}
