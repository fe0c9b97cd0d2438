package dev.portolan.testkit.assertion;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.fake.FakeChat;

/** Assertions about what a {@link FakeChat} was asked. */
public final class FakeChatAssert extends AbstractFakeAssert<FakeChatAssert, FakeChat, ChatRequest, ChatRequestAssert> {
    FakeChatAssert(FakeChat actual) {
        super(actual, FakeChatAssert.class);
    }

    @Override
    ChatRequestAssert about(Series<FakeCall<ChatRequest>> calls) {
        return new ChatRequestAssert(calls.here().request(), calls);
    }
}
