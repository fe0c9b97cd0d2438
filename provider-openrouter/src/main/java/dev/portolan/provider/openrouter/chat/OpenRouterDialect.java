package dev.portolan.provider.openrouter.chat;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.provider.openrouter.wire.OpenRouterNotes;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.ChatDialect;
import dev.portolan.transport.retrofit.openai.ChatNotes;
import dev.portolan.transport.retrofit.openai.OwnMembers;
import dev.portolan.transport.retrofit.openai.WireCall;

/** Chat as OpenRouter has it. */
public final class OpenRouterDialect implements ChatDialect {
    /** There is only one. */
    public static final OpenRouterDialect INSTANCE = new OpenRouterDialect();

    private OpenRouterDialect() {}

    @Override
    public WireCall map(ChatRequest request, boolean stream) {
        return ChatRequestMapper.map(request, stream);
    }

    @Override
    public OwnMembers ownMembers() {
        return OpenRouterNotes.MEMBERS;
    }

    @Override
    public ChatNotes notes(Answer answer) {
        return new OpenRouterNotes(answer);
    }
}
