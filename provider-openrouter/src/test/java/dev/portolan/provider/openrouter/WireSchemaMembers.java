package dev.portolan.provider.openrouter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The names of the members that OpenRouter's specification knows. */
final class WireSchemaMembers {
    private WireSchemaMembers() {}

    static Set<String> ofChatRequest() {
        try (InputStream in = WireSchemaMembers.class.getResourceAsStream("/openapi-subset.yaml")) {
            return new TreeSet<>(new YAMLMapper()
                    .readTree(in)
                    .at("/components/schemas/ChatRequest/properties")
                    .propertyNames());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
