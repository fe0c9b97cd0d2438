package dev.portolan.transport.retrofit.openai;

import com.squareup.moshi.JsonReader;
import dev.portolan.api.chat.LogProbs;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.transport.retrofit.json.Lenient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads log-probabilities (OpenRouter reference: chat-completions §2.2). */
final class LogProbsDecoder {
    private static final JsonReader.Options NAMES = JsonReader.Options.of("content", "refusal");
    private static final JsonReader.Options TOKEN_NAMES =
            JsonReader.Options.of("token", "logprob", "bytes", "top_logprobs");

    private LogProbsDecoder() {}

    static void read(JsonReader reader, int choice, ChatAssembler assembler) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return;
        }
        List<LogProbs.Token> content = List.of();
        List<LogProbs.Token> refusal = List.of();
        while (reader.hasNext()) {
            switch (reader.selectName(NAMES)) {
                case 0 -> content = tokens(reader);
                case 1 -> refusal = tokens(reader);
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
        if (!content.isEmpty() || !refusal.isEmpty()) {
            assembler.logprobs(choice, new LogProbs(content, refusal));
        }
    }

    private static List<LogProbs.Token> tokens(JsonReader reader) throws IOException {
        List<LogProbs.Token> tokens = new ArrayList<>();
        if (!Lenient.beginArray(reader)) {
            return tokens;
        }
        while (reader.hasNext()) {
            LogProbs.Token token = token(reader);
            if (token != null) {
                tokens.add(token);
            }
        }
        reader.endArray();
        return tokens;
    }

    private static LogProbs.@Nullable Token token(JsonReader reader) throws IOException {
        if (!Lenient.beginObject(reader)) {
            return null;
        }
        String token = null;
        Double logprob = null;
        List<Integer> bytes = null;
        List<LogProbs.Token> top = List.of();
        while (reader.hasNext()) {
            switch (reader.selectName(TOKEN_NAMES)) {
                case 0 -> token = Lenient.text(reader);
                case 1 -> logprob = Lenient.real(reader);
                case 2 -> bytes = bytes(reader);
                case 3 -> top = tokens(reader);
                default -> {
                    reader.skipName();
                    reader.skipValue();
                }
            }
        }
        reader.endObject();
        return new LogProbs.Token(
                token == null ? "" : token,
                logprob == null ? Double.NaN : logprob,
                bytes,
                top.stream()
                        .map(each -> new LogProbs.Alternative(each.token(), each.logprob(), each.bytes()))
                        .toList());
    }

    private static @Nullable List<Integer> bytes(JsonReader reader) throws IOException {
        if (!Lenient.beginArray(reader)) {
            return null;
        }
        List<Integer> bytes = new ArrayList<>();
        while (reader.hasNext()) {
            Integer next = Lenient.smallWhole(reader);
            bytes.add(next == null ? 0 : next);
        }
        reader.endArray();
        return bytes;
    }
}
