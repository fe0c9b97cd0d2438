package dev.portolan.transport.retrofit.openai;

import dev.portolan.api.ModelId;
import dev.portolan.api.ProviderOptions;
import dev.portolan.api.RawJson;
import dev.portolan.api.Warning;
import dev.portolan.api.chat.Media;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as it goes on the wire, while a mapper fills it: members of the body in the order in which they are put,
 * because caches of servers may count the order, headers, and warnings.
 */
public final class WireCall {
    private final ModelId model;
    private final Map<String, Object> body = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<Warning> warnings = new ArrayList<>();
    private final Set<String> defaults = new HashSet<>(4);

    /**
     * A request to a model, whose name is the first member of the body.
     *
     * @param wireName what the server calls it
     */
    public WireCall(ModelId model, String wireName) {
        this.model = model;
        body.put("model", wireName);
    }

    /** The model that is asked. */
    public ModelId model() {
        return model;
    }

    /** The body, as {@link dev.portolan.transport.retrofit.JsonBody} takes it. */
    public Map<String, Object> body() {
        return body;
    }

    /** Headers that the request's options ask for. */
    public Map<String, String> headers() {
        return headers;
    }

    /** What could not be honoured as asked. */
    public List<Warning> warnings() {
        return warnings;
    }

    /** Adds a warning. */
    public void warn(String subject, String message) {
        warnings.add(new Warning(subject, message));
    }

    /** Puts a member, unless it is not set. */
    public void put(String name, @Nullable Object value) {
        put(body, name, value);
    }

    /** Puts a member of some object, unless it is not set. */
    public static void put(Map<String, Object> out, String name, @Nullable Object value) {
        if (value != null) {
            out.put(name, value);
        }
    }

    /** Puts a member that nobody asked for, and an extra may therefore replace. */
    public void putDefault(String name, Object value) {
        body.put(name, value);
        defaults.add(name);
    }

    /** Puts a member in place of what is there; {@code null} removes it. */
    public void replace(String name, @Nullable Object value) {
        body.remove(name);
        put(name, value);
    }

    /**
     * Puts what has no field, last.
     *
     * @throws IllegalArgumentException if an extra has the name of a member that is set
     */
    public void extras(Map<String, RawJson> extras) {
        for (Map.Entry<String, RawJson> extra : extras.entrySet()) {
            String name = extra.getKey();
            if (name.equals("stream")) {
                throw new IllegalArgumentException(
                        "The extra 'stream' cannot be set: call the port's method for a whole reply, or stream(…), instead");
            }
            if (body.containsKey(name) && !defaults.contains(name)) {
                throw new IllegalArgumentException("The extra '" + name
                        + "' would replace a field of the request that is set already; set it in one place only");
            }
            body.put(name, extra.getValue());
        }
    }

    /**
     * Warns of options that belong to other providers.
     *
     * @param own the type of the provider's own options; {@code null} if it has none
     */
    public void ignored(List<ProviderOptions> options, @Nullable Class<? extends ProviderOptions> own) {
        for (ProviderOptions each : options) {
            if (own == null || !own.isInstance(each)) {
                warn(each.provider(), "The options of the provider '" + each.provider() + "' were ignored");
            }
        }
    }

    /** An object with two members in this order. */
    public static Map<String, Object> ordered(String name1, Object value1, String name2, Object value2) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put(name1, value1);
        out.put(name2, value2);
        return out;
    }

    /** A medium where the wire wants a URL: its address, or its bytes, which are written as a data URL. */
    public static Object url(Media media) {
        return media instanceof Media.Url url ? url.url() : media;
    }

    /** A constant as the wire writes it: in lower case. */
    public static @Nullable String word(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }
}
