package dev.portolan.testkit.assertion;

import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.embedding.EmbeddingResponse;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageResponse;
import dev.portolan.testkit.fake.FakeChat;
import dev.portolan.testkit.fake.FakeEmbeddings;
import dev.portolan.testkit.fake.FakeGuard;
import dev.portolan.testkit.fake.FakeImages;
import dev.portolan.testkit.fake.RecordingCostSink;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import dev.portolan.testkit.simulator.SimulatorRequest;
import org.assertj.core.api.Assertions;

/**
 * The beginning of every assertion, those of AssertJ included, so that one static import is enough:
 *
 * <pre>{@code
 * import static dev.portolan.testkit.assertion.PortolanAssertions.assertThat;
 *
 * assertThat(chat).received(1).request().hasModel("openrouter/openai/gpt-4o-mini").hasUserText("Greet Ann.");
 * assertThat(reply).hasText("Hello, Ann.").hasCost("0.0001");
 * assertThat(sink).recorded(1).event().isCompleted().hasTag("team", "search");
 * assertThat(List.of(1, 2)).hasSize(2);
 * }</pre>
 */
@SuppressWarnings("exports") // whoever uses this requires the library of its own accord
public class PortolanAssertions extends Assertions {
    /** For subclasses that add assertions of their own. */
    protected PortolanAssertions() {}

    /** About what a fake was asked. */
    public static FakeChatAssert assertThat(FakeChat actual) {
        return new FakeChatAssert(actual);
    }

    /** About what a fake was asked. */
    public static FakeEmbeddingsAssert assertThat(FakeEmbeddings actual) {
        return new FakeEmbeddingsAssert(actual);
    }

    /** About what a fake was asked. */
    public static FakeImagesAssert assertThat(FakeImages actual) {
        return new FakeImagesAssert(actual);
    }

    /** About what a guard was asked. */
    public static FakeGuardAssert assertThat(FakeGuard actual) {
        return new FakeGuardAssert(actual);
    }

    /** About what a sink was told. */
    public static RecordingCostSinkAssert assertThat(RecordingCostSink actual) {
        return new RecordingCostSinkAssert(actual);
    }

    /** About what a simulator was asked, and what it charged. */
    public static OpenRouterSimulatorAssert assertThat(OpenRouterSimulator actual) {
        return new OpenRouterSimulatorAssert(actual);
    }

    /** About a request as it came over the wire. */
    public static SimulatorRequestAssert assertThat(SimulatorRequest actual) {
        return new SimulatorRequestAssert(actual, Series.only("request", actual));
    }

    /** About a call that has ended. */
    public static CostEventAssert assertThat(CostEvent actual) {
        return new CostEventAssert(actual, Series.only("event", actual));
    }

    /** About a request. */
    public static ChatRequestAssert assertThat(ChatRequest actual) {
        return new ChatRequestAssert(actual, Series.only("request", actual));
    }

    /** About a request. */
    public static EmbeddingRequestAssert assertThat(EmbeddingRequest actual) {
        return new EmbeddingRequestAssert(actual, Series.only("request", actual));
    }

    /** About a request. */
    public static ImageRequestAssert assertThat(ImageRequest actual) {
        return new ImageRequestAssert(actual, Series.only("request", actual));
    }

    /** About a reply. */
    public static ChatResponseAssert assertThat(ChatResponse actual) {
        return new ChatResponseAssert(actual);
    }

    /** About a reply. */
    public static EmbeddingResponseAssert assertThat(EmbeddingResponse actual) {
        return new EmbeddingResponseAssert(actual);
    }

    /** About a reply. */
    public static ImageResponseAssert assertThat(ImageResponse actual) {
        return new ImageResponseAssert(actual);
    }

    /** About a failure. */
    public static PortolanExceptionAssert assertThat(PortolanException actual) {
        return new PortolanExceptionAssert(actual);
    }
}
