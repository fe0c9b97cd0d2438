package dev.portolan.provider.openai;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.spi.Provider;
import dev.portolan.api.spi.ProviderFactory;
import dev.portolan.transport.retrofit.HttpConfig;
import dev.portolan.transport.retrofit.Kept;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's API, as a provider under a name of your choice.
 *
 * <pre>{@code
 * Portolan portolan = Portolan.builder()
 *         .provider(OpenAiCompatible.named("vllm").baseUrl("http://localhost:8000/v1").build())
 *         .build();
 * portolan.chat().complete(ChatRequest.builder("vllm/meta-llama/Llama-3.1-8B-Instruct").user("Hello").build());
 * }</pre>
 *
 * <p>What is not given here is read from the settings of that name, {@code PORTOLAN_VLLM_BASE_URL},
 * {@code PORTOLAN_VLLM_API_KEY} and {@code PORTOLAN_VLLM_QUIRKS}; for {@code openai} from {@code OPENAI_BASE_URL} and
 * {@code OPENAI_API_KEY} too. Immutable.
 */
public final class OpenAiCompatible implements ProviderFactory {
    static final String OPENAI = "openai";
    static final String OPENAI_API_KEY = "OPENAI_API_KEY";
    private static final String OPENAI_BASE_URL = "OPENAI_BASE_URL";
    private static final String OPENAI_DEFAULT = "https://api.openai.com/v1";

    /** OpenAI's own, and those of Azure. */
    private static final List<String> OPENAI_HOSTS = List.of(
            ".openai.com",
            ".openai.azure.com",
            ".openai.azure.us",
            ".services.ai.azure.com",
            ".cognitiveservices.azure.com");

    private final String name;
    private final @Nullable String baseUrl;
    private final @Nullable String apiKey;
    private final Map<String, String> headers;
    private final @Nullable Set<Quirk> quirks;
    private final boolean allowPlainHttp;

    private OpenAiCompatible(Builder builder) {
        this.name = builder.name;
        this.baseUrl = builder.baseUrl;
        this.apiKey = builder.apiKey;
        this.headers = Map.copyOf(builder.headers);
        this.quirks = builder.quirks == null ? null : Set.copyOf(builder.quirks);
        this.allowPlainHttp = builder.allowPlainHttp;
    }

    /**
     * Begins a provider.
     *
     * @param name the first segment of its models' ids, such as {@code vllm}
     * @throws IllegalArgumentException if it cannot be the name of a provider
     */
    public static Builder named(String name) {
        if (!ModelId.isProviderName(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a provider; use lower-case letters, digits, '-', '_' and '.'");
        }
        return new Builder(name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Provider create(Settings settings) {
        SettingNames names = SettingNames.of(name);
        URI url = url(settings, names);
        HttpConfig http =
                HttpConfig.of(name, url, sentHeaders(key(settings, names))).with(settings);
        boolean hasSecret = http.headers().keySet().stream().anyMatch(OpenAiCompatible::maybeSecret);
        return new CompatibleProvider(
                name,
                allowPlainHttp || !hasSecret ? http.withPlainHttp(true) : http,
                quirks(url, settings, names),
                Kept.catalogTimeToLive(settings));
    }

    private URI url(Settings settings, SettingNames names) {
        Optional<String> own = Optional.ofNullable(baseUrl).or(() -> settings.get(names.baseUrl()));
        String text = own.or(() -> name.equals(OPENAI)
                        ? settings.get(OPENAI_BASE_URL).or(() -> Optional.of(OPENAI_DEFAULT))
                        : Optional.empty())
                .orElseThrow(() -> new ConfigurationException("There is no base URL for '" + name + "': set "
                        + names.baseUrl() + ", or give it in code with baseUrl(\"http://localhost:8000/v1\")"));
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new ConfigurationException("The base URL of '" + name
                    + "' is not a URL; expected for example 'http://localhost:11434/v1' in " + names.baseUrl());
        }
    }

    /** Most local servers want none. */
    private @Nullable String key(Settings settings, SettingNames names) {
        String key = Optional.ofNullable(apiKey)
                .filter(given -> !given.isBlank())
                .or(() -> settings.get(names.apiKey()))
                .or(() -> name.equals(OPENAI) ? settings.get(OPENAI_API_KEY) : Optional.empty())
                .orElse(null);
        if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new ConfigurationException("The API key of '" + name + "' (" + names.apiKey()
                    + ") has white space or characters that a key cannot have; was it copied whole?");
        }
        return key;
    }

    private Map<String, String> sentHeaders(@Nullable String key) {
        Map<String, String> sent = new LinkedHashMap<>();
        sent.put("User-Agent", "portolan");
        if (key != null) {
            sent.put("Authorization", "Bearer " + key);
        }
        headers.forEach((header, value) -> {
            sent.keySet().removeIf(header::equalsIgnoreCase);
            sent.put(header, value);
        });
        return sent;
    }

    /** Only what is surely no key may be shown to a network. */
    private static boolean maybeSecret(String header) {
        return !header.equalsIgnoreCase("User-Agent");
    }

    private Set<Quirk> quirks(URI url, Settings settings, SettingNames names) {
        Set<Quirk> all = EnumSet.noneOf(Quirk.class);
        if (isOpenAi(url)) {
            all.add(Quirk.MAX_COMPLETION_TOKENS);
            all.add(Quirk.DEVELOPER_ROLE);
        }
        if (quirks != null) {
            all.addAll(quirks);
        } else {
            settings.get(names.quirks()).ifPresent(text -> all.addAll(Quirk.parse(names.quirks(), text)));
        }
        return all;
    }

    static boolean isOpenAi(URI url) {
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        return OPENAI_HOSTS.stream().anyMatch(host::endsWith);
    }

    /** Shows the name, not the key. */
    @Override
    public String toString() {
        return "OpenAiCompatible[" + name + "]";
    }

    /** Collects what is known of a server. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private @Nullable String baseUrl;
        private @Nullable String apiKey;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private @Nullable Set<Quirk> quirks;
        private boolean allowPlainHttp;

        private Builder(String name) {
            this.name = name;
        }

        /** Where the server is: what {@code /chat/completions} is appended to, such as {@code http://localhost:11434/v1}. */
        public Builder baseUrl(String url) {
            baseUrl = url;
            return this;
        }

        /** The key, sent as {@code Authorization: Bearer …}; without one in the settings either, no such header is sent. */
        public Builder apiKey(String key) {
            apiKey = key;
            return this;
        }

        /** A header of every call, such as {@code api-key}; in place of one of that name. */
        public Builder header(String header, String value) {
            headers.put(header, value);
            return this;
        }

        /** How the server differs from most, in place of what the settings say. */
        public Builder quirks(Quirk... given) {
            quirks = EnumSet.noneOf(Quirk.class);
            quirks.addAll(Set.of(given));
            return this;
        }

        /**
         * Lets key and headers go over plain {@code http} to other hosts than this one. Without any of them that is allowed
         * anyway.
         */
        public Builder allowPlainHttp() {
            allowPlainHttp = true;
            return this;
        }

        /** The provider, for {@link dev.portolan.api.Portolan.Builder#provider(ProviderFactory)}. */
        public OpenAiCompatible build() {
            return new OpenAiCompatible(this);
        }
    }
}
