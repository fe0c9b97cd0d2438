package dev.portolan.testkit.assertion;

import dev.portolan.api.image.ImageResponse;

/** Assertions about an {@link ImageResponse}. */
public final class ImageResponseAssert extends AbstractReplyAssert<ImageResponseAssert, ImageResponse> {
    ImageResponseAssert(ImageResponse actual) {
        super(actual, ImageResponseAssert.class);
    }

    /** Verifies how many images there are. */
    public ImageResponseAssert hasImageCount(int count) {
        isNotNull();
        return same("so many images", actual.images().size(), count);
    }

    /** Verifies what the model said beside the images. */
    public ImageResponseAssert hasText(String text) {
        isNotNull();
        return same("the text", actual.text(), text);
    }
}
