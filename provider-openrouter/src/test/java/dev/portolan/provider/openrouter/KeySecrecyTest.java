package dev.portolan.provider.openrouter;

import static dev.portolan.provider.openrouter.WireFields.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.simulator.CannedResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The key, and what was asked, stay out of whatever a failing call leaves behind. */
class KeySecrecyTest {
    private static final String PROMPT = "my secret question";

    @RegisterExtension
    final Loopback server = new Loopback();

    private final List<String> logged = new ArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            synchronized (logged) {
                logged.add(record.getMessage() + " "
                        + List.of(record.getParameters() == null ? new Object[0] : record.getParameters())
                        + (record.getThrown() == null ? "" : trace(record.getThrown())));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Map<Logger, Level> levels = Map.of(root, root.getLevel());

    @BeforeEach
    void listen() {
        handler.setLevel(Level.ALL);
        root.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        root.removeHandler(handler);
        levels.forEach(Logger::setLevel);
    }

    @Test
    void nothing_that_a_failing_call_leaves_behind_shows_the_key_or_the_prompt() {
        for (CannedResponse answer : failures()) {
            PortolanException blocking = catchThrowableOfType(PortolanException.class, () -> {
                server.simulator().enqueue(answer);
                server.chat().complete(request());
            });
            PortolanException streamed = catchThrowableOfType(PortolanException.class, () -> {
                server.simulator().enqueue(answer);
                try (ChatStream stream = server.chat().stream(request())) {
                    stream.response();
                }
            });
            for (PortolanException error : new PortolanException[] {blocking, streamed}) {
                assertThat(error).as(answer.toString()).isNotNull();
                assertSilent(trace(error));
                assertSilent(error.details().toString());
            }
        }
        synchronized (logged) {
            // The simulator's own log is not the library's.
            logged.stream().filter(line -> !line.contains("MockWebServer")).forEach(KeySecrecyTest::assertSilent);
        }
    }

    @Test
    void a_server_that_cannot_be_reached_changes_nothing() {
        Settings settings = server.settings("OPENROUTER_API_BASE", "http://127.0.0.1:1/api/v1");

        PortolanException error = catchThrowableOfType(
                PortolanException.class, () -> server.chat(settings).complete(request()));

        assertSilent(trace(error));
    }

    @Test
    void a_key_that_the_server_repeats_is_blanked_out_of_the_message() {
        PortolanException error = catchThrowableOfType(
                PortolanException.class,
                () -> server.complete(CannedResponse.json(
                        401, json("{'error':{'code':401,'message':'Bad key " + Loopback.KEY + " given'}}"))));

        assertSilent(trace(error));
        assertThat(error).hasMessageContaining("Bad key");
    }

    @Test
    void nothing_about_the_provider_shows_the_key() {
        Settings settings = server.settings();
        Provider provider = server.provider(settings);
        ChatPort chat = provider.chat().orElseThrow();

        assertSilent(settings.toString());
        assertSilent(provider.toString());
        assertSilent(chat.toString());
        assertSilent(OpenRouterSettings.read(settings).toString());
        assertSilent(Loopback.request()
                .header("Authorization", "Bearer " + Loopback.KEY)
                .build()
                .call()
                .toString());
        server.simulator().enqueue(CannedResponse.sse(Fixtures.bytes("stream-simple.sse")));
        try (ChatStream stream = chat.stream(request())) {
            assertSilent(stream.toString());
        }
    }

    private static List<CannedResponse> failures() {
        return List.of(
                CannedResponse.json(401, Fixtures.text("error-401.json")),
                CannedResponse.json(500, Fixtures.text("error-500-masked.json")),
                CannedResponse.json(200, Fixtures.text("chat-200-top-level-error.json")),
                CannedResponse.json(200, json("{'choices':[{'message':{'content':'" + PROMPT + "'")),
                CannedResponse.json(200, json("{'choices':'" + PROMPT)),
                CannedResponse.of(200, "text/html", PROMPT.getBytes(StandardCharsets.UTF_8)),
                CannedResponse.sse("data: " + json("{'choices':[{'delta':{'content':'" + PROMPT + "'}}]}") + "\n\n"),
                CannedResponse.sse("data: " + json("{'choices':[{'delta':{'content':'" + PROMPT) + "\n\n"),
                CannedResponse.sse("data: " + PROMPT + "\n\n"),
                CannedResponse.sse(Fixtures.bytes("stream-mid-error.sse")).thenDisconnect(),
                CannedResponse.json(200, "").thenDisconnect());
    }

    private static ChatRequest request() {
        return ChatRequest.builder("openrouter/acme/large-1")
                .system("Be brief.")
                .user(PROMPT)
                .build();
    }

    private static String trace(Throwable error) {
        StringWriter out = new StringWriter();
        error.printStackTrace(new PrintWriter(out, true));
        return out.toString();
    }

    private static void assertSilent(String text) {
        assertThat(text).doesNotContain(Loopback.KEY).doesNotContain(PROMPT);
    }
}
