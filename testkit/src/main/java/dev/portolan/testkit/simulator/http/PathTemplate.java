package dev.portolan.testkit.simulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** A path whose segments in braces stand for any text, such as {@code /models/{author}/{slug}/endpoints}. */
public final class PathTemplate {
    private final List<String> segments;

    private PathTemplate(List<String> segments) {
        this.segments = segments;
    }

    public static PathTemplate of(String template) {
        return new PathTemplate(segments(template));
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    public boolean matches(String path) {
        List<String> actual = segments(path);
        if (actual.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < actual.size(); i++) {
            boolean matches = isPlaceholder(segments.get(i))
                    ? !actual.get(i).isEmpty()
                    : segments.get(i).equals(actual.get(i));
            if (!matches) {
                return false;
            }
        }
        return true;
    }

    /** The texts that stand in a matching path for the segments in braces, decoded, in order. */
    List<String> values(String path) {
        List<String> actual = segments(path);
        return IntStream.range(0, segments.size())
                .filter(i -> isPlaceholder(segments.get(i)))
                .mapToObj(i -> decoded(actual.get(i)))
                .toList();
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ApiError.invalidRequest("The path is not valid: " + malformed.getMessage());
        }
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }

    private static boolean isPlaceholder(String segment) {
        return segment.startsWith("{");
    }
}
