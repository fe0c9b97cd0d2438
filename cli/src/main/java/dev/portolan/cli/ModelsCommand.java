package dev.portolan.cli;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.Provider;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists models with their limits and prices. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Lists models, with what they take and give, their limits and their prices.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "Prices are exact, in US dollars for a million tokens going in and coming out; \"varies\" is a price that depends "
                    + "on the model a router chooses, \"free\" is 0, and a dash is what is not told. On a terminal the table "
                    + "fits its width; through a pipe every cell is whole.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan models claude",
            "  portolan models --input image --parameter tools --sort price --limit 10",
            "  portolan models --output image",
            "  portolan models --output embeddings --json | jq -r '.models[].id'",
            "  portolan models openrouter/google/gemini-2.5-flash --endpoints",
            "",
            "With --json one object is printed, on one line. Every member is always there, null if unknown:",
            "  models: [{id, canonicalName, name, description, created (ISO 8601), contextLength,",
            "    maxCompletionTokens, inputModalities, outputModalities, supportedParameters, pricing, extras}]",
            "or, with --endpoints, model (its id) and",
            "  endpoints: [{provider, tag, contextLength, maxPromptTokens, maxCompletionTokens, quantization,",
            "    supportedParameters, pricing, extras}]; uptimes are among the extras",
            "  pricing: {prompt, completion, request, image, imageToken, imageOutput, audio, audioOutput,",
            "    audioCacheRead, cacheRead, cacheWrite, cacheWriteHour, reasoning, webSearch}, each an exact",
            "    decimal in US dollars for one unit, negative if it varies; discount (the part taken off);",
            "    overrides: [{moreThanPromptTokens, from, to, pricing}], prices under conditions, times in UTC",
            "An error is {\"error\": {…}} on standard error, as for 'portolan chat --json'."
        })
final class ModelsCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;

    @Parameters(
            paramLabel = "SEARCH",
            arity = "0..*",
            description = "Words that must all occur in a model's id or name. With --endpoints the id of one model.")
    private List<String> search = List.of();

    @ArgGroup(validate = false, heading = "%nWhich models:%n", order = 1)
    private ModelsOptions wanted = new ModelsOptions();

    @ArgGroup(validate = false, heading = "%nWhere the call goes:%n", order = 2)
    private ServerOptions server = new ServerOptions();

    @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 3)
    private OutputOptions output = new OutputOptions();

    ModelsCommand(Terminal terminal, Settings settings, Function<Settings, Portolan> opener) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
    }

    @Override
    public Integer call() {
        if (wanted.limit != null && wanted.limit < 1) {
            throw new IllegalArgumentException("--limit must be at least 1, found " + wanted.limit);
        }
        try (Session session = Session.open(opener, located(), server, terminal)) {
            if (wanted.endpoints) {
                listEndpoints(session);
            } else {
                listModels(session);
            }
            return ExitCode.OK.code();
        }
    }

    /** A catalogue is read for no single call, so its address is one of the settings. */
    private Settings located() {
        URI url = server.baseUrl();
        return url == null ? settings : Session.withBaseUrl(settings, url);
    }

    private void listModels(Session session) {
        ModelQuery query = new ModelQuery(
                String.join(" ", search).strip(),
                wanted.input,
                wanted.output,
                wanted.parameters,
                wanted.minContext == null ? 0 : wanted.minContext,
                wanted.order == null ? ModelQuery.Order.PROVIDER : wanted.order);
        List<ModelInfo> models = catalog(session).models(query);
        int shown = wanted.limit == null ? models.size() : Math.min(wanted.limit, models.size());
        List<ModelInfo> first = models.subList(0, shown);
        if (output.json) {
            terminal.out(ModelsJson.models(first).text() + "\n");
            return;
        }
        print(ModelTables.models(first), first.isEmpty());
        terminal.errLine(
                shown < models.size()
                        ? shown + " of " + Summary.count(models.size(), "model")
                        : models.isEmpty() ? "no model fits" : Summary.count(shown, "model"));
    }

    /** Offline, or at an address that is given, only one provider is asked; else all that are configured. */
    private ModelCatalogPort catalog(Session session) {
        boolean onlyOne = server.offline || server.baseUrl != null;
        if (onlyOne || !session.hasOtherProviders()) {
            session.chooseProvider(Session.SIMULATED_PROVIDER);
            session.notice().forEach(terminal::errLine);
        }
        return onlyOne
                ? session.portolan()
                        .provider(Session.SIMULATED_PROVIDER, Provider.class)
                        .catalog()
                        .orElseThrow()
                : session.portolan().catalog();
    }

    private void listEndpoints(Session session) {
        if (search.size() != 1) {
            throw new IllegalArgumentException("--endpoints needs the id of one model, found " + search.size()
                    + "; as in: portolan models openrouter/google/gemini-2.5-flash --endpoints");
        }
        ModelId model = ModelOption.parse("--endpoints", search.get(0));
        session.choose(model);
        session.notice().forEach(terminal::errLine);
        List<ModelEndpoint> endpoints;
        try {
            endpoints = session.portolan().catalog().endpoints(model);
        } catch (ConfigurationException failed) {
            throw session.failure(model, failed);
        }
        if (output.json) {
            terminal.out(ModelsJson.endpoints(model, endpoints).text() + "\n");
            return;
        }
        print(ModelTables.endpoints(endpoints), endpoints.isEmpty());
        terminal.errLine(endpoints.isEmpty() ? "nobody runs it" : Summary.count(endpoints.size(), "endpoint"));
    }

    private void print(Table table, boolean empty) {
        if (!empty) {
            StringBuilder text = new StringBuilder();
            table.lines(terminal.width()).forEach(line -> text.append(line).append('\n'));
            terminal.out(text.toString());
        }
    }
}
