package dev.portolan.testkit.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Proxy-Authorization",
                "Set-Cookie",
                "X-Api-Key",
                "apiKey",
                "OPENAI_API_KEY",
                "private_key",
                "access_token",
                "refreshToken",
                "client_secret",
                "secretAccessKey",
                "password",
                "X-Amz-Credential",
                "X-Amz-Security-Token"
            })
    void what_opens_something_is_secret_everywhere(String name) {
        assertThat(SecretNames.inBody(name)).isTrue();
        assertThat(SecretNames.besideBody(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "token", "signature", "thoughtSignature", "sig", "code", "image_token", "eos_token"})
    void some_words_mean_something_else_in_a_body(String name) {
        assertThat(SecretNames.inBody(name)).isFalse();
        assertThat(SecretNames.besideBody(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens",
                "prompt_tokens",
                "x-ratelimit-remaining-tokens",
                "tokenizer",
                "prompt_cache_key",
                "public_key",
                "keys",
                "author",
                "error_code",
                "model",
                "id"
            })
    void counts_and_names_are_no_secrets(String name) {
        assertThat(SecretNames.inBody(name)).isFalse();
        assertThat(SecretNames.besideBody(name)).isFalse();
    }
}
