package dev.portolan.testkit.simulator;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import dev.portolan.testkit.simulator.json.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A client that knows nothing but HTTP. */
final class Wire {
    private final OpenRouterSimulator simulator;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Wire(OpenRouterSimulator simulator) {
        this.simulator = simulator;
    }

    /** All bytes of the answer: the JDK's client drops the last ones if the connection breaks after them. */
    byte[] exchange(String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST /api/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer k\r\n"
                + "Content-Length: " + bytes.length + "\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().readAllBytes();
        }
    }

    /** An answer of known length. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String body() {
            return response.body();
        }

        JsonObject json() {
            return (JsonObject) Objects.requireNonNull(JsonText.parse(response.body()));
        }

        JsonObject choice() {
            return json().array("choices").objects().get(0);
        }

        JsonObject message() {
            return Objects.requireNonNull(choice().object("message"));
        }

        String content() {
            return message().string("content", "");
        }

        JsonObject usage() {
            return Objects.requireNonNull(json().object("usage"));
        }

        /** The object in the field {@code data}. */
        JsonObject data() {
            return Objects.requireNonNull(json().object("data"));
        }

        /** The objects in the array {@code data}. */
        List<JsonObject> list() {
            return json().array("data").objects();
        }

        JsonObject availability() {
            return Objects.requireNonNull(error().object("availability"));
        }

        JsonObject error() {
            return Objects.requireNonNull(json().object("error"));
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                .header("Authorization", "Bearer " + simulator.apiKey())
                .header("Content-Type", "application/json");
    }

    Reply send(HttpRequest request) throws IOException, InterruptedException {
        return new Reply(http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().build());
    }

    /** Headers come as name, value, name, value. */
    Reply post(String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<byte[]> bytes(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> open(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Headers come as name, value, name, value. */
    Reply chat(String body, String... headers) throws IOException, InterruptedException {
        return send(chatRequest(body, headers));
    }

    HttpRequest chatRequest(String body, String... headers) {
        HttpRequest.Builder request = request("/chat/completions").POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** The raw text of a streamed answer. */
    Reply streamText(String body, String... headers) throws IOException, InterruptedException {
        return chat(streaming(body), headers);
    }

    AssembledStream stream(String body, String... headers) throws IOException, InterruptedException {
        return AssembledStream.of(streamText(body, headers).body());
    }

    HttpResponse<InputStream> open(String body, String... headers) throws IOException, InterruptedException {
        return http.send(chatRequest(streaming(body), headers), HttpResponse.BodyHandlers.ofInputStream());
    }

    static String streaming(String body) {
        return ((JsonObject) Objects.requireNonNull(JsonText.parse(body)))
                .put("stream", true)
                .toString();
    }

    /** Reads lines until the first that starts as wanted. */
    static List<String> readUntil(InputStream stream, String start) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String line = reader.readLine();
        while (line != null && !line.startsWith(start)) {
            lines.add(line);
            line = reader.readLine();
        }
        lines.add(line);
        return lines;
    }

    static String ask(String userText, String... moreFields) {
        return ask("openai/gpt-4o-mini", userText, moreFields);
    }

    /** A request of one user message; more fields are given as JSON members. */
    static String askModel(String model, String userText, String... moreFields) {
        return ask(model, userText, moreFields);
    }

    private static String ask(String model, String userText, String[] moreFields) {
        JsonObject message = new JsonObject().put("role", "user").put("content", userText);
        JsonObject body = new JsonObject().put("model", model).put("messages", JsonArray.of(message));
        for (String field : moreFields) {
            body.putAll((JsonObject) Objects.requireNonNull(JsonText.parse("{" + field + "}")));
        }
        return body.toString();
    }
}
