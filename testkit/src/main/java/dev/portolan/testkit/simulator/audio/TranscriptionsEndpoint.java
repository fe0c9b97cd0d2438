package dev.portolan.testkit.simulator.audio;

import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
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

/**
 * {@code POST /audio/transcriptions} (OpenRouter reference: catalogue-and-account §9). What the simulator itself has
 * spoken it writes down; of other recordings it tells the length.
 */
public final class TranscriptionsEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/audio/transcriptions");
    private static final BigDecimal TOKENS_PER_SECOND = BigDecimal.TEN;

    private final SimulatorState state;
    private final SpokenTexts spoken;

    public TranscriptionsEndpoint(SimulatorState state, SpokenTexts spoken) {
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
        TranscriptionRequest wanted = TranscriptionRequest.parse(request);
        RoutedModel routed = state.routing()
                .route(RouteRequest.of(Purpose.TRANSCRIPTION, wanted.body(), List.of("audio"), List.of(), 0));
        Recording recording = wanted.recording();
        SpokenTexts.Spoken known = spoken.find(recording.samples());
        BigDecimal seconds = known == null ? recording.seconds() : known.seconds();
        String text = known == null ? plain(seconds) + " seconds of audio." : known.text();

        Generation generation = state.begin("stt", routed, request);
        int inputTokens = seconds.multiply(TOKENS_PER_SECOND)
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        int outputTokens = Tokens.count(text);
        SimulatedModel.Pricing pricing = routed.model().pricing();
        Charge charge = routed.free()
                ? Charge.NOTHING
                : new Charge(
                        Charge.times(pricing.prompt(), inputTokens).add(Charge.times(pricing.request(), 1)),
                        Charge.times(pricing.completion(), outputTokens));
        state.ledger()
                .bill(generation.ended(
                        inputTokens, outputTokens, charge.cost(), new JsonObject().put("num_input_audio_prompt", 1)));

        JsonObject answer = new JsonObject().put("text", text);
        if (wanted.verbose()) {
            addTimes(answer, wanted, text, seconds);
        }
        answer.put(
                "usage",
                new JsonObject()
                        .put("seconds", seconds)
                        .put("total_tokens", inputTokens + outputTokens)
                        .put("input_tokens", inputTokens)
                        .put("output_tokens", outputTokens)
                        .put("cost", charge.cost()));
        return generation.named(Answer.json(200, answer));
    }

    private static String plain(BigDecimal seconds) {
        return seconds.stripTrailingZeros().toPlainString();
    }

    /** One segment; the words share its time evenly. */
    private static void addTimes(JsonObject answer, TranscriptionRequest wanted, String text, BigDecimal seconds) {
        answer.put("task", "transcribe")
                .put("language", wanted.body().string("language", "en"))
                .put("duration", seconds);
        if (wanted.wants("segment") || !wanted.wants("word")) {
            answer.put(
                    "segments",
                    JsonArray.of(new JsonObject()
                            .put("id", 0)
                            .put("start", 0)
                            .put("end", seconds)
                            .put("text", text)));
        }
        if (wanted.wants("word")) {
            List<String> words = List.of(text.strip().split("\\s+"));
            JsonArray timed = new JsonArray();
            for (int i = 0; i < words.size(); i++) {
                timed.add(new JsonObject()
                        .put("word", words.get(i))
                        .put("start", share(seconds, i, words.size()))
                        .put("end", share(seconds, i + 1, words.size())));
            }
            answer.put("words", timed);
        }
    }

    private static BigDecimal share(BigDecimal seconds, int part, int parts) {
        return seconds.multiply(BigDecimal.valueOf(part)).divide(BigDecimal.valueOf(parts), 3, RoundingMode.HALF_UP);
    }
}
