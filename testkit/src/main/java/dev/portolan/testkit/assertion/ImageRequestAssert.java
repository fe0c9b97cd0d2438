package dev.portolan.testkit.assertion;

import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageSize;

/** Assertions about an {@link ImageRequest}. */
public final class ImageRequestAssert extends AbstractRequestAssert<ImageRequestAssert, ImageRequest> {
    ImageRequestAssert(ImageRequest actual, Series<?> series) {
        super(actual, series, ImageRequestAssert.class);
    }

    @Override
    ImageRequestAssert at(Series<?> place, ImageRequest request) {
        return new ImageRequestAssert(request, place);
    }

    /** Verifies what is to be drawn. */
    public ImageRequestAssert hasPrompt(String prompt) {
        isNotNull();
        return same("the prompt", actual.prompt(), prompt);
    }

    /** Verifies the size, such as {@code 1024x1536}. */
    public ImageRequestAssert hasSize(String size) {
        isNotNull();
        return same("the size", actual.size(), new ImageSize(size));
    }

    /** Verifies the quality. */
    public ImageRequestAssert hasQuality(String quality) {
        isNotNull();
        return same("the quality", actual.quality(), quality);
    }

    /** Verifies how many images there are to start from. */
    public ImageRequestAssert hasInputCount(int count) {
        isNotNull();
        return same("so many input images", actual.inputs().size(), count);
    }
}
