package dev.portolan.provider.openai;

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

class CompatibleChatContractTest extends ChatPortContract {
    @RegisterExtension
    final SimulatedSituations server = new SimulatedSituations((baseUrl, key) ->
            OpenAiCompatible.named("local").baseUrl(baseUrl).apiKey(key).build().create(Settings.of(Map.of())));

    @Override
    protected ChatPort port() {
        return server.provider().chat().orElseThrow();
    }

    @Override
    protected ModelId model() {
        return ModelId.parse("local/openai/gpt-4o-mini");
    }

    @Override
    protected Optional<ChatPort> portIn(Situation situation) {
        return server.providerIn(situation).chat();
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
