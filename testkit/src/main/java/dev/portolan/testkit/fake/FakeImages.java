package dev.portolan.testkit.fake;

import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;

/**
 * An image port that draws real PNG pictures, the same on every run, others for another prompt. Remembers what it was asked,
 * and can be scripted. Thread-safe.
 */
public final class FakeImages extends ScriptedFake<ImageRequest, FakeDrawing, FakeImages> implements ImagePort {
    /** A fake that draws whatever it is asked to. */
    public FakeImages() {
        super(FakeDrawing.ofPrompt());
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        try (FakeImageStream whole = answered(request, false)) {
            whole.begin();
            return whole.response();
        }
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        FakeImageStream stream = answered(request, true);
        stream.begin();
        return stream;
    }

    private FakeImageStream answered(ImageRequest request, boolean streamed) {
        FakeDrawing drawing = answer(request, streamed);
        CallTime time = new CallTime(clock(), request, streamed);
        return new FakeImageStream(this, time, request, drawing, nextId("fake-image-"));
    }

    @Override
    FakeImages self() {
        return this;
    }

    @Override
    String shown(ImageRequest request) {
        return "to " + request.model() + ": " + Lines.preview(request.prompt());
    }
}
