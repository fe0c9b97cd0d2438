package dev.portolan.cli;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.Provider;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Draws what the test says, and remembers what it was asked. */
final class FakeImages implements Provider, ImagePort {
    final List<ImageRequest> asked = new ArrayList<>();
    private List<Media> drawn = List.of();
    private String text = "";
    private @Nullable String revisedPrompt;
    private Runnable meanwhile = () -> {};
    private @Nullable PortolanException failure;

    FakeImages drawing(Media... images) {
        drawn = List.of(images);
        return this;
    }

    FakeImages saying(String newText) {
        text = newText;
        return this;
    }

    FakeImages revising(String newPrompt) {
        revisedPrompt = newPrompt;
        return this;
    }

    /** What happens while the model draws. */
    FakeImages meanwhile(Runnable action) {
        meanwhile = action;
        return this;
    }

    /** Fails after the text has come. */
    FakeImages failing(PortolanException newFailure) {
        failure = newFailure;
        return this;
    }

    @Override
    public Optional<ImagePort> images() {
        return Optional.of(this);
    }

    @Override
    public ImageResponse generate(ImageRequest request) {
        return stream(request).response();
    }

    @Override
    public ImageStream stream(ImageRequest request) {
        asked.add(request);
        meanwhile.run();
        ImageResponse response = new ImageResponse(
                "gen-1",
                "acme/painter",
                "Acme",
                Instant.ofEpochSecond(1_748_372_400),
                drawn.stream()
                        .map(image -> new GeneratedImage(image, revisedPrompt))
                        .toList(),
                text,
                Usage.of(12, 1290),
                Cost.reported(new BigDecimal("0.0387")),
                List.of(new Warning("seed", "This model has none.")),
                List.of(),
                List.of(),
                Map.of());
        Deque<ImageEvent> events = new ArrayDeque<>();
        if (!text.isEmpty()) {
            events.add(new ImageEvent.Text("reasoning", "Hm."));
            text.chars().forEach(c -> events.add(new ImageEvent.Text("content", Character.toString(c))));
        }
        return new ImageStream() {
            @Override
            public @Nullable ImageEvent next() {
                if (events.isEmpty() && failure != null) {
                    throw failure;
                }
                return events.poll();
            }

            @Override
            public ImageResponse response() {
                return response;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
