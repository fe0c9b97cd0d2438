package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.AssistantMessage;
import dev.portolan.api.chat.AudioOutput;
import dev.portolan.api.chat.ChatChoice;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ReasoningDetail;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer as one JSON object, on one line: what {@code --json} prints. A streamed answer and one that came in a
 * piece give the same object. Every member is always there, {@code null} if it is not known.
 *
 * <table>
 * <caption>The members</caption>
 * <tr><th>member</th><th>type</th><th>meaning</th></tr>
 * <tr><td>id</td><td>string?</td><td>the provider's name for the generation</td></tr>
 * <tr><td>model</td><td>string?</td><td>the model that answered; may differ from the one asked</td></tr>
 * <tr><td>provider</td><td>string?</td><td>who ran it, for example {@code Google}</td></tr>
 * <tr><td>created</td><td>string?</td><td>when, as {@code 2025-08-24T01:46:40Z}</td></tr>
 * <tr><td>text</td><td>string</td><td>the answer; empty if there is none</td></tr>
 * <tr><td>reasoning</td><td>string?</td><td>how the model came to it</td></tr>
 * <tr><td>reasoningDetails</td><td>array</td><td>the same in the provider's pieces, in wire form: send them back as they
 * are in {@code reasoning_details} of the assistant message</td></tr>
 * <tr><td>refusal</td><td>string?</td><td>why the model will not answer</td></tr>
 * <tr><td>toolCalls</td><td>array</td><td>{@code {id, name, arguments}}; arguments is JSON text in a string</td></tr>
 * <tr><td>images</td><td>array</td><td>{@code {mediaType, data}} with data in Base64, or {@code {url}}</td></tr>
 * <tr><td>audio</td><td>object?</td><td>{@code {id, data, transcript, expiresAt}} with data in Base64, in the format that
 * was asked for</td></tr>
 * <tr><td>annotations</td><td>array</td><td>sources and parsed files, in wire form</td></tr>
 * <tr><td>finishReason</td><td>object</td><td>{@code {unified, raw}}; unified is {@code stop length tool_calls
 * content_filter error other unknown}, raw the provider's word</td></tr>
 * <tr><td>logprobs</td><td>object?</td><td>{@code {content, refusal}}, each an array of
 * {@code {token, logprob, bytes, top}}</td></tr>
 * <tr><td>usage</td><td>object</td><td>token counts: promptTokens, completionTokens, totalTokens; of the prompt:
 * cachedTokens, cacheWriteTokens, promptAudioTokens, promptVideoTokens; of the completion: reasoningTokens, imageTokens,
 * audioTokens, acceptedPredictionTokens, rejectedPredictionTokens; raw: the provider's own object. All {@code null} if
 * nothing was reported</td></tr>
 * <tr><td>cost</td><td>object</td><td>{@code {amount, currency, source}}; amount is an exact decimal number or
 * {@code null}, source is {@code reported estimated unknown}</td></tr>
 * <tr><td>systemFingerprint, serviceTier</td><td>string?</td><td>as the provider says</td></tr>
 * <tr><td>warnings</td><td>array</td><td>{@code {subject, message}}: what could not be honoured as asked</td></tr>
 * <tr><td>openrouter</td><td>object?</td><td>what OpenRouter alone tells: nativeFinishReason, byok, charged, upstreamCost,
 * upstreamPromptCost, upstreamCompletionCost (all in USD), serverToolUse {@code {toolCallsRequested, toolCallsExecuted,
 * webSearchRequests}}, cache {@code {hit, age, ttl, sourceId}} with times in seconds, routing and debug in wire
 * form</td></tr>
 * <tr><td>extras</td><td>object</td><td>{@code {response, choice, message}}: further members of each, in wire form</td></tr>
 * </table>
 */
final class ResponseJson {
    private ResponseJson() {}

