package dev.portolan.testkit.fake;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PortolanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A catalogue of the models that a test gives it; every part of a {@link ModelQuery} is honoured. A model is found by its id
 * or its permanent name. Thread-safe.
 */
public final class FakeCatalog implements ModelCatalogPort {
    private final List<FakeModel> models = new ArrayList<>();
    private final List<ModelQuery> queries = new ArrayList<>();
    private @Nullable PortolanException failure;

    /** A catalogue without models. */
    public FakeCatalog() {}

    /** A catalogue of these models, in this order. */
    public static FakeCatalog of(FakeModel... models) {
        return new FakeCatalog().add(models);
    }

    /** A catalogue of models by their ids, of which nothing else is known. */
    public static FakeCatalog of(String... ids) {
        return new FakeCatalog().add(ids);
    }

    /** Adds models, in this order. */
    public synchronized FakeCatalog add(FakeModel... more) {
        models.addAll(List.of(more));
        return this;
    }

    /** Adds models by their ids, of which nothing else is known. */
    public FakeCatalog add(String... ids) {
        return add(Stream.of(ids).map(FakeModel::of).toArray(FakeModel[]::new));
    }

    /** Forgets all models, what was asked, and to fail. */
    public synchronized void reset() {
        models.clear();
        queries.clear();
        failure = null;
    }

    /** Lets everything fail from now on, as when the catalogue cannot be read; {@code null} to let it work again. */
    public synchronized void fail(@Nullable PortolanException newFailure) {
        failure = newFailure;
    }

    /** What was asked of {@link #models}, in order. */
    public synchronized List<ModelQuery> queries() {
        return List.copyOf(queries);
    }

    @Override
    public List<ModelInfo> models(ModelQuery query) {
        synchronized (this) {
            queries.add(query);
        }
        return query.select(readable().stream().map(FakeModel::info).toList());
    }

    @Override
    public Optional<ModelInfo> model(ModelId id) {
        return find(id).map(FakeModel::info);
    }

    @Override
    public List<ModelEndpoint> endpoints(ModelId id) {
        return find(id).map(FakeModel::endpoints)
                .orElseThrow(() -> new NotFoundException(
                        "There is no model " + id + " in the fake catalogue; it has "
                                + readable().stream()
                                        .map(model -> model.info().id())
                                        .toList(),
                        ErrorDetails.NONE.withModel(id)));
    }

    private Optional<FakeModel> find(ModelId id) {
        List<FakeModel> all = readable();
        return all.stream()
                .filter(model -> model.info().id().equals(id))
                .findFirst()
                .or(() -> all.stream()
                        .filter(model -> id.name().equals(model.info().canonicalName())
                                && id.provider().equals(model.info().id().provider()))
                        .findFirst());
    }

    private synchronized List<FakeModel> readable() {
        if (failure != null) {
            throw failure;
        }
        return List.copyOf(models);
    }
}
