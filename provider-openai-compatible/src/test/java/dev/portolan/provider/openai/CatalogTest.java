package dev.portolan.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.api.ModelId;
import dev.portolan.api.catalog.ModelCatalogPort;
import dev.portolan.api.catalog.ModelInfo;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.catalog.Pricing;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.NotFoundException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
    private static final String OLLAMA =
            "{\"object\":\"list\",\"data\":[{\"id\":\"llama3.2:latest\",\"object\":\"model\","
                    + "\"created\":1727000000,\"owned_by\":\"library\"},{\"id\":\"qwen3:8b\",\"object\":\"model\"}]}";

    @RegisterExtension
    private final Server server = new Server();

    private ModelCatalogPort catalog() {
        return server.provider().catalog().orElseThrow();
    }

    @Test
    void prices_and_abilities_are_unknown() {
        server.json(200, OLLAMA);

        List<ModelInfo> models = catalog().models(ModelQuery.ALL);

        assertThat(models)
                .extracting(ModelInfo::id)
                .extracting(ModelId::toString)
                .containsExactly("local/llama3.2:latest", "local/qwen3:8b");
        ModelInfo first = models.get(0);
        assertThat(first.pricing()).isEqualTo(Pricing.UNKNOWN);
        assertThat(first.pricing().isKnown()).isFalse();
        assertThat(first.contextLength()).isNull();
        assertThat(first.supportedParameters()).isEmpty();
        assertThat(first.inputModalities()).isEmpty();
        assertThat(first.extras()).containsKey("owned_by");
        assertThat(server.received().getTarget()).isEqualTo("/v1/models");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"max_model_len\":4096",
                "\"context_length\":4096",
                "\"context_window\":4096",
                "\"max_context_length\":4096",
                "\"meta\":{\"n_ctx_train\":4096}"
            })
    void the_length_of_the_context_is_read_by_the_names_it_has(String member) {
        server.json(200, "[{\"id\":\"m\"," + member + "}]");

        assertThat(catalog().models(ModelQuery.ALL))
                .extracting(ModelInfo::contextLength)
                .containsExactly(4096L);
    }

    @Test
    void the_list_is_kept_and_a_tag_may_be_left_out() {
        server.json(200, OLLAMA);
        ModelCatalogPort catalog = catalog();

        assertThat(catalog.model(ModelId.parse("local/llama3.2"))).isPresent();
        assertThat(catalog.model(ModelId.parse("local/qwen3:8b"))).isPresent();
        assertThat(catalog.model(ModelId.parse("local/qwen3"))).isEmpty();
        assertThat(catalog.endpoints(ModelId.parse("local/qwen3:8b"))).isEmpty();
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> catalog.endpoints(ModelId.parse("local/qwen3")));
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void gemini_lists_its_models_under_longer_names() {
        server.json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"models/gemini-2.5-flash\",\"object\":\"model\"}]}");
        ModelCatalogPort catalog = catalog();

        assertThat(catalog.model(ModelId.parse("local/gemini-2.5-flash"))).isPresent();
        assertThat(catalog.model(ModelId.parse("local/models/gemini-2.5-flash")))
                .isPresent();
    }

    @Test
    void a_server_without_a_list_has_an_empty_one_but_a_bad_key_is_told() {
        server.json(404, "{\"detail\":\"Not Found\"}").json(401, "{\"error\":\"Unauthorized\"}");

        assertThat(catalog().models(ModelQuery.ALL)).isEmpty();
        assertThatExceptionOfType(AuthenticationException.class)
                .isThrownBy(() -> catalog().models(ModelQuery.ALL));
    }
}
