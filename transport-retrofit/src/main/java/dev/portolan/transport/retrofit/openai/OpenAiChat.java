package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.CallOptions;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.ReplayedStream;
import dev.portolan.transport.retrofit.Answer;

/** The chat port over {@code POST /chat/completions}; makes each call once. Thread-safe. */
public final class OpenAiChat implements ChatPort {
    private final OpenAiClient<?> client;
    private final ChatDialect dialect;

    /** With this client, in this dialect. */
    public OpenAiChat(OpenAiClient<?> client, ChatDialect dialect) {
        this.client = client;
        this.dialect = dialect;
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        return complete(dialect.map(request, false), request.call());
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        return stream(dialect.map(request, true), request.call());
    }

    /** Sends a request that is mapped already, and reads the whole reply. */
    public ChatResponse complete(WireCall call, CallOptions options) {
        try (Answer answer = client.send(call, options, OpenAiApi::chat)) {
            return whole(answer, call, dialect).finish();
        }
    }

    /** Sends a request that is mapped already; a server that answers it in one piece is read as a stream too. */
    public ChatStream stream(WireCall call, CallOptions options) {
        Answer answer = client.send(call, options, OpenAiApi::chat);
        boolean streams = false;
        try {
            streams = answer.isEventStream() || answer.beginsWithEvents();
            return streams ? streamed(answer, call, dialect) : ReplayedStream.of(whole(answer, call, dialect));
        } finally {
            if (!streams) {
                answer.close();
            }
        }
    }

    /** Reads an answer whose body is a whole reply. */
    public static ChatAssembler whole(Answer answer, WireCall call, ChatDialect dialect) {
        ChatReplyDecoder decoder = new ChatReplyDecoder(answer, call.warnings(), dialect, false);
        return answer.json(reader -> {
            decoder.decode(reader);
            return decoder.complete();
        });
    }

    /** Reads an answer whose body is a stream of chunks; the stream closes it. */
    public static ChatStream streamed(Answer answer, WireCall call, ChatDialect dialect) {
        return new OpenAiChatStream(answer, new ChatReplyDecoder(answer, call.warnings(), dialect, true));
    }
}
