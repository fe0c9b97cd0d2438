package dev.portolan.cost.signal;

import static dev.portolan.cost.signal.ToyModels.SECRET;
import static dev.portolan.cost.signal.ToyModels.aChat;
import static dev.portolan.cost.signal.ToyModels.anEmbedding;
import static dev.portolan.cost.signal.ToyModels.anImage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Attempt;
import dev.portolan.api.Portolan;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatEvent;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.chat.Output;
import dev.portolan.api.chat.ResponseFormat;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageStream;
import dev.portolan.api.spi.ChatAssembler;
import dev.portolan.api.spi.PortDecorator;
import dev.portolan.api.spi.RecoveringPorts;
import dev.portolan.api.spi.Recovery;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallTracingTest {
    private static final ErrorDetails OF_TOY = ErrorDetails.NONE.withModel(ToyModels.MODEL);

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = telemetry(Sampler.alwaysOn());
    private final Tracer tracer = telemetry.getTracer("test");
    private final ToyModels toy = new ToyModels();

    private OpenTelemetrySdk telemetry(Sampler sampler) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        assertThat(Span.current()).as("left behind").isSameAs(Span.getInvalid());
        telemetry.close();
    }

    private Portolan portolan() {
        return toy.portolan().decorator(CallTracing.with(telemetry)).build();
    }

    private SpanData only() {
        assertThat(exporter.getFinishedSpanItems()).hasSize(1);
        SpanData span = exporter.getFinishedSpanItems().get(0);
        assertThat(span.toString()).doesNotContain(SECRET);
        assertThat(span.getStatus().getDescription()).doesNotContain(SECRET);
        return span;
    }

    private static String text(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static Long number(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.longKey(name));
    }

    private static Double seconds(SpanData span) {
        return span.getAttributes().get(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk"));
    }

    @Test
    void a_chat_has_a_span_that_tells_all_but_what_was_said() {
        ChatRequest request = aChat().temperature(0.5)
                .topP(0.75)
                .topK(40)
                .frequencyPenalty(0.25)
                .presencePenalty(-0.5)
                .seed(7L)
                .maxTokens(100)
                .stop(SECRET)
                .baseUrl(URI.create("https://models.example.org/api/v1"))
                .build();
        try (Portolan portolan = portolan()) {
            portolan.chat().complete(request);
        }

        SpanData span = only();
        assertThat(span.getName()).isEqualTo("chat large");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getEvents()).isEmpty();
        assertThat(span.getInstrumentationScopeInfo().getName()).isEqualTo("dev.portolan");
        assertThat(span.getAttributes().asMap())
                .isEqualTo(Attributes.builder()
                        .put("gen_ai.operation.name", "chat")
                        .put("gen_ai.provider.name", "toy")
                        .put("gen_ai.request.model", "large")
                        .put("server.address", "models.example.org")
                        .put("server.port", 443)
                        .put("gen_ai.request.temperature", 0.5)
                        .put("gen_ai.request.top_p", 0.75)
                        .put("gen_ai.request.top_k", 40.0)
                        .put("gen_ai.request.frequency_penalty", 0.25)
                        .put("gen_ai.request.presence_penalty", -0.5)
                        .put("gen_ai.request.seed", 7)
                        .put("gen_ai.request.max_tokens", 100)
                        .put("gen_ai.response.id", "gen-1")
                        .put("gen_ai.response.model", "large-2026")
                        .put(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), List.of("stop"))
                        .put("gen_ai.usage.input_tokens", 30)
                        .put("gen_ai.usage.output_tokens", 12)
                        .put("gen_ai.usage.cache_read.input_tokens", 20)
                        .put("gen_ai.usage.cache_creation.input_tokens", 5)
                        .put("gen_ai.usage.reasoning.output_tokens", 8)
                        .put("portolan.upstream", "Acme")
                        .put("portolan.cost", "0.00000000000000000012")
                        .put("portolan.cost.currency", "USD")
                        .put("portolan.cost.source", "reported")
                        .put("portolan.outcome", "completed")
                        .build()
                        .asMap());
    }

    @Test
    void what_was_not_set_is_not_told() {
        try (Portolan portolan = portolan()) {
            portolan.chat().complete(aChat().build());
        }

        assertThat(only().getAttributes().asMap().keySet())
                .extracting(AttributeKey::getKey)
                .doesNotContain("server.address", "gen_ai.request.stream", "gen_ai.output.type")
                .noneMatch(name -> name.startsWith("gen_ai.request.") && !name.equals("gen_ai.request.model"));
    }

    @Test
    void the_kind_of_answer_that_was_asked_for_is_told() {
        try (Portolan portolan = portolan()) {
            for (ChatRequest.Builder request : List.of(
                    aChat().responseFormat(ResponseFormat.JSON_OBJECT),
                    aChat().responseFormat(ResponseFormat.jsonSchema("s", RawJson.parse("{}"))),
                    aChat().responseFormat(ResponseFormat.TEXT),
                    aChat().modalities(Output.Modality.TEXT, Output.Modality.IMAGE))) {
                portolan.chat().complete(request.build());
            }
        }

        assertThat(exporter.getFinishedSpanItems())
                .extracting(span -> text(span, "gen_ai.output.type"))
                .containsExactly("json", "json", "text", "image");
    }

    @Test
    void a_stream_has_a_span_until_its_last_event_was_read() {
        try (Portolan portolan = portolan();
                ChatStream stream = portolan.chat().stream(aChat().build())) {
            while (!(stream.next() instanceof ChatEvent.ResponseFinished)) {
                assertThat(exporter.getFinishedSpanItems()).isEmpty();
            }

            SpanData span = only();
            assertThat(span.getAttributes().get(AttributeKey.booleanKey("gen_ai.request.stream")))
                    .isTrue();
            assertThat(seconds(span)).isPositive();
            assertThat(text(span, "gen_ai.response.id")).isEqualTo("gen-1");
            assertThat(text(span, "portolan.cost")).isEqualTo("0.00000000000000000012");
            assertThat(text(span, "portolan.outcome")).isEqualTo("completed");
        }
        assertThat(exporter.getFinishedSpanItems()).as("once").hasSize(1);
    }

    @Test
    void a_stream_without_content_has_no_first_piece_of_it() {
        toy.answers = () -> {
            ChatAssembler answer = new ChatAssembler();
            answer.id("gen-1");
            answer.start();
            answer.finishReason(0, "stop");
            return answer;
        };
        try (Portolan portolan = portolan();
                ChatStream stream = portolan.chat().stream(aChat().build())) {
            stream.response();
        }

        assertThat(seconds(only())).isNull();
    }

    @Test
    void a_stream_closed_early_is_cancelled_which_is_no_error() throws Exception {
        try (Portolan portolan = portolan()) {
            ChatStream stream = portolan.chat().stream(aChat().build());
            stream.next();
            CompletableFuture.runAsync(stream::close).get();
            stream.close();
        }

        SpanData span = only();
        assertThat(text(span, "portolan.outcome")).isEqualTo("cancelled");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(span, "error.type")).isNull();
        assertThat(text(span, "gen_ai.response.id")).isEqualTo("gen-1");
        assertThat(text(span, "portolan.cost")).as("nobody knows").isNull();
        assertThat(text(span, "portolan.cost.source")).isEqualTo("unknown");
    }

    @Test
    void a_stream_closed_before_its_first_event_tells_the_generation_all_the_same() {
        try (Portolan portolan = portolan()) {
            portolan.chat().stream(aChat().build()).close();
        }

        assertThat(text(only(), "gen_ai.response.id")).isEqualTo("gen-1");
        assertThat(text(only(), "portolan.outcome")).isEqualTo("cancelled");
    }

    @Test
    void a_stream_closed_after_its_usage_came_tells_usage_and_cost() {
        try (Portolan portolan = portolan();
                ChatStream stream = portolan.chat().stream(aChat().build())) {
            while (!(stream.next() instanceof ChatEvent.UsageReported)) {
                assertThat(exporter.getFinishedSpanItems()).isEmpty();
            }
        }

        assertThat(number(only(), "gen_ai.usage.input_tokens")).isEqualTo(30);
        assertThat(text(only(), "portolan.cost")).isEqualTo("0.00000000000000000012");
        assertThat(text(only(), "portolan.outcome")).isEqualTo("cancelled");
    }

    private SpanData failing(RuntimeException failure) {
        toy.failures.add(failure);
        try (Portolan portolan = portolan()) {
            assertThatThrownBy(() -> portolan.chat().complete(aChat().build())).isSameAs(failure);
        }
        return only();
    }

    @Test
    void a_failure_is_an_error_with_its_class_and_a_message_without_the_prompt() {
        SpanData span = failing(new RateLimitedException("Too many requests. Wait.", OF_TOY));

        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEqualTo("Too many requests. Wait.");
        assertThat(text(span, "error.type")).isEqualTo("RateLimitedException");
        assertThat(text(span, "portolan.outcome")).isEqualTo("failed");
        assertThat(text(span, "portolan.cost")).as("refused").isEqualTo("0");
    }

    @Test
    void of_an_exception_that_is_not_ours_only_the_class_is_told() {
        SpanData span = failing(new IllegalStateException("cannot read '" + SECRET + "'"));

        assertThat(span.getStatus().getDescription()).isEqualTo("java.lang.IllegalStateException");
        assertThat(text(span, "error.type")).isEqualTo("IllegalStateException");
    }

    @Test
    void an_interrupted_call_is_cancelled_which_is_no_error() {
        SpanData span = failing(new CallCancelledException("interrupted", OF_TOY));

        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(span, "portolan.outcome")).isEqualTo("cancelled");
    }

    @Test
    void of_a_broken_stream_what_had_arrived_is_told() {
        ChatAssembler answer = ToyModels.answer();
        BrokenStreamException broken = new BrokenStreamException("broke", OF_TOY.withPartial(answer.snapshot()));
        try (Portolan portolan = portolan();
                ChatStream stream = portolan.chat().stream(aChat().build())) {
            stream.next();
            toy.failures.add(broken);
            assertThatThrownBy(stream::next).isSameAs(broken);
        }

        SpanData span = only();
        assertThat(text(span, "error.type")).isEqualTo("BrokenStreamException");
        assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(12);
        assertThat(text(span, "portolan.cost")).isEqualTo("0.00000000000000000012");
    }

    @Test
    void a_call_that_a_budget_refuses_has_a_span_too() {
        try (Portolan portolan = toy.portolan()
                .decorator(CallTracing.with(telemetry))
                .guard((callId, request) -> {
                    throw new BudgetExceededException("spent", OF_TOY);
                })
                .build()) {
            assertThatThrownBy(() -> portolan.chat().complete(aChat().build()))
                    .isInstanceOf(BudgetExceededException.class);
        }

        assertThat(text(only(), "error.type")).isEqualTo("BudgetExceededException");
    }

    @Test
    void failed_attempts_are_events_and_their_cost_is_part_of_the_whole() {
        ChatResponse answer = ToyModels.answer().finish();
        PortolanException charged = new BrokenStreamException(
                "broke", OF_TOY.withPartial(ToyModels.answer().snapshot()));
        PortolanException busy = new RateLimitedException("busy", OF_TOY);
        List<Attempt> attempts = List.of(
                new Attempt(ToyModels.MODEL, Duration.ZERO, charged),
                new Attempt(ToyModels.MODEL, Duration.ofMillis(250), busy),
                new Attempt(ToyModels.MODEL, Duration.ofMillis(500), null));
        ChatPort port = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer.withAttempts(attempts);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw busy.withAttempts(attempts.subList(0, 2));
            }
        };
        ChatPort traced = CallTracing.with(telemetry).decorate(port);
        traced.complete(aChat().build());

        SpanData span = only();
        assertThat(number(span, "portolan.attempts")).isEqualTo(3);
        assertThat(text(span, "portolan.cost")).isEqualTo("0.00000000000000000024");
        assertThat(span.getEvents()).hasSize(2);
        assertThat(span.getEvents()).allMatch(event -> event.getName().equals("portolan.attempt.failed"));
        assertThat(span.getEvents().get(1).getAttributes())
                .isEqualTo(Attributes.builder()
                        .put("portolan.attempt.number", 2)
                        .put("portolan.attempt.delay", 0.25)
                        .put("gen_ai.provider.name", "toy")
                        .put("gen_ai.request.model", "large")
                        .put("error.type", "RateLimitedException")
                        .put("portolan.cost.source", "reported")
                        .put("portolan.cost", "0")
                        .put("portolan.cost.currency", "USD")
                        .build());

        exporter.reset();
        assertThatThrownBy(() -> traced.stream(aChat().build())).isInstanceOf(RateLimitedException.class);
        assertThat(only().getEvents()).hasSize(2);
        assertThat(text(only(), "portolan.cost")).isEqualTo("0.00000000000000000012");
    }

    @Test
    void embeddings_tell_their_dimensions_and_have_no_tokens_coming_out() {
        try (Portolan portolan = portolan()) {
            portolan.embeddings()
                    .embed(anEmbedding()
                            .dimensions(16)
                            .encoding(EmbeddingRequest.Encoding.BASE64)
                            .build());
        }

        SpanData span = only();
        assertThat(span.getName()).isEqualTo("embeddings large");
        assertThat(number(span, "gen_ai.embeddings.dimension.count")).isEqualTo(16);
        assertThat(span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.request.encoding_formats")))
                .containsExactly("base64");
        assertThat(number(span, "gen_ai.usage.input_tokens")).isEqualTo(7);
        assertThat(number(span, "gen_ai.usage.output_tokens")).isNull();
        assertThat(text(span, "gen_ai.response.id")).isEqualTo("gen-2");
        assertThat(text(span, "portolan.cost")).isEqualTo("0.25");
    }

    @Test
    void images_tell_that_they_are_images_and_how_many() {
        try (Portolan portolan = portolan()) {
            portolan.images().generate(anImage().n(3).seed(5L).build());
            try (ImageStream stream = portolan.images().stream(anImage().build())) {
                stream.next();
                stream.next();
                stream.next();
            }
        }

        assertThat(exporter.getFinishedSpanItems()).hasSize(2).allSatisfy(span -> {
            assertThat(span.toString()).doesNotContain(SECRET);
            assertThat(span.getName()).isEqualTo("generate_content large");
            assertThat(text(span, "gen_ai.output.type")).isEqualTo("image");
            assertThat(text(span, "portolan.cost.source")).isEqualTo("estimated");
            assertThat(text(span, "portolan.outcome")).isEqualTo("completed");
        });
        SpanData drawn = exporter.getFinishedSpanItems().get(0);
        assertThat(number(drawn, "gen_ai.request.choice.count")).isEqualTo(3);
        assertThat(number(drawn, "gen_ai.request.seed")).isEqualTo(5);
        assertThat(seconds(exporter.getFinishedSpanItems().get(1))).isPositive();
    }

    @Test
    void what_the_http_client_does_is_a_child_of_the_call_and_the_call_one_of_its_callers() {
        toy.atWork = () -> tracer.spanBuilder("POST").startSpan().end();
        Span caller = tracer.spanBuilder("caller").startSpan();
        try (Portolan portolan = portolan();
                Scope scope = caller.makeCurrent()) {
            portolan.chat().complete(aChat().build());
            portolan.embeddings().embed(anEmbedding().build());
            portolan.images().generate(anImage().build());
            assertThat(Span.current()).isSameAs(caller);
            assertThat(scope).isNotNull();
        }

        List<SpanData> spans = exporter.getFinishedSpanItems();
        assertThat(spans)
                .extracting(SpanData::getName)
                .containsExactly("POST", "chat large", "POST", "embeddings large", "POST", "generate_content large");
        for (int i = 0; i < spans.size(); i += 2) {
            SpanData call = spans.get(i + 1);
            assertThat(spans.get(i).getParentSpanId()).isEqualTo(call.getSpanId());
            assertThat(call.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
        }
    }

    @Test
    void a_stream_is_opened_and_read_with_its_span_current_but_not_in_between() {
        List<String> current = new ArrayList<>();
        toy.atWork = () -> current.add(Span.current().getSpanContext().getSpanId());
        try (Portolan portolan = portolan();
                ChatStream stream = portolan.chat().stream(aChat().build())) {
            stream.next();
            assertThat(Span.current()).isSameAs(Span.getInvalid());
            stream.response();
        }

        assertThat(current).hasSizeGreaterThan(2).containsOnly(only().getSpanId());
    }

    @Test
    void a_call_that_is_not_sampled_hands_its_context_on_and_records_nothing() {
        List<String> traces = new ArrayList<>();
        toy.atWork = () -> traces.add(Span.current().getSpanContext().getTraceId());
        try (OpenTelemetrySdk off = telemetry(Sampler.alwaysOff());
                Portolan portolan =
                        toy.portolan().decorator(CallTracing.with(off)).build()) {
            portolan.chat().complete(aChat().build());
            try (ChatStream stream = portolan.chat().stream(aChat().build())) {
                stream.response();
            }
        }

        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        assertThat(traces)
                .isNotEmpty()
                .doesNotContain(Span.getInvalid().getSpanContext().getTraceId());
    }

    @Test
    void only_tags_that_are_named_are_told() {
        CallTracing tracing =
                CallTracing.builder(telemetry).tag("team").tag("tenant").build();
        try (Portolan portolan = toy.portolan().decorator(tracing).build()) {
            portolan.chat()
                    .complete(aChat().tag("team", "search").tag("user", "u-17").build());
        }

        assertThat(text(only(), "portolan.tag.team")).isEqualTo("search");
        assertThat(only().toString()).doesNotContain("u-17", "tenant");
    }

    /** As a fallback or a retry does: it stands further in, and makes the call again. */
    private static final class Again implements PortDecorator {
        @Override
        public int order() {
            return 100;
        }

        @Override
        public ChatPort decorate(ChatPort port) {
            return RecoveringPorts.chat(
                    port, first -> (request, failure) -> new Recovery.Next<>(request, Duration.ZERO));
        }
    }

    @Test
    void a_call_that_is_made_again_further_in_has_one_span() {
        toy.failures.add(new RateLimitedException("busy", OF_TOY));
        try (Portolan portolan = toy.portolan()
                .decorator(new Again())
                .decorator(CallTracing.with(telemetry))
                .build()) {
            portolan.chat().complete(aChat().build());
        }

        assertThat(only().getEvents()).hasSize(1);
        assertThat(text(only(), "portolan.outcome")).isEqualTo("completed");
        assertThat(only().getParentSpanId()).isEqualTo(SpanId.getInvalid());
    }

    @Test
    void an_unknown_cost_of_an_attempt_makes_the_whole_unknown() {
        PortolanException lost = new BrokenStreamException("broke", OF_TOY);
        ChatResponse answer = ToyModels.answer()
                .finish()
                .withAttempts(List.of(
                        new Attempt(ToyModels.MODEL, Duration.ZERO, lost),
                        new Attempt(ToyModels.MODEL, Duration.ZERO, null)));
        assertThat(answer.totalCost()).isEqualTo(Cost.UNKNOWN);
        ChatPort port = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                return answer;
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                throw lost;
            }
        };
        CallTracing.with(telemetry).decorate(port).complete(aChat().build());

        assertThat(text(only(), "portolan.cost")).isNull();
        assertThat(text(only(), "portolan.cost.source")).isEqualTo("unknown");
    }
}
