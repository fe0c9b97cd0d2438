package dev.portolan.checks.samples;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.spi.Provider;
import dev.portolan.testkit.contract.ChatPortContract;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

// sample: harbour_contract
class HarbourChatTest extends ChatPortContract {
    private final HarbourServer server = new HarbourServer();
    private Provider harbour = provider(HarbourServer.KEY);

    private Provider provider(String key) {
        return new HarbourProviderFactory()
                .create(Settings.of(Map.of("HARBOUR_KEY", key, "HARBOUR_URL", server.url())));
    }

    @Override
    protected ChatPort port() {
        return harbour.chat().orElseThrow();
    }

    @Override
    protected ModelId model() {
        return ModelId.parse("harbour/small");
    }

    @Override
    protected Optional<ChatPort> portIn(Situation situation) {
        switch (situation) {
            case WRONG_KEY -> harbour = provider(Situation.KEY_THAT_IS_WRONG);
            case SERVER_AWAY -> server.close();
            case TOOL_CALL -> {
                return Optional.empty(); // Harbour has no tools
            }
            default -> server.misbehave(situation);
        }
        return Optional.of(port());
    }

    @Override
    protected List<String> secrets() {
        return List.of(HarbourServer.KEY);
    }

    @AfterEach
    void close() {
        harbour.close();
        server.close();
    }
}
// end
