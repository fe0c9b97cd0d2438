package dev.portolan.provider.openrouter;

import dev.portolan.api.CallOptions;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.HttpTransport;
import dev.portolan.transport.retrofit.JsonBody;

/** The chat port over {@code POST /chat/completions}. */
final class OpenRouterChat implements ChatPort {
    private final HttpTransport transport;
    private final OpenRouterApi api;

    OpenRouterChat(HttpTransport transport) {
        this.transport = transport;
        this.api = transport.api(OpenRouterApi.class);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        ChatCall call = ChatRequestMapper.map(request, false);
        try (Answer answer = send(request, call)) {
            return wholeReply(answer, call).finish();
        }
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        ChatCall call = ChatRequestMapper.map(request, true);
        Answer answer = send(request, call);
        if (answer.isEventStream()) {
            return new OpenRouterChatStream(answer, call.warnings());
        }
        try (answer) {
            return ReplayedStream.of(wholeReply(answer, call));
        }
    }

    private Answer send(ChatRequest request, ChatCall call) {
        CallOptions options = request.call();
        OpenRouterApi target = options.baseUrl() == null ? api : transport.api(OpenRouterApi.class, options.baseUrl());
        return transport.send(
                target.chat(transport.headers(call.headers(), options), new JsonBody(call.body())),
                request.model(),
                options);
    }

    private static ChatAssembler wholeReply(Answer answer, ChatCall call) {
        ChatReplyDecoder decoder = ChatReplyDecoder.ofWholeReply(answer, call.warnings());
        return answer.json(reader -> {
            decoder.decode(reader);
            return decoder.complete();
        });
    }
}