    static RawJson of(ChatResponse response) {
        AssistantMessage message = response.message();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", response.id());
        members.put("model", response.model().isEmpty() ? null : response.model());
        members.put("provider", response.provider());
        members.put("created", Json.text(response.created()));
        members.put("text", response.text());
        members.put("reasoning", message.reasoning());
        members.put("reasoningDetails", Json.each(message.reasoningDetails(), ResponseJson::reasoningDetail));
        members.put("refusal", message.refusal());
        members.put(
                "toolCalls",
                Json.each(
                        response.toolCalls(),
                        call -> Json.object("id", call.id(), "name", call.name(), "arguments", call.arguments())));
        members.put("images", Json.each(message.images(), ResponseJson::image));
        members.put("audio", audio(message.audio()));
        members.put("annotations", Json.each(message.annotations(), Annotation::raw));
        members.put("finishReason", finishReason(response.finishReason()));
        members.put(
                "logprobs",
                response.choices().isEmpty()
                        ? null
                        : logprobs(response.choices().get(0)));
        members.put("usage", Json.usage(response.usage()));
        members.put("cost", Json.cost(response.cost()));
        members.put("systemFingerprint", response.systemFingerprint());
        members.put("serviceTier", response.serviceTier());
        members.put("warnings", Json.warnings(response.warnings()));
        members.put("openrouter", Json.openRouter(response));
        members.put(
                "extras",
                Json.object(
                        "response", response.extras(),
                        "choice",
                                response.choices().isEmpty()
                                        ? Map.of()
                                        : response.choices().get(0).extras(),
                        "message", message.extras()));
        return RawJson.of(members);
    }

    private static Object reasoningDetail(ReasoningDetail detail) {
        if (detail instanceof ReasoningDetail.Text text) {
            return detail("reasoning.text", text.origin(), "text", text.text(), "signature", text.signature());
        } else if (detail instanceof ReasoningDetail.Summary summary) {
            return detail("reasoning.summary", summary.origin(), "summary", summary.summary());
        } else if (detail instanceof ReasoningDetail.Encrypted encrypted) {
            return detail("reasoning.encrypted", encrypted.origin(), "data", encrypted.data());
        } else if (detail instanceof ReasoningDetail.ServerToolCall call) {
            return detail(
                    "reasoning.server_tool_call",
                    call.origin(),
                    "tool_name",
                    call.toolName(),
                    "arguments",
                    call.arguments(),
                    "result",
                    call.result(),
                    "tool_call_id",
                    call.toolCallId());
        }
        return ((ReasoningDetail.Raw) detail).json();
    }

    /** Wire form: a member that is not known is left out, unless it came as {@code null} and so is among the extras. */
    private static Map<String, @Nullable Object> detail(
            String type, ReasoningDetail.Origin origin, @Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> members = Json.object(namesAndValues);
        members.put("id", origin.id());
        members.put("format", origin.format());
        members.put("index", origin.index());
        members.values().removeIf(value -> value == null);
        Map<String, @Nullable Object> typed = Json.object("type", type);
        typed.putAll(members);
        typed.putAll(origin.extras());
        return typed;
    }

    private static Object image(Media image) {
        if (image instanceof Media.Bytes bytes) {
            return Json.object("mediaType", bytes.mediaType(), "data", base64(bytes));
        }
        return Json.object("url", ((Media.Url) image).url());
    }

    private static @Nullable Object audio(@Nullable AudioOutput audio) {
        if (audio == null) {
            return null;
        }
        return Json.object(
                "id", audio.id(),
                "data", audio.data() == null ? null : base64(audio.data()),
                "transcript", audio.transcript(),
                "expiresAt", Json.text(audio.expiresAt()));
    }

    private static Object finishReason(FinishReason reason) {
        return Json.object("unified", Json.lower(reason.unified()), "raw", reason.raw());
    }

    private static @Nullable Object logprobs(ChatChoice choice) {
        LogProbs logprobs = choice.logprobs();
        if (logprobs == null) {
            return null;
        }
        return Json.object(
                "content", Json.each(logprobs.content(), ResponseJson::token),
                "refusal", Json.each(logprobs.refusal(), ResponseJson::token));
    }

    private static Object token(LogProbs.Token token) {
        return Json.object(
                "token", token.token(),
                "logprob", token.logprob(),
                "bytes", token.bytes(),
                "top",
                        Json.each(
                                token.top(),
                                top -> Json.object(
                                        "token", top.token(),
                                        "logprob", top.logprob(),
                                        "bytes", top.bytes())));
    }

    private static String base64(Media.Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.data());
    }
}
