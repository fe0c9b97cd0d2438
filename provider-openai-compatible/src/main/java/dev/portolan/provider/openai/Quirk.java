package dev.portolan.provider.openai;

import dev.portolan.api.error.ConfigurationException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One way in which a server differs from most. In settings they are written in lower case, separated by commas. */
public enum Quirk {
    /**
     * The limit of an answer is called {@code max_completion_tokens}, as OpenAI's reasoning models insist; most servers know
     * only {@code max_tokens}. Always so at OpenAI and Azure.
     */
    MAX_COMPLETION_TOKENS,

    /** Messages of developers keep their role; most servers know only {@code system}. Always so at OpenAI and Azure. */
    DEVELOPER_ROLE,

    /** It refuses {@code stream_options}, so that streams are not asked for their usage, which most then do not tell. */
    NO_STREAM_OPTIONS,

    /** Reasoning stands at the beginning of the text, between {@code <think>} and {@code </think>}, and is taken out of it. */
    THINK_TAGS,

    /**
     * The same, where the prompt ends with {@code <think>} already, so that the text begins inside the reasoning and has only
     * {@code </think>}.
     */
    THINK_OPEN,

    /**
     * What a model has thought goes back to it in later turns, as {@code reasoning_content}, and as {@code thinking_blocks} where
     * a proxy in front of Claude gave them; many servers refuse that.
     */
    SEND_REASONING,

    /**
     * The extras of a model's messages go back in later turns; many servers refuse what others, or even they themselves, write
     * there. Also for extras of your own in such messages, such as {@code prefix}.
     */
    SEND_EXTRAS,

    /** Prompt-cache breakpoints are sent, as a proxy in front of Claude takes them; others refuse them. */
    CACHE_CONTROL;

    /** What is written in a setting. */
    static Set<Quirk> parse(String setting, String text) {
        Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
        for (String word : text.split(",", -1)) {
            String name = word.strip().toUpperCase(Locale.ROOT).replace('-', '_');
            quirks.add(Arrays.stream(values())
                    .filter(quirk -> quirk.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException(
                            setting + " has '" + word.strip() + "'; expected some of " + words())));
        }
        return quirks;
    }

    private static String words() {
        return Arrays.stream(values())
                .map(quirk -> quirk.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
