package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.text.Tokens;
import java.util.List;
import java.util.Objects;

/**
 * What a request asks of the model's reasoning (OpenRouter reference: chat-completions §1.7).
 *
 * @param wanted whether the model reasons
 * @param visible whether the answer shows it
 * @param effort how hard
 */
record ReasoningRequest(boolean wanted, boolean visible, String effort) {
    /** Refuses with 400 to switch off the reasoning of a model that cannot do without. */
    static ReasoningRequest of(ChatCall call, RoutedModel routed) {
        JsonObject body = call.body();
        JsonObject settings = Objects.requireNonNullElseGet(body.object("reasoning"), JsonObject::new);
        String effort = settings.string("effort", body.string("reasoning_effort", "medium"));
        boolean off = effort.equals("none") || settings.isFalse("enabled");
        boolean asked = body.object("reasoning") != null
                || body.string("reasoning_effort") != null
                || body.isTrue("include_reasoning")
                || routed.thinking();
        boolean visible = !settings.isTrue("exclude") && !body.isFalse("include_reasoning");
        SimulatedModel.Reasoning ability = routed.model().reasoning();
        if (ability == SimulatedModel.Reasoning.MANDATORY) {
            if (effort.equals("none") && !routed.strategy().equals("latest")) {
                throw ApiError.invalidRequest("Reasoning is mandatory for " + routed.id() + " and cannot be disabled.")
                        .afterRouting();
            }
            return new ReasoningRequest(true, visible, effort);
        }
        boolean able =
                ability == SimulatedModel.Reasoning.OPTIONAL && routed.model().supports("reasoning");
        return new ReasoningRequest(able && asked && !off, visible, effort);
    }

    String text(ChatCall call) {
        String userText = call.userText();
        List<String> thoughts = List.of(
                "The user wrote " + Tokens.words(Tokens.split(userText)).size() + " words.",
                " They want an answer to “" + ReplyWriter.quote(userText) + "”.",
                " A short and truthful reply serves best.",
                " Nothing here needs a second look.");
        int depth = switch (effort) {
            case "minimal" -> 1;
            case "low" -> 2;
            case "medium" -> 3;
            default -> 4;
        };
        return String.join("", thoughts.subList(0, depth));
    }
}
