package dev.portolan.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Message;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolCall;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.spi.ReplyBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows can be compiled as it stands there, and does what it says. */
class JavadocSamplesTest {
    private static final Pattern SAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* }</pre>", Pattern.DOTALL);

    record Sample(String type, String code) {
        @Override
        public String toString() {
            return type;
        }
    }

    static List<Sample> samples() throws IOException, URISyntaxException {
        List<Sample> samples = new ArrayList<>();
        for (Path file : sources()) {
            Matcher matcher = SAMPLE.matcher(Files.readString(file).replace("\r\n", "\n"));
            while (matcher.find()) {
                String code = matcher.group(1)
                        .lines()
                        .map(line -> line.replaceFirst("^ \\* ?", ""))
                        .collect(Collectors.joining("\n"));
                samples.add(new Sample(file.getFileName().toString(), code));
            }
        }
        return samples;
    }

    private static List<Path> sources() throws IOException, URISyntaxException {
        Path module = classes().getParent().getParent();
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static Path classes() throws URISyntaxException {
        return Path.of(Portolan.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    @Test
    void the_samples_of_the_main_types_are_found() throws Exception {
        assertThat(samples()).extracting(Sample::type).contains("Portolan.java", "ChatRequest.java", "ChatStream.java");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_sample_of_the_documentation_compiles(Sample sample, @TempDir Path output) throws Exception {
        String source = """
                import dev.portolan.api.*;
                import dev.portolan.api.async.*;
                import dev.portolan.api.chat.*;
                import dev.portolan.api.catalog.*;
                import dev.portolan.api.cost.*;
                import dev.portolan.api.embedding.*;
                import dev.portolan.api.error.*;
                import dev.portolan.api.image.*;
                import dev.portolan.api.spi.*;
                import java.util.*;
                import java.util.concurrent.*;
                import java.util.concurrent.atomic.*;

                class Sample {
                    ChatPort chat;
                    ChatRequest request;

                    void sample() {
                %s
                    }
                }
                """.formatted(sample.code());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        List<String> options = List.of(
                "-d",
                output.toString(),
                "-proc:none",
                "-cp",
                classes() + System.getProperty("path.separator") + System.getProperty("java.class.path"));

        boolean compiled = compiler.getTask(problems, null, null, options, null, List.of(new InMemorySource(source)))
                .call();

        assertThat(compiled).as("%s%n%s", problems, source).isTrue();
    }

    private static final class InMemorySource extends SimpleJavaFileObject {
        private final String source;

        InMemorySource(String source) {
            super(URI.create("string:///Sample.java"), JavaFileObject.Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }

    @Test
    void a_question_gets_an_answer_and_its_price() {
        try (Portolan portolan = Portolan.builder()
                .provider("openrouter", new FakeProvider("Because of Rayleigh scattering."))
                .build()) {
            ChatResponse reply = portolan.chat()
                    .complete(ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                            .user("Why is the sky blue?")
                            .build());

            assertThat(reply.text() + " (" + reply.cost() + ")")
                    .isEqualTo("Because of Rayleigh scattering. ($0.00012)");
        }
    }

    @Test
    void an_answer_can_be_read_as_it_comes() {
        ChatRequest request =
                ChatRequest.builder("openrouter/auto").user("Count to three.").build();
        ChatPort chat = port(ReplyBuilder.saying("one ", "two ", "three").costing("0.00012").stream());
        StringBuilder printed = new StringBuilder();

        try (ChatStream stream = chat.stream(request)) {
            for (ChatEvent event : stream) {
                if (event instanceof ChatEvent.TextDelta delta) {
                    printed.append(delta.text());
                }
            }
            assertThat(stream.response().cost()).hasToString("$0.00012");
        }
        assertThat(printed).hasToString("one two three");
    }

    @Test
    void a_conversation_with_a_tool_goes_back_and_forth() {
        ChatRequest request = ChatRequest.builder("openrouter/google/gemini-2.5-flash")
                .system("Answer in one sentence.")
                .user("What is the weather in Lisbon?")
                .tool(Tool.function(
                        "weather",
                        "The weather of a city, now.",
                        RawJson.of(Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))))))
                .toolChoice(ToolChoice.REQUIRED)
                .build();
        ChatResponse reply = ReplyBuilder.saying()
                .calling("call_1", "weather", "{\"city\":\"Lisbon\"}")
                .build();

        ChatRequest.Builder next = request.toBuilder().message(reply.message());
        for (ToolCall call : reply.toolCalls()) {
            next.message(Message.tool(call.id(), "sunny, 24 °C"));
        }

        assertThat(next.build().messages())
                .hasSize(4)
                .startsWith(request.messages().toArray(new Message[0]))
                .endsWith(reply.message(), Message.tool("call_1", "sunny, 24 °C"));
    }

    private static ChatPort port(ChatStream stream) {
        return new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                throw new UncheckedIOException(new IOException("streams only"));
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return stream;
            }
        };
    }
}
