package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.ProviderRules;
import java.util.List;
import java.util.Set;

/**
 * What makes the body of a chat request invalid (OpenRouter reference: chat-completions §1). Unknown top-level fields
 * pass.
 */
final class ChatRequestRules {
    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final double MIN_NONE = Double.NEGATIVE_INFINITY;

    /** Those with a question mark in §1.1, and those that only the prose guides know. */
    private static final Set<String> NULLABLE = Set.of(
            "provider",
            "route",
            "preset",
            "stream_options",
            "usage",
            "max_completion_tokens",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "top_a",
            "frequency_penalty",
            "presence_penalty",
            "repetition_penalty",
            "seed",
            "stop",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "structured_outputs",
            "parallel_tool_calls",
            "max_tool_calls",
            "reasoning_effort",
            "include_reasoning",
            "verbosity",
            "audio",
            "web_search_options",
            "x_search_filter",
            "prediction",
            "prompt_cache_key",
            "prompt_cache_options",
            "service_tier",
            "transforms");

    private static final List<String> EFFORTS = List.of("max", "xhigh", "high", "medium", "low", "minimal", "none");

    private ChatRequestRules() {}

    /** Refuses with 400, for the first thing that is wrong. */
    static void check(JsonObject body) {
        FieldCheck fields = new FieldCheck("", body, NULLABLE);
        checkMessages(fields);
        checkModel(fields);
        checkSampling(fields);
        checkStop(fields);
        checkReasoning(fields);
        checkResponseFormat(fields);
        ProviderRules.check(fields);
        ToolRules.check(fields);
        checkBookkeeping(fields);
    }

    private static void checkMessages(FieldCheck fields) {
        fields.required("messages");
        List<FieldCheck> messages = fields.children(
                "messages",
                "name",
                "content",
                "tool_calls",
                "reasoning",
                "reasoning_details",
                "refusal",
                "annotations");
        if (messages.isEmpty()) {
            throw fields.error("messages", "Array must contain at least 1 element(s)");
        }
        messages.forEach(MessageRules::check);
    }

    private static void checkModel(FieldCheck fields) {
        String model = fields.string("model");
        if (model != null && model.isBlank()) {
            throw fields.error("model", "String must not be blank");
        }
        fields.strings("models");
        fields.string("preset");
        fields.oneOf("route", List.of("fallback", "sort"));
    }

    private static void checkSampling(FieldCheck fields) {
        fields.bool("stream", "logprobs", "structured_outputs");
        fields.number("temperature", 0, 2);
        fields.number("top_p", 0, 1);
        fields.number("min_p", 0, 1);
        fields.number("top_a", 0, 1);
        fields.number("frequency_penalty", -2, 2);
        fields.number("presence_penalty", -2, 2);
        fields.number("repetition_penalty", 0, 2);
        fields.integer("top_k", 0, NONE);
        fields.integer("seed", MIN_NONE, NONE);
        fields.integer("max_tokens", 1, NONE);
        fields.integer("max_completion_tokens", 1, NONE);
        fields.integer("top_logprobs", 0, 20);
        if (fields.object().get("top_logprobs") != null && !fields.object().isTrue("logprobs")) {
            throw fields.error("top_logprobs", "requires logprobs to be true");
        }
        FieldCheck bias = fields.child("logit_bias");
        if (bias != null) {
            bias.object().names().forEach(token -> bias.number(token, -100, 100));
        }
    }

    private static void checkStop(FieldCheck fields) {
        if (fields.object().get("stop") instanceof JsonArray stops) {
            fields.strings("stop");
            if (stops.size() > 4) {
                throw fields.error("stop", "Array must contain at most 4 element(s)");
            }
        } else {
            fields.string("stop");
        }
    }

    private static void checkReasoning(FieldCheck fields) {
        fields.oneOf("reasoning_effort", EFFORTS);
        fields.bool("include_reasoning");
        fields.oneOf("verbosity", List.of("low", "medium", "high", "xhigh", "max"));
        FieldCheck reasoning = fields.child("reasoning", "effort", "summary", "max_tokens", "exclude", "enabled");
        if (reasoning == null) {
            return;
        }
        reasoning.oneOf("effort", EFFORTS);
        reasoning.oneOf("summary", List.of("auto", "concise", "detailed"));
        reasoning.integer("max_tokens", 0, NONE);
        reasoning.bool("exclude", "enabled");
        Object effort = reasoning.object().get("effort");
        if (effort != null && reasoning.object().get("max_tokens") != null) {
            throw fields.error("reasoning", "Only one of effort and max_tokens may be set");
        }
        Object shorthand = fields.object().get("reasoning_effort");
        if (effort != null && shorthand != null && !effort.equals(shorthand)) {
            throw fields.error("reasoning_effort", "contradicts reasoning.effort");
        }
    }

    private static void checkResponseFormat(FieldCheck fields) {
        FieldCheck format = fields.child("response_format");
        if (format == null) {
            return;
        }
        format.required("type");
        format.oneOf("type", List.of("text", "json_object", "json_schema", "grammar", "python"));
        switch (format.object().string("type", "")) {
            case "json_schema" -> {
                FieldCheck schema = format.requiredChild("json_schema", "strict", "description", "schema");
                schema.required("name");
                schema.string("name", 64);
                schema.string("description");
                schema.bool("strict");
                schema.child("schema");
            }
            case "grammar" -> {
                format.required("grammar");
                format.string("grammar");
            }
            default -> {}
        }
    }

    private static void checkBookkeeping(FieldCheck fields) {
        fields.stringsOf("modalities", List.of("text", "image", "audio"));
        fields.child("image_config");
        fields.child("stream_options", "include_usage");
        fields.child("trace");
        fields.child("usage");
        fields.string("session_id", 256);
        fields.string("user");
        fields.string("prompt_cache_key");
        fields.oneOf("service_tier", List.of("auto", "default", "fast", "flex", "priority", "scale"));
        FieldCheck metadata = fields.child("metadata");
        if (metadata != null) {
            if (metadata.object().names().size() > 16) {
                throw fields.error("metadata", "Object must contain at most 16 pairs");
            }
            for (String key : metadata.object().names()) {
                if (key.length() > 64) {
                    throw fields.error("metadata", "Keys must contain at most 64 character(s)");
                }
                metadata.string(key, 512);
            }
        }
        FieldCheck debug = fields.child("debug");
        if (debug != null) {
            debug.bool("echo_upstream_body");
        }
        MessageRules.checkCacheControl(fields);
        for (FieldCheck plugin : fields.children("plugins", "enabled")) {
            plugin.required("id");
            plugin.string("id");
            plugin.bool("enabled");
        }
        fields.strings("transforms");
    }
}
