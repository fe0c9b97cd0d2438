package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.ClientGone;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.state.Generation;
import dev.portolan.testkit.simulator.state.GenerationRecord;
import dev.portolan.testkit.simulator.state.ResponseCache;
import dev.portolan.testkit.simulator.state.SimulatorState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code POST /chat/completions}: blocking and streamed (OpenRouter reference: chat-completions, streaming). */
public final class ChatCompletionsEndpoint implements Endpoint {
    private static final byte[] KEEP_ALIVE = ": OPENROUTER PROCESSING\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
    private static final PathTemplate PATH = PathTemplate.of("/chat/completions");

    private final SimulatorState state;
    private final ChatScript script;
    private final ResponseCache<ChatReply> cache;

    public ChatCompletionsEndpoint(SimulatorState state) {
        this.state = state;
        this.script = new ChatScript(state.clock());
        this.cache = new ResponseCache<>(state.clock());
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public PathTemplate path() {
        return PATH;
    }

    @Override
    public Answer answer(ReceivedRequest request) {
        request.checkSessionId();
        ChatCall call = ChatCall.parse(request);
        RoutedModel routed = state.routing().route(call.routeRequest());
        ResponseCache.Slot slot = ResponseCache.slot(request, "chat", routed.id(), call.body());
        ResponseCache.Entry<ChatReply> cached = slot == null ? null : cache.find(slot);
        if (cached != null) {
            Generation generation = state.begin("completions", routed, request);
            Delivery replay =
                    new Delivery(generation, call, cached.reply().replayed(), null, null, cached.generationId());
            return cache.hit(replay.answer(), cached);
        }
        ChatReply reply = script.reply(call, routed);
        Generation generation = state.begin("completions", routed, request);
        JsonObject metadata = RouterMetadata.wanted(request) ? RouterMetadata.of(reply) : null;
        Answer answer = new Delivery(generation, call, reply, metadata, slot, null).answer();
        return slot == null ? answer : cache.missed(answer, slot);
    }

    /** One reply on its way to one client. */
    private final class Delivery {
        private final Generation generation;
        private final String id;
        private final long created;
        private final ChatCall call;
        private final ChatReply reply;
        private final @Nullable JsonObject metadata;
        private final ResponseCache.@Nullable Slot slot;
        private final @Nullable String replayOf;

        Delivery(
                Generation generation,
                ChatCall call,
                ChatReply reply,
                @Nullable JsonObject metadata,
                ResponseCache.@Nullable Slot slot,
                @Nullable String replayOf) {
            this.generation = generation;
            this.id = generation.id();
            this.created = generation.created();
            this.call = call;
            this.reply = reply;
            this.metadata = metadata;
            this.slot = slot;
            this.replayOf = replayOf;
        }

        Answer answer() {
            Answer answer = call.stream() ? Answer.eventStream(this::stream) : document();
            return generation.named(answer);
        }

        private Answer document() {
            finished();
            return Answer.json(200, ChatDocument.of(reply, id, created).putIfPresent("openrouter_metadata", metadata));
        }

        private void stream(AnswerStream stream) throws IOException {
            int completionTokens = 0;
            int imageTokens = 0;
            boolean finished = false;
            try {
                stream.send(KEEP_ALIVE);
                stream.send(KEEP_ALIVE);
                JsonObject debug = call.body().object("debug");
                if (debug != null && debug.isTrue("echo_upstream_body")) {
                    stream.send(event(ChatChunks.debug(reply, id, created, upstreamBody())));
                }
                boolean first = true;
                for (ChatChunks.Chunk chunk : ChatChunks.of(reply, id, created)) {
                    if (!first && !state.chunkDelay().isZero()) {
                        stream.pause(state.chunkDelay());
                    }
                    first = false;
                    completionTokens = chunk.completionTokens();
                    imageTokens = chunk.imageTokens();
                    stream.send(event(chunk.json()));
                }
                finished(); // first the books, so that a client that saw the usage finds its bill
                finished = true;
                stream.send(event(ChatChunks.usage(reply, id, created).putIfPresent("openrouter_metadata", metadata)));
                stream.send(DONE);
            } catch (ClientGone gone) {
                if (!finished) {
                    lost(BillEntry.Outcome.CANCELLED, completionTokens, imageTokens);
                }
                throw gone;
            } catch (AnswerBroken broken) {
                if (!finished) {
                    lost(BillEntry.Outcome.CUT, completionTokens, imageTokens);
                }
                if (broken.failed()) {
                    state.ledger().fail(id);
                }
                throw broken;
            }
        }

        private void lost(BillEntry.Outcome outcome, int completionTokens, int imageTokens) {
            if (replayOf == null) {
                ChatUsage usage = reply.usageAfter(completionTokens, imageTokens);
                state.ledger().bill(record(usage).with(outcome));
            }
        }

        private static byte[] event(JsonObject json) {
            return ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        }

        /** What the provider is sent: its own name of the model, and nothing that is meant for the router. */
        private JsonObject upstreamBody() {
            JsonObject body =
                    new JsonObject().put("model", reply.routed().model().slug());
            call.modelParameters().stream()
                    .filter(reply.routed().model()::supports)
                    .forEach(name -> body.put(name, call.body().get(name)));
            return body.put("messages", call.body().get("messages")).put("stream", true);
        }

        private void finished() {
            GenerationRecord record = record(reply.usage());
            if (replayOf == null) {
                state.ledger().bill(record);
            } else {
                state.ledger().note(record);
            }
            if (slot != null) {
                cache.store(slot, reply, id);
            }
        }

        private GenerationRecord record(ChatUsage usage) {
            return generation.ended(usage.promptTokens(), usage.completionTokens(), usage.cost(), details(usage));
        }

        private JsonObject details(ChatUsage usage) {
            String session = call.body().string("session_id");
            return new JsonObject()
                    .put("streamed", call.stream())
                    .put("finish_reason", reply.finishReason())
                    .put("native_finish_reason", reply.nativeFinishReason())
                    .put("native_tokens_reasoning", usage.reasoningTokens())
                    .put("native_tokens_cached", usage.cachedTokens())
                    .put("native_tokens_completion_images", usage.imageTokens())
                    .put("num_media_completion", reply.images().size())
                    .put("external_user", call.body().string("user"))
                    .putIfPresent("session_id", session) // which wins over the header
                    .put("service_tier", reply.serviceTier())
                    .put("response_cache_source_id", replayOf);
        }
    }
}
