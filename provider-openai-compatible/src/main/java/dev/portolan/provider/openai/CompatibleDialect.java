package dev.portolan.provider.openai;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.openai.ChatDialect;
import dev.portolan.transport.retrofit.openai.ChatNotes;
import dev.portolan.transport.retrofit.openai.EmbeddingDialect;
import dev.portolan.transport.retrofit.openai.EmbeddingFields;
import dev.portolan.transport.retrofit.openai.OwnMembers;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.util.Set;

/** OpenAI's API as a server with these quirks speaks it. */
final class CompatibleDialect implements ChatDialect, EmbeddingDialect {
    private final Set<Quirk> quirks;

    CompatibleDialect(Set<Quirk> quirks) {
        this.quirks = quirks;
    }

    @Override
    public WireCall map(ChatRequest request, boolean stream) {
        return new ChatRequestMapper(request, quirks).map(stream);
    }

    @Override
    public WireCall map(EmbeddingRequest request) {
        WireCall call = new WireCall(request.model(), request.model().name());
        EmbeddingFields.put(call, request);
        call.ignored(request.options(), null);
        call.extras(request.extras());
        return call;
    }

    /** Whatever is no common member stays reachable as an extra. */
    @Override
    public OwnMembers ownMembers() {
        return OwnMembers.NONE;
    }

    /** Older servers close a stream without {@code [DONE]}, and gateways lose the finish reason. */
    @Override
    public boolean needsBothEnds() {
        return false;
    }

    @Override
    public ChatNotes notes(Answer answer) {
        return new CompatibleNotes(answer, ThinkTags.of(quirks));
    }
}
