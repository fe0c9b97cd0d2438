package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.SimulatedModel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The models that a simulator serves: the one source of their prices. */
public final class SimulatedCatalog {
    /** When the first model appeared; each of the others came a day after the one before. */
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<String, ServedModel> models = new LinkedHashMap<>();

    /** Takes models beside the standard ones; one of the same id takes the standard one's place. */
    public SimulatedCatalog(Collection<SimulatedModel> more) {
        StandardModels.all().forEach(this::add);
        more.forEach(this::add);
    }

    private void add(SimulatedModel model) {
        ServedModel replaced = models.get(model.id());
        Instant created = replaced == null ? FIRST.plus(models.size(), ChronoUnit.DAYS) : replaced.created();
        models.put(model.id(), new ServedModel(model, created));
    }

    public List<ServedModel> models() {
        return List.copyOf(models.values());
    }

    public @Nullable ServedModel find(String id) {
        return models.get(id);
    }

    /** The first model of the catalogue that fits, or null. */
    public @Nullable ServedModel first(Predicate<ServedModel> fitting) {
        return models.values().stream().filter(fitting).findFirst().orElse(null);
    }

    /** The catalogue's first model of that author whose slug has the words of {@code author/family-latest}. */
    public @Nullable ServedModel latest(String alias) {
        if (!alias.endsWith("-latest") || !alias.contains("/")) {
            return null;
        }
        String author = alias.substring(0, alias.indexOf('/'));
        String family = alias.substring(alias.indexOf('/') + 1, alias.length() - "-latest".length());
        List<String> words = List.of(family.split("-"));
        ServedModel exact = first(model -> model.author().equals(author)
                && model.writes("text")
                && List.of(model.slug().split("-")).containsAll(words));
        return exact != null ? exact : first(model -> model.author().equals(author) && model.writes("text"));
    }
}
