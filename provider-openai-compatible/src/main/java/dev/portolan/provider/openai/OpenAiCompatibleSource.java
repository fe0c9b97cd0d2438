package dev.portolan.provider.openai;

import dev.portolan.api.Settings;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.api.spi.ProviderSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds servers that speak OpenAI's API by their settings: {@code PORTOLAN_<NAME>_BASE_URL} makes a provider of that name, in
 * lower case and with {@code -} for {@code _}; {@code OPENAI_API_KEY} makes the provider {@code openai}.
 */
public final class OpenAiCompatibleSource implements ProviderSource {
    /** For ServiceLoader. */
    public OpenAiCompatibleSource() {}

    @Override
    public List<ProviderFactory> find(Settings settings) {
        List<ProviderFactory> found = new ArrayList<>();
        Set<String> names = settings.names();
        boolean openAi = false;
        for (String setting : names) {
            SettingNames.provider(setting).ifPresent(name -> found.add(new Named(name, setting)));
            openAi |= setting.equals(SettingNames.of(OpenAiCompatible.OPENAI).baseUrl());
        }
        if (!openAi && names.contains(OpenAiCompatible.OPENAI_API_KEY)) {
            found.add(new Named(OpenAiCompatible.OPENAI, OpenAiCompatible.OPENAI_API_KEY));
        }
        return found;
    }

    @Override
    public String howToAdd(String name) {
        if (name.equals(OpenAiCompatible.OPENAI)) {
            return "For OpenAI, set " + OpenAiCompatible.OPENAI_API_KEY + ".";
        }
        String setting = SettingNames.of(name).baseUrl();
        String become = SettingNames.provider(setting).orElse(name);
        return "For a server that speaks OpenAI's API, set " + setting + " to its address"
                + (become.equals(name) ? "." : ", and write '" + become + "'.");
    }

    /** A provider that a setting names. */
    private record Named(String name, String setting) implements ProviderFactory {
        @Override
        public Provider create(Settings settings) {
            return OpenAiCompatible.named(name).build().create(settings);
        }

        @Override
        public String toString() {
            return "by " + setting;
        }
    }
}
