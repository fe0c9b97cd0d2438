package dev.portolan.testkit.simulator.routing;

import dev.portolan.testkit.simulator.catalog.ServedModel;

/** What a model is wanted for: each endpoint takes only models that write what it answers with. */
public enum Purpose {
    CHAT("chat completions", "text"),
    EMBEDDINGS("embeddings", "embeddings"),
    IMAGES("image generation", "image"),
    RERANK("rerank", "rerank"),
    SPEECH("text to speech", "speech"),
    TRANSCRIPTION("transcription", "transcription");

    private final String title;
    private final String output;

    Purpose(String title, String output) {
        this.title = title;
        this.output = output;
    }

    String title() {
        return title;
    }

    /** An image model is not wrong for chat; whether it can serve depends on the modalities asked for. */
    boolean isServedBy(ServedModel model) {
        return model.writes(output) || (this == CHAT && model.writes("image"));
    }
}
