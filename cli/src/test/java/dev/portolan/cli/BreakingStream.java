package dev.portolan.cli;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.ChatAssembler;

/** A stream that fails after what the assembler has. */
final class BreakingStream implements ChatStream {
    private final ChatAssembler assembler;
    private final PortolanException failure;

    BreakingStream(ChatAssembler assembler, PortolanException failure) {
        this.assembler = assembler;
        this.failure = failure;
    }

    @Override
    public ChatEvent next() {
        ChatEvent event = assembler.poll();
        if (event == null) {
            throw failure;
        }
        return event;
    }

    @Override
    public ChatResponse response() {
        throw failure;
    }

    @Override
    public void close() {}
}
