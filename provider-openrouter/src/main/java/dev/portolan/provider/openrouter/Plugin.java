package dev.portolan.provider.openrouter;

import dev.portolan.api.RawJson;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plugin of OpenRouter, with its options by their names on the wire (OpenRouter reference: chat-completions §1.8).
 *
 * <pre>{@code
 * Plugin.web().with("engine", "exa").with("max_results", 3)
 * Plugin.fileParser("mistral-ocr")
 * Plugin.contextCompression().disabled()
 * }</pre>
 *
 * @param id the plugin's name, for example {@code web}
 * @param options its options
 */
public record Plugin(String id, Map<String, RawJson> options) {
    /**
     * Copies the options.
     *
     * @throws IllegalArgumentException if the id is blank
     */
    public Plugin {
        if (id.isBlank()) {
            throw new IllegalArgumentException("A plugin needs an id, such as 'web'");
        }
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** A plugin by its name, without options. */
    public static Plugin of(String id) {
        return new Plugin(id, Map.of());
    }

    /**
     * Web search. Deprecated by OpenRouter in favour of the tool {@code openrouter:web_search}. Options: {@code engine},
     * {@code mode}, {@code max_results} (5), {@code max_uses}, {@code search_prompt}, {@code include_domains},
     * {@code exclude_domains}, {@code user_location}.
     */
    public static Plugin web() {
        return of("web");
    }

    /**
     * Fetching of web pages. Options: {@code max_uses}, {@code max_content_tokens}, {@code allowed_domains},
     * {@code blocked_domains}.
     */
    public static Plugin webFetch() {
        return of("web-fetch");
    }

    /** Parsing of PDF files with an engine: {@code mistral-ocr}, {@code native} or {@code cloudflare-ai}. */
    public static Plugin fileParser(String engine) {
        return of("file-parser").with("pdf", Map.of("engine", engine));
    }

    /** Repair of JSON answers that are slightly wrong; only without streaming. */
    public static Plugin responseHealing() {
        return of("response-healing");
    }

    /** Cutting of the middle of conversations that are too long. On by default with short models. */
    public static Plugin contextCompression() {
        return of("context-compression");
    }

    /** Moderation of the prompt. */
    public static Plugin moderation() {
        return of("moderation");
    }

    /**
     * Settings of the model {@code openrouter/auto}. Options: {@code allowed_models}, {@code excluded_models},
     * {@code cost_tier}, {@code pin_model}.
     */
    public static Plugin autoRouter() {
        return of("auto-router");
    }

    /** Settings of the model {@code openrouter/auto-beta}: as {@link #autoRouter}, without {@code pin_model}. */
    public static Plugin autoBetaRouter() {
        return of("auto-beta-router");
    }

    /**
     * Settings of the model {@code openrouter/pareto-code}. Options besides the score: {@code price_source}.
     *
     * @param minCodingScore 0 to 1
     * @param maxPrice USD for a million tokens; {@code null} for no limit
     */
    public static Plugin paretoRouter(double minCodingScore, @Nullable BigDecimal maxPrice) {
        if (!(minCodingScore >= 0 && minCodingScore <= 1)) {
            throw new IllegalArgumentException("min_coding_score must be between 0 and 1, found " + minCodingScore);
        }
        Plugin plugin = of("pareto-router").with("min_coding_score", minCodingScore);
        return maxPrice == null ? plugin : plugin.with("max_price", maxPrice);
    }

    /**
     * Answers from several models made into one. Options: {@code preset}, {@code analysis_models}, {@code model},
     * {@code max_tool_calls}, {@code tools}.
     */
    public static Plugin fusion(String... analysisModels) {
        return analysisModels.length == 0
                ? of("fusion")
                : of("fusion").with("analysis_models", Arrays.asList(analysisModels));
    }

    /** The same with an option; {@code value} is anything that {@link RawJson#of} takes. */
    public Plugin with(String option, Object value) {
        Objects.requireNonNull(value, option);
        Map<String, RawJson> more = new LinkedHashMap<>(options);
        more.put(option, RawJson.of(value));
        return new Plugin(id, more);
    }

    /** The same, turned off: for plugins that are on by default, or by the account's settings. */
    public Plugin disabled() {
        return with("enabled", false);
    }
}
