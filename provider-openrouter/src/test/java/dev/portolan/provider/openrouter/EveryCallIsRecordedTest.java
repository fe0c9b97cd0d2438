package dev.portolan.provider.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.ReplyStream;
import dev.portolan.api.RetryPolicy;
import dev.portolan.api.Settings;
import dev.portolan.api.Timeouts;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Tool;
import dev.portolan.api.chat.ToolChoice;
import dev.portolan.api.cost.BillingPort;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.cost.CostEvent;
import dev.portolan.api.cost.CostEvent.Operation;
import dev.portolan.api.cost.CostEvent.Outcome.Status;
import dev.portolan.api.cost.SpendingGuard;
import dev.portolan.api.cost.Usage;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageStream;
import dev.portolan.testkit.simulator.BillEntry;
import dev.portolan.testkit.simulator.Fault;
import dev.portolan.testkit.simulator.OpenRouterSimulator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a call, the books hear of it once; and either they know what it cost, to the digit that the simulator
 * billed, or they know that they do not and have the ids of all that was billed.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EveryCallIsRecordedTest {
    private static final String CHATTER = "openrouter/openai/gpt-4o-mini";
    private static final String EMBEDDER = "openrouter/openai/text-embedding-3-small";
    private static final String PAINTER = "openrouter/google/gemini-2.5-flash-image";
    private static final String STREAMING_PAINTER = "openrouter/openai/gpt-5-image-mini";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RetryPolicy QUICK = RetryPolicy.DEFAULT
            .withDelays(Duration.ofMillis(1), Duration.ofMillis(4))
            .evenIfCharged(true);

    private final List<CostEvent> told = new CopyOnWriteArrayList<>();
    private OpenRouterSimulator simulator;
    private Portolan portolan;

    @BeforeEach
    void start() {
        simulator = OpenRouterSimulator.start();
        portolan = builder().build();
    }

    private Portolan.Builder builder() {
        return Portolan.builder()
                .settings(Settings.of(Map.of(
                        "OPENROUTER_API_KEY", simulator.apiKey(),
                        "OPENROUTER_API_BASE", simulator.baseUrl(),
                        "PORTOLAN_MAX_ATTEMPTS", "1")))
                .provider(new OpenRouterProviderFactory())
                .sink(told::add);
    }

    @AfterEach
    void stop() {
        assertThat(portolan.failedRecords()).isZero();
        portolan.close();
        simulator.close();
    }

    private static ChatRequest.Builder chat() {
        return ChatRequest.builder(CHATTER).user("Tell me about harbours").tag("team", "search");
    }

    private static EmbeddingRequest.Builder batches(int texts) {
        EmbeddingRequest.Builder request =
                EmbeddingRequest.builder(EMBEDDER).batching(new EmbeddingRequest.Batching(1, 1000, 2));
        IntStream.range(0, texts).forEach(i -> request.text("text number " + i));
        return request;
    }

    private static ImageRequest.Builder image(String model, ImageRoute route) {
        return ImageRequest.builder(model)
                .prompt("a harbour")
                .resolution("512")
                .options(OpenRouterOptions.builder().imageRoute(route).build());
    }

    /** The only event there is; its cost is the whole bill, or it is unknown and the bill can be asked for. */
    private CostEvent only(Status status) {
        assertThat(told).hasSize(1);
        CostEvent event = told.get(0);
        assertThat(event.outcome().status()).isEqualTo(status);
        List<BillEntry> bill = simulator.bill().entries();
        if (event.cost().isKnown()) {
            assertThat(event.cost()).isEqualTo(Cost.reported(simulator.bill().total()));
        } else {
            simulator.faults().clear(); // they are not for the books
            BigDecimal settled = event.answeredBy().generationIds().stream()
                    .map(id -> portolan.billing().find(event.model(), id).orElseThrow())
                    .map(BillingPort.Bill::cost)
                    .map(Cost::amount)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(settled).isEqualByComparingTo(simulator.bill().total());
        }
        assertThat(event.answeredBy().generationIds())
                .containsAll(bill.stream().map(BillEntry::generationId).toList());
        return event;
    }

    private CostEvent completed() {
        CostEvent event = only(Status.COMPLETED);
        assertThat(event.cost().isKnown()).isTrue();
        assertThat(event.outcome().error()).isNull();
        assertThat(event.answeredBy().model()).isNotEmpty();
        List<BillEntry> bill = simulator.bill().entries();
        assertThat(event.usage().promptTokens())
                .isEqualTo(bill.stream().mapToLong(BillEntry::promptTokens).sum())
                .isPositive();
        assertThat(event.usage().completionTokens())
                .isEqualTo(bill.stream().mapToLong(BillEntry::completionTokens).sum());
        assertThat(event.answeredBy().generationIds())
                .containsExactlyInAnyOrderElementsOf(
                        bill.stream().map(BillEntry::generationId).toList());
        return event;
    }

    private void failing(Class<? extends PortolanException> type, ChatRequest request) {
        assertThatThrownBy(() -> portolan.chat().complete(request)).isExactlyInstanceOf(type);
    }

    // ---- chat

    @Test
    void a_chat_in_one_piece() {
        portolan.chat().complete(chat().build());

        CostEvent event = completed();
        assertThat(event.operation()).isEqualTo(Operation.CHAT);
        assertThat(event.tags()).containsEntry("team", "search");
        assertThat(event.timing().firstToken()).isNull();
    }

    @Test
    void a_streamed_chat() {
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            stream.response();
        }

        assertThat(completed().timing().firstToken()).isPositive();
    }

    private static Tool tool() {
        return Tool.function(
                "tide",
                "When the tide is high",
                RawJson.parse("{\"type\":\"object\",\"properties\":{\"harbour\":{\"type\":\"string\"}}}"));
    }

    @Test
    void a_chat_that_calls_tools() {
        assertThat(portolan.chat()
                        .complete(chat().tool(tool())
                                .toolChoice(ToolChoice.REQUIRED)
                                .build())
                        .toolCalls())
                .isNotEmpty();

        completed();
    }

    @Test
    void a_streamed_chat_that_calls_tools_tells_when_the_first_piece_came() {
        try (ChatStream stream = portolan.chat().stream(
                chat().tool(tool()).toolChoice(ToolChoice.REQUIRED).build())) {
            assertThat(stream.response().toolCalls()).isNotEmpty();
        }

        assertThat(completed().timing().firstToken()).isPositive();
    }

    @Test
    void a_stream_that_is_closed_after_its_first_piece() throws Exception {
        slowly();
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            while (!(stream.next() instanceof ChatEvent.TextDelta)) {
                assertThat(told).isEmpty();
            }
        }
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(only(Status.CANCELLED).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    /** So that a stream has not been written to its end before it is left. */
    private void slowly() {
        simulator.faults().always(Fault.drip(100, Duration.ofMillis(20)));
    }

    @Test
    void a_stream_that_is_closed_before_anything_of_it_was_read() throws Exception {
        slowly();
        portolan.chat().stream(chat().build()).close();
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(only(Status.CANCELLED).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void a_stream_that_is_closed_after_its_usage_came() {
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            while (!(stream.next() instanceof ChatEvent.UsageReported)) {
                assertThat(told).isEmpty();
            }
        }

        assertThat(only(Status.CANCELLED).cost().isKnown()).isTrue();
        assertThat(told.get(0).usage().promptTokens()).isPositive();
    }

    @Test
    void a_stream_that_breaks() {
        simulator.faults().next(Fault.cutAfterEvents(3));
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            assertThatThrownBy(stream::response).isExactlyInstanceOf(BrokenStreamException.class);
        }

        CostEvent event = only(Status.FAILED);
        assertThat(event.outcome().error()).isEqualTo("BrokenStreamException");
        assertThat(event.cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void a_stream_that_breaks_before_its_first_event() {
        simulator.faults().next(Fault.cutAfterEvents(0));
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            assertThatThrownBy(stream::response).isInstanceOf(PortolanException.class);
        }

        only(Status.FAILED);
    }

    @Test
    void a_stream_that_ends_with_an_error() {
        simulator.faults().next(Fault.errorEvent(3));
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            assertThatThrownBy(stream::response).isInstanceOf(PortolanException.class);
        }

        assertThat(only(Status.FAILED).answeredBy().generationIds()).hasSize(1);
    }

    /** Also after its usage, and a cost, came: what failed is not charged, and the bill knows whether that holds. */
    @Test
    void a_stream_that_ends_with_an_error_or_breaks_wherever_that_may_be() {
        for (int events = 0; events < 60; events++) {
            Fault fault = events % 2 == 0 ? Fault.errorEvent(events / 2) : Fault.cutAfterEvents(events / 2);
            told.clear();
            simulator.faults().next(fault);
            Status status = Status.COMPLETED;
            try (ChatStream stream = portolan.chat().stream(chat().build())) {
                stream.response();
            } catch (PortolanException e) {
                status = Status.FAILED;
            }

            assertThat(told).hasSize(1);
            CostEvent event = told.get(0);
            assertThat(event.outcome().status()).isEqualTo(status);
            List<String> ids = event.answeredBy().generationIds();
            if (event.cost().isKnown()) {
                BigDecimal billed = ids.stream()
                        .flatMap(id -> simulator.bill().entry(id).stream())
                        .map(BillEntry::cost)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(event.cost().amount()).as("%s", fault).isEqualByComparingTo(billed);
            } else {
                assertThat(ids).as("%s", fault).hasSize(1);
            }
        }
        assertThat(told.get(0).outcome().status()).as("the last ones are whole").isEqualTo(Status.COMPLETED);
    }

    @Test
    void a_stream_without_usage_at_its_end() {
        simulator.faults().next(Fault.noUsage());
        try (ChatStream stream = portolan.chat().stream(chat().build())) {
            stream.response();
        }

        CostEvent event = only(Status.COMPLETED);
        assertThat(event.cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(event.usage()).isEqualTo(Usage.NOT_REPORTED);
    }

    @Test
    void an_answer_that_breaks_in_the_middle() {
        simulator.faults().next(Fault.cutAtByte(100));
        failing(ConnectionException.class, chat().build());

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void an_answer_that_takes_too_long() throws Exception {
        simulator.faults().next(Fault.stallAtByte(100));
        failing(
                CallTimeoutException.class,
                chat().timeouts(Timeouts.UNSET.withIdle(Duration.ofMillis(50))).build());
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(simulator.bill().entries()).hasSize(1);
    }

    @Test
    void a_stream_that_takes_too_long() throws Exception {
        simulator.faults().next(Fault.stallAfterEvents(2));
        try (ChatStream stream = portolan.chat().stream(
                chat().timeouts(Timeouts.UNSET.withIdle(Duration.ofMillis(50))).build())) {
            assertThatThrownBy(stream::response).isExactlyInstanceOf(CallTimeoutException.class);
        }
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_call_whose_thread_is_interrupted() throws Exception {
        simulator.faults().next(Fault.stallAtByte(100));
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                portolan.chat().complete(chat().build());
                ended.complete(null);
            } catch (RuntimeException e) {
                ended.complete(e);
            }
        });
        caller.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (simulator.bill().entries().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        caller.interrupt();

        assertThat(ended.get()).isInstanceOf(CallCancelledException.class);
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).outcome().status()).isEqualTo(Status.CANCELLED);
        assertThat(told.get(0).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_refused_call_costs_nothing() {
        for (int status : new int[] {401, 402, 403, 404, 429, 503}) {
            told.clear();
            simulator.faults().next(Fault.status(status));
            assertThatThrownBy(() -> portolan.chat().complete(chat().build())).isInstanceOf(PortolanException.class);

            CostEvent event = only(Status.FAILED);
            assertThat(event.cost()).isEqualTo(Cost.NONE);
            assertThat(event.outcome().error()).endsWith("Exception");
        }
    }

    @Test
    void a_call_that_a_guard_refuses_is_none() {
        SpendingGuard guard = (callId, request) -> {
            throw new BudgetExceededException("spent", ErrorDetails.NONE);
        };
        try (Portolan guarded = builder().guard(guard).build()) {
            assertThatThrownBy(() -> guarded.chat().complete(chat().build()))
                    .isInstanceOf(BudgetExceededException.class);
            assertThatThrownBy(() -> guarded.chat().stream(chat().build())).isInstanceOf(BudgetExceededException.class);
        }

        assertThat(told).isEmpty();
        assertThat(simulator.requests()).isEmpty();
    }

    @Test
    void a_call_that_is_refused_and_made_again() {
        simulator.faults().next(2, Fault.status(429));
        portolan.chat().complete(chat().retries(QUICK).build());

        assertThat(completed().outcome().attempts()).isEqualTo(3);
    }

    @Test
    void a_call_that_is_charged_twice_since_it_is_made_again() {
        simulator.faults().next(Fault.cutAtByte(100));
        portolan.chat().complete(chat().retries(QUICK).build());

        assertThat(simulator.bill().entries()).hasSize(2);
        CostEvent event = only(Status.COMPLETED);
        assertThat(event.outcome().attempts()).isEqualTo(2);
        assertThat(event.answeredBy().generationIds()).hasSize(2);
    }

    @Test
    void a_call_that_is_ended_while_it_waits_to_be_made_again() throws Exception {
        simulator.faults().next(Fault.cutAtByte(100));
        RetryPolicy slow = QUICK.withDelays(Duration.ofMinutes(2), Duration.ofMinutes(3));
        CompletableFuture<RuntimeException> ended = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                portolan.chat().complete(chat().retries(slow).build());
            } catch (RuntimeException e) {
                ended.complete(e);
            }
        });
        caller.start();
        // In this order, since a caller that connects waits too.
        while (simulator.bill().entries().isEmpty() || caller.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        caller.interrupt();

        assertThat(ended.get()).isInstanceOf(CallCancelledException.class);
        assertThat(only(Status.CANCELLED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void a_stream_that_began_anew_and_is_closed() throws Exception {
        simulator.faults().next(Fault.cutAfterEvents(0));
        slowly();
        try (ChatStream stream = portolan.chat().stream(chat().retries(QUICK).build())) {
            while (!(stream.next() instanceof ChatEvent.TextDelta)) {
                assertThat(told).isEmpty();
            }
        }
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(simulator.bill().entries()).isNotEmpty();
        assertThat(only(Status.CANCELLED).answeredBy().generationIds()).hasSize(2);
    }

    @Test
    void a_stream_that_is_charged_twice_since_it_begins_anew() {
        simulator.faults().next(Fault.cutAfterEvents(0));
        try (ChatStream stream = portolan.chat().stream(chat().retries(QUICK).build())) {
            stream.response();
        }

        assertThat(only(Status.COMPLETED).outcome().attempts()).isEqualTo(2);
    }

    @Test
    void a_call_whose_attempts_are_all_charged_and_fail() {
        simulator.faults().next(3, Fault.cutAtByte(100));
        failing(ConnectionException.class, chat().retries(QUICK).build());

        assertThat(simulator.bill().entries()).hasSize(3);
        CostEvent event = only(Status.FAILED);
        assertThat(event.outcome().attempts()).isEqualTo(3);
        assertThat(event.answeredBy().generationIds()).hasSize(3);
    }

    @Test
    void a_call_whose_charged_attempt_left_no_id_cannot_be_settled_by_the_ids_of_the_others() {
        simulator.faults().next(Fault.cut());
        portolan.chat().complete(chat().retries(QUICK).build());

        assertThat(simulator.bill().entries()).hasSize(2);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(told.get(0).answeredBy().generationIds()).isEmpty();
    }

    // ---- embeddings

    @Test
    void embeddings_of_one_request() {
        portolan.embeddings()
                .embed(EmbeddingRequest.builder(EMBEDDER).text("a").text("b").build());

        assertThat(completed().operation()).isEqualTo(Operation.EMBEDDING);
    }

    @Test
    void embeddings_in_batches() {
        portolan.embeddings().embed(batches(7).build());

        assertThat(simulator.bill().entries()).hasSize(7);
        completed();
    }

    @Test
    void embeddings_of_which_a_batch_is_refused() {
        simulator.faults().on(request -> request.body().contains("number 3")).always(Fault.status(429));
        assertThatThrownBy(() -> portolan.embeddings().embed(batches(7).build()))
                .isInstanceOf(PortolanException.class);

        CostEvent event = only(Status.FAILED);
        assertThat(event.cost().isKnown()).isTrue();
        assertThat(event.usage().promptTokens()).isPositive();
    }

    @Test
    void embeddings_of_which_a_batch_is_lost() {
        simulator.faults().on(request -> request.body().contains("number 3")).always(Fault.cutAtByte(100));
        assertThatThrownBy(() -> portolan.embeddings().embed(batches(7).build()))
                .isInstanceOf(PortolanException.class);

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void embeddings_of_which_two_batches_are_lost() {
        simulator.faults().always(Fault.cutAtByte(100));
        assertThatThrownBy(() -> portolan.embeddings().embed(batches(2).build()))
                .isInstanceOf(PortolanException.class);

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void embeddings_of_which_a_batch_is_charged_twice() {
        simulator.faults().next(Fault.cutAtByte(100));
        portolan.embeddings().embed(batches(4).retries(QUICK).build());

        assertThat(simulator.bill().entries()).hasSize(5);
        assertThat(only(Status.COMPLETED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void embeddings_of_which_a_batch_is_charged_twice_and_another_one_fails() {
        simulator.faults().on(request -> request.body().contains("number 3")).always(Fault.status(400));
        simulator.faults().on(request -> request.body().contains("number 0")).next(Fault.cutAtByte(100));
        assertThatThrownBy(() ->
                        portolan.embeddings().embed(batches(5).retries(QUICK).build()))
                .isInstanceOf(PortolanException.class);

        assertThat(only(Status.FAILED).cost()).isEqualTo(Cost.UNKNOWN);
    }

    // ---- images

    @ParameterizedTest
    @EnumSource(
            value = ImageRoute.class,
            names = {"CHAT", "IMAGES"})
    void an_image(ImageRoute route) {
        portolan.images().generate(image(PAINTER, route).build());

        CostEvent event = completed();
        assertThat(event.operation()).isEqualTo(Operation.IMAGE);
        assertThat(event.timing().firstToken()).isNull();
    }

    @Test
    void an_image_whose_route_is_found_out_first() {
        portolan.images()
                .generate(image("openrouter/black-forest-labs/flux.2-pro", ImageRoute.AUTO)
                        .build());

        assertThat(simulator.requests()).hasSize(2);
        completed();
    }

    @ParameterizedTest
    @EnumSource(
            value = ImageRoute.class,
            names = {"CHAT", "IMAGES"})
    void a_streamed_image(ImageRoute route) {
        try (ImageStream stream =
                portolan.images().stream(image(STREAMING_PAINTER, route).build())) {
            stream.response();
        }

        assertThat(completed().timing().firstToken()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = ImageRoute.class,
            names = {"CHAT", "IMAGES"})
    void an_image_that_is_left_while_it_is_drawn(ImageRoute route) throws Exception {
        simulator.faults().always(Fault.drip(1000, Duration.ofMillis(20)));
        try (ReplyStream<?, ?> stream =
                portolan.images().stream(image(STREAMING_PAINTER, route).build())) {
            assertThat(stream).isNotNull();
        }
        assertThat(simulator.awaitCancelledStreams(1, PATIENCE)).isTrue();

        assertThat(told).hasSize(1);
        assertThat(told.get(0).outcome().status()).isEqualTo(Status.CANCELLED);
        assertThat(told.get(0).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(told.get(0).answeredBy().generationIds()).hasSize(1);
    }

    @Test
    void an_answer_without_an_image_is_paid_for() {
        assertThatThrownBy(() -> portolan.images()
                        .generate(image(CHATTER, ImageRoute.CHAT).build()))
                .isInstanceOf(PortolanException.class);

        only(Status.FAILED);
    }
}
