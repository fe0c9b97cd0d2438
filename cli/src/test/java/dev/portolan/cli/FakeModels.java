package dev.portolan.cli;

import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ReplayedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A provider, under several names, whose models answer what the test says, and remember what they were asked. */
final class FakeModels implements Provider, ChatPort {
    final List<ChatRequest> asked = new ArrayList<>();
    boolean streamed;
    private Consumer<ChatAssembler> answer = assembler -> assembler.text(0, "ok");
    private @Nullable Function<ErrorDetails, PortolanException> failure;
    private boolean refusesAtOnce;

    FakeModels answering(Consumer<ChatAssembler> newAnswer) {
        answer = newAnswer;
        return this;
    }

    /** Fails before anything has come. */
    FakeModels refusing(Function<ErrorDetails, PortolanException> newFailure) {
        failure = newFailure;
        refusesAtOnce = true;
        return this;
    }

    /** Fails after the answer has come, in place of its end. */
    FakeModels breakingOff(Function<ErrorDetails, PortolanException> newFailure) {
        failure = newFailure;
        return this;
    }

    /** The only request. */
    ChatRequest request() {
        if (asked.size() != 1) {
            throw new AssertionError("expected one request, found " + asked.size());
        }
        return asked.get(0);
    }

    @Override
    public Optional<ChatPort> chat() {
        return Optional.of(this);
    }

    @Override
    public ChatResponse complete(ChatRequest request) {
        ChatAssembler assembler = begin(request);
        if (failure != null) {
            throw failure.apply(ErrorDetails.NONE.withPartial(assembler.snapshot()));
        }
        return assembler.finish();
    }

    @Override
    public ChatStream stream(ChatRequest request) {
        streamed = true;
        ChatAssembler assembler = begin(request);
        if (failure == null) {
            return ReplayedStream.of(assembler);
        }
        return new BreakingStream(assembler, failure.apply(ErrorDetails.NONE.withPartial(assembler.snapshot())));
    }

    private ChatAssembler begin(ChatRequest request) {
        asked.add(request);
        if (refusesAtOnce) {
            throw Objects.requireNonNull(failure).apply(ErrorDetails.NONE);
        }
        ChatAssembler assembler = new ChatAssembler();
        assembler.start();
        answer.accept(assembler);
        return assembler;
    }

    @Override
    public void close() {}
}
