package dev.portolan.api;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.image.ImageRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the requests of all ports have in common. Immutable. */
public sealed interface Request permits ChatRequest, EmbeddingRequest, ImageRequest {
    /** Which model of which provider. */
    ModelId model();

    /** Settings of single providers. */
    List<ProviderOptions> options();

    /** Any JSON for the top level of the request, by name. */
    Map<String, RawJson> extras();

    /** How the call is carried out. */
    CallOptions call();

    /** The same request to another model. */
    Request withModel(ModelId newModel);

    /** The same request, carried out in another way. */
    Request withCall(CallOptions newCall);

    /** The options of this class, if the request has them. */
    default <T extends ProviderOptions> Optional<T> options(Class<T> type) {
        for (ProviderOptions options : options()) {
            if (type.isInstance(options)) {
                return Optional.of(type.cast(options));
            }
        }
        return Optional.empty();
    }
}
