package dev.portolan.api.image;

import dev.portolan.api.chat.Media;

/** One step of images being drawn. A stream ends with {@link Finished}, which carries all images. */
public sealed interface ImageEvent {
    /**
     * An unfinished image, to be shown meanwhile; costs nothing.
     *
     * @param index its place among the previews, from 0
     * @param image the preview
     */
    record Partial(int index, Media image) implements ImageEvent {}

    /**
     * Some text: what the model says, or the source of a vector image that it writes.
     *
     * @param phase {@code content}, {@code reasoning} or {@code draft}
     * @param text the next piece
     */
    record Text(String phase, String text) implements ImageEvent {}

    /**
     * A finished image.
     *
     * @param image the image
     */
    record Completed(GeneratedImage image) implements ImageEvent {}

    /**
     * All images are there; the last event of a stream.
     *
     * @param response the images, with what they used and cost
     */
    record Finished(ImageResponse response) implements ImageEvent {}
}
