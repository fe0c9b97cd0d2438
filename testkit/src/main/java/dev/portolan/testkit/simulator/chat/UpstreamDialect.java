package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.catalog.ServedModel;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.text.Digest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a model's vendor words its finish reasons and shapes its reasoning
 * (OpenRouter reference: chat-completions §2.2 and §2.4).
 */
enum UpstreamDialect {
    /** Readable text with a signature that has to come back unchanged. */
    ANTHROPIC("anthropic-claude-v1"),
    /** Readable text, and the real thing encrypted beside it. */
    GOOGLE("google-gemini-v1"),
    /** A summary, and the real thing encrypted beside it. */
    OPENAI("openai-responses-v1"),
    XAI("xai-responses-v1"),
    /** Readable text and nothing else. */
    OTHER("unknown");

    private static final String SIGNATURE_PREFIX = "c2lt"; // "sim" in Base64

    private final String format;

    UpstreamDialect(String format) {
        this.format = format;
    }

    static UpstreamDialect of(ServedModel model) {
        return switch (model.author()) {
            case "anthropic" -> ANTHROPIC;
            case "google" -> GOOGLE;
            case "openai" -> OPENAI;
            case "x-ai" -> XAI;
            default -> OTHER;
        };
    }

    String nativeFinishReason(String finishReason, boolean stopString) {
        return switch (this) {
            case ANTHROPIC ->
                switch (finishReason) {
                    case "length" -> "max_tokens";
                    case "tool_calls" -> "tool_use";
                    default -> stopString ? "stop_sequence" : "end_turn";
                };
            case GOOGLE -> finishReason.equals("length") ? "MAX_TOKENS" : "STOP";
            default -> finishReason;
        };
    }

    /** All of the reasoning, as in an answer that is not streamed. */
    JsonArray details(String text) {
        JsonObject first = delta(text);
        if (this == ANTHROPIC) {
            first.put("signature", sign(text));
        }
        JsonArray details = JsonArray.of(first);
        return this == ANTHROPIC ? details : details.addAll(closing(text));
    }

    /** A piece of the reasoning, as in a stream. */
    JsonObject delta(String piece) {
        boolean summary = this == OPENAI || this == XAI;
        return new JsonObject()
                .put("type", summary ? "reasoning.summary" : "reasoning.text")
                .put(summary ? "summary" : "text", piece)
                .put("format", format)
                .put("index", 0);
    }

    /** What a stream adds once the reasoning is over. */
    JsonArray closing(String text) {
        return switch (this) {
            case ANTHROPIC ->
                JsonArray.of(new JsonObject()
                        .put("type", "reasoning.text")
                        .put("signature", sign(text))
                        .put("format", format)
                        .put("index", 0));
            case OTHER -> new JsonArray();
            default ->
                JsonArray.of(new JsonObject()
                        .put("type", "reasoning.encrypted")
                        .put("data", Digest.base64("encrypted " + text))
                        .put("id", "rs_" + Digest.hex(text).substring(0, 16))
                        .put("format", format)
                        .put("index", 1));
        };
    }

    static String sign(@Nullable String text) {
        return SIGNATURE_PREFIX + Digest.base64("signed " + Objects.requireNonNullElse(text, ""));
    }

    static boolean isOwnSignature(@Nullable String signature) {
        return signature != null && signature.startsWith(SIGNATURE_PREFIX);
    }
}
