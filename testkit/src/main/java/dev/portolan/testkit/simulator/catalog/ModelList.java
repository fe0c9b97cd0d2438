package dev.portolan.testkit.simulator.catalog;

import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.Query;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.Router;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of the catalogue, and the answers made from them. */
final class ModelList {
    private static final Set<String> VARIANTS =
            Set.of("free", "nitro", "floor", "exacto", "online", "extended", "thinking", "batch");
    private static final int DEFAULT_LIMIT = 500;
    private static final int HIGHEST_LIMIT = 1000;

    private final SimulatedCatalog catalog;

    ModelList(SimulatedCatalog catalog) {
        this.catalog = catalog;
    }

    private List<CatalogRow> rows() {
        List<CatalogRow> rows = new ArrayList<>();
        catalog.models().forEach(model -> rows.add(CatalogRow.of(model)));
        for (String id : List.of("meta-llama/llama-3.3-70b-instruct", "qwen/qwen3-32b")) {
            ServedModel model = catalog.find(id);
            if (model != null) {
                rows.add(CatalogRow.free(model));
            }
        }
        ServedModel latest = catalog.latest("anthropic/claude-sonnet-latest");
        if (latest != null) {
            rows.add(CatalogRow.alias("~anthropic/claude-sonnet-latest", latest));
        }
        ServedModel like = catalog.first(model -> model.writes("text"));
        if (like != null) {
            rows.add(CatalogRow.router("openrouter/auto", "Auto Router", false, like));
            rows.add(CatalogRow.router("openrouter/pareto-code", "Pareto Code Router", false, like));
            rows.add(CatalogRow.router("openrouter/fusion", "Fusion Router", false, like));
            rows.add(CatalogRow.router("openrouter/free", "Free Models Router", true, like));
        }
        return rows;
    }

    /** Null if there is no such model; the virtual variants have no row of their own and lead to the model's. */
    private @Nullable CatalogRow row(String id) {
        for (CatalogRow row : rows()) {
            if (row.id().equals(id)) {
                return row;
            }
        }
        String[] parts = id.split(":", -1);
        if (parts.length > 1 && !VARIANTS.containsAll(List.of(parts).subList(1, parts.length))) {
            return null;
        }
        ServedModel model = parts[0].startsWith("~") ? catalog.latest(parts[0].substring(1)) : catalog.find(parts[0]);
        if (model == null) {
            return null;
        }
        if (parts[0].startsWith("~")) {
            return CatalogRow.alias(parts[0], model);
        }
        return List.of(parts).contains("free") ? CatalogRow.free(model) : CatalogRow.of(model);
    }

    private CatalogRow named(List<String> authorAndSlug) {
        String id = String.join("/", authorAndSlug);
        CatalogRow row = row(id);
        if (row == null) {
            throw ApiError.classic(404, "Model " + id + " not found", "not_found");
        }
        return row;
    }

    Answer list(ReceivedRequest request, @Nullable String onlyOutput) {
        Query query = request.query();
        List<CatalogRow> rows = new ModelFilter(query, onlyOutput).apply(rows());
        int offset = query.integer("offset", 0, Integer.MAX_VALUE, 0);
        int limit = query.integer("limit", 1, HIGHEST_LIMIT, DEFAULT_LIMIT);
        boolean paged = query.has("offset") || query.has("limit");
        List<CatalogRow> page = paged ? rows.stream().skip(offset).limit(limit).toList() : rows;
        boolean more = paged && offset + page.size() < rows.size() && !page.isEmpty();
        JsonArray data = new JsonArray();
        page.forEach(row -> data.add(row.json()));
        return Answer.json(
                200,
                new JsonObject()
                        .put("data", data)
                        .put("total_count", rows.size())
                        .put(
                                "links",
                                new JsonObject()
                                        .put("next", more ? next(request, offset + page.size(), limit) : null)));
    }

    /** Relative, and with the other parameters as they were. */
    private static String next(ReceivedRequest request, int offset, int limit) {
        Map<String, String> others = request.query().without("offset", "limit");
        String rest = others.entrySet().stream()
                .map(entry -> "&" + encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining());
        return Router.BASE_PATH + request.path() + "?offset=" + offset + "&limit=" + limit + rest;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    Answer count(ReceivedRequest request) {
        int count = new ModelFilter(request.query(), null).apply(rows()).size();
        return wrapped(new JsonObject().put("count", count));
    }

    Answer model(List<String> authorAndSlug) {
        return wrapped(named(authorAndSlug).json());
    }

    Answer endpoints(List<String> authorAndSlug, boolean withKey) {
        return wrapped(named(authorAndSlug).withEndpoints(withKey));
    }

    /** Every endpoint keeps to it here, as no request is refused for asking it. */
    Answer zeroDataRetention(boolean withKey) {
        JsonArray endpoints = new JsonArray();
        for (CatalogRow row : rows()) {
            if (row.model() != null && row.target() == null) {
                endpoints.add(row.endpoint(row.model(), withKey));
            }
        }
        return Answer.json(200, new JsonObject().put("data", endpoints));
    }

    private static Answer wrapped(JsonObject data) {
        return Answer.json(200, new JsonObject().put("data", data));
    }
}
