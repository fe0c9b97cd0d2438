package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.CallOptions;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.OpenRouterClient;
import dev.portolan.provider.openrouter.wire.WireCall;
import dev.portolan.transport.retrofit.Answer;

/** The chat port over {@code POST /chat/completions}. */
public final class OpenRouterChat implements ChatPort {
    private final OpenRouterClient client;

    /** With this client. */
    public OpenRouterChat(OpenRouterClient client) {
        this.client = client;
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        return complete(ChatRequestMapper.map(request, false), request.call());
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return stream(ChatRequestMapper.map(request, true), request.call());
    }

    /** Sends a request that is mapped already, and reads the whole reply. */
    public ChatResponse complete(WireCall call, CallOptions options) {
        try (Answer answer = client.send(call, options, OpenRouterApi::chat)) {
            return wholeReply(answer, call).finish();
        }
    }

    /** Sends a request that is mapped already; a server that answers it in one piece is read as a stream too. */
    public ChatStream stream(WireCall call, CallOptions options) {
        Answer answer = client.send(call, options, OpenRouterApi::chat);
        if (answer.isEventStream()) {
            return new OpenRouterChatStream(answer, call.warnings());
        }
        try (answer) {
            return ReplayedStream.of(wholeReply(answer, call));
        }
    }

    private static ChatAssembler wholeReply(Answer answer, WireCall call) {
        ChatReplyDecoder decoder = ChatReplyDecoder.ofWholeReply(answer, call.warnings());
        return answer.json(reader -> {
            decoder.decode(reader);
            return decoder.complete();
        });
    }
}
