package dev.portolan.cost.budget;

import dev.portolan.api.ModelId;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which calls a budget is for. */
public sealed interface Scope {
    /** Every call. */
    Scope ALL = new All();

    /** The calls of one model, whoever makes them. */
    static Scope model(ModelId model) {
        return new Model(model);
    }

    /** The calls that have a tag with this value, such as {@code team} with {@code search}. */
    static Scope tag(String name, String value) {
        return new Tag(name, value);
    }

    /** The calls that have a tag; each of its values has the whole budget for itself, such as each {@code user}. */
    static Scope eachTag(String name) {
        return new EachTag(name);
    }

    /**
     * The share of the budget that a call is paid from.
     *
     * @return the tag's value with {@link #eachTag}, else empty; {@code null} if the budget is not for this call
     */
    @Nullable String shareOf(ModelId model, Map<String, String> tags);

    /** See {@link Scope#ALL}. */
    record All() implements Scope {
        @Override
        public String shareOf(ModelId model, Map<String, String> tags) {
            return "";
        }
    }

    /**
     * See {@link Scope#model}.
     *
     * @param model as it is asked for
     */
    record Model(ModelId model) implements Scope {
        /** Checks that it is there. */
        public Model {
            Objects.requireNonNull(model, "model");
        }

        @Override
        public @Nullable String shareOf(ModelId asked, Map<String, String> tags) {
            return model.equals(asked) ? "" : null;
        }
    }

    /**
     * See {@link Scope#tag}.
     *
     * @param name of the tag
     * @param value of the tag
     */
    record Tag(String name, String value) implements Scope {
        /** Checks that both are there. */
        public Tag {
            requireText(name, "name");
            requireText(value, "value");
        }

        @Override
        public @Nullable String shareOf(ModelId model, Map<String, String> tags) {
            return value.equals(tags.get(name)) ? "" : null;
        }
    }

    /**
     * See {@link Scope#eachTag}.
     *
     * @param name of the tag
     */
    record EachTag(String name) implements Scope {
        /** Checks that it is there. */
        public EachTag {
            requireText(name, "name");
        }

        @Override
        public @Nullable String shareOf(ModelId model, Map<String, String> tags) {
            return tags.get(name);
        }
    }

    private static void requireText(String text, String what) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("The " + what + " of a budget's tag is blank; give one, such as 'team'");
        }
    }
}
