package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.AnswerStream;
import dev.portolan.testkit.simulator.http.ClientLine;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Answers from the file. */
final class Player implements Side {
    /** How long a client may go on waiting where the one of the recording left. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int NOT_TRIED_AGAIN = 400;

    /** An interaction on the tape. */
    private static final class Take {
        private final Interaction interaction;
        private final List<String> lines;
        private boolean used;

        Take(Interaction interaction, List<String> lines) {
            this.interaction = interaction;
            this.lines = lines;
        }
    }

    private final Path file;
    private final List<Take> takes = new ArrayList<>();
    private final Matching matching;
    private final Scrubber scrubber;
    private final Scrubber untaught;
    private final KeptHeaders kept;
    private final ReplayTiming timing;
    private final boolean repeats;
    private final boolean strict;
    private final List<String> problems = new ArrayList<>();

    Player(
            Path file,
            CassetteContent content,
            Matching matching,
            Scrubber scrubber,
            KeptHeaders kept,
            ReplayTiming timing,
            boolean repeats,
            boolean strict) {
        this.file = file;
        this.matching = matching;
        this.scrubber = scrubber;
        this.untaught = scrubber.copy();
        this.kept = kept;
        this.timing = timing;
        this.repeats = repeats;
        this.strict = strict;
        for (Interaction interaction : content.interactions()) {
            takes.add(new Take(interaction, matching.lines(interaction.request())));
        }
    }

    @Override
    public Answer answer(ReceivedRequest received, ClientLine line) {
        scrubber.learn(received);
        RecordedRequest asked = RecordedRequest.of(received, scrubber, kept.ofRequests());
        List<String> lines = matching.lines(asked);
        // as it is first: the key of a replay may be a word that requests hold on other grounds
        Take take = take(matching.lines(RecordedRequest.of(received, untaught, kept.ofRequests())));
        if (take == null) {
            take = take(lines);
        }
        return take == null ? refusal(asked, lines) : answer(take.interaction.answer());
    }

    private synchronized @Nullable Take take(List<String> lines) {
        Take last = null;
        for (Take take : takes) {
            if (take.lines.equals(lines)) {
                if (!take.used) {
                    take.used = true;
                    return take;
                }
                last = take;
            }
        }
        return repeats ? last : null;
    }

    private Answer refusal(RecordedRequest asked, List<String> lines) {
        String problem = unknown(asked, lines);
        report(problem);
        JsonObject error = new JsonObject()
                .put("code", NOT_TRIED_AGAIN)
                .put("message", problem)
                .put("type", "cassette_mismatch")
                .put("param", null)
                .put("metadata", new JsonObject().put("error_type", "invalid_request"));
        return Answer.json(NOT_TRIED_AGAIN, new JsonObject().put("error", error))
                .header("X-Should-Retry", "false"); // for OpenAI's clients
    }

    private synchronized String unknown(RecordedRequest asked, List<String> lines) {
        String remedy = "\nIf the request is meant to be as it is, record again: delete the file, or set "
                + Cassette.MODE_SETTING + "=record.";
        if (takes.isEmpty()) {
            return file + " has no interaction, but " + asked + " was asked." + remedy;
        }
        Take nearest = takes.get(0);
        long least = Long.MAX_VALUE;
        for (Take take : takes) {
            boolean elsewhere = !take.lines.get(0).equals(lines.get(0));
            long distance =
                    2L * LineDiff.distance(take.lines, lines) + (elsewhere ? 1_000_000 : 0) + (take.used ? 1 : 0);
            if (distance < least) {
                nearest = take;
                least = distance;
            }
        }
        String number = "interaction " + (takes.indexOf(nearest) + 1) + " of " + takes.size();
        if (nearest.lines.equals(lines)) {
            long count = takes.stream().filter(take -> take.lines.equals(lines)).count();
            return file + " has no answer left for " + asked + ": it was recorded "
                    + (count == 1 ? "once" : count + " times")
                    + ", and each answer is given once. With repeats() the last one is given again." + remedy;
        }
        return file + " has no answer for " + asked + ". Nearest is " + number + " (- recorded, + asked now):\n"
                + LineDiff.of(nearest.lines, lines) + remedy.substring(1);
    }

    private synchronized void report(String problem) {
        problems.add(problem);
    }

    @Override
    public synchronized List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        if (strict) {
            for (int i = 0; i < takes.size(); i++) {
                Take take = takes.get(i);
                if (!take.used) {
                    all.add(file + ": interaction " + (i + 1) + " of " + takes.size() + ", "
                            + take.interaction.request() + ", was never asked for.\n  "
                            + String.join("\n  ", take.lines));
                }
            }
        }
        return all;
    }

    @Override
    public void finish() {}

    private Answer answer(RecordedAnswer answer) {
        Integer status = answer.status();
        if (status == null) {
            return Answer.json(NOT_TRIED_AGAIN, new JsonObject()).after(line -> {
                timing.pause(Duration.ofMillis(answer.after()), line);
                end(answer.end(), line);
            });
        }
        Map<String, String> headers = new LinkedHashMap<>(answer.headers());
        boolean complete = answer.end() == RecordedAnswer.End.COMPLETE;
        Long length = complete && !(answer.body() instanceof Body.Stream)
                ? (Long) whole(answer.body()).size()
                : null;
        return new Answer(status, headers, new Answer.Streamed(stream -> play(answer, stream), length))
                .after(line -> timing.pause(Duration.ofMillis(answer.after()), line));
    }

    private void play(RecordedAnswer answer, AnswerStream stream) throws IOException {
        long now = answer.after();
        if (answer.body() instanceof Body.Stream body) {
            for (StreamPiece piece : body.pieces()) {
                timing.pause(Duration.ofMillis(Math.max(0, piece.at() - now)), stream);
                now = Math.max(now, piece.at());
                stream.send(piece.bytes(body.newline()).toByteArray());
            }
            timing.pause(Duration.ofMillis(Math.max(0, answer.took() - now)), stream);
        } else {
            timing.pause(Duration.ofMillis(Math.max(0, answer.took() - now)), stream);
            stream.send(whole(answer.body()).readByteArray());
        }
        end(answer.end(), stream);
    }

    private void end(RecordedAnswer.End end, ClientLine line) throws IOException {
        switch (end) {
            case COMPLETE -> {}
            case CUT -> line.disconnect();
            case CANCELLED -> {
                line.pause(PATIENCE);
                report(file + ": when this was recorded, the client left in the middle of an answer; now it waited for "
                        + PATIENCE.toSeconds() + " seconds for the rest, which was not recorded.");
                line.disconnect();
            }
        }
    }

    private static Buffer whole(Body body) {
        Buffer bytes = new Buffer();
        if (body instanceof Body.Json json) {
            bytes.writeUtf8(JsonPrint.compact(json.tree()));
        } else if (body instanceof Body.Text text) {
            bytes.writeUtf8(text.text());
        } else if (body instanceof Body.Binary binary) {
            bytes.write(binary.bytes());
        }
        return bytes;
    }
}
