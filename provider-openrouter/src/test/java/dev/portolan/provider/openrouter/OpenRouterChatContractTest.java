package dev.portolan.provider.openrouter;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.testkit.contract.ChatPortContract;
import dev.portolan.testkit.contract.SimulatedSituations;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class OpenRouterChatContractTest extends ChatPortContract {
    @RegisterExtension
    final SimulatedSituations openRouter = new SimulatedSituations((baseUrl, key) -> new OpenRouterProviderFactory()
            .create(Settings.of(Map.of("OPENROUTER_API_KEY", key, "OPENROUTER_API_BASE", baseUrl))));

    @Override
    protected ChatPort port() {
        return openRouter.provider().chat().orElseThrow();
    }

    @Override
    protected ModelId model() {
        return ModelId.parse("openrouter/openai/gpt-4o-mini");
    }

    @Override
    protected Optional<ChatPort> portIn(Situation situation) {
        return openRouter.providerIn(situation).chat();
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
