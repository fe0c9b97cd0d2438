package dev.portolan.api.spi;

import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.util.Map;

/** A small whole answer, for tests that need some answer and care for a part of it only. */
public final class ReplyBuilder {
    private final ChatAssembler assembler = new ChatAssembler();
    private String finishReason = "stop";

    private ReplyBuilder() {
        assembler.id("gen-1");
        assembler.model("google/gemini-2.5-flash");
        assembler.provider("Google");
        assembler.start();
    }

    /** An answer with this text. */
    public static ReplyBuilder saying(String... pieces) {
        ReplyBuilder reply = new ReplyBuilder();
        for (String piece : pieces) {
            reply.assembler.text(0, piece);
        }
        return reply;
    }

    /** Adds text of another answer. */
    public ReplyBuilder text(int choice, String text) {
        assembler.text(choice, text);
        return this;
    }

    /** Adds reasoning. */
    public ReplyBuilder reasoning(String text) {
        assembler.reasoning(0, text);
        return this;
    }

    /** Adds a tool call. */
    public ReplyBuilder calling(String id, String name, String arguments) {
        assembler.toolCall(0, null, id, name, arguments, Map.of());
        finishReason = "tool_calls";
        return this;
    }

    /** Sets usage and cost. */
    public ReplyBuilder costing(String dollars) {
        assembler.usage(Usage.of(10, 5), Cost.reported(new BigDecimal(dollars)));
        return this;
    }

    /** The answer, whole. */
    public ChatResponse build() {
        assembler.finishReason(0, finishReason);
        return assembler.finish();
    }

    /** The answer, as a stream. */
    public ChatStream stream() {
        assembler.finishReason(0, finishReason);
        return ReplayedStream.of(assembler);
    }
}
