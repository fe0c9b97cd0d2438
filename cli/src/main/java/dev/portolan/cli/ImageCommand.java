package dev.portolan.cli;

import dev.portolan.api.CallOptions;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageEvent;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has a model draw, and writes the images to files. */
@Command(
        name = "image",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Has a model draw images, and writes them to files.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "The names of the files go to standard output, one a line; of an image that came as a URL, the URL. What the "
                    + "model says, warnings, and a closing line with the model, the tokens and the exact cost go to "
                    + "standard error. A file that exists and a folder that does not are told before anything is asked.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan image \"a sunset over a calm ocean\"",
            "  portolan image --size 1536x1024 --quality high -o sunset.png \"a sunset over a calm ocean\"",
            "  portolan image -n 4 -o cat.webp --format webp -m openrouter/openai/gpt-image-1 \"a cat, sleeping\"",
            "  portolan image --image photo.jpg -o night.png \"the same place at night\"",
            "  portolan image --aspect-ratio 16:9 --resolution 2K --json \"a harbour\" | jq -r '.images[].file'",
            "",
            "With --json one object is printed, on one line. Every member is always there, null if unknown:",
            "  id, model, provider, created (ISO 8601), text (what the model said)",
            "  images: [{mediaType, file, url, revisedPrompt}]; file or url is null",
            "  usage, cost, warnings, openrouter: as for 'portolan chat --json'",
            "  extras: further members of the reply in wire form",
            "An error is {\"error\": {…}} on standard error, as for 'portolan chat --json'."
        })
final class ImageCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;

    @Parameters(
            paramLabel = "PROMPT",
            arity = "0..*",
            description = "What to draw; several arguments are joined with spaces. Without any, standard input is the "
                    + "prompt; an argument - stands for it, as a paragraph of its own. Put -- before a prompt that starts "
                    + "with a dash.")
    private List<String> prompt = List.of();

    @ArgGroup(validate = false, heading = "%nWhat is drawn, and by whom:%n", order = 1)
    private ImageOptions image = new ImageOptions();

    @ArgGroup(validate = false, heading = "%nWhere the call goes:%n", order = 2)
    private ConnectionOptions connection = new ConnectionOptions();

    @ArgGroup(validate = false, heading = "%nWhere images go, and what is printed:%n", order = 3)
    private ImageFileOptions output = new ImageFileOptions();

    ImageCommand(Terminal terminal, Settings settings, Function<Settings, Portolan> opener) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(opener, settings, connection, terminal)) {
            ModelId model = ModelOption.parse("--model", image.model);
            CallOptions call = session.accounted(connection.callOptions(), model);
            ImageRequest request = new ImageRequestReader(image, call, terminal).read(model, prompt);
            int count = request.n() == null ? 1 : request.n();
            ImageFiles files = ImageFiles.plan(output, request.prompt(), request.outputFormat(), count);
            session.choose(request.model());
            session.notice().forEach(terminal::errLine);
            ImagePrinter printer = new ImagePrinter(terminal, files, output.json);
            printer.finish(draw(session, request, printer), count);
            return ExitCode.OK.code();
        }
    }

    private static ImageResponse draw(Session session, ImageRequest request, ImagePrinter printer) {
        try (Interruption interruption = Interruption.ofThisThread()) {
            ImagePort images = session.portolan().images();
            try (ImageStream stream = interruption.watch(images.stream(request))) {
                for (ImageEvent event = stream.next(); event != null; event = stream.next()) {
                    printer.print(event);
                }
                return stream.response();
            }
        } catch (ConfigurationException failed) {
            throw session.failure(request.model(), failed);
        } catch (PortolanException failed) {
            printer.endLine();
            throw failed;
        }
    }
}
