package dev.portolan.provider.openrouter;

import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.provider.openrouter.catalog.SavedCatalog;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.Kept;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The provider's settings, read by the names that LiteLLM users know.
 *
 * @param http how OpenRouter is reached
 * @param catalogTimeToLive how long the catalogue is kept; an hour by default
 * @param savedCatalog where a copy of it is kept; {@code null} for nowhere
 */
record OpenRouterSettings(
        HttpConfig http,
        Duration catalogTimeToLive,
        @Nullable SavedCatalog savedCatalog) {
    static final String API_KEY = "OPENROUTER_API_KEY";
    static final String OLD_API_KEY = "OR_API_KEY";
    static final String API_BASE = "OPENROUTER_API_BASE";
    static final String SITE_URL = "OR_SITE_URL";
    static final String APP_NAME = "OR_APP_NAME";
    static final String CATALOG_FILE = "PORTOLAN_CATALOG_FILE";
    static final String DEFAULT_BASE = "https://openrouter.ai/api/v1";

    static OpenRouterSettings read(Settings settings) {
        return new OpenRouterSettings(
                http(settings),
                Kept.catalogTimeToLive(settings),
                settings.get(CATALOG_FILE)
                        .map(file -> new SavedCatalog(Path.of(file)))
                        .orElse(null));
    }

    private static HttpConfig http(Settings settings) {
        String key = settings.get(API_KEY)
                .or(() -> settings.get(OLD_API_KEY))
                .orElseThrow(() -> new ConfigurationException("There is no API key for OpenRouter: set " + API_KEY
                        + " in the environment, or give it in code with Settings.with(\"" + API_KEY + "\", …)"));
        if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ConfigurationException("The API key in " + API_KEY
                    + " has white space or characters that a key cannot have; was it copied whole?");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Authorization", "Bearer " + key);
        headers.put("User-Agent", "portolan");
        printable(settings, SITE_URL).ifPresent(url -> headers.put("HTTP-Referer", url));
        printable(settings, APP_NAME).ifPresent(name -> {
            headers.put("X-OpenRouter-Title", name);
            headers.put("X-Title", name);
        });
        return HttpConfig.of("OpenRouter", baseUrl(settings.get(API_BASE).orElse(DEFAULT_BASE)), headers)
                .with(settings);
    }

    private static URI baseUrl(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new ConfigurationException(
                    API_BASE + " is not a URL: '" + text + "'; expected for example '" + DEFAULT_BASE + "'");
        }
    }

    /** Header values are ASCII: accents are taken off letters, and what is still not ASCII is left out. */
    private static Optional<String> printable(Settings settings, String name) {
        return settings.get(name)
                .map(text -> Normalizer.normalize(text, Normalizer.Form.NFD)
                        .replaceAll("[^\\x20-\\x7e]", "")
                        .strip())
                .filter(text -> !text.isEmpty());
    }
}
