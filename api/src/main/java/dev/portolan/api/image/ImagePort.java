package dev.portolan.api.image;

/**
 * Draws images from a description, or changes images that are given.
 *
 * <p>Both methods block the calling thread, which may be a virtual one. Implementations are thread-safe. Every failure is
 * a {@link dev.portolan.api.error.PortolanException}.
 */
public interface ImagePort {
    /**
     * Draws, and waits for the finished images.
     *
     * @return at least one image
     * @throws dev.portolan.api.error.PortolanException if there is none
     */
    ImageResponse generate(ImageRequest request);

    /**
     * Draws, and shows the work as it goes on where the provider can; elsewhere the stream has finished images only.
     *
     * @return the images as they come; must be closed
     * @throws dev.portolan.api.error.PortolanException if the request was refused before the work began
     */
    ImageStream stream(ImageRequest request);
}
