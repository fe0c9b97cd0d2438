package dev.portolan.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.catalog.ModelQuery;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Fakes behind a whole Portolan. */
class FakeProviderTest {
    private final FakeChat chat = FakeChat.answering(FakeReply.text("Hello.").withCost("0.0001"));
    private final FakeGuard guard = new FakeGuard();
    private final RecordingCostSink sink = new RecordingCostSink();

    private Portolan portolan() {
        return Portolan.builder()
                .provider(
                        "openrouter",
                        FakeProvider.of(chat)
                                .with(new FakeEmbeddings())
                                .with(new FakeImages())
                                .with(FakeCatalog.of("openrouter/openai/gpt-4o-mini"))
                                .with(new FakeBilling().bill("gen-1", "0.5")))
                .guard(guard)
                .sink(sink)
                .build();
    }

    @Test
    void all_ports_are_behind_a_portolan() {
        try (Portolan portolan = portolan()) {
            assertThat(portolan.chat().complete(hello("search")).text()).isEqualTo("Hello.");
            assertThat(portolan.embeddings()
                            .embed(EmbeddingRequest.builder("openrouter/e")
                                    .text("a")
                                    .build())
                            .embeddings())
                    .hasSize(1);
            assertThat(portolan.images()
                            .generate(ImageRequest.builder("openrouter/i")
                                    .prompt("a")
                                    .build())
                            .images())
                    .hasSize(1);
            assertThat(portolan.catalog().models(ModelQuery.ALL)).hasSize(1);
            assertThat(portolan.billing().find(ModelId.parse("openrouter/e"), "gen-1"))
                    .isPresent();
        }
        assertThat(sink.events())
                .extracting(CostEvent::operation)
                .containsExactly(CostEvent.Operation.CHAT, CostEvent.Operation.EMBEDDING, CostEvent.Operation.IMAGE);
    }

    @Test
    void a_sink_sums_up_by_tag() {
        chat.next(FakeReply.text("Cheap.").withCost("0.00001"));
        try (Portolan portolan = portolan()) {
            portolan.chat().complete(hello("search"));
            portolan.chat().complete(hello("search"));
            portolan.chat().complete(hello("support"));
        }

        assertThat(sink.total()).hasToString("$0.00021");
        assertThat(sink.total("team", "search")).hasToString("$0.00011");
        assertThat(sink.totalsBy("team").toString()).isEqualTo("{search=$0.00011, support=$0.0001}");
        assertThat(sink.totalsBy("user")).isEmpty();
        assertThat(sink.events("team", "support")).hasSize(1);
    }

    @Test
    void a_call_that_is_refused_never_reaches_the_fake() {
        BudgetExceededException chosen = new BudgetExceededException("Enough", ErrorDetails.NONE);
        guard.refuseNext(chosen)
                .refuseWhen(request -> "support".equals(request.call().tags().get("team")));
        try (Portolan portolan = portolan()) {
            assertThatThrownBy(() -> portolan.chat().complete(hello("support")))
                    .isInstanceOf(BudgetExceededException.class)
                    .hasMessageContaining("openrouter/openai/gpt-4o-mini");
            assertThatThrownBy(() -> portolan.chat().complete(hello("search"))).isSameAs(chosen);
            portolan.chat().complete(hello("search"));
        }

        assertThat(chat.requests()).hasSize(1);
        assertThat(guard.asked()).extracting(call -> call.refusal().isPresent()).containsExactly(true, true, false);
        assertThat(guard.asked().get(2).callId()).isEqualTo(sink.events().get(0).callId());
        assertThat(guard.asked().get(2).settled()).map(CostEvent::cost).hasToString("Optional[$0.0001]");
        assertThat(guard.open()).isEmpty();
    }

    @Test
    void a_guard_knows_which_streams_answered_and_which_are_open() {
        try (Portolan portolan = portolan()) {
            ChatStream stream = portolan.chat().stream(hello("search"));
            stream.next();

            assertThat(guard.open()).hasSize(1);
            assertThat(guard.open().get(0).answered())
                    .map(CostEvent.AnsweredBy::generationIds)
                    .hasValueSatisfying(ids -> assertThat(ids).containsExactly("fake-chat-1"));

            stream.close();
            assertThat(guard.open()).isEmpty();
        }
        assertThat(sink.events()).extracting(event -> event.outcome().status()).containsExactly(Status.CANCELLED);
        assertThat(sink.total()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void failures_are_told_to_the_sink_with_their_class() {
        chat.next(FakeReply.failing(RateLimitedException::new));
        try (Portolan portolan = portolan()) {
            assertThatThrownBy(() -> portolan.chat().complete(hello("search")))
                    .isInstanceOf(RateLimitedException.class);
        }

        assertThat(sink.events().get(0).outcome().error()).isEqualTo("RateLimitedException");
        assertThat(sink.total()).isEqualTo(Cost.NONE);
    }

    @Test
    void closing_the_portolan_ends_a_call_that_hangs() throws Exception {
        chat.always(FakeReply.pieces("Hello").andHang());
        Portolan portolan = portolan();
        ChatStream stream = portolan.chat().stream(hello("search"));
        FutureTask<CallCancelledException> reading =
                new FutureTask<>(() -> catchThrowableOfType(CallCancelledException.class, stream::response));
        Thread reader = new Thread(reading, "reader");
        reader.setDaemon(true);
        reader.start();

        portolan.close();

        assertThat(reading.get()).isNotNull();
        assertThat(chat.openStreams()).isZero();
    }

    private static ChatRequest hello(String team) {
        return ChatRequest.builder("openrouter/openai/gpt-4o-mini")
                .user("Hello")
                .tag("team", team)
                .build();
    }
}
