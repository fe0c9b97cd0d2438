package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.JsonEventStream;

/** A streamed chat reply. */
final class OpenAiChatStream extends JsonEventStream<ChatEvent, ChatResponse> implements ChatStream {
    OpenAiChatStream(Answer answer, ChatReplyDecoder decoder) {
        super(answer, decoder);
    }
}
