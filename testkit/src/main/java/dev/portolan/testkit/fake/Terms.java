package dev.portolan.testkit.fake;

import dev.portolan.api.ProviderMetadata;
import dev.portolan.api.Warning;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an answer says of itself; null where it is to be made up. */
record Terms(
        @Nullable String id,
        @Nullable String model,
        @Nullable String upstream,
        @Nullable Usage usage,
        Cost cost,
        List<Warning> warnings,
        List<ProviderMetadata> metadata) {
    static final Terms DEFAULT = new Terms(null, null, null, null, Cost.NONE, List.of(), List.of());

    static Cost dollars(String amount) {
        return Cost.reported(new BigDecimal(amount));
    }

    Terms withId(String newId) {
        return new Terms(newId, model, upstream, usage, cost, warnings, metadata);
    }

    Terms withModel(String newModel, @Nullable String newUpstream) {
        return new Terms(id, newModel, newUpstream, usage, cost, warnings, metadata);
    }

    Terms withUsage(Usage newUsage) {
        return new Terms(id, model, upstream, newUsage, cost, warnings, metadata);
    }

    Terms withCost(Cost newCost) {
        return new Terms(id, model, upstream, usage, newCost, warnings, metadata);
    }

    Terms withWarning(Warning warning) {
        List<Warning> more = new ArrayList<>(warnings);
        more.add(warning);
        return new Terms(id, model, upstream, usage, cost, List.copyOf(more), metadata);
    }

    Terms withMetadata(ProviderMetadata... newMetadata) {
        return new Terms(id, model, upstream, usage, cost, warnings, List.of(newMetadata));
    }

    String idOr(String madeUp) {
        return id == null ? madeUp : id;
    }

    String modelOr(String asked) {
        return model == null ? asked : model;
    }

    Usage usageOr(Usage counted) {
        return usage == null ? counted : usage;
    }
}
