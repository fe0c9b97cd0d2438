package dev.portolan.cost.price;

import dev.portolan.api.RawJson;
import dev.portolan.api.cost.Usage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds how often the web was searched for a call: {@code web_search_requests} of {@code server_tool_use_details}, or of
 * {@code server_tool_use} where that alone is told (OpenRouter reference: chat-completions §1.3.2).
 */
final class WebSearches {
    private static final Pattern DETAILS = count("server_tool_use_details");
    private static final Pattern TOTALS = count("server_tool_use");

    private WebSearches() {}

    /** 0 if it was not told. */
    static long in(Usage usage) {
        RawJson raw = usage.raw();
        if (raw == null) {
            return 0;
        }
        Matcher details = DETAILS.matcher(raw.text());
        if (details.find()) {
            return Long.parseLong(details.group(1));
        }
        Matcher totals = TOTALS.matcher(raw.text());
        return totals.find() ? Long.parseLong(totals.group(1)) : 0;
    }

    /** The text is known to be JSON, where a quote inside a string has a backslash: what matches is a member. */
    private static Pattern count(String member) {
        return Pattern.compile(
                "(?<!\\\\)\"" + member + "\"\\s*:\\s*\\{[^{}]*\"web_search_requests\"\\s*:\\s*(\\d{1,9})(?![\\d.eE])");
    }
}
