package dev.portolan.provider.openrouter;

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

class OpenRouterEmbeddingContractTest extends EmbeddingPortContract {
    @RegisterExtension
    final SimulatedSituations openRouter = new SimulatedSituations((baseUrl, key) -> new OpenRouterProviderFactory()
            .create(Settings.of(Map.of("OPENROUTER_API_KEY", key, "OPENROUTER_API_BASE", baseUrl))));

    @Override
    protected EmbeddingPort port() {
        return openRouter.provider().embeddings().orElseThrow();
    }

    @Override
    protected ModelId model() {
        return ModelId.parse("openrouter/openai/text-embedding-3-small");
    }

    @Override
    protected Optional<EmbeddingPort> portIn(Situation situation) {
        return openRouter.providerIn(situation).embeddings();
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
