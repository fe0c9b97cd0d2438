package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;
import java.util.List;

/** A streamed chat reply. */
final class OpenRouterChatStream extends JsonEventStream<ChatEvent, ChatResponse> implements ChatStream {
    OpenRouterChatStream(Answer answer, List<Warning> warnings) {
        super(answer, ChatReplyDecoder.ofStream(answer, warnings));
    }
}
