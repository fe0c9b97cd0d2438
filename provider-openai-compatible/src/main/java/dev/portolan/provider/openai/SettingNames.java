package dev.portolan.provider.openai;

import dev.portolan.api.error.ConfigurationException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of a server by the name of its provider: {@code my-vllm} has {@code PORTOLAN_MY_VLLM_BASE_URL}. */
final class SettingNames {
    private static final String PREFIX = "PORTOLAN_";
    private static final String BASE_URL = "_BASE_URL";
    private static final Pattern MIDDLE = Pattern.compile("[A-Z0-9]+(_[A-Z0-9]+)*");

    private final String prefix;

    private SettingNames(String prefix) {
        this.prefix = prefix;
    }

    /** Those of a provider. */
    static SettingNames of(String provider) {
        return new SettingNames(
                PREFIX + provider.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'));
    }

    /**
     * The provider that a setting names; empty if it is none of these settings.
     *
     * @throws ConfigurationException if it looks like one, and names nothing
     */
    static Optional<String> provider(String setting) {
        if (!setting.startsWith(PREFIX) || !setting.endsWith(BASE_URL)) {
            return Optional.empty();
        }
        int end = setting.length() - BASE_URL.length();
        String middle = end < PREFIX.length() ? "" : setting.substring(PREFIX.length(), end);
        if (!MIDDLE.matcher(middle).matches()) {
            throw new ConfigurationException("The setting " + setting
                    + " names no provider; expected capital letters, digits and single '_' in between, as in"
                    + " PORTOLAN_OLLAMA_BASE_URL");
        }
        return Optional.of(middle.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    String baseUrl() {
        return prefix + BASE_URL;
    }

    String apiKey() {
        return prefix + "_API_KEY";
    }

    String quirks() {
        return prefix + "_QUIRKS";
    }
}
