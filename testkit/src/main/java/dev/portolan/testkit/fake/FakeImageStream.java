package dev.portolan.testkit.fake;

import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageSize;
import dev.portolan.api.image.ImageStream;
import dev.portolan.testkit.simulator.picture.Picture;
import dev.portolan.testkit.simulator.picture.PixelSize;
import dev.portolan.testkit.simulator.text.Tokens;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays images being drawn, event by event. */
final class FakeImageStream extends PlayedStream<ImageEvent, ImageResponse> implements ImageStream {
    private static final int LONGER_SIDE = 64;

    private final FakeImages fake;
    private final CallTime time;
    private final ImageRequest request;
    private final FakeDrawing drawing;
    private final String id;
    private final Deque<ImageEvent> events = new ArrayDeque<>();
    private final List<GeneratedImage> finished = new ArrayList<>();
    private @Nullable Instant created;
    private int told;
    private volatile boolean begun;

    FakeImageStream(FakeImages fake, CallTime time, ImageRequest request, FakeDrawing drawing, String id) {
        super(fake, time);
        this.fake = fake;
        this.time = time;
        this.request = request;
        this.drawing = drawing;
        this.id = drawing.terms().idOr(id);
    }

    @Override
    void untilBegun() {
        time.check(false, this::soFar);
        time.pass(drawing.course().delay(), this::soFar);
        endIfDueAfter(-1);
        begun = true;
        created = fake.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        draw();
    }

    /** Hangs or fails if that is what comes after so many events. */
    private void endIfDueAfter(int count) {
        FakeDrawing.Course course = drawing.course();
        if (course.events() != count) {
            return;
        }
        if (course.hangs()) {
            time.hang(this::soFar);
        }
        if (course.failure() != null) {
            throw course.failure().of(soFar());
        }
    }

    private void draw() {
        List<Media> given = drawing.images();
        int count = given == null ? request.n() == null ? 1 : request.n() : given.size();
        drawing.checkEvents(count);
        if (!drawing.text().isEmpty()) {
            events.add(new ImageEvent.Text("content", drawing.text()));
        }
        for (int preview = 0; preview < drawing.previews(); preview++) {
            byte[] png = picture(0).preview(1 << (drawing.previews() - preview));
            events.add(new ImageEvent.Partial(preview, Media.bytes(png, "image/png")));
        }
        for (int i = 0; i < count; i++) {
            Media image = given == null ? Media.bytes(picture(i).png(), "image/png") : given.get(i);
            events.add(new ImageEvent.Completed(new GeneratedImage(image, null)));
        }
    }

    private Picture picture(int index) {
        String key = index + " " + request.seed() + " " + request.inputs().hashCode();
        return new Picture(request.prompt(), key, size(), "transparent".equals(request.background()));
    }

    private PixelSize size() {
        ImageSize asked = request.size();
        if (asked != null && asked.isPixels()) {
            String[] sides = asked.text().split("x", -1);
            return new PixelSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
        }
        String ratio = request.aspectRatio();
        if (ratio == null || ratio.equals("auto")) {
            return new PixelSize(LONGER_SIDE, LONGER_SIDE);
        }
        String[] sides = ratio.split(":", -1);
        double across = Double.parseDouble(sides[0]);
        double down = Double.parseDouble(sides[1]);
        double longer = Math.max(across, down);
        return new PixelSize(side(across, longer), side(down, longer));
    }

    private static int side(double part, double longer) {
        return Math.max(1, (int) Math.round(LONGER_SIDE * part / longer));
    }

    @Override
    ImageEvent read() {
        time.check(true, this::soFar);
        endIfDueAfter(told);
        if (told > 0) {
            time.pass(drawing.course().pace(), this::soFar);
        }
        time.heard();
        ImageEvent event = events.poll();
        if (event == null) {
            return last();
        }
        told++;
        if (event instanceof ImageEvent.Completed completed) {
            finished.add(completed.image());
        }
        return event;
    }

    private ImageEvent last() {
        Usage counted = Usage.of(Tokens.count(request.prompt()), (long) finished.size() * size().tokens());
        return new ImageEvent.Finished(
                response(drawing.terms().usageOr(counted), drawing.terms().cost()));
    }

    @Override
    @Nullable ImageResponse whole(ImageEvent event) {
        return event instanceof ImageEvent.Finished last ? last.response() : null;
    }

    private ImageResponse response(Usage usage, Cost cost) {
        Terms terms = drawing.terms();
        return new ImageResponse(
                id,
                terms.modelOr(request.model().name()),
                terms.upstream(),
                created,
                finished,
                drawing.text(),
                usage,
                cost,
                terms.warnings(),
                List.of(),
                terms.metadata(),
                Map.of());
    }

    private ErrorDetails soFar() {
        ErrorDetails details = ErrorDetails.NONE.withModel(request.model());
        if (!begun) {
            return details;
        }
        return finished.isEmpty()
                ? details.withGenerationId(id)
                : details.withGenerationId(id).withPartial(response(Usage.NOT_REPORTED, Cost.UNKNOWN));
    }

    @Override
    public List<String> generationIds() {
        return begun ? List.of(id) : List.of();
    }
}
