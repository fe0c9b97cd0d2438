package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.catalog.ServedModel;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.text.Tokens;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what the model says to a request. */
final class ChatScript {
    private final Clock clock;
    private final PromptCache promptCache;

    ChatScript(Clock clock) {
        this.clock = clock;
        this.promptCache = new PromptCache(clock);
    }

    ChatReply reply(ChatCall call, RoutedModel routed) {
        ServedModel model = routed.model();
        ReasoningRequest reasoning = ReasoningRequest.of(call, routed);
        List<PlannedCall> calls = model.supports("tools") ? new ToolPlanner(call).plan() : List.of();
        ServerToolWork work = calls.isEmpty() ? ServerToolWork.of(call, routed, clock) : ServerToolWork.NONE;
        boolean paints = call.wants("image") && model.writes("image");
        String text = calls.isEmpty() ? text(call, routed, work, paints) : "";

        String uncut = text;
        text = beforeStop(call, text);
        boolean stopString = text.length() < uncut.length();
        TokenBudget budget = new TokenBudget(call.maxTokens());
        String thought = reasoning.wanted() ? String.join("", budget.take(Tokens.split(reasoning.text(call)))) : null;
        List<String> textTokens = budget.take(Tokens.split(text));
        List<PlannedCall> madeCalls = budget.takeCalls(calls);

        String finishReason = "stop";
        if (budget.exhausted()) {
            finishReason = "length";
        } else if (!calls.isEmpty()) {
            finishReason = "tool_calls";
        }
        List<ChatPicture> images = paints ? List.of(ChatPicture.of(call)) : List.of();
        int imageTokens = images.stream().mapToInt(ChatPicture::tokens).sum();
        int reasoningTokens = thought == null ? 0 : Tokens.count(thought);
        PromptUse prompt = promptCache.use(call, routed, promptTokens(call, model));
        return new ChatReply(
                routed,
                thought,
                reasoning.visible(),
                textTokens,
                madeCalls,
                images,
                work.annotations(),
                finishReason,
                UpstreamDialect.of(model).nativeFinishReason(finishReason, stopString),
                topLogprobs(call, model),
                serviceTier(call),
                prompt,
                ChatUsage.of(
                        routed,
                        prompt,
                        budget.taken() + imageTokens,
                        reasoningTokens,
                        imageTokens,
                        work.usageDetails()));
    }

    private static String text(ChatCall call, RoutedModel routed, ServerToolWork work, boolean paints) {
        if (paints && !call.wants("text")) {
            return "";
        }
        String text = new ReplyWriter(call, routed).write(work, paints);
        if (!routed.model().supports("response_format")) {
            return text;
        }
        String format = call.responseFormat();
        if ("json_object".equals(format)) {
            return new JsonObject()
                    .put("answer", text)
                    .put("source", "simulator")
                    .toString();
        }
        JsonObject responseFormat = call.body().object("response_format");
        JsonObject named = responseFormat == null ? null : responseFormat.object("json_schema");
        if ("json_schema".equals(format) && named != null) {
            JsonObject schema = named.object("schema");
            TextHints hints = new TextHints(call.userText(), text);
            return JsonText.write(new SchemaSampler(schema == null ? new JsonObject() : schema, hints).sample());
        }
        return text;
    }

    private static String beforeStop(ChatCall call, String text) {
        int end = text.length();
        for (String stop : call.stops()) {
            int at = text.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, end);
    }

    /**
     * Context compression makes too long a prompt fit; without it the routing has refused it
     * (OpenRouter reference: routing §10).
     */
    private static int promptTokens(ChatCall call, ServedModel model) {
        return Math.min(PromptUse.count(call), model.contextLength());
    }

    private static @Nullable Integer topLogprobs(ChatCall call, ServedModel model) {
        return call.body().isTrue("logprobs") && model.supports("logprobs")
                ? call.body().integer("top_logprobs", 0)
                : null;
    }

    private static String serviceTier(ChatCall call) {
        return switch (call.body().string("service_tier", "default")) {
            case "flex" -> "flex";
            case "fast", "priority" -> "priority";
            default -> "default";
        };
    }

    /** Counts what may still be written. */
    private static final class TokenBudget {
        private final int limit;
        private int taken;
        private boolean exhausted;

        TokenBudget(int limit) {
            this.limit = limit;
        }

        List<String> take(List<String> tokens) {
            int count = Math.min(tokens.size(), limit - taken);
            exhausted |= count < tokens.size();
            taken += count;
            return List.copyOf(tokens.subList(0, count));
        }

        List<PlannedCall> takeCalls(List<PlannedCall> calls) {
            List<PlannedCall> made = new ArrayList<>();
            for (PlannedCall call : calls) {
                if (limit - taken < call.headTokens()) {
                    exhausted = true;
                    break;
                }
                taken += call.headTokens();
                made.add(new PlannedCall(call.id(), call.name(), take(call.argumentTokens())));
            }
            return List.copyOf(made);
        }

        boolean exhausted() {
            return exhausted;
        }

        int taken() {
            return taken;
        }
    }
}
