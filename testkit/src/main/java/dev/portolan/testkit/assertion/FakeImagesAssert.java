package dev.portolan.testkit.assertion;

import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.fake.FakeCall;
import dev.portolan.testkit.fake.FakeImages;

/** Assertions about what a {@link FakeImages} was asked. */
public final class FakeImagesAssert
        extends AbstractFakeAssert<FakeImagesAssert, FakeImages, ImageRequest, ImageRequestAssert> {
    FakeImagesAssert(FakeImages actual) {
        super(actual, FakeImagesAssert.class);
    }

    @Override
    ImageRequestAssert about(Series<FakeCall<ImageRequest>> calls) {
        return new ImageRequestAssert(calls.here().request(), calls);
    }
}
