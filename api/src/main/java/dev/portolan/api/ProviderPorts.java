package dev.portolan.api;

import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.api.image.ImageStream;
import java.util.List;
import java.util.Optional;

/**
 * The ports of a {@link Portolan} for the models of one provider: for code that is meant for that provider and must not
 * reach another one by a model's name. Made by {@link Portolan#ports}.
 *
 * <p>Calls go the same way as those of the {@code Portolan}: through its decorators, guards and sinks. A model of another
 * provider is a {@link ConfigurationException}, before anything else happens. Only the model that is asked for counts: a
 * decorator, such as a fallback, may still ask another one. Thread-safe; closed with the {@code Portolan}.
 */
public final class ProviderPorts {
    private final Portolan portolan;
    private final String provider;
    private final ChatPort chat = new OwnChat();
    private final EmbeddingPort embeddings;
    private final ImagePort images = new OwnImages();
    private final ModelCatalogPort catalog = new OwnCatalog();
    private final BillingPort billing;

    ProviderPorts(Portolan portolan, String provider) {
        this.portolan = portolan;
        this.provider = provider;
        this.embeddings = request -> {
            check(request.model());
            return portolan.embeddings().embed(request);
        };
        this.billing = (model, generationId) -> {
            check(model);
            return portolan.billing().find(model, generationId);
        };
    }

    /** The name of the provider: the first segment of its models' ids. */
    public String provider() {
        return provider;
    }

    /** The chat port; always the same one. */
    public ChatPort chat() {
        return chat;
    }

    /** The embedding port; always the same one. */
    public EmbeddingPort embeddings() {
        return embeddings;
    }

    /** The image port; always the same one. */
    public ImagePort images() {
        return images;
    }

    /** The catalogue of this provider alone; always the same one. */
    public ModelCatalogPort catalog() {
        return catalog;
    }

    /** What past calls were billed for, by the books of this provider; always the same one. */
    public BillingPort billing() {
        return billing;
    }

    private void check(ModelId model) {
        if (model.provider().equals(provider)) {
            return;
        }
        String remedy = portolan.providers().contains(model.provider())
                ? "Its models begin with '" + provider + "/'; the ports of the Portolan take those of all providers."
                : "Write '" + provider + "/" + model + "'.";
        throw new ConfigurationException("The model id '" + model + "' is not of the provider '" + provider
                + "', whose port this is. " + remedy);
    }

    private final class OwnChat implements ChatPort {
        @Override
        public ChatResponse complete(ChatRequest request) {
            check(request.model());
            return portolan.chat().complete(request);
        }

        @Override
        public ChatStream stream(ChatRequest request) {
            check(request.model());
            return portolan.chat().stream(request);
        }
    }

    private final class OwnImages implements ImagePort {
        @Override
        public ImageResponse generate(ImageRequest request) {
            check(request.model());
            return portolan.images().generate(request);
        }

        @Override
        public ImageStream stream(ImageRequest request) {
            check(request.model());
            return portolan.images().stream(request);
        }
    }

    private final class OwnCatalog implements ModelCatalogPort {
        @Override
        public List<ModelInfo> models(ModelQuery query) {
            return portolan.models(provider, query);
        }

        @Override
        public Optional<ModelInfo> model(ModelId id) {
            check(id);
            return portolan.catalog().model(id);
        }

        @Override
        public List<ModelEndpoint> endpoints(ModelId id) {
            check(id);
            return portolan.catalog().endpoints(id);
        }
    }
}
