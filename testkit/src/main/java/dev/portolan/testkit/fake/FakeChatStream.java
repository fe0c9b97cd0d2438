package dev.portolan.testkit.fake;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.testkit.simulator.text.Tokens;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays a chat reply, step by step. */
final class FakeChatStream extends PlayedStream<ChatEvent, ChatResponse> implements ChatStream {
    private final FakeChat fake;
    private final CallTime time;
    private final ChatRequest request;
    private final FakeReply reply;
    private final Deque<FakeReply.Step> steps;
    private final String id;
    private final ChatAssembler assembler = new ChatAssembler();
    private long completionTokens;
    private boolean calls;
    private volatile boolean begun;

    FakeChatStream(FakeChat fake, CallTime time, ChatRequest request, FakeReply reply, String id) {
        super(fake, time);
        this.fake = fake;
        this.time = time;
        this.request = request;
        this.reply = reply;
        this.steps = new ArrayDeque<>(reply.steps());
        this.id = reply.terms().idOr(id);
    }

    @Override
    void untilBegun() {
        time.check(false, this::unbegun);
        FakeReply.Step step = steps.peek();
        while (step != null && step.isBeforeTheAnswer()) {
            play(steps.remove());
            step = steps.peek();
        }
        begun = true;
        Terms terms = reply.terms();
        assembler.id(id);
        assembler.model(terms.modelOr(request.model().name()));
        assembler.provider(terms.upstream());
        assembler.created(fake.clock().instant().truncatedTo(ChronoUnit.SECONDS));
        terms.warnings().forEach(assembler::warning);
        assembler.metadata(terms.metadata());
        assembler.choice(0);
        assembler.start();
    }

    @Override
    ChatEvent read() {
        while (true) {
            time.check(true, this::soFar);
            ChatEvent event = assembler.poll();
            if (event != null) {
                return event;
            }
            FakeReply.Step step = steps.poll();
            if (step == null) {
                finish();
            } else {
                play(step);
            }
        }
    }

    @Override
    @Nullable ChatResponse whole(ChatEvent event) {
        return event instanceof ChatEvent.ResponseFinished last ? last.response() : null;
    }

    private void play(FakeReply.Step step) {
        if (step instanceof FakeReply.Step.Pause pause) {
            time.pass(pause.time(), this::soFar);
        } else if (step instanceof FakeReply.Step.Hang) {
            time.hang(this::soFar);
        } else if (step instanceof FakeReply.Step.Refuse refused) {
            throw refused.failure().of(soFar());
        } else if (step instanceof FakeReply.Step.Break broken) {
            throw broken.failure().of(soFar());
        } else if (step instanceof FakeReply.Step.Piece piece) {
            time.heard();
            add(piece);
        }
    }

    private void add(FakeReply.Step.Piece piece) {
        if (piece instanceof FakeReply.Step.Text text) {
            count(text.text());
            assembler.text(0, text.text());
        } else if (piece instanceof FakeReply.Step.Thought thought) {
            count(thought.text());
            assembler.reasoning(0, thought.text());
        } else if (piece instanceof FakeReply.Step.Detail detail) {
            assembler.reasoningDetail(0, detail.detail());
        } else if (piece instanceof FakeReply.Step.Refusal refusal) {
            count(refusal.text());
            assembler.refusal(0, refusal.text());
        } else if (piece instanceof FakeReply.Step.CallPart part) {
            count(part.arguments());
            calls = true;
            String callId = part.id() == null && part.name() != null ? id + "-call-" + (part.call() + 1) : part.id();
            assembler.toolCall(0, part.call(), callId, part.name(), part.arguments(), Map.of());
        } else if (piece instanceof FakeReply.Step.Image image) {
            assembler.image(0, image.image());
        } else if (piece instanceof FakeReply.Step.Note note) {
            assembler.annotation(0, note.annotation());
        }
    }

    private void count(String text) {
        completionTokens += Tokens.count(text);
    }

    private void finish() {
        String reason = reply.finishReason();
        assembler.finishReason(0, reason != null ? reason : calls ? "tool_calls" : "stop");
        assembler.usage(
                reply.terms().usageOr(Usage.of(promptTokens(), completionTokens)),
                reply.terms().cost());
        assembler.finish();
    }

    private long promptTokens() {
        return request.messages().stream()
                .map(Message::text)
                .mapToLong(Tokens::count)
                .sum();
    }

    private ErrorDetails unbegun() {
        return ErrorDetails.NONE.withModel(request.model());
    }

    private ErrorDetails soFar() {
        return begun ? unbegun().withGenerationId(id).withPartial(assembler.snapshot()) : unbegun();
    }

    @Override
    public List<String> generationIds() {
        return begun ? List.of(id) : List.of();
    }
}
