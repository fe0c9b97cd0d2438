package dev.portolan.testkit.assertion;

import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;
import static dev.portolan.testkit.assertion.PortolanAssertions.assertThatThrownBy;

import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorAssertionsTest {
    private final OpenRouterSimulator simulator = OpenRouterSimulator.start();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        simulator.close();
    }

    @Test
    void what_came_over_the_wire_is_asserted_about() throws Exception {
        post("/chat/completions", """
                {"model": "openai/gpt-4o-mini", "temperature": 0.20, "stop": ["a", "b"], "user": null,
                 "messages": [{"role": "user", "content": "Ahoy"}]}""");
        post("/chat/completions", """
                {"model": "openai/gpt-4o-mini", "stream": true, "messages": [{"role": "user", "content": "Ahoy"}]}""");

        assertThat(simulator)
                .received(2)
                .request()
                .hasPath("/chat/completions")
                .hasModel("openai/gpt-4o-mini")
                .hasHeader("X-Trial", "yes")
                .hasNoHeader("X-Other")
                .hasMember("temperature", 0.2)
                .hasMember("stop", List.of("a", "b"))
                .hasMember("user", null)
                .hasMember("messages", List.of(Map.of("content", "Ahoy", "role", "user")))
                .wasNotStreamed()
                .request()
                .wasStreamed()
                .hasNoFurtherRequests();
        assertThat(simulator.requests().get(0)).hasModel("openai/gpt-4o-mini");
    }

    @Test
    void what_was_charged_and_which_faults_came_is_asserted_about() throws Exception {
        simulator.faults().always(Fault.header("X-Trial", "yes"));
        simulator.faults().next(Fault.status(500));
        failsWith(() -> assertThat(simulator).usedAllFaults(), "these are left:\n  next 1: status 500");
        assertThat(simulator).receivedNothing().hasTotalCost("0");

        post("/chat/completions", """
                {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Ahoy"}]}""");
        assertThat(simulator).usedAllFaults().hasTotalCost("0.00");
        post("/chat/completions", """
                {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Ahoy"}]}""");

        failsWith(() -> assertThat(simulator).lastRequest().hasMember("model", "a/b"), "it is openai/gpt-4o-mini");
        String total = simulator.bill().total().toPlainString();
        assertThat(simulator).hasTotalCost(total).hasTotalCost(total + "0");
        failsWith(() -> assertThat(simulator).hasTotalCost("7"), "it charged $" + total + ":\n  1. BillEntry[");
    }

    @Test
    void what_is_not_so_fails_and_says_what_is() throws Exception {
        failsWith(() -> assertThat(simulator).request(), "it received none");
        post("/embeddings", "not JSON");

        failsWith(() -> assertThat(simulator).received(2), "it received 1:\n  1. POST /api/v1/embeddings");
        failsWith(() -> assertThat(simulator).request().hasPath("/chat/completions"), "\"/embeddings\"");
        failsWith(() -> assertThat(simulator).request().hasModel("a/b"), "to have the model");
        failsWith(
                () -> assertThat(simulator).request().hasMember("model", "a/b"),
                "there is none in its body: \"not JSON\"");
        failsWith(() -> assertThat(simulator).request().hasHeader("X-Trial", "no"), "\"yes\"");
        failsWith(() -> assertThat(simulator).request().hasNoHeader("X-Trial"), "\"yes\"");
        failsWith(() -> assertThat(simulator).request().wasStreamed(), "it asked for one piece");
        failsWith(() -> assertThat(simulator).request().request(), "it was the last; received:");
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                .header("Authorization", "Bearer " + simulator.apiKey())
                .header("X-Trial", "yes")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }

    private static void failsWith(ThrowingCallable assertion, String message) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }
}
