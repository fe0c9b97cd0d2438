package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String UNHEARD_OF = "PORTOLAN_TEST_SETTING_THAT_NOBODY_HAS";

    private final Map.Entry<String, String> variable = System.getenv().entrySet().stream()
            .filter(entry -> !entry.getValue().isBlank() && System.getProperty(entry.getKey()) == null)
            .findFirst()
            .orElseThrow();

    @AfterEach
    void clearProperties() {
        System.clearProperty(UNHEARD_OF);
        System.clearProperty(variable.getKey());
    }

    @Test
    void the_environment_is_read() {
        assertThat(Settings.fromEnvironment().get(variable.getKey()))
                .contains(variable.getValue().strip());
    }

    @Test
    void a_system_property_beats_the_environment() {
        System.setProperty(variable.getKey(), "from a property");

        assertThat(Settings.fromEnvironment().get(variable.getKey())).contains("from a property");
    }

    @Test
    void a_blank_system_property_does_not_hide_the_environment() {
        System.setProperty(variable.getKey(), " ");

        assertThat(Settings.fromEnvironment().get(variable.getKey()))
                .contains(variable.getValue().strip());
    }

    @Test
    void a_value_given_in_code_beats_both() {
        System.setProperty(variable.getKey(), "from a property");

        Settings settings = Settings.fromEnvironment().with(variable.getKey(), "from code");

        assertThat(settings.get(variable.getKey())).contains("from code");
    }

    @Test
    void one_value_given_in_code_leaves_the_others_as_they_are() {
        Settings settings = Settings.of(Map.of("A", "1", "B", "2")).with("A", "3");

        assertThat(settings.get("A")).contains("3");
        assertThat(settings.get("B")).contains("2");
    }

    @Test
    void settings_with_a_value_leave_the_old_ones_unchanged() {
        Settings settings = Settings.of(Map.of("A", "1"));
        Settings changed = settings.with("A", "2").with("A", "3");

        assertThat(settings.get("A")).contains("1");
        assertThat(changed.get("A")).contains("3");
    }

    @Test
    void a_property_set_later_is_seen() {
        Settings settings = Settings.fromEnvironment();
        assertThat(settings.get(UNHEARD_OF)).isEmpty();

        System.setProperty(UNHEARD_OF, "now");

        assertThat(settings.get(UNHEARD_OF)).contains("now");
    }

    @Test
    void given_values_let_nothing_of_the_machine_through() {
        System.setProperty(UNHEARD_OF, "from a property");

        assertThat(Settings.of(Map.of()).get(UNHEARD_OF)).isEmpty();
        assertThat(Settings.of(Map.of()).get(variable.getKey())).isEmpty();
    }

    @Test
    void given_values_are_copied() {
        Map<String, String> values = new HashMap<>(Map.of("A", "1"));
        Settings settings = Settings.of(values);
        values.put("A", "2");

        assertThat(settings.get("A")).contains("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void a_blank_value_counts_as_not_set(String blank) {
        assertThat(Settings.of(Map.of("A", blank)).get("A")).isEmpty();
        assertThat(Settings.of(Map.of("A", "1")).with("A", blank).get("A")).isEmpty();
    }

    @Test
    void white_space_at_the_ends_is_removed() {
        assertThat(Settings.of(Map.of("A", " a b\n")).get("A")).contains("a b");
    }

    @Test
    void a_value_is_never_shown() {
        assertThat(Settings.of(Map.of("KEY", "sk-secret")).with("OTHER", "sk-other"))
                .hasToString("Settings");
    }

    @Test
    void names_are_those_that_are_set() {
        assertThat(Settings.of(Map.of("B", "1", "A", "2", "BLANK", " ")).names())
                .containsExactly("A", "B");
        assertThat(Settings.of(Map.of("B", "1")).with("A", "2").with("B", "").names())
                .containsExactly("A");
        System.setProperty(UNHEARD_OF, "here");
        assertThat(Settings.fromEnvironment().names()).contains(UNHEARD_OF, variable.getKey());
        assertThat(Settings.fromEnvironment().with("A", "2").names()).contains("A", UNHEARD_OF);
    }
}
