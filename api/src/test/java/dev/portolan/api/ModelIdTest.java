package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {
    @ParameterizedTest
    @CsvSource({
        "openrouter/google/gemini-2.5-flash, openrouter, google/gemini-2.5-flash",
        "openrouter/openrouter/auto, openrouter, openrouter/auto",
        "openrouter/auto, openrouter, auto",
        "openrouter/deepseek/deepseek-r1:free, openrouter, deepseek/deepseek-r1:free",
        "openrouter/anthropic/claude-sonnet-4.5:nitro, openrouter, anthropic/claude-sonnet-4.5:nitro",
        "openrouter/@preset/x, openrouter, @preset/x",
        "openrouter/openai/gpt-5@preset/x, openrouter, openai/gpt-5@preset/x",
        "openrouter/~a/b-latest, openrouter, ~a/b-latest",
        "my-server_2.local/Qwen3 30B, my-server_2.local, Qwen3 30B",
        "0/1, 0, 1"
    })
    void the_first_segment_names_the_provider_and_the_rest_the_model(String text, String provider, String name) {
        ModelId id = ModelId.parse(text);

        assertThat(id.provider()).isEqualTo(provider);
        assertThat(id.name()).isEqualTo(name);
        assertThat(id).hasToString(text).isEqualTo(new ModelId(provider, name));
    }

    static Stream<Arguments> badIds() {
        String form = "; expected <provider>/<model>, for example 'openrouter/google/gemini-2.5-flash'";
        String providerForm = " in a model id; expected lower-case letters, digits, '-', '_' or '.', as in "
                + "'openrouter/google/gemini-2.5-flash'";
        String modelForm = "; expected something like 'google/gemini-2.5-flash'";
        return Stream.of(
                arguments("", "Bad model id ''" + form),
                arguments("gpt-5", "Bad model id 'gpt-5'" + form),
                arguments("/", "Bad model id '/'" + form),
                arguments("/gpt-5", "Bad model id '/gpt-5'" + form),
                arguments("openrouter/", "Bad model id 'openrouter/'" + form),
                arguments("OpenRouter/auto", "Bad provider name 'OpenRouter'" + providerForm),
                arguments(" openrouter/auto", "Bad provider name ' openrouter'" + providerForm),
                arguments("open router/auto", "Bad provider name 'open router'" + providerForm),
                arguments("~a/b-latest", "Bad provider name '~a'" + providerForm),
                arguments("@preset/x", "Bad provider name '@preset'" + providerForm),
                arguments("-a/b", "Bad provider name '-a'" + providerForm),
                arguments("\u00fc/b", "Bad provider name '\u00fc'" + providerForm),
                arguments("https://openrouter.ai/x", "Bad provider name 'https:'" + providerForm),
                arguments("openrouter/ ", "Bad model name ' ' for provider 'openrouter'" + modelForm),
                arguments("openrouter/ auto", "Bad model name ' auto' for provider 'openrouter'" + modelForm),
                arguments("openrouter/auto\n", "Bad model name 'auto\n' for provider 'openrouter'" + modelForm),
                arguments("openrouter/a\u0000b", "Bad model name 'a\u0000b' for provider 'openrouter'" + modelForm));
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void another_form_is_refused_with_the_form_expected(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelId.parse(text))
                .withMessage(message);
    }

    @Test
    void a_missing_id_is_refused_by_name() {
        assertThatNullPointerException().isThrownBy(() -> ModelId.parse(null)).withMessage("model id");
        assertThatNullPointerException()
                .isThrownBy(() -> new ModelId(null, "a"))
                .withMessage("provider");
        assertThatNullPointerException()
                .isThrownBy(() -> new ModelId("a", null))
                .withMessage("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openrouter", "a", "0", "a.b", "a-b_c.9"})
    void these_can_name_a_provider(String name) {
        assertThat(ModelId.isProviderName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "A", "a/b", ".a", "_a", "a:b", "a\n", "\u00e9", "\u0661"})
    void these_cannot_name_a_provider(String name) {
        assertThat(ModelId.isProviderName(name)).isFalse();
    }
}
