package dev.portolan.api.catalog;

import dev.portolan.api.ModelId;
import java.util.List;
import java.util.Optional;

/**
 * Knows the models of a provider. Implementations are thread-safe and may answer from a copy that is some time old.
 */
public interface ModelCatalogPort {
    /**
     * The models that a query asks for, in the order that it asks for.
     *
     * @throws dev.portolan.api.error.PortolanException if the catalogue cannot be read
     */
    List<ModelInfo> models(ModelQuery query);

    /**
     * One model, whatever its modality; variants and aliases are resolved where the provider knows them.
     *
     * @throws dev.portolan.api.error.PortolanException if the catalogue cannot be read
     */
    Optional<ModelInfo> model(ModelId id);

    /**
     * Who runs a model, with what limits and at what price.
     *
     * @throws dev.portolan.api.error.NotFoundException if there is no such model
     * @throws dev.portolan.api.error.PortolanException if the catalogue cannot be read
     */
    List<ModelEndpoint> endpoints(ModelId id);
}
