package dev.portolan.testkit.simulator.control;

import dev.portolan.testkit.simulator.AppliedFault;
import dev.portolan.testkit.simulator.Bill;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.FaultDesk;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import dev.portolan.testkit.simulator.http.Answer;
import dev.portolan.testkit.simulator.http.ApiError;
import dev.portolan.testkit.simulator.http.CrossOrigin;
import dev.portolan.testkit.simulator.http.Endpoint;
import dev.portolan.testkit.simulator.http.FieldCheck;
import dev.portolan.testkit.simulator.http.PathTemplate;
import dev.portolan.testkit.simulator.http.ReceivedRequest;
import dev.portolan.testkit.simulator.http.SecretNames;
import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;

/** Scripts faults and shows requests and bill by HTTP, for programs that cannot reach the simulator's objects. */
public final class ControlEndpoints {
    public static final String BASE_PATH = "/simulator";
    private static final String HIDDEN = "hidden";
    private static final Set<String> FIELDS = Set.of(
            "fault",
            "faults",
            "times",
            "always",
            "seed",
            "probability",
            "method",
            "path",
            "model",
            "stream",
            "header",
            "contains");

    private final OpenRouterSimulator simulator;

    public ControlEndpoints(OpenRouterSimulator simulator) {
        this.simulator = simulator;
    }

    /** Whether a page in a browser asks: any page could, and the log holds prompts. */
    public static boolean refusesPages(SimulatorRequest request) {
        return CrossOrigin.isFromPage(request);
    }

    public static Answer noPages() {
        return ApiError.classic(403, "The control paths are for programs, not for pages in a browser", null)
                .answer();
    }

    public List<Endpoint> all() {
        return List.of(
                new Path("GET", PathTemplate.of("/faults"), request -> showFaults()),
                new Path("POST", PathTemplate.of("/faults"), this::script),
                new Path("DELETE", PathTemplate.of("/faults"), request -> {
                    simulator.faults().clear();
                    return showFaults();
                }),
                new Path("GET", PathTemplate.of("/requests"), this::showRequests),
                new Path("GET", PathTemplate.of("/bill"), this::showBill),
                new Path("GET", PathTemplate.of("/status"), request -> showStatus()),
                new Path("POST", PathTemplate.of("/reset"), request -> {
                    simulator.reset();
                    return showStatus();
                }));
    }

    private record Path(String method, PathTemplate path, Function<ReceivedRequest, Answer> answers)
            implements Endpoint {
        @Override
        public boolean needsKey() {
            return false;
        }

        @Override
        public Answer answer(ReceivedRequest request) {
            return answers.apply(request);
        }
    }

    private Answer script(ReceivedRequest request) {
        JsonObject body = request.json();
        for (String name : body.names()) {
            if (!FIELDS.contains(name)) {
                throw ApiError.invalidRequest("There is no field \"" + name + "\"; take some of "
                        + FIELDS.stream().sorted().toList());
            }
        }
        try {
            script(body);
        } catch (IllegalArgumentException wrong) {
            throw ApiError.invalidRequest(String.valueOf(wrong.getMessage()));
        }
        return showFaults();
    }

    private void script(JsonObject body) {
        FieldCheck fields = new FieldCheck("", body, Set.of());
        fields.integer("times", 1, Integer.MAX_VALUE);
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        fields.number("probability", 0, 1);
        fields.bool("always");
        fields.bool("stream");
        for (String text : List.of("fault", "method", "path", "model", "contains")) {
            fields.string(text);
        }
        fields.child("header");
        List<Fault> wanted = new ArrayList<>();
        String one = body.string("fault");
        if (one != null) {
            wanted.add(Fault.parse(one));
        }
        body.array("faults").strings().forEach(line -> wanted.add(Fault.parse(line)));
        FaultDesk.Scope scope = scope(body);
        BigDecimal probability = body.number("probability");
        if (probability != null) {
            BigDecimal seed = body.number("seed");
            scope.seeded(
                    seed == null ? 0 : seed.longValue(),
                    probability.doubleValue(),
                    wanted.isEmpty() ? Fault.everyKind() : wanted);
            return;
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException(
                    "fault: Required, such as {\"fault\":\"status 429 retry-after=2\",\"times\":3}");
        }
        for (Fault fault : wanted) {
            if (body.isTrue("always")) {
                scope.always(fault);
            } else {
                scope.next(body.integer("times", 1), fault);
            }
        }
    }

