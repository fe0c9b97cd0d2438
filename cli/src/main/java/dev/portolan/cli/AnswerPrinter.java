package dev.portolan.cli;

import dev.portolan.api.Warning;
import dev.portolan.api.chat.Annotation;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.Media;
import dev.portolan.api.chat.ToolCall;
import java.util.List;

/**
 * Prints an answer for people: what the model says on standard output, all that is said about it on standard error.
 */
final class AnswerPrinter {
    private final Terminal terminal;
    private final boolean showReasoning;
    private boolean answerBegun;
    private boolean midReasoning;

    AnswerPrinter(Terminal terminal, boolean showReasoning) {
        this.terminal = terminal;
        this.showReasoning = showReasoning;
    }

    /** Prints what can be told of an answer while it is written. */
    void print(ChatEvent event) {
        if (event instanceof ChatEvent.TextDelta delta && delta.choice() == 0) {
            text(delta.text());
        } else if (event instanceof ChatEvent.AudioDelta delta && delta.choice() == 0) {
            text(delta.transcript());
        } else if (event instanceof ChatEvent.ReasoningDelta delta && delta.choice() == 0) {
            reasoning(delta.text());
        }
    }

    /** Prints the same of an answer, or a part of one, that came in one piece. */
    void printText(ChatResponse response) {
        String thoughts = response.message().reasoning();
        if (thoughts != null) {
            reasoning(thoughts);
        }
        text(response.text());
        var audio = response.message().audio();
        if (audio != null && audio.transcript() != null) {
            text(audio.transcript());
        }
    }

    /** Whether anything of the answer itself has been printed. */
    boolean hasPrinted() {
        return answerBegun;
    }

    /** Ends the lines that were begun. */
    void endLines() {
        endReasoning();
        terminal.endLine();
    }

    /** Prints all that comes after the text. */
    void finish(ChatResponse response) {
        endLines();
        for (ToolCall call : response.toolCalls()) {
            terminal.out("tool call " + Terminal.oneLine(call.name() + " " + call.arguments()) + "\n");
        }
        for (Annotation annotation : response.message().annotations()) {
            if (annotation instanceof Annotation.UrlCitation source) {
                terminal.errLine("source: " + (source.title() == null ? "" : source.title() + " ") + source.url());
            }
        }
        media(response);
        ending(response);
        for (Warning warning : response.warnings()) {
            terminal.errLine("warning: " + warning);
        }
        terminal.errLine(Summary.of(response));
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            endReasoning();
            terminal.out(text);
            answerBegun = true;
        }
    }

    private void reasoning(String text) {
        if (showReasoning && !text.isEmpty()) {
            terminal.err(text, true);
            midReasoning = !text.endsWith("\n");
        }
    }

    private void endReasoning() {
        if (midReasoning) {
            terminal.err("\n", false);
            midReasoning = false;
        }
    }

    private void media(ChatResponse response) {
        List<Media> images = response.message().images();
        if (!images.isEmpty()) {
            terminal.errLine(Summary.count(images.size(), "image") + " received; use --json to get "
                    + (images.size() == 1 ? "it" : "them"));
        }
        var audio = response.message().audio();
        if (audio != null && audio.data() != null) {
            terminal.errLine("sound received, " + audio.data().size() + " bytes; use --json to get it");
        }
        if (response.choices().size() > 1) {
            terminal.errLine(response.choices().size() + " answers received; this is the first");
        }
    }

    private void ending(ChatResponse response) {
        if (response.isEmpty()) {
            terminal.errLine("the model said nothing and gave no reason; try again");
        }
        switch (response.finishReason().unified()) {
            case LENGTH -> terminal.errLine("the answer is cut at its token limit; --max-tokens raises it");
            case CONTENT_FILTER -> terminal.errLine("the provider held back the rest of the answer");
            case ERROR -> terminal.errLine("the provider failed before the answer was complete");
            case STOP, TOOL_CALLS, OTHER, UNKNOWN -> {}
        }
        String refusal = response.message().refusal();
        if (refusal != null) {
            terminal.errLine("the model refused: " + refusal);
        }
    }
}
