package dev.portolan.testkit.simulator.audio;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.ProviderRules;
import dev.portolan.testkit.simulator.routing.Purpose;
import dev.portolan.testkit.simulator.routing.RouteRequest;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.state.Charge;
import dev.portolan.testkit.simulator.state.Generation;
import dev.portolan.testkit.simulator.state.SimulatorState;
import dev.portolan.testkit.simulator.text.Tokens;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import okio.ByteString;

/**
 * {@code POST /audio/speech} (OpenRouter reference: catalogue-and-account §8): a tone for each word as PCM, and as MP3
 * silence of the same length.
 */
public final class SpeechEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/audio/speech");
    private static final BigDecimal TOKENS_PER_SECOND = BigDecimal.valueOf(20);

    private final SimulatorState state;
    private final SpokenTexts spoken;

    public SpeechEndpoint(SimulatorState state, SpokenTexts spoken) {
        this.state = state;
        this.spoken = spoken;
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
        JsonObject body = request.json();
        FieldCheck fields = new FieldCheck("", body, Set.of());
        fields.requiredText("model");
        String input = fields.requiredText("input");
        if (body.has("voice")) {
            fields.requiredText("voice");
        }
        fields.oneOf("response_format", List.of("mp3", "pcm"));
        fields.number("speed", 0, Double.POSITIVE_INFINITY);
        boolean clones = checkReferences(fields);
        ProviderRules.checkOptionsOnly(fields);

        int promptTokens = Tokens.count(input);
        RoutedModel routed =
                state.routing().route(RouteRequest.of(Purpose.SPEECH, body, List.of(), List.of(), promptTokens));
        if (clones) {
            throw ApiError.classic(404, "No endpoints found that support voice cloning", "not_found");
        }
        BigDecimal speed = body.number("speed");
        Speech speech = new Speech(input, speed == null ? 1 : speed.doubleValue());
        boolean mp3 = body.string("response_format", "pcm").equals("mp3");
        ByteString audio = mp3 ? speech.mp3() : speech.pcm();
        spoken.remember(audio, speech);

        Generation generation = state.begin("tts", routed, request);
        int tokens = speech.seconds()
                .multiply(TOKENS_PER_SECOND)
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        SimulatedModel.Pricing pricing = routed.model().pricing();
        Charge charge = routed.free()
                ? Charge.NOTHING
                : new Charge(
                        Charge.times(pricing.prompt(), promptTokens).add(Charge.times(pricing.request(), 1)),
                        Charge.times(pricing.completion(), tokens));
        state.ledger()
                .bill(generation.ended(
                        promptTokens, tokens, charge.cost(), new JsonObject().put("num_media_completion", 1)));
        return generation.named(Answer.bytes(mp3 ? "audio/mpeg" : "audio/pcm", audio));
    }

    /** Whether there are any: one voice sample, perhaps with what it says. */
    private static boolean checkReferences(FieldCheck fields) {
        int samples = 0;
        int transcripts = 0;
        for (FieldCheck reference : fields.children("input_references")) {
            reference.required("type");
            reference.oneOf("type", List.of("input_audio", "text"));
            if (reference.object().string("type", "").equals("text")) {
                reference.required("text");
                reference.string("text", 10_000);
                transcripts++;
            } else {
                FieldCheck audio = reference.requiredChild("input_audio");
                audio.requiredText("data");
                audio.string("format");
                samples++;
            }
        }
        if (samples > 1 || transcripts > 1 || transcripts > samples) {
            throw fields.error("input_references", "Expected one input_audio part and at most one text part");
        }
        return samples > 0;
    }
}
