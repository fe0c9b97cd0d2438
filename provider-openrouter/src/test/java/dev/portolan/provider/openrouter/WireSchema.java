package dev.portolan.provider.openrouter;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The schema of a chat request in OpenRouter's OpenAPI document. */
final class WireSchema {
    private static final Schema REQUEST = read();

    private WireSchema() {}

    /** What the schema has to say against a body; nothing if it fits. */
    static List<String> problems(String body) {
        return REQUEST.validate(body, InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }

    private static Schema read() {
        try (InputStream in = WireSchema.class.getResourceAsStream("/openapi-subset.yaml")) {
            JsonNode document = new YAMLMapper().readTree(in);
            ObjectNode schema = new YAMLMapper().createObjectNode();
            schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.put("$ref", "#/components/schemas/ChatRequest");
            schema.set("components", document.get("components"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
