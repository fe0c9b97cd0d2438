package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.text.Tokens;
import java.util.List;

/** A tool call that the model makes; its arguments are kept as the tokens in which they are written. */
record PlannedCall(String id, String name, List<String> argumentTokens) {
    String arguments() {
        return String.join("", argumentTokens);
    }

    int headTokens() {
        return Tokens.count(name) + 2;
    }

    int tokens() {
        return headTokens() + argumentTokens.size();
    }
}
