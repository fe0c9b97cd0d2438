package dev.portolan.provider.openrouter;

import dev.portolan.api.ModelId;
import dev.portolan.api.Settings;
import dev.portolan.api.image.ImagePort;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.testkit.contract.ImagePortContract;
import dev.portolan.testkit.contract.SimulatedSituations;
import dev.portolan.testkit.contract.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Images by either route. */
class OpenRouterImageContractTest {
    @Nested
    class OverChat extends OnSimulator {
        @Override
        protected ModelId model() {
            return ModelId.parse("openrouter/google/gemini-2.5-flash-image");
        }
    }

    @Nested
    class OverImages extends OnSimulator {
        @Override
        protected ModelId model() {
            return ModelId.parse("openrouter/openai/gpt-5-image-mini");
        }
    }

    private abstract static class OnSimulator extends ImagePortContract {
        @RegisterExtension
        final SimulatedSituations openRouter = new SimulatedSituations((baseUrl, key) -> new OpenRouterProviderFactory()
                .create(Settings.of(Map.of("OPENROUTER_API_KEY", key, "OPENROUTER_API_BASE", baseUrl))));

        @Override
        protected ImagePort port() {
            return openRouter.provider().images().orElseThrow();
        }

        @Override
        protected Optional<ImagePort> portIn(Situation situation) {
            return openRouter.providerIn(situation).images();
        }

        @Override
        protected void cheap(ImageRequest.Builder request) {
            request.resolution("512");
        }

        @Override
        protected List<String> secrets() {
            return List.of(SimulatedSituations.KEY);
        }
    }
}
