package dev.portolan.provider.openrouter;

import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.CannedResponse;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server on loopback and the provider under test talking to it, anew for each test. */
final class Loopback implements BeforeEachCallback, AfterEachCallback {
    static final String KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";

    private OpenRouterSimulator simulator;
    private final List<Provider> providers = new ArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        simulator = OpenRouterSimulator.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        providers.forEach(Provider::close);
        providers.clear();
        simulator.close();
    }

    static ChatRequest.Builder request() {
        return ChatRequest.builder("openrouter/acme/large-1").user("Hi");
    }

    OpenRouterSimulator simulator() {
        return simulator;
    }

    /** The settings of the provider under test, which tries once, and more. */
    Settings settings(String... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("OPENROUTER_API_KEY", KEY);
        values.put("OPENROUTER_API_BASE", simulator.baseUrl());
        values.put("PORTOLAN_MAX_ATTEMPTS", "1"); // what a test enqueues is for one request
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.of(values);
    }

    ChatPort chat() {
        return chat(settings());
    }

    ChatPort chat(Settings settings) {
        return provider(settings).chat().orElseThrow();
    }

    EmbeddingPort embeddings() {
        return openRouter().embeddings().orElseThrow();
    }

    ImagePort images() {
        return openRouter().images().orElseThrow();
    }

    /** The provider under test, with all that only it can do. */
    OpenRouter openRouter() {
        return (OpenRouter) provider(settings());
    }

    /** Has the server answer the next request with a fixture. */
    Loopback answer(String fixture) {
        simulator.enqueue(
                fixture.endsWith(".sse")
                        ? CannedResponse.sse(Fixtures.bytes(fixture))
                        : CannedResponse.json(200, Fixtures.text(fixture)));
        return this;
    }

    /** The body of the last request that the server got. */
    Map<String, Object> receivedBody() {
        return Json.object(received().body());
    }

    /** Closed with the test, if not before. */
    Provider provider(Settings settings) {
        Provider provider = new OpenRouterProviderFactory().create(settings);
        providers.add(provider);
        return provider;
    }

    ChatResponse complete(CannedResponse answer) {
        simulator.enqueue(answer);
        return chat().complete(request().build());
    }

    /** What a blocking call makes of this body. */
    ChatResponse complete(String body) {
        return complete(CannedResponse.json(200, body));
    }

    ChatResponse completeFixture(String name) {
        String body = Fixtures.text(name);
        String id = (String) Json.at(Json.value(body), "id");
        return complete(CannedResponse.json(200, body).header("X-Generation-Id", String.valueOf(id)));
    }

    ChatStream stream(CannedResponse answer) {
        simulator.enqueue(answer);
        return chat().stream(request().build());
    }

    ChatStream streamFixture(String name) {
        return stream(CannedResponse.sse(Fixtures.bytes(name)));
    }

    /** All events of a stream, which is closed. */
    static List<ChatEvent> events(ChatStream stream) {
        try (stream) {
            List<ChatEvent> events = new ArrayList<>();
            stream.forEach(events::add);
            return events;
        }
    }

    /** What a call to {@code complete} puts on the wire. */
    SimulatorRequest sent(ChatRequest request) {
        simulator.enqueue(CannedResponse.json(200, Fixtures.text("chat-simple.json")));
        chat().complete(request);
        return received();
    }

    /** What a call to {@code stream} puts on the wire. */
    SimulatorRequest sentStreaming(ChatRequest request) {
        simulator.enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
        try (ChatStream stream = chat().stream(request)) {
            stream.response();
        }
        return received();
    }

    Map<String, Object> sentBody(ChatRequest request) {
        return Json.object(sent(request).body());
    }

    /** The last request that the server got. */
    SimulatorRequest received() {
        List<SimulatorRequest> all = simulator.requests();
        return all.get(all.size() - 1);
    }
}
