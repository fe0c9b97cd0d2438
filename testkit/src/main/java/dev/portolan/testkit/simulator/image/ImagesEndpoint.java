package dev.portolan.testkit.simulator.image;

import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.SimulatedModel;
import dev.portolan.testkit.simulator.catalog.ImageAbility;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerBroken;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.ClientGone;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.picture.Picture;
import dev.portolan.testkit.simulator.routing.Purpose;
import dev.portolan.testkit.simulator.routing.RouteRequest;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import dev.portolan.testkit.simulator.state.Charge;
import dev.portolan.testkit.simulator.state.Generation;
import dev.portolan.testkit.simulator.state.SimulatorState;
import dev.portolan.testkit.simulator.text.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * {@code POST /images} (OpenRouter reference: images §1). Pictures are PNG, or SVG from a model that draws it: there is
 * no encoder for JPEG and WebP here, so requests for these get PNG and are told so by the media type.
 */
public final class ImagesEndpoint implements Endpoint {
    private static final PathTemplate PATH = PathTemplate.of("/images");
    private static final byte[] KEEP_ALIVE = ": OPENROUTER PROCESSING\n\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int TOKENS_PER_REFERENCE = 258;

    /** By how much the previews are smaller than the picture, in each direction. */
    private static final List<Integer> PREVIEWS = List.of(8, 4);

    private final SimulatorState state;

    public ImagesEndpoint(SimulatorState state) {
        this.state = state;
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
        ImageRequest wanted = ImageRequest.parse(request.json());
        int promptTokens = Tokens.count(wanted.prompt()) + wanted.references().size() * TOKENS_PER_REFERENCE;
        List<String> inputs = wanted.references().isEmpty() ? List.of() : List.of("image");
        RoutedModel routed =
                state.routing().route(RouteRequest.of(Purpose.IMAGES, wanted.body(), inputs, List.of(), promptTokens));
        checkAbility(wanted, routed);
        Generation generation = state.begin("image", routed, request);
        Run run = new Run(wanted, routed, generation, promptTokens);
        boolean streamed = wanted.stream() && routed.model().images().streams();
        return generation.named(streamed ? Answer.eventStream(run::stream) : run.document());
    }

    private static void checkAbility(ImageRequest wanted, RoutedModel routed) {
        ImageAbility ability = routed.model().images();
        if (wanted.count() > ability.most()) {
            throw ApiError.invalidRequest(
                            "n: " + routed.id() + " draws at most " + ability.most() + " image(s) for a request")
                    .afterRouting();
        }
        if (!ability.vector() && wanted.body().string("output_format", "").equals("svg")) {
            throw ApiError.invalidRequest("output_format: " + routed.id() + " does not draw svg")
                    .afterRouting();
        }
    }

    /** The drawing of one request's pictures. */
    private final class Run {
        private final ImageRequest wanted;
        private final ImageAbility ability;
        private final Generation generation;
        private final int promptTokens;
        private final int imageTokens;
        private final Charge charge;

        Run(ImageRequest wanted, RoutedModel routed, Generation generation, int promptTokens) {
            this.wanted = wanted;
            this.ability = routed.model().images();
            this.generation = generation;
            this.promptTokens = promptTokens;
            this.imageTokens = wanted.count() * wanted.size().tokens();
            this.charge = charge(routed);
        }

        private Charge charge(RoutedModel routed) {
            if (routed.free()) {
                return Charge.NOTHING;
            }
            SimulatedModel.Pricing pricing = routed.model().pricing();
            return new Charge(
                    Charge.times(pricing.prompt(), promptTokens)
                            .add(Charge.times(
                                    pricing.image(), wanted.references().size()))
                            .add(Charge.times(pricing.request(), 1)),
                    Charge.times(
                            pricing.imageOutput() == null ? pricing.completion() : pricing.imageOutput(), imageTokens));
        }

        Answer document() {
            JsonArray data = new JsonArray();
            for (int i = 0; i < wanted.count(); i++) {
                data.add(image(wanted.picture(i)));
            }
            bill(false);
            return Answer.json(
                    200,
                    new JsonObject()
                            .put("created", generation.created())
                            .put("data", data)
                            .put("usage", usage()));
        }

        private JsonObject image(Picture picture) {
            return new JsonObject()
                    .put("b64_json", ability.vector() ? Picture.base64(picture.svg()) : base64(picture.png()))
                    .put("media_type", ability.vector() ? "image/svg+xml" : "image/png");
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        /** All or nothing: a client that leaves before the last picture pays for none. */
        void stream(AnswerStream stream) throws IOException {
            boolean billed = false;
            try {
                stream.send(KEEP_ALIVE);
                for (int i = 0; i < wanted.count(); i++) {
                    Picture picture = wanted.picture(i);
                    int preview = 0;
                    for (int divisor : PREVIEWS) {
                        stream.send(event(new JsonObject()
                                .put("type", "image_generation.partial_image")
                                .put("partial_image_index", preview++)
                                .put("b64_json", base64(picture.preview(divisor)))));
                        if (!state.chunkDelay().isZero()) {
                            stream.pause(state.chunkDelay());
                        }
                    }
                    JsonObject completed = new JsonObject()
                            .put("type", "image_generation.completed")
                            .putAll(image(picture))
                            .put("created", generation.created());
                    if (i == wanted.count() - 1) {
                        bill(true); // first the books, so that a client that saw the usage finds its bill
                        billed = true;
                        completed.put("usage", usage());
                    }
                    stream.send(event(completed));
                }
                stream.send(DONE);
            } catch (ClientGone gone) {
                if (!billed) {
                    lost(BillEntry.Outcome.CANCELLED);
                }
                throw gone;
            } catch (AnswerBroken broken) {
                if (!billed) {
                    lost(BillEntry.Outcome.CUT);
                }
                if (broken.failed()) {
                    state.ledger().fail(generation.id());
                }
                throw broken;
            }
        }

        private void lost(BillEntry.Outcome outcome) {
            state.ledger()
                    .note(generation
                            .ended(promptTokens, 0, Charge.NOTHING.cost(), details(true, 0))
                            .with(outcome));
        }

        private static byte[] event(JsonObject json) {
            return ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        }

        private void bill(boolean streamed) {
            state.ledger()
                    .bill(generation.ended(
                            promptTokens, imageTokens, charge.cost(), details(streamed, wanted.count())));
        }

        private JsonObject details(boolean streamed, int images) {
            return new JsonObject()
                    .put("streamed", streamed)
                    .put("native_tokens_completion_images", images == 0 ? 0 : imageTokens)
                    .put("num_media_prompt", wanted.references().size())
                    .put("num_media_completion", images);
        }

        private JsonObject usage() {
            return new JsonObject()
                    .put("prompt_tokens", promptTokens)
                    .put("completion_tokens", imageTokens)
                    .put("total_tokens", promptTokens + imageTokens)
                    .putAll(charge.json())
                    .put("completion_tokens_details", new JsonObject().put("image_tokens", imageTokens));
        }
    }
}
