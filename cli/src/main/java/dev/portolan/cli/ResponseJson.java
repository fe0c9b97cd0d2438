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
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.provider.openrouter.OpenRouterMetadata;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        members.put("created", text(response.created()));
        members.put("text", response.text());
        members.put("reasoning", message.reasoning());
        members.put("reasoningDetails", each(message.reasoningDetails(), ResponseJson::reasoningDetail));
        members.put("refusal", message.refusal());
        members.put(
                "toolCalls",
                each(
                        response.toolCalls(),
                        call -> object("id", call.id(), "name", call.name(), "arguments", call.arguments())));
        members.put("images", each(message.images(), ResponseJson::image));
        members.put("audio", audio(message.audio()));
        members.put("annotations", each(message.annotations(), Annotation::raw));
        members.put("finishReason", finishReason(response.finishReason()));
        members.put(
                "logprobs",
                response.choices().isEmpty()
                        ? null
                        : logprobs(response.choices().get(0)));
        members.put("usage", usage(response.usage()));
        members.put("cost", cost(response.cost()));
        members.put("systemFingerprint", response.systemFingerprint());
        members.put("serviceTier", response.serviceTier());
        members.put(
                "warnings",
                each(
                        response.warnings(),
                        warning -> object("subject", warning.subject(), "message", warning.message())));
        members.put(
                "openrouter",
                response.metadata(OpenRouterMetadata.class)
                        .map(ResponseJson::openRouter)
                        .orElse(null));
        members.put(
                "extras",
                object(
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
        Map<String, @Nullable Object> members = object(namesAndValues);
        members.put("id", origin.id());
        members.put("format", origin.format());
        members.put("index", origin.index());
        members.values().removeIf(value -> value == null);
        Map<String, @Nullable Object> typed = object("type", type);
        typed.putAll(members);
        typed.putAll(origin.extras());
        return typed;
    }

    private static Object image(Media image) {
        if (image instanceof Media.Bytes bytes) {
            return object("mediaType", bytes.mediaType(), "data", base64(bytes));
        }
        return object("url", ((Media.Url) image).url());
    }

    private static @Nullable Object audio(@Nullable AudioOutput audio) {
        if (audio == null) {
            return null;
        }
        return object(
                "id", audio.id(),
                "data", audio.data() == null ? null : base64(audio.data()),
                "transcript", audio.transcript(),
                "expiresAt", text(audio.expiresAt()));
    }

    private static Object finishReason(FinishReason reason) {
        return object("unified", lower(reason.unified()), "raw", reason.raw());
    }

    private static @Nullable Object logprobs(ChatChoice choice) {
        LogProbs logprobs = choice.logprobs();
        if (logprobs == null) {
            return null;
        }
        return object(
                "content", each(logprobs.content(), ResponseJson::token),
                "refusal", each(logprobs.refusal(), ResponseJson::token));
    }

    private static Object token(LogProbs.Token token) {
        return object(
                "token", token.token(),
                "logprob", token.logprob(),
                "bytes", token.bytes(),
                "top",
                        each(
                                token.top(),
                                top -> object(
                                        "token", top.token(),
                                        "logprob", top.logprob(),
                                        "bytes", top.bytes())));
    }

    private static @Nullable Object openRouter(OpenRouterMetadata metadata) {
        OpenRouterMetadata.ServerToolUse tools = metadata.serverToolUse();
        OpenRouterMetadata.CacheUse cache = metadata.cache();
        return object(
                "nativeFinishReason", metadata.nativeFinishReason(),
                "byok", metadata.byok(),
                "charged", plain(metadata.charged()),
                "upstreamCost", plain(metadata.upstreamCost()),
                "upstreamPromptCost", plain(metadata.upstreamPromptCost()),
                "upstreamCompletionCost", plain(metadata.upstreamCompletionCost()),
                "serverToolUse",
                        tools == null
                                ? null
                                : object(
                                        "toolCallsRequested", tools.toolCallsRequested(),
                                        "toolCallsExecuted", tools.toolCallsExecuted(),
                                        "webSearchRequests", tools.webSearchRequests()),
                "cache",
                        cache == null
                                ? null
                                : object(
                                        "hit", cache.hit(),
                                        "age", seconds(cache.age()),
                                        "ttl", seconds(cache.ttl()),
                                        "sourceId", cache.sourceId()),
                "routing",
                        metadata.routing() == null ? null : metadata.routing().raw(),
                "debug", metadata.debug());
    }

    private static Object usage(Usage usage) {
        Usage.PromptDetails prompt = usage.prompt();
        Usage.CompletionDetails completion = usage.completion();
        Map<String, @Nullable Object> members = object(
                "promptTokens", usage.promptTokens(),
                "completionTokens", usage.completionTokens(),
                "totalTokens", usage.totalTokens(),
                "cachedTokens", prompt.cachedTokens(),
                "cacheWriteTokens", prompt.cacheWriteTokens(),
                "promptAudioTokens", prompt.audioTokens(),
                "promptVideoTokens", prompt.videoTokens(),
                "reasoningTokens", completion.reasoningTokens(),
                "imageTokens", completion.imageTokens(),
                "audioTokens", completion.audioTokens(),
                "acceptedPredictionTokens", completion.acceptedPredictionTokens(),
                "rejectedPredictionTokens", completion.rejectedPredictionTokens(),
                "raw", usage.raw());
        if (!usage.isReported()) {
            members.replaceAll((name, zero) -> null);
        }
        return members;
    }

    private static Object cost(Cost cost) {
        return object(
                "amount", plain(cost.amount()),
                "currency", cost.currency(),
                "source", lower(cost.source()));
    }

    /** The digits without an exponent, which not every shell tool reads; unless that would be absurdly long. */
    private static @Nullable RawJson plain(@Nullable BigDecimal amount) {
        return amount == null
                ? null
                : RawJson.parse(Math.abs(amount.scale()) <= 40 ? amount.toPlainString() : amount.toString());
    }

    private static @Nullable Long seconds(@Nullable Duration time) {
        return time == null ? null : time.toSeconds();
    }

    private static String base64(Media.Bytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.data());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static <T> List<Object> each(List<T> items, java.util.function.Function<T, Object> form) {
        return items.stream().map(form).toList();
    }

    private static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return members;
    }
}
