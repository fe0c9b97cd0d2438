package dev.portolan.provider.openai;

import dev.portolan.api.ModelId;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.contract.ChatPortContract;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class CompatibleChatContractTest extends ChatPortContract {
    @RegisterExtension
    final SimulatedSituations server = new SimulatedSituations();

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
        return situation == Situation.TOOL_CALL
                ? Optional.of(port())
                : server.in(situation).flatMap(Provider::chat);
    }

    @Override
    protected List<String> secrets() {
        return List.of(SimulatedSituations.KEY);
    }
}
