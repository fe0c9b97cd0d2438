package dev.portolan.api.image;

import dev.portolan.api.ReplyStream;

/** Images that are being drawn: previews, text and finished images, then {@link ImageEvent.Finished}. */
public interface ImageStream extends ReplyStream<ImageEvent, ImageResponse> {}
