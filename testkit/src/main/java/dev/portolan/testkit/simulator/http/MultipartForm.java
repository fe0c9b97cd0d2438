package dev.portolan.testkit.simulator.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.MultipartReader;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** The body of a request of the type {@code multipart/form-data}. */
public final class MultipartForm {
    private static final Pattern PARAMETER = Pattern.compile(";\\s*(\\w+)=(?:\"([^\"]*)\"|([^;\\s]+))");

    /**
     * One field.
     *
     * @param filename empty if it is no file
     * @param contentType empty if it was not sent
     */
    public record Part(String name, String filename, String contentType, ByteString bytes) {}

    private final List<Part> parts;

    private MultipartForm(List<Part> parts) {
        this.parts = parts;
    }

    /** Reads the form; refuses with 400 what is none. */
    public static MultipartForm of(ReceivedRequest request) {
        String boundary = boundary(request.header("Content-Type").orElse(""));
        if (boundary == null) {
            throw ApiError.invalidRequest("The content type multipart/form-data has no boundary");
        }
        try {
            return new MultipartForm(parts(request.bytes(), boundary));
        } catch (IOException malformed) {
            throw ApiError.invalidRequest("The multipart form is not valid: " + malformed.getMessage());
        }
    }

    /** The parts of a body of that content type, in order; null if it is no form. */
    public static @Nullable List<Part> partsOrNull(ByteString body, String contentType) {
        String boundary = boundary(contentType);
        try {
            return boundary == null ? null : parts(body, boundary);
        } catch (IOException malformed) {
            return null;
        }
    }

    private static @Nullable String boundary(String contentType) {
        MediaType type = MediaType.parse(contentType);
        return type == null ? null : type.parameter("boundary");
    }

    private static List<Part> parts(ByteString body, String boundary) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (MultipartReader reader = new MultipartReader(new Buffer().write(body), boundary)) {
            for (MultipartReader.Part part = reader.nextPart(); part != null; part = reader.nextPart()) {
                parts.add(part(part));
            }
        }
        return parts;
    }

    private static Part part(MultipartReader.Part part) throws IOException {
        Headers headers = part.headers();
        String disposition = Objects.requireNonNullElse(headers.get("Content-Disposition"), "");
        return new Part(
                parameter(disposition, "name"),
                parameter(disposition, "filename"),
                Objects.requireNonNullElse(headers.get("Content-Type"), ""),
                part.body().readByteString());
    }

    private static String parameter(String header, String name) {
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            }
        }
        return "";
    }

    public @Nullable Part part(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    public @Nullable String text(String name) {
        Part part = part(name);
        return part == null ? null : part.bytes().utf8();
    }

    public List<String> texts(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .map(part -> part.bytes().utf8())
                .toList();
    }
}
