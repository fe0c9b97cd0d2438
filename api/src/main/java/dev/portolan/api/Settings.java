package dev.portolan.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where providers find their configuration by name, for example {@code OPENROUTER_API_KEY}.
 *
 * <p>A value given in code beats a system property of that name, which beats the environment, value by value. Blank
 * values count as not set. Thread-safe. {@link #toString()} never shows a value.
 */
public final class Settings {
    private final Function<String, @Nullable String> source;
    private final Supplier<Set<String>> names;

    private Settings(Function<String, @Nullable String> source, Supplier<Set<String>> names) {
        this.source = source;
        this.names = names;
    }

    /** System properties first, then the environment. */
    public static Settings fromEnvironment() {
        return new Settings(name -> firstSet(System.getProperty(name), System.getenv(name)), () -> {
            Set<String> names = new TreeSet<>(System.getProperties().stringPropertyNames());
            names.addAll(System.getenv().keySet());
            return names;
        });
    }

    /** Only these values; nothing of the machine shows through. */
    public static Settings of(Map<String, String> values) {
        Map<String, String> copy = Map.copyOf(values);
        return new Settings(copy::get, () -> new TreeSet<>(copy.keySet()));
    }

    /** These settings with {@code value} for {@code name}, whatever was there. */
    public Settings with(String name, String value) {
        return new Settings(wanted -> wanted.equals(name) ? value : source.apply(wanted), () -> {
            Set<String> all = names.get();
            all.add(name);
            return all;
        });
    }

    /**
     * The names of the settings that are set and not blank, in alphabetical order; with system properties and the environment,
     * of all that these have, whoever they are for.
     */
    public Set<String> names() {
        Set<String> set = names.get();
        set.removeIf(name -> get(name).isEmpty());
        return set;
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
