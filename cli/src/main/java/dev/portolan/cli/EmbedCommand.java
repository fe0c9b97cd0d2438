package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.Warning;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.BatchedEmbeddings;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Turns texts into vectors. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Turns texts into vectors, so that what means the same lies close together.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "Each vector is a line of JSON on standard output, in the order of the texts. Warnings and a closing line with "
                    + "the model, the tokens and the exact cost go to standard error. Many texts are sent in batches, "
                    + "several at once, with a progress bar on a terminal; if one batch fails, the vectors that did come "
                    + "are printed before the error.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan embed \"a calm sea\" \"a storm\"",
            "  portolan embed --input sentences.txt --with-text > vectors.jsonl",
            "  portolan embed --dimensions 256 --input-type search_query \"ships in distress\"",
            "  cut -f2 catalogue.tsv | portolan embed --skip-blank --parallel 8 --base64",
            "  portolan embed --offline \"a calm sea\" | jq '.embedding | length'",
            "",
            "A line has these members:",
            "  index: the place of the text, from 0; blank lines that were left out do not count",
            "  text: only with --with-text",
            "  embedding: numbers, each the shortest decimal that gives back the same 32-bit float; with --base64",
            "    a string",
            "With --json the closing line is an object on standard error, every member always there, null if unknown:",
            "  ids: the provider's names of the generations, one a batch",
            "  model, provider, texts, dimensions (numbers of each)",
            "  usage, cost, warnings: as for 'portolan chat --json'",
            "An error is {\"error\": {…}} there, as for 'portolan chat --json'."
        })
final class EmbedCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description =
                    "Texts to embed, each on its own. Without any, and without --input, standard input is read, one "
                            + "text a line; an argument - stands for it. Put -- before a text that starts with a dash.")
    private List<String> arguments = List.of();

    @ArgGroup(validate = false, heading = "%nWhat is embedded:%n", order = 1)
    private TextOptions asked = new TextOptions();

    @ArgGroup(validate = false, heading = "%nWho embeds, and how:%n", order = 2)
    private EmbedOptions embed = new EmbedOptions();

    @ArgGroup(validate = false, heading = "%nWhere the call goes:%n", order = 3)
    private ConnectionOptions connection = new ConnectionOptions();

    @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 4)
    private EmbedOutputOptions output = new EmbedOutputOptions();

    EmbedCommand(Terminal terminal, Settings settings, Function<Settings, Portolan> opener) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(opener, settings, connection, terminal)) {
            EmbeddingRequest.Builder builder = builder(session);
            List<String> texts = TextLines.read(arguments, asked, terminal);
            EmbeddingRequest request = builder.texts(texts).build();
            session.choose(request.model());
            session.notice().forEach(terminal::errLine);
            VectorPrinter printer = new VectorPrinter(terminal, output, texts);
            EmbeddingResponse response;
            try {
                response = embed(session.portolan().embeddings(), request);
            } catch (ConfigurationException failed) {
                throw session.failure(request.model(), failed);
            } catch (PortolanException failed) {
                failed.partial(EmbeddingResponse.class).ifPresent(printer::print);
                throw failed;
            }
            printer.print(response);
            finish(response);
            return ExitCode.OK.code();
        }
    }

    private EmbeddingRequest.Builder builder(Session session) {
        ModelId model = ModelOption.parse("--model", embed.model);
        EmbeddingRequest.Builder builder = EmbeddingRequest.builder(model)
                .dimensions(embed.dimensions)
                .encoding(embed.encoding)
                .inputType(embed.inputType)
                .batching(batching())
                .call(session.accounted(connection.callOptions(), model));
        NamedValues.extras(embed.extras, builder::extra);
        return builder;
    }

    private EmbeddingRequest.Batching batching() {
        if (embed.batchSize < 1 || embed.parallel < 1) {
            throw new IllegalArgumentException((embed.batchSize < 1 ? "--batch-size" : "--parallel")
                    + " must be at least 1, found " + Math.min(embed.batchSize, embed.parallel));
        }
        return new EmbeddingRequest.Batching(
                embed.batchSize, EmbeddingRequest.Batching.DEFAULT.maxCharacters(), embed.parallel);
    }

    /**
     * Batches are made here as the provider would make them, which then gets them one by one, so that each can be counted
     * when it is done.
     */
    @SuppressWarnings("try") // the interruption watches, nothing more
    private EmbeddingResponse embed(EmbeddingPort port, EmbeddingRequest request) {
        long count = request.inputs().size();
        ExecutorService helpers = Executors.newCachedThreadPool(EmbedCommand::helper);
        try (Interruption interruption = Interruption.ofThisThread();
                ProgressBar progress = new ProgressBar(terminal, "texts", count, count > embed.batchSize)) {
            EmbeddingPort counting = batch -> {
                EmbeddingResponse response = port.embed(batch);
                progress.add(batch.inputs().size());
                return response;
            };
            return new BatchedEmbeddings(counting, helpers).embed(request);
        } finally {
            helpers.shutdown();
        }
    }

    private static Thread helper(Runnable work) {
        Thread thread = new Thread(work, "portolan-embed");
        thread.setDaemon(true);
        return thread;
    }

    private void finish(EmbeddingResponse response) {
        int dimensions = response.embeddings().isEmpty()
                ? 0
                : response.embeddings().get(0).dimensions();
        int texts = response.embeddings().size();
        if (output.json) {
            terminal.err(json(response, texts, dimensions).text() + "\n", false);
            return;
        }
        for (Warning warning : response.warnings()) {
            terminal.errLine("warning: " + warning);
        }
        terminal.errLine(Summary.of(response, Summary.count(texts, "text"), Summary.count(dimensions, "dimension")));
    }

    private static RawJson json(EmbeddingResponse response, int texts, int dimensions) {
        return RawJson.of(Json.object(
                "ids", response.ids(),
                "model", response.model().isEmpty() ? null : response.model(),
                "provider", response.provider(),
                "texts", texts,
                "dimensions", dimensions,
                "usage", Json.usage(response.usage()),
                "cost", Json.cost(response.cost()),
                "warnings", Json.warnings(response.warnings())));
    }
}