    private FaultDesk.Scope scope(JsonObject body) {
        String path = body.string("path");
        String model = body.string("model");
        FaultDesk faults = simulator.faults();
        FaultDesk.Scope scope = path == null ? faults.on(request -> true) : faults.on(path);
        String method = body.string("method");
        if (method != null) {
            scope = scope.on(request -> request.method().equalsIgnoreCase(method));
        }
        if (model != null) {
            scope = scope.on(request -> request.model().filter(model::equals).isPresent());
        }
        if (body.has("stream")) {
            boolean streaming = body.isTrue("stream");
            scope = scope.on(request -> request.streaming() == streaming);
        }
        String text = body.string("contains");
        if (text != null) {
            scope = scope.on(request -> request.body().contains(text));
        }
        JsonObject header = body.object("header");
        if (header != null) {
            for (String name : header.names()) {
                String value = header.string(name, "");
                scope = scope.on(
                        request -> request.header(name).filter(value::equals).isPresent());
            }
        }
        return scope;
    }

    private Answer showFaults() {
        JsonArray applied = new JsonArray();
        for (AppliedFault each : simulator.faults().applied()) {
            applied.add(new JsonObject()
                    .put("fault", each.fault().toString())
                    .put("method", each.request().method())
                    .put("path", withoutKeys(each.request().path()))
                    .put("generation_id", each.generationId().orElse(null)));
        }
        return Answer.json(
                200,
                new JsonObject()
                        .put("scripted", JsonArray.of(simulator.faults().scripted()))
                        .put("applied", applied));
    }

    private static String withoutKeys(String target) {
        return SecretNames.PARAMETER
                .matcher(target)
                .replaceAll(parameter -> Matcher.quoteReplacement(
                        SecretNames.besideBody(parameter.group(1))
                                ? parameter.group(1) + "=" + HIDDEN
                                : parameter.group()));
    }

    private static <T> List<T> last(ReceivedRequest request, List<T> all) {
        int wanted = request.query().integer("last", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        return all.subList(Math.max(0, all.size() - wanted), all.size());
    }

    private Answer showStatus() {
        Bill now = simulator.bill();
        long kept = simulator.requests().size();
        return Answer.json(
                200,
                new JsonObject()
                        .put("requests", kept + simulator.droppedRequests())
                        .put("generations_billed", now.entries().size() + now.droppedEntries())
                        .put("total", now.total())
                        .put("scripted_faults", simulator.faults().scripted().size())
                        .put("cancelled_streams", simulator.cancelledStreams())
                        .put("abandoned_requests", simulator.abandonedRequests())
                        .put("open_connections", simulator.openConnections()));
    }

    private Answer showRequests(ReceivedRequest asked) {
        JsonArray list = new JsonArray();
        for (SimulatorRequest request : last(asked, simulator.requests())) {
            JsonObject headers = new JsonObject();
            request.headers()
                    .forEach((name, values) ->
                            headers.put(name, SecretNames.besideBody(name) ? HIDDEN : String.join(", ", values)));
            list.add(new JsonObject()
                    .put("method", request.method())
                    .put("path", withoutKeys(request.path()))
                    .put("received_at", request.receivedAt().toString())
                    .put("headers", headers)
                    .put("body", request.body()));
        }
        return Answer.json(
                200,
                new JsonObject().put("dropped", simulator.droppedRequests()).put("requests", list));
    }

    private Answer showBill(ReceivedRequest asked) {
        Bill now = simulator.bill();
        JsonArray entries = new JsonArray();
        for (BillEntry entry : last(asked, now.entries())) {
            entries.add(new JsonObject()
                    .put("generation_id", entry.generationId())
                    .put("model", entry.model())
                    .put("prompt_tokens", entry.promptTokens())
                    .put("completion_tokens", entry.completionTokens())
                    .put("cost", entry.cost())
                    .put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT)));
        }
        return Answer.json(
                200,
                new JsonObject()
                        .put("total", now.total())
                        .put("dropped_entries", now.droppedEntries())
                        .put("dropped_cost", now.droppedCost())
                        .put("entries", entries));
    }
}
