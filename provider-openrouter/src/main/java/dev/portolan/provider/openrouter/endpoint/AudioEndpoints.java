package dev.portolan.provider.openrouter.endpoint;

import dev.portolan.api.RawJson;
import dev.portolan.api.chat.Media;
import dev.portolan.provider.openrouter.audio.Speech;
import dev.portolan.provider.openrouter.audio.SpeechRequest;
import dev.portolan.provider.openrouter.audio.Transcription;
import dev.portolan.provider.openrouter.audio.TranscriptionRequest;
import dev.portolan.provider.openrouter.wire.ModelNames;
import dev.portolan.provider.openrouter.wire.OpenRouterApi;
import dev.portolan.provider.openrouter.wire.UsageDecoder;
import dev.portolan.transport.retrofit.Answer;
import dev.portolan.transport.retrofit.json.JsonTree;
import dev.portolan.transport.retrofit.json.Lenient;
import dev.portolan.transport.retrofit.openai.OpenAiClient;
import dev.portolan.transport.retrofit.openai.WireCall;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /audio/speech} and {@code POST /audio/transcriptions}
 * (OpenRouter reference: catalogue-and-account §8 and §9).
 */
public final class AudioEndpoints {
    private final OpenAiClient<OpenRouterApi> client;

    /** With this client. */
    public AudioEndpoints(OpenAiClient<OpenRouterApi> client) {
        this.client = client;
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#speak}. */
    public Speech speak(SpeechRequest request) {
        WireCall call = ModelNames.callOf(request.model());
        call.put("input", request.input());
        call.put("voice", request.voice());
        call.put("response_format", WireCall.word(request.format()));
        call.put("speed", request.speed());
        providerOptions(request.providerOptions(), call);
        return client.read(call, request.call(), OpenRouterApi::speech, answer -> speech(answer, request));
    }

    private static Speech speech(Answer answer, SpeechRequest request) {
        if (answer.contentType().contains("json")) {
            RawJson json = answer.json(Lenient::raw);
            RawJson error = Lenient.error(JsonTree.members(json).get("error"));
            throw error == null
                    ? answer.malformed("JSON instead of sound", answer.header("X-Generation-Id"), null)
                    : answer.error(error, answer.header("X-Generation-Id"), null);
        }
        try {
            byte[] sound = answer.source().readByteArray();
            String asked = request.format() == SpeechRequest.Format.MP3 ? "audio/mpeg" : "audio/pcm";
            String type = answer.contentType().startsWith("audio/") ? answer.contentType() : asked;
            return new Speech(new Media.Bytes(sound, type), answer.header("X-Generation-Id"));
        } catch (IOException e) {
            throw answer.unreadable(e);
        }
    }

    /** See {@link dev.portolan.provider.openrouter.OpenRouter#transcribe}. */
    public Transcription transcribe(TranscriptionRequest request) {
        WireCall call = ModelNames.callOf(request.model());
        call.put("input_audio", WireCall.ordered("data", request.sound().data(), "format", request.format()));
        call.put("language", request.language());
        call.put("temperature", request.temperature());
        call.put("response_format", request.verbose() ? "verbose_json" : null);
        call.put("timestamp_granularities", request.timestamps().isEmpty() ? null : request.timestamps());
        providerOptions(request.providerOptions(), call);
        return client.read(
                call,
                request.call(),
                OpenRouterApi::transcriptions,
                answer -> transcription(answer, answer.json(Lenient::raw)));
    }

    private static void providerOptions(Map<String, RawJson> options, WireCall call) {
        call.put("provider", options.isEmpty() ? null : Map.of("options", options));
    }

    private static Transcription transcription(Answer answer, RawJson json) {
        Map<String, RawJson> told = JsonTree.members(json);
        String generationId = answer.header("X-Generation-Id");
        RawJson error = Lenient.error(told.get("error"));
        if (error != null) {
            throw answer.error(error, generationId, null);
        }
        String text = JsonTree.text(told.get("text"));
        RawJson usageJson = told.get("usage");
        UsageDecoder.Reading usage =
                usageJson == null || usageJson.isNull() ? UsageDecoder.Reading.NONE : UsageDecoder.read(usageJson);
        BigDecimal duration = JsonTree.value(told.get("duration"), Lenient::decimal);
        BigDecimal seconds = JsonTree.value(JsonTree.members(usageJson).get("seconds"), Lenient::decimal);
        return new Transcription(
                text == null ? "" : text,
                JsonTree.text(told.get("language")),
                duration != null ? duration : seconds,
                spans(told.get("segments"), "text"),
                spans(told.get("words"), "word"),
                usage.usage(),
                usage.cost(),
                generationId,
                json);
    }

    private static List<Transcription.Span> spans(@Nullable RawJson json, String name) {
        List<Transcription.Span> spans = new ArrayList<>();
        for (RawJson row : JsonTree.elements(json)) {
            Map<String, RawJson> told = JsonTree.members(row);
            String text = JsonTree.text(told.get(name));
            BigDecimal start = JsonTree.value(told.get("start"), Lenient::decimal);
            BigDecimal end = JsonTree.value(told.get("end"), Lenient::decimal);
            if (text != null && start != null && end != null) {
                spans.add(new Transcription.Span(text, start, end));
            }
        }
        return spans;
    }
}
