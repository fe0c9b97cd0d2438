package dev.portolan.provider.openrouter;

import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When OpenRouter stops running its own tools within one request; any one of several is enough
 * (OpenRouter reference: chat-completions §1.3.3).
 *
 * @param json the condition as it goes on the wire
 */
public record StopCondition(RawJson json) {
    /** After so many steps. */
    public static StopCondition stepCount(int steps) {
        return of("step_count_is", "step_count", steps);
    }

    /** Once this tool was called. */
    public static StopCondition toolCalled(String toolName) {
        return of("has_tool_call", "tool_name", toolName);
    }

    /** Once so many tokens were used. */
    public static StopCondition tokensUsed(long tokens) {
        return of("max_tokens_used", "max_tokens", tokens);
    }

    /** Once so many US dollars were spent. */
    public static StopCondition cost(BigDecimal dollars) {
        return of("max_cost", "max_cost_in_dollars", dollars);
    }

    /** Once the model ended for this reason. */
    public static StopCondition finishReason(String reason) {
        return of("finish_reason_is", "reason", reason);
    }

    private static StopCondition of(String type, String name, Object value) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type);
        members.put(name, value);
        return new StopCondition(RawJson.of(members));
    }
}
