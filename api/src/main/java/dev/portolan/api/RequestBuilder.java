package dev.portolan.api;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all requests have in common: options of providers, extras, and how the call is carried out.
 *
 * @param <B> the builder itself
 */
public abstract sealed class RequestBuilder<B extends RequestBuilder<B>>
        permits ChatRequest.Builder, EmbeddingRequest.Builder, ImageRequest.Builder {
    private final List<ProviderOptions> options = new ArrayList<>();
    private final Map<String, RawJson> extras = new LinkedHashMap<>();
    private CallOptions call = CallOptions.DEFAULT;

    /** Nothing set. */
    protected RequestBuilder() {}

    /** This builder. */
    protected abstract B self();

    /** Adds the settings of one provider; those of the same kind set before are replaced. */
    public final B options(ProviderOptions newOptions) {
        options.removeIf(old -> old.provider().equals(newOptions.provider()));
        options.add(newOptions);
        return self();
    }

    /**
     * Puts any JSON on the wire at the top level of the request, for what has no name here yet. A name that is also set by a
     * typed field makes the call fail before anything is sent.
     *
     * @param value anything that {@link RawJson#of} takes; {@code null} sends {@code null}
     */
    public final B extra(String name, @Nullable Object value) {
        extras.put(name, RawJson.of(value));
        return self();
    }

    /** Sets how the call is carried out: clocks, retries, address, headers. */
    public final B call(CallOptions newCall) {
        call = newCall;
        return self();
    }

    /** Sets the longest the whole call may take: all attempts, and a stream to its end. */
    public final B timeout(Duration timeout) {
        return call(call.withTimeout(timeout));
    }

    /** Sets the clocks of the call. */
    public final B timeouts(Timeouts timeouts) {
        return call(call.withTimeouts(timeouts));
    }

    /** Sets when the call is made again; {@link RetryPolicy#NONE} for never. */
    public final B retries(RetryPolicy retries) {
        return call(call.withRetries(retries));
    }

    /** Sets where to send this call instead of the provider's base URL. */
    public final B baseUrl(URI baseUrl) {
        return call(call.withBaseUrl(baseUrl));
    }

    /** Adds an HTTP header to this call; it replaces the library's own of that name. */
    public final B header(String name, String value) {
        return call(call.withHeader(name, value));
    }

    /** Says on whose account the call is, for ledgers and budgets: {@code tag("team", "search")}. Never sent. */
    public final B tag(String name, String value) {
        return call(call.withTag(name, value));
    }

    /** The options so far. */
    protected final List<ProviderOptions> options() {
        return options;
    }

    /** The extras so far. */
    protected final Map<String, RawJson> extras() {
        return extras;
    }

    /** How the call is carried out. */
    protected final CallOptions call() {
        return call;
    }
}
