package dev.portolan.cost.signal;

import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import org.jspecify.annotations.Nullable;

/**
 * Words of OpenTelemetry's conventions for generative AI that meters and spans share, and our own where it has none. The
 * conventions are still in development; these are the ones that the well-known dashboards read.
 */
final class Convention {
    static final String OPERATION = "gen_ai.operation.name";
    static final String PROVIDER = "gen_ai.provider.name";
    static final String REQUEST_MODEL = "gen_ai.request.model";
    static final String RESPONSE_MODEL = "gen_ai.response.model";
    static final String TOKEN_TYPE = "gen_ai.token.type";
    static final String ERROR_TYPE = "error.type";

    static final String OUTCOME = "portolan.outcome";
    static final String COST = "portolan.cost";
    static final String COST_CURRENCY = "portolan.cost.currency";
    static final String COST_SOURCE = "portolan.cost.source";

    /** For an error without a name, and for what is one too many. */
    static final String OTHER = "_OTHER";

    private Convention() {}

    static String operation(CostEvent.Operation operation) {
        return switch (operation) {
            case CHAT -> "chat";
            case EMBEDDING -> "embeddings";
            case IMAGE -> "generate_content";
        };
    }

    static String outcome(CostEvent.Outcome.Status status) {
        return switch (status) {
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    static String source(Cost.Source source) {
        return switch (source) {
            case REPORTED -> "reported";
            case ESTIMATED -> "estimated";
            case UNKNOWN -> "unknown";
        };
    }

    /** The simple name of an exception's class; a class without one has none here either. */
    static String error(@Nullable String simpleName) {
        return simpleName == null || simpleName.isEmpty() ? OTHER : simpleName;
    }
}
