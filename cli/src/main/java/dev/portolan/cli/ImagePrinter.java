package dev.portolan.cli;

import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import dev.portolan.api.image.GeneratedImage;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImageResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes images to their files, and prints where they are and what is said about them. */
final class ImagePrinter {
    private final Terminal terminal;
    private final ImageFiles files;
    private final boolean json;
    private @Nullable Boolean hasWords;
    private boolean midLine;

    ImagePrinter(Terminal terminal, ImageFiles files, boolean json) {
        this.terminal = terminal;
        this.files = files;
        this.json = json;
    }

    /** Prints what the model says while it draws. */
    void print(ImageEvent event) {
        if (event instanceof ImageEvent.Text said && said.phase().equals("content") && !json) {
            words(said.text());
        }
    }

    /** Models of vector images write their image here: that begins with a bracket, and is not for people. */
    private void words(String text) {
        if (hasWords == null && !text.isBlank()) {
            hasWords = !text.stripLeading().startsWith("<");
        }
        if (Boolean.TRUE.equals(hasWords)) {
            terminal.err(text, false);
            midLine = !text.endsWith("\n");
        }
    }

    /** Ends the line that was begun. */
    void endLine() {
        if (midLine) {
            terminal.err("\n", false);
            midLine = false;
        }
    }

    /**
     * Writes and prints all there is.
     *
     * @param asked how many images were asked for
     */
    void finish(ImageResponse response, int asked) {
        endLine();
        List<Object> written = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>(response.warnings());
        List<GeneratedImage> images = response.images();
        for (int i = 0; i < images.size(); i++) {
            written.add(write(i, images.get(i), warnings));
        }
        if (images.size() < asked) {
            warnings.add(new Warning("n", images.size() + " of " + asked + " images came"));
        }
        if (json) {
            terminal.out(json(response, written, warnings).text() + "\n");
            return;
        }
        for (Warning warning : warnings) {
            terminal.errLine("warning: " + warning);
        }
        terminal.errLine(Summary.of(response, Summary.count(images.size(), "image")));
    }

    private Object write(int index, GeneratedImage image, List<Warning> warnings) {
        String mediaType = null;
        String file = null;
        String url = null;
        if (image.image() instanceof Media.Bytes bytes) {
            Path path = files.write(index, bytes);
            mediaType = bytes.mediaType();
            file = path.toString();
            if (ImageFiles.isMisnamed(path, mediaType)) {
                warnings.add(new Warning("output", file + " is " + mediaType + ", whatever its name says"));
            }
        } else {
            url = ((Media.Url) image.image()).url();
        }
        if (!json) {
            terminal.out((file == null ? url : file) + "\n");
            if (image.revisedPrompt() != null) {
                terminal.errLine("drawn as: " + image.revisedPrompt());
            }
        }
        return Json.object("mediaType", mediaType, "file", file, "url", url, "revisedPrompt", image.revisedPrompt());
    }

    private static RawJson json(ImageResponse response, List<Object> images, List<Warning> warnings) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", response.id());
        members.put("model", response.model().isEmpty() ? null : response.model());
        members.put("provider", response.provider());
        members.put("created", Json.text(response.created()));
        members.put("images", images);
        members.put("text", response.text());
        members.put("usage", Json.usage(response.usage()));
        members.put("cost", Json.cost(response.cost()));
        members.put("warnings", Json.warnings(warnings));
        members.put("openrouter", Json.openRouter(response));
        members.put("extras", response.extras());
        return RawJson.of(members);
    }
}
