package dev.portolan.provider.openrouter;

/**
 * By which of OpenRouter's two routes images are drawn (OpenRouter reference: images). They serve different models: the
 * chat route those that write and draw, the images route also those that only draw.
 */
public enum ImageRoute {
    /** Chat first; if it says that the model cannot be reached there, the images route, for this model from then on. */
    AUTO,
    /** {@code POST /chat/completions} with {@code modalities}. */
    CHAT,
    /** {@code POST /images}. */
    IMAGES
}
