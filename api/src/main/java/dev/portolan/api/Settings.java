package dev.portolan.api;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where providers find their configuration by name, for example {@code OPENROUTER_API_KEY}.
 *
 * <p>A value given in code beats a system property of that name, which beats the environment, value by value. Blank
 * values count as not set. Thread-safe. {@link #toString()} never shows a value.
 */
public final class Settings {
    private final Function<String, @Nullable String> source;

    private Settings(Function<String, @Nullable String> source) {
        this.source = source;
    }

    /** System properties first, then the environment. */
    public static Settings fromEnvironment() {
        return new Settings(name -> firstSet(System.getProperty(name), System.getenv(name)));
    }

    /** Only these values; nothing of the machine shows through. */
    public static Settings of(Map<String, String> values) {
        Map<String, String> copy = Map.copyOf(values);
        return new Settings(copy::get);
    }

    /** These settings with {@code value} for {@code name}, whatever was there. */
    public Settings with(String name, String value) {
        return new Settings(wanted -> wanted.equals(name) ? value : source.apply(wanted));
    }

    /** The value of a setting, if it is set and not blank; white space at its ends is removed. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(firstSet(source.apply(name), null)).map(String::strip);
    }

    private static @Nullable String firstSet(@Nullable String first, @Nullable String second) {
        return first != null && !first.isBlank() ? first : second != null && !second.isBlank() ? second : null;
    }

    @Override
    public String toString() {
        return "Settings";
    }
}
