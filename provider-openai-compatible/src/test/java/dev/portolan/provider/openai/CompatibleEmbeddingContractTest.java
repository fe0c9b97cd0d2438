package dev.portolan.provider.openai;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.testkit.contract.EmbeddingPortContract;
import dev.portolan.testkit.contract.SimulatedSituations;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class CompatibleEmbeddingContractTest extends EmbeddingPortContract {
    @RegisterExtension
    final SimulatedSituations server = new SimulatedSituations((baseUrl, key) ->
            OpenAiCompatible.named("local").baseUrl(baseUrl).apiKey(key).build().create(Settings.of(Map.of())));

    @Override
    protected EmbeddingPort port() {
        return server.provider().embeddings().orElseThrow();
    }

    @Override
    protected ModelId model() {
        return ModelId.parse("local/openai/text-embedding-3-small");
    }

    @Override
    protected Optional<EmbeddingPort> portIn(Situation situation) {
        return server.providerIn(situation).embeddings();
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
