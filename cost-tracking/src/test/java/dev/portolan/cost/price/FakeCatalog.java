package dev.portolan.cost.price;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelEndpoint;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A catalogue in memory that fails, or does not answer, when a test says so. */
final class FakeCatalog implements ModelCatalogPort {
    private final Map<String, ModelInfo> models = new ConcurrentHashMap<>();

    final AtomicInteger asks = new AtomicInteger();
    volatile Thread askedOn;
    volatile RuntimeException failure;
    volatile CountDownLatch answers = new CountDownLatch(0);
    final CountDownLatch asked = new CountDownLatch(1);

    FakeCatalog with(String id, String prompt, String completion) {
        return with(id, id, Pricing.of(new BigDecimal(prompt), new BigDecimal(completion)));
    }

    /** @param asked under which name it is found */
    FakeCatalog with(String asked, String id, Pricing pricing) {
        models.put(
                asked,
                new ModelInfo(
                        ModelId.parse(id),
                        null,
                        "A model",
                        "",
                        null,
                        1000L,
                        100L,
                        List.of("text"),
                        List.of("text"),
                        List.of(),
                        pricing,
                        Map.of()));
        return this;
    }

    @Override
    public Optional<ModelInfo> model(ModelId id) {
        asks.incrementAndGet();
        askedOn = Thread.currentThread();
        asked.countDown();
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        RuntimeException fails = failure;
        if (fails != null) {
            throw fails;
        }
        return Optional.ofNullable(models.get(id.toString()));
    }

    @Override
    public List<ModelInfo> models(ModelQuery query) {
        return List.copyOf(models.values());
    }

    @Override
    public List<ModelEndpoint> endpoints(ModelId id) {
        return List.of();
    }
}
