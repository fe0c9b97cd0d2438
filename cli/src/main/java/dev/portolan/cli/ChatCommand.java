package dev.portolan.cli;

import dev.portolan.api.Portolan;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.FinishReason;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.PortolanException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks a model and prints its answer. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        abbreviateSynopsis = true,
        header = "Asks a model and prints its answer while it is written.",
        synopsisHeading = "%nUsage: ",
        description = {
            "",
            "The answer goes to standard output, everything else to standard error: warnings, sources, and a closing "
                    + "line with the model, its tokens and the exact cost.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        footer = {
            "",
            "Examples:",
            "  portolan chat \"Why is the sky blue?\"",
            "  portolan chat -m openrouter/anthropic/claude-sonnet-4.5 -s \"Be brief.\" Hello",
            "  git diff | portolan chat \"Write a commit message for this:\" -",
            "  portolan chat --image cat.png --image https://example.org/dog.jpg \"Which is older?\"",
            "  portolan chat --file report.pdf --json-schema totals.json \"Extract the totals.\"",
            "  portolan chat --json Hello | jq .cost.amount",
            "  portolan chat --extra top_k=40 --extra 'provider={\"zdr\":true}' Hello",
            "  portolan chat --request body.json --no-stream",
            "",
            "With --json one object is printed, on one line. Every member is always there, null if unknown:",
            "  id, model, provider, created (ISO 8601), text, reasoning, refusal, systemFingerprint, serviceTier",
            "  reasoningDetails, annotations: arrays in wire form, to be sent back as they are",
            "  toolCalls: [{id, name, arguments}], arguments being JSON text",
            "  images: [{mediaType, data (Base64)} or {url}]",
            "  audio: {id, data (Base64), transcript, expiresAt}",
            "  finishReason: {unified, raw}; unified is stop, length, tool_calls, content_filter, error, other",
            "    or unknown",
            "  logprobs: {content, refusal}, each [{token, logprob, bytes, top}]",
            "  usage: {promptTokens, completionTokens, totalTokens, cachedTokens, cacheWriteTokens,",
            "    promptAudioTokens, promptVideoTokens, reasoningTokens, imageTokens, audioTokens,",
            "    acceptedPredictionTokens, rejectedPredictionTokens, raw}",
            "  cost: {amount, currency, source}; amount is an exact decimal; source is reported, estimated",
            "    or unknown",
            "  warnings: [{subject, message}]",
            "  openrouter: {nativeFinishReason, byok, charged, upstreamCost, upstreamPromptCost,",
            "    upstreamCompletionCost, serverToolUse, cache, routing, debug}, or null",
            "  extras: {response, choice, message}, further members of each in wire form",
            "An error is an object on standard error:",
            "  {\"error\": {type, message, exitCode, model, status, code, errorType, provider, providerCode,",
            "    generationId, requestId, retryable, retryAfter (seconds), attempts, fallbackModels,",
            "    partialText}}; with --verbose also causes"
        })
final class ChatCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Settings settings;
    private final Function<Settings, Portolan> opener;

    @Parameters(
            paramLabel = "PROMPT",
            arity = "0..*",
            description = "What to ask; several arguments are joined with spaces. Without any, standard input is the "
                    + "prompt; an argument - stands for it, as a paragraph of its own. Otherwise standard input is not "
                    + "read. Put -- before a prompt that starts with a dash.")
    private List<String> prompt = List.of();

    @ArgGroup(validate = false, heading = "%nWhat is asked:%n", order = 1)
    private PromptOptions asked = new PromptOptions();

    @ArgGroup(validate = false, heading = "%nWho answers, and how:%n", order = 2)
    private AnswerOptions answer = new AnswerOptions();

    @ArgGroup(validate = false, heading = "%nWhere the call goes:%n", order = 3)
    private ConnectionOptions connection = new ConnectionOptions();

    @ArgGroup(validate = false, heading = "%nWhat is printed:%n", order = 4)
    private AnswerOutputOptions output = new AnswerOutputOptions();

    ChatCommand(Terminal terminal, Settings settings, Function<Settings, Portolan> opener) {
        this.terminal = terminal;
        this.settings = settings;
        this.opener = opener;
    }

    @Override
    public Integer call() {
        try (Session session = Session.open(opener, settings, connection, terminal)) {
            Set<String> providers = session.portolan().providers();
            ChatRequestReader.Asked question =
                    new ChatRequestReader(asked, answer, connection, terminal, settings).read(prompt, providers);
            ChatRequest request = question.request();
            session.choose(request.model());
            ChatRequest accounted = request.toBuilder()
                    .call(session.accounted(request.call(), request.model()))
                    .build();
            return ask(session, new ChatRequestReader.Asked(accounted, question.streamed()))
                    .code();
        }
    }

    private ExitCode ask(Session session, ChatRequestReader.Asked question) {
        AnswerPrinter printer = new AnswerPrinter(terminal, output.showReasoning);
        if (!output.json) {
            session.notice().forEach(terminal::errLine);
        }
        try {
            ChatResponse response = answer(session.portolan().chat(), question, printer);
            if (output.json) {
                session.notice().forEach(terminal::errLine);
                terminal.out(ResponseJson.of(response).text() + "\n");
            } else {
                printer.finish(response);
            }
            return isRefused(response) ? ExitCode.REFUSED : ExitCode.OK;
        } catch (ConfigurationException failed) {
            throw session.failure(question.request().model(), failed);
        } catch (PortolanException failed) {
            if (!output.json) {
                printPartial(printer, failed);
            }
            throw failed;
        }
    }

    private ChatResponse answer(ChatPort chat, ChatRequestReader.Asked question, AnswerPrinter printer) {
        try (Interruption interruption = Interruption.ofThisThread()) {
            if (question.streamed() && !output.noStream) {
                try (ChatStream stream = interruption.watch(chat.stream(question.request()))) {
                    for (ChatEvent event = stream.next(); event != null; event = stream.next()) {
                        if (!output.json) {
                            printer.print(event);
                        }
                    }
                    return stream.response();
                }
            }
            ChatResponse response = chat.complete(question.request());
            if (!output.json) {
                printer.printText(response);
            }
            return response;
        }
    }

    /** What has arrived may be charged, so it is shown; of a stream it has been. */
    private static void printPartial(AnswerPrinter printer, PortolanException failed) {
        if (!printer.hasPrinted()) {
            failed.partial().ifPresent(printer::printText);
        }
        printer.endLines();
    }

    private static boolean isRefused(ChatResponse response) {
        return response.message().refusal() != null
                || response.finishReason().unified() == FinishReason.Unified.CONTENT_FILTER;
    }
}
