package dev.portolan.testkit.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code POST /chat/completions}: blocking and streamed (chat-completions.md, streaming.md). */
final class ChatCompletionsEndpoint implements Endpoint {
    private static final byte[] KEEP_ALIVE = ": OPENROUTER PROCESSING\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int LONGEST_SESSION_ID = 256;

    private final SimulatorState state;
    private final ModelRouting routing;
    private final ChatScript script;
    private final ResponseCache cache;

    ChatCompletionsEndpoint(SimulatorState state) {
        this.state = state;
        this.routing = new ModelRouting(state.catalog());
        this.script = new ChatScript(state.clock());
        this.cache = new ResponseCache(state.clock());
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/chat/completions";
    }

    @Override
    public Answer answer(SimulatorRequest request) {
        if (request.header("x-session-id").orElse("").length() > LONGEST_SESSION_ID) {
            throw ApiError.invalidRequest(
                    "x-session-id: String must contain at most " + LONGEST_SESSION_ID + " character(s)");
        }
        ChatCall call = ChatCall.parse(request.body());
        RoutedModel routed = routing.route(call);
        ResponseCache.Slot slot = ResponseCache.slot(request, call, routed);
        ResponseCache.Entry cached = slot == null ? null : cache.find(slot);
        if (cached != null) {
            Generation replay = new Generation(call, cached.reply().replayed(), null, null, false);
            return cache.hit(replay.answer(), cached);
        }
        ChatReply reply = script.reply(call, routed);
        JsonObject metadata = RouterMetadata.wanted(request) ? RouterMetadata.of(reply) : null;
        Answer answer = new Generation(call, reply, metadata, slot, true).answer();
        return slot == null ? answer : cache.missed(answer, slot);
    }

    /** One reply on its way to one client. */
    private final class Generation {
        private final String id = state.ids().next();
        private final long created = state.clock().instant().getEpochSecond();
        private final ChatCall call;
        private final ChatReply reply;
        private final @Nullable JsonObject metadata;
        private final ResponseCache.@Nullable Slot slot;
        private final boolean billed;

        Generation(
                ChatCall call,
                ChatReply reply,
                @Nullable JsonObject metadata,
                ResponseCache.@Nullable Slot slot,
                boolean billed) {
            this.call = call;
            this.reply = reply;
            this.metadata = metadata;
            this.slot = slot;
            this.billed = billed;
        }

        Answer answer() {
            Answer answer = call.stream() ? Answer.eventStream(this::stream) : document();
            return answer.header("X-Generation-Id", id);
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
                if (billed && !finished) {
                    bill(reply.usageAfter(completionTokens, imageTokens), true);
                }
                throw gone;
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
            if (billed) {
                bill(reply.usage(), false);
            }
            if (slot != null) {
                cache.store(slot, reply, id);
            }
        }

        private void bill(ChatUsage usage, boolean cancelled) {
            state.ledger()
                    .add(new BillEntry(
                            id,
                            reply.routed().id(),
                            usage.promptTokens(),
                            usage.completionTokens(),
                            usage.cost(),
                            cancelled));
        }
    }
}
