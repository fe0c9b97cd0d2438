package dev.portolan.provider.openai;

import dev.portolan.api.RawJson;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.spi.Provider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server on loopback that says what it is told to, and providers that talk to it; anew for each test. */
final class Server implements BeforeEachCallback, AfterEachCallback {
    private final List<Provider> providers = new ArrayList<>();
    private MockWebServer server;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        server = new MockWebServer();
        server.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        providers.forEach(Provider::close);
        providers.clear();
        server.close();
    }

    static ChatRequest.Builder request() {
        return ChatRequest.builder("local/acme-1").user("Hi");
    }

    String baseUrl() {
        return server.url("/v1").toString();
    }

    /** The provider under test, which tries once. */
    Provider provider(Quirk... quirks) {
        return provider(OpenAiCompatible.named("local").baseUrl(baseUrl()).quirks(quirks));
    }

    Provider provider(OpenAiCompatible.Builder builder, String... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>(Map.of("PORTOLAN_MAX_ATTEMPTS", "1"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        Provider provider = builder.build().create(Settings.of(values));
        providers.add(provider);
        return provider;
    }

    ChatPort chat(Quirk... quirks) {
        return provider(quirks).chat().orElseThrow();
    }

    Server json(int status, String body, String... headers) {
        MockResponse.Builder response = new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(body);
        for (int i = 0; i < headers.length; i += 2) {
            response.setHeader(headers[i], headers[i + 1]);
        }
        server.enqueue(response.build());
        return this;
    }

    /** A stream of these chunks, with {@code [DONE]} at its end. */
    Server chunks(String... chunks) {
        return events(true, chunks);
    }

    /** A stream of these chunks, which ends with the connection. */
    Server chunksOnly(String... chunks) {
        return events(false, chunks);
    }

    private Server events(boolean done, String... chunks) {
        StringBuilder body = new StringBuilder();
        for (String chunk : chunks) {
            body.append("data: ").append(chunk.strip().replace("\n", " ")).append("\n\n");
        }
        server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Type", "text/event-stream")
                .body(body + (done ? "data: [DONE]\n\n" : ""))
                .build());
        return this;
    }

    RecordedRequest received() {
        try {
            return server.takeRequest();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int requests() {
        return server.getRequestCount();
    }

    RawJson receivedBody() {
        return RawJson.parse(bodyOf(received()));
    }

    static String bodyOf(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().utf8();
    }

    static List<ChatEvent> events(ChatStream stream) {
        try (stream) {
            List<ChatEvent> events = new ArrayList<>();
            stream.forEach(events::add);
            return events;
        }
    }
}
