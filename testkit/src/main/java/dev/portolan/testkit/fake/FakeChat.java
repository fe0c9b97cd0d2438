package dev.portolan.testkit.fake;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.UserMessage;
import java.util.List;
import java.util.function.Predicate;

/**
 * A chat port that answers what it was told to, and remembers what it was asked.
 *
 * <pre>{@code
 * FakeChat chat = FakeChat.answering("Hello, Ann.");
 * String greeting = new Greeter(chat).greet("Ann");
 * assertThat(chat).received(1).request().hasUserText("Greet Ann.");
 * }</pre>
 *
 * <p>A blocking call and a stream give the same reply. Delays pass on the {@linkplain #clock() clock}, and the request's time limits
 * hold on it. Thread-safe.
 */
public final class FakeChat extends ScriptedFake<ChatRequest, FakeReply, FakeChat> implements ChatPort {
    /** A fake that has no replies yet. */
    public FakeChat() {
        super(null);
    }

    /** A fake that answers everything with this text. */
    public static FakeChat answering(String text) {
        return new FakeChat().always(text);
    }

    /** A fake that answers everything with this. */
    public static FakeChat answering(FakeReply reply) {
        return new FakeChat().always(reply);
    }

    /** Adds text replies, each for one request, in order. */
    public FakeChat next(String... texts) {
        for (String text : texts) {
            next(FakeReply.text(text));
        }
        return this;
    }

    /** Adds the same text reply for so many requests. */
    public FakeChat next(int times, String text) {
        return next(times, FakeReply.text(text));
    }

    /** Sets the text reply to everything that nothing else is there for. */
    public FakeChat always(String text) {
        return always(FakeReply.text(text));
    }

    @Override
    public When when(Predicate<? super ChatRequest> condition) {
        return new When(this, rule("when(…)", condition));
    }

    /** Replies to requests in whose last user message this text occurs. */
    public When whenUserTextContains(String part) {
        return new When(
                this,
                rule(
                        "whenUserTextContains(" + Lines.preview(part) + ")",
                        request -> userText(request).contains(part)));
    }

    /** The requests of some kind that a fake has replies of their own for. Thread-safe. */
    public static final class When extends FakeRule<ChatRequest, FakeReply, FakeChat> {
        private When(FakeChat fake, Script<ChatRequest> script) {
            super(fake, script);
        }

        /** Adds text replies, each for one such request, in order. */
        public FakeChat next(String... texts) {
            return next(List.of(texts).stream().map(FakeReply::text).toArray(FakeReply[]::new));
        }

        /** Adds the same text reply for so many such requests. */
        public FakeChat next(int times, String text) {
            return next(times, FakeReply.text(text));
        }

        /** Sets the text reply to all such requests. */
        public FakeChat always(String text) {
            return always(FakeReply.text(text));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws AssertionError if the script has no reply
     */
    @Override
    public ChatResponse complete(ChatRequest request) {
        try (FakeChatStream whole = answered(request, false)) {
            whole.begin();
            return whole.response();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws AssertionError if the script has no reply
     */
    @Override
    public ChatStream stream(ChatRequest request) {
        FakeChatStream stream = answered(request, true);
        stream.begin();
        return stream;
    }

    private FakeChatStream answered(ChatRequest request, boolean streamed) {
        FakeReply reply = answer(request, streamed);
        CallTime time = new CallTime(clock(), request, streamed);
        return new FakeChatStream(this, time, request, reply, nextId("fake-chat-"));
    }

    @Override
    FakeChat self() {
        return this;
    }

    @Override
    String shown(ChatRequest request) {
        return "to " + request.model() + ": " + Lines.preview(userText(request));
    }

    /** The text of the last user message; empty if there is none. */
    private static String userText(ChatRequest request) {
        String text = "";
        for (Message message : request.messages()) {
            text = message instanceof UserMessage ? message.text() : text;
        }
        return text;
    }
}
