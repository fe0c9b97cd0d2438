package dev.portolan.testkit.cassette;

import dev.portolan.testkit.simulator.json.JsonArray;
import dev.portolan.testkit.simulator.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What counts when requests are compared: each is written as lines, and those are equal whose lines are.
 *
 * @param ignoredMembers paths of members, their steps separated by dots; {@code *} stands for any step
 * @param ignoredParameters names of query parameters
 * @param headers names of headers, in lower case, that count too
 */
record Matching(Set<String> ignoredMembers, Set<String> ignoredParameters, Set<String> headers) {
    Matching {
        ignoredMembers = Set.copyOf(ignoredMembers);
        ignoredParameters = Set.copyOf(ignoredParameters);
        headers = Set.copyOf(headers);
    }

    List<String> lines(RecordedRequest request) {
        List<String> lines = new ArrayList<>();
        lines.add(request.method() + " " + request.path());
        parameters(request.query()).forEach((name, values) -> values.forEach(value -> lines.add(name + "=" + value)));
        request.headers().forEach((name, value) -> {
            if (headers.contains(name.toLowerCase(Locale.ROOT))) {
                lines.add(name.toLowerCase(Locale.ROOT) + ": " + value);
            }
        });
        lines.addAll(lines(request.body()));
        return lines;
    }

    private Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            String[] sides = pair.split("=", 2);
            String name = Scrubber.decoded(sides[0]);
            if (!pair.isEmpty() && !ignoredParameters.contains(name)) {
                parameters
                        .computeIfAbsent(name, first -> new ArrayList<>())
                        .add(sides.length > 1 ? Scrubber.decoded(sides[1]) : "");
            }
        }
        return parameters;
    }

    private List<String> lines(Body body) {
        if (body instanceof Body.Json json) {
            return List.of(JsonPrint.spread(canonical(json.tree(), "")).split("\n", -1));
        } else if (body instanceof Body.Text text) {
            return Arrays.asList(text.text().split("\n", -1));
        } else if (body instanceof Body.Binary binary) {
            return List.of(binary.bytes().size() + " bytes, SHA-256 "
                    + binary.bytes().sha256().hex());
        } else if (body instanceof Body.Form form) {
            List<String> lines = new ArrayList<>();
            for (Body.Part part : form.parts()) {
                lines.add("part \"" + part.name() + "\"" + named("file", part.filename())
                        + named("type", part.contentType()));
                lines(part.body()).forEach(line -> lines.add("  " + line));
            }
            return lines;
        }
        return List.of();
    }

    private static String named(String what, String value) {
        return value.isEmpty() ? "" : ", " + what + " " + value;
    }

    /** The same tree for the same meaning, without what is ignored. */
    private @Nullable Object canonical(@Nullable Object value, String path) {
        if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            for (String name : new TreeSet<>(object.names())) {
                String place = step(path, name);
                if (!isIgnored(place)) {
                    copy.put(name, canonical(object.get(name), place));
                }
            }
            return copy;
        } else if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                copy.add(canonical(array.items().get(i), step(path, String.valueOf(i))));
            }
            return copy;
        }
        return value instanceof JsonLiteral number ? new JsonLiteral(number.canonical()) : value;
    }

    private static String step(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private boolean isIgnored(String place) {
        return ignoredMembers.stream().anyMatch(ignored -> covers(ignored.split("\\.", -1), place.split("\\.", -1)));
    }

    private static boolean covers(String[] ignored, String[] place) {
        if (ignored.length != place.length) {
            return false;
        }
        for (int i = 0; i < ignored.length; i++) {
            if (!ignored[i].equals("*") && !ignored[i].equals(place[i])) {
                return false;
            }
        }
        return true;
    }
}
