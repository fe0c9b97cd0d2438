package dev.portolan.cli;

import java.util.ArrayList;
import java.util.List;

/** What every command that calls a provider reads from the environment, for its help text. */
final class Environment {
    private static final List<String> HELP = List.of(
            "",
            "Environment:",
            "  OPENROUTER_API_KEY   your key; OR_API_KEY is read if it is not set",
            "  OPENROUTER_API_BASE  instead of https://openrouter.ai/api/v1",
            "  OR_SITE_URL          your site, sent as HTTP-Referer",
            "  OR_APP_NAME          your program's name, sent as X-OpenRouter-Title and X-Title",
            "  PORTOLAN_MODEL       the model of 'portolan chat' when none is given",
            "  PORTOLAN_ALLOW_PLAIN_HTTP=true   send the key over plain http to other hosts than this one",
            "Without a key the built-in simulator answers and says so, unless a base URL is set.");

    private Environment() {}

    /** The footer of a command's help, with the environment before it. */
    static String[] before(String... footer) {
        List<String> lines = new ArrayList<>(HELP);
        lines.addAll(List.of(footer));
        return lines.toArray(String[]::new);
    }
}
