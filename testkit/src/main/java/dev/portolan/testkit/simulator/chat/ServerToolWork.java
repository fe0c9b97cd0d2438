package dev.portolan.testkit.simulator.chat;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.routing.RoutedModel;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What OpenRouter's own tools did inside a request (OpenRouter reference: chat-completions §1.3). They cost nothing
 * here.
 *
 * @param notes sentences for the reply
 * @param annotations citations for the reply
 * @param usageDetails the counts for the usage, or null if no tool ran
 */
record ServerToolWork(
        List<String> notes, JsonArray annotations, @Nullable JsonObject usageDetails) {
    static final ServerToolWork NONE = new ServerToolWork(List.of(), new JsonArray(), null);

    static ServerToolWork of(ChatCall call, RoutedModel routed, Clock clock) {
        List<String> tools = call.serverTools(routed);
        if (tools.isEmpty() || call.body().string("tool_choice", "").equals("none")) {
            return NONE;
        }
        List<String> notes = new ArrayList<>();
        JsonArray annotations = new JsonArray();
        int searches = 0;
        for (String tool : tools) {
            switch (tool) {
                case "web_search" -> {
                    searches++;
                    notes.add("A web search found one page.");
                    annotations.add(citation(call.userText()));
                }
                case "datetime" -> notes.add("The time is " + clock.instant().truncatedTo(ChronoUnit.SECONDS) + ".");
                default -> notes.add("The server tool " + tool + " ran.");
            }
        }
        JsonObject usage = new JsonObject()
                .put("tool_calls_requested", tools.size())
                .put("tool_calls_executed", tools.size())
                .put("web_search_requests", searches);
        return new ServerToolWork(List.copyOf(notes), annotations, usage);
    }

    private static JsonObject citation(String query) {
        String url = "https://example.com/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        return new JsonObject()
                .put("type", "url_citation")
                .put(
                        "url_citation",
                        new JsonObject()
                                .put("url", url)
                                .put("title", "Simulated result")
                                .put("content", "A page that the simulator made up.")
                                .put("start_index", 0)
                                .put("end_index", 0));
    }
}
