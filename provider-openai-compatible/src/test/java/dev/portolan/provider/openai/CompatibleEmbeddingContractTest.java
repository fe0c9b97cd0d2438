package dev.portolan.provider.openai;

import dev.portolan.api.ModelId;
import dev.portolan.api.embedding.EmbeddingPort;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.contract.EmbeddingPortContract;
import dev.portolan.testkit.contract.Situation;
import dev.portolan.testkit.simulator.Fault;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class CompatibleEmbeddingContractTest extends EmbeddingPortContract {
    @RegisterExtension
    final SimulatedSituations server = new SimulatedSituations();

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
        if (situation == Situation.BATCH_FAILS) {
            server.simulator()
                    .faults()
                    .on(request -> server.simulator().requests().size() == 2)
                    .always(Fault.status(500));
            return Optional.of(port());
        }
        return server.in(situation).flatMap(Provider::embeddings);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
