package dev.portolan.cli;

import java.util.ArrayList;
import java.util.List;

/** What every command that calls a provider reads from the environment, for its help text. */
final class Environment {
    private static final String LEDGER_URL =
            "  PORTOLAN_LEDGER_URL  the ledger of calls, jdbc:sqlite:/path/ledger.db or " + "jdbc:postgresql://host/db";

    private static final List<String> LEDGER = List.of(
            "",
            "Environment:",
            LEDGER_URL + ";",
            "                       a file of your data folder if it is not set",
            "  PORTOLAN_LEDGER_USER, PORTOLAN_LEDGER_PASSWORD   whom to log in as, if not as the URL says",
            "  PORTOLAN_DATA_DIR    your data folder, if not where the system has such things");

    private static final List<String> HELP = List.of(
            "",
            "Environment:",
            "  OPENROUTER_API_KEY   your key; OR_API_KEY is read if it is not set",
            "  OPENROUTER_API_BASE  instead of https://openrouter.ai/api/v1",
            "  OR_SITE_URL          your site, sent as HTTP-Referer",
            "  OR_APP_NAME          your program's name, sent as X-OpenRouter-Title and X-Title",
            "  PORTOLAN_<NAME>_BASE_URL   a server that speaks OpenAI's API, such as http://localhost:11434/v1 for",
            "                       PORTOLAN_OLLAMA_BASE_URL; its models are ollama/...  PORTOLAN_<NAME>_API_KEY is its key",
            "  OPENAI_API_KEY       your key of OpenAI, whose models are openai/...",
            "  PORTOLAN_MODEL       the model of 'portolan chat' when none is given",
            LEDGER_URL,
            "  PORTOLAN_ALLOW_PLAIN_HTTP=true   send the key over plain http to other hosts than this one",
            "Without a key the built-in simulator answers and says so, unless a base URL is set.");

    private Environment() {}

    /** The footer of a command's help, with the environment before it. */
    static String[] before(String... footer) {
        return before(HELP, footer);
    }

    /** The same for a command that reads the ledger only. */
    static String[] ofLedger(String... footer) {
        return before(LEDGER, footer);
    }

    private static String[] before(List<String> environment, String... footer) {
        List<String> lines = new ArrayList<>(environment);
        lines.addAll(List.of(footer));
        return lines.toArray(String[]::new);
    }
}
