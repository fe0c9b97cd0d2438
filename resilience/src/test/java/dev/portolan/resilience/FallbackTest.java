package dev.portolan.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.api.Attempt;
import dev.portolan.api.ModelId;
import dev.portolan.api.Portolan;
import dev.portolan.api.chat.ChatPort;
import dev.portolan.api.chat.ChatRequest;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.chat.ChatStream;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.embedding.EmbeddingRequest;
import dev.portolan.api.error.AuthenticationException;
import dev.portolan.api.error.BrokenStreamException;
import dev.portolan.api.error.BudgetExceededException;
import dev.portolan.api.error.CallCancelledException;
import dev.portolan.api.error.CallTimeoutException;
import dev.portolan.api.error.ConfigurationException;
import dev.portolan.api.error.ConnectionException;
import dev.portolan.api.error.ContentPolicyException;
import dev.portolan.api.error.ContextTooLongException;
import dev.portolan.api.error.ErrorDetails;
import dev.portolan.api.error.InsufficientCreditsException;
import dev.portolan.api.error.InvalidRequestException;
import dev.portolan.api.error.MalformedResponseException;
import dev.portolan.api.error.NotFoundException;
import dev.portolan.api.error.PayloadTooLargeException;
import dev.portolan.api.error.PermissionDeniedException;
import dev.portolan.api.error.PortolanException;
import dev.portolan.api.error.ProviderUnavailableException;
import dev.portolan.api.error.RateLimitedException;
import dev.portolan.api.image.ImageRequest;
import dev.portolan.api.image.ImageStream;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FallbackTest {
    private static final ErrorDetails DETAILS = FakeModels.details("one/a");
    private static final ProviderUnavailableException DOWN = new ProviderUnavailableException("down", DETAILS);
    private static final ContextTooLongException TOO_LONG = new ContextTooLongException("too long", DETAILS);

    private final FakeModels models = new FakeModels();

    private ChatPort with(Fallback fallback) {
        return fallback.decorate((ChatPort) models);
    }

    private static List<String> models(List<Attempt> attempts) {
        return attempts.stream().map(attempt -> attempt.model().toString()).toList();
    }

    @Test
    void a_provider_that_is_down_is_replaced_by_another_one_blocking_and_streaming() {
        FakeModels first = new FakeModels()
                .failing(
                        "one/a",
                        new BrokenStreamException(
                                "broke",
                                DETAILS.withPartial(FakeModels.answer(FakeModels.chat("one/a"))
                                        .finish())));
        FakeModels second = new FakeModels();
        try (Portolan portolan = Portolan.builder()
                .provider("one", first)
                .provider("two", second)
                .decorator(Fallback.to("two/b"))
                .build()) {
            ChatResponse blocking = portolan.chat().complete(FakeModels.chat("one/a"));
            ChatResponse streamed;
            try (ChatStream stream = portolan.chat().stream(FakeModels.chat("one/a"))) {
                streamed = stream.response();
            }

            for (ChatResponse reply : List.of(blocking, streamed)) {
                assertThat(reply.text()).isEqualTo("two/b");
                assertThat(models(reply.attempts())).containsExactly("one/a", "two/b");
                assertThat(reply.attempts().get(0).failure()).isInstanceOf(BrokenStreamException.class);
                assertThat(reply.attempts().get(1).failure()).isNull();
                assertThat(reply.cost().amount()).isEqualByComparingTo("0.1");
                assertThat(reply.totalCost()).isEqualTo(Cost.reported(new BigDecimal("0.2")));
            }
        }
    }

    @Test
    void a_stream_moves_on_before_its_first_event() {
        models.failingOnReading("one/a", DOWN);

        try (ChatStream stream = with(Fallback.to("two/b")).stream(FakeModels.chat("one/a"))) {
            assertThat(stream.response().text()).isEqualTo("two/b");
            assertThat(models(stream.response().attempts())).containsExactly("one/a", "two/b");
        }
    }

    @Test
    void a_stream_does_not_move_on_once_something_was_read() {
        BrokenStreamException broken = new BrokenStreamException("broke", DETAILS);
        models.failingOnReading("one/a", broken);

        try (ChatStream stream = with(Fallback.to("two/b")).stream(FakeModels.chat("one/a"))) {
            stream.next();
            assertThatThrownBy(stream::next).isSameAs(broken);
        }
        assertThat(models.asked()).containsExactly("one/a");
    }

    @Test
    void a_call_that_succeeds_is_left_alone() {
        ChatRequest request = FakeModels.chat("one/a");

        assertThat(with(Fallback.to("two/b")).complete(request).text()).isEqualTo("one/a");
        assertThat(models.requests.get(0)).isSameAs(request);
    }

    @Test
    void models_are_tried_in_order_each_once_and_the_last_failure_tells_all() {
        models.failing("one/a", DOWN)
                .failing("two/b", new RateLimitedException("busy", FakeModels.details("two/b")))
                .failing("two/c", new NotFoundException("gone", FakeModels.details("two/c")));

        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> with(Fallback.to("one/a", "two/b", "two/b", "two/c", "one/a"))
                        .complete(FakeModels.chat("one/a")))
                .withMessage("gone This was attempt 3.")
                .satisfies(e -> assertThat(models(e.attempts())).containsExactly("one/a", "two/b", "two/c"));
        assertThat(models.asked()).containsExactly("one/a", "two/b", "two/c");
    }

    @Test
    void the_only_model_fails_as_if_there_were_no_fallback() {
        models.failing("one/a", DOWN);

        assertThatThrownBy(() -> with(Fallback.to("one/a")).complete(FakeModels.chat("one/a")))
                .isSameAs(DOWN);
        assertThatThrownBy(() -> with(Fallback.builder().build()).complete(FakeModels.chat("one/a")))
                .isSameAs(DOWN);
    }

    static Stream<PortolanException> failures_that_move_on() {
        return Stream.concat(
                Arrays.stream(CallTimeoutException.Clock.values())
                        .filter(clock -> clock != CallTimeoutException.Clock.CALL)
                        .map(clock -> new CallTimeoutException("late", clock, DETAILS, null)),
                Stream.of(
                        DOWN,
                        TOO_LONG,
                        new RateLimitedException("", DETAILS),
                        new ConnectionException("", DETAILS),
                        new BrokenStreamException("", DETAILS),
                        new MalformedResponseException("", DETAILS),
                        new NotFoundException("", DETAILS),
                        new ContentPolicyException("", DETAILS),
                        new InsufficientCreditsException("", DETAILS),
                        new PermissionDeniedException("", DETAILS),
                        new PayloadTooLargeException("", DETAILS)));
    }

    static Stream<PortolanException> failures_that_never_move_on() {
        return Stream.of(
                new CallTimeoutException("late", CallTimeoutException.Clock.CALL, DETAILS, null),
                new CallCancelledException("", DETAILS),
                new BudgetExceededException("", DETAILS),
                new InvalidRequestException("", DETAILS),
                new ConfigurationException("", DETAILS, null));
    }

    @ParameterizedTest
    @MethodSource("failures_that_move_on")
    void what_another_model_may_do_better_moves_on(PortolanException failure) {
        models.failing("one/a", failure);

        assertThat(with(Fallback.to("two/b")).complete(FakeModels.chat("one/a")).text())
                .isEqualTo("two/b");
    }

    @ParameterizedTest
    @MethodSource("failures_that_never_move_on")
    void what_is_the_callers_never_moves_on(PortolanException failure) {
        models.failing("one/a", failure);
        Fallback fallback = Fallback.builder().to("two/b").when(e -> true).build();

        assertThatThrownBy(() -> with(fallback).complete(FakeModels.chat("one/a")))
                .isSameAs(failure);
    }

    @Test
    void a_wrong_key_moves_on_only_if_asked_to() {
        AuthenticationException wrongKey = new AuthenticationException("", DETAILS);
        models.failing("one/a", wrongKey);
        Fallback told = Fallback.builder()
                .to("two/b")
                .when(e -> Fallback.movesOn(e) || e instanceof AuthenticationException)
                .build();

        assertThatThrownBy(() -> with(Fallback.to("two/b")).complete(FakeModels.chat("one/a")))
                .isSameAs(wrongKey);
        assertThat(with(told).complete(FakeModels.chat("one/a")).text()).isEqualTo("two/b");
    }

    @Test
    void what_may_be_charged_moves_on_unless_that_is_forbidden_and_then_the_total_is_unknown() {
        ConnectionException charged = new ConnectionException("", DETAILS);
        models.failing("one/a", charged);
        Fallback thrifty = Fallback.builder().to("two/b").evenIfCharged(false).build();

        assertThat(with(Fallback.to("two/b")).complete(FakeModels.chat("one/a")).totalCost())
                .isEqualTo(Cost.UNKNOWN);
        assertThatThrownBy(() -> with(thrifty).complete(FakeModels.chat("one/a")))
                .isSameAs(charged);
        models.failing("one/a", DOWN);
        assertThat(with(thrifty).complete(FakeModels.chat("one/a")).text()).isEqualTo("two/b");
    }

    @Test
    void a_model_with_a_list_of_its_own_does_not_use_the_general_one() {
        models.failing("one/a", DOWN).failing("one/b", DOWN).failing("one/c", DOWN);
        ChatPort port = with(Fallback.builder()
                .to("two/general")
                .from("one/b")
                .to("two/own")
                .from("one/c")
                .to()
                .build());

        assertThat(port.complete(FakeModels.chat("one/a")).text()).isEqualTo("two/general");
        assertThat(port.complete(FakeModels.chat("one/b")).text()).isEqualTo("two/own");
        assertThatThrownBy(() -> port.complete(FakeModels.chat("one/c"))).isSameAs(DOWN);
    }

    @Test
    void what_is_too_long_goes_to_the_long_models_and_stays_there() {
        models.failing("one/a", TOO_LONG).failing("two/long", DOWN);
        ChatPort port = with(Fallback.builder()
                .to("two/short")
                .onContextTooLong("two/long", "two/longer")
                .build());

        assertThat(port.complete(FakeModels.chat("one/a")).text()).isEqualTo("two/longer");
        assertThat(models.asked()).containsExactly("one/a", "two/long", "two/longer");
    }

    @Test
    void what_offends_goes_to_a_list_of_its_own_and_other_failures_to_the_general_one() {
        ContentPolicyException offended = new ContentPolicyException("", DETAILS);
        models.failing("one/a", offended).failing("one/b", DOWN).failing("one/c", offended);
        ChatPort port = with(Fallback.builder()
                .to("two/general")
                .onContentPolicy("two/bold")
                .from("one/c")
                .onContentPolicy("two/bolder")
                .from("one/c")
                .onContextTooLong("two/long")
                .build());

        assertThat(port.complete(FakeModels.chat("one/a")).text()).isEqualTo("two/bold");
        assertThat(port.complete(FakeModels.chat("one/b")).text()).isEqualTo("two/general");
        assertThat(port.complete(FakeModels.chat("one/c")).text()).isEqualTo("two/bolder");
        models.failing("one/c", TOO_LONG);
        assertThat(port.complete(FakeModels.chat("one/c")).text()).isEqualTo("two/long");
        models.failing("one/c", DOWN);
        assertThat(port.complete(FakeModels.chat("one/c")).text()).isEqualTo("two/general");
    }

    @Test
    void all_models_share_the_time_limit_of_the_call() {
        AtomicLong clock = new AtomicLong();
        models.failing("one/a", DOWN).failing("two/b", DOWN);
        ChatPort slow = new ChatPort() {
            @Override
            public ChatResponse complete(ChatRequest request) {
                clock.addAndGet(Duration.ofSeconds(4).toNanos());
                return models.complete(request);
            }

            @Override
            public ChatStream stream(ChatRequest request) {
                return models.stream(request);
            }
        };
        ChatPort port = Fallback.builder()
                .to("two/b", "two/c")
                .nanoTime(clock::get)
                .build()
                .decorate(slow);
        ChatRequest request = FakeModels.chat("one/a");

        port.complete(request.withCall(request.call().withTimeout(Duration.ofSeconds(10))));
        assertThat(models.requests)
                .extracting(sent -> sent.call().timeout())
                .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(6), Duration.ofSeconds(2));

        models.requests.clear();
        assertThatExceptionOfType(ProviderUnavailableException.class)
                .isThrownBy(() -> port.complete(request.withCall(request.call().withTimeout(Duration.ofSeconds(8)))));
        assertThat(models.asked()).containsExactly("one/a", "two/b");
    }

    @Test
    void address_and_headers_are_not_told_to_another_provider() {
        models.failing("one/a", DOWN).failing("one/b", DOWN).failing("two/c", DOWN);
        ChatRequest request = FakeModels.chat("one/a");
        URI address = URI.create("https://proxy.example");

        with(Fallback.to("one/b", "two/c", "one/d"))
                .complete(request.withCall(
                        request.call().withBaseUrl(address).withHeader("Authorization", "Bearer secret")));

        assertThat(models.asked()).containsExactly("one/a", "one/b", "two/c", "one/d");
        assertThat(models.requests)
                .extracting(sent -> sent.call().baseUrl())
                .containsExactly(address, address, null, address);
        assertThat(models.requests.get(2).call().headers()).isEmpty();
        assertThat(models.requests.get(3).call().headers()).containsKey("Authorization");
    }

    @Test
    void models_that_draw_have_a_list_of_their_own_blocking_and_streaming() {
        models.failing("one/a", DOWN);
        Fallback fallback =
                Fallback.builder().to("two/chat").forImages("two/draw").build();
        ImageRequest request = ImageRequest.builder("one/a").prompt("a").build();
        var port = fallback.decorate((dev.portolan.api.image.ImagePort) models);

        assertThat(port.generate(request).model()).isEqualTo("two/draw");
        try (ImageStream stream = port.stream(request)) {
            assertThat(models(stream.response().attempts())).containsExactly("one/a", "two/draw");
        }
        assertThatThrownBy(() -> Fallback.to("two/chat")
                        .decorate((dev.portolan.api.image.ImagePort) models)
                        .generate(request))
                .isSameAs(DOWN);
    }

    @Test
    void embeddings_move_on_only_to_what_was_named_as_the_same_model() {
        models.failing("one/a", DOWN).failing("one/b", DOWN);
        var port = Fallback.builder()
                .to("two/chat")
                .forEmbeddings("one/a", "two/a")
                .build()
                .decorate((dev.portolan.api.embedding.EmbeddingPort) models);

        assertThat(port.embed(EmbeddingRequest.builder("one/a").text("a").build())
                        .model())
                .isEqualTo("two/a");
        assertThatThrownBy(() ->
                        port.embed(EmbeddingRequest.builder("one/b").text("a").build()))
                .isSameAs(DOWN);
        assertThat(Fallback.to("two/chat").decorate((dev.portolan.api.embedding.EmbeddingPort) models))
                .isSameAs(models);
    }

    @Test
    void a_list_must_have_models_with_well_formed_ids() {
        assertThatIllegalArgumentException().isThrownBy(Fallback::to);
        assertThatIllegalArgumentException().isThrownBy(() -> Fallback.to("llama3"));
    }

    @Test
    void the_order_is_fallback_breaker_places_rate_from_the_outside_in() {
        assertThat(List.of(
                        Fallback.to("one/a").order(),
                        CircuitBreaking.withDefaults().order(),
                        ConcurrencyLimit.atMost(1).build().order(),
                        RateLimit.smooth(1, Duration.ofSeconds(1)).build().order()))
                .isSorted()
                .allMatch(order -> order > 0);
    }

    @Test
    void a_model_whose_breaker_is_open_is_passed_by_and_costs_nothing() {
        models.failing("one/a", DOWN);
        try (Portolan portolan = Portolan.builder()
                .provider("one", models)
                .provider("two", new FakeModels())
                .decorator(ConcurrencyLimit.atMost(1).build())
                .decorator(CircuitBreaking.builder().failures(1, 1).build())
                .decorator(Fallback.to("two/b"))
                .build()) {
            portolan.chat().complete(FakeModels.chat("one/a"));
            ChatResponse second = portolan.chat().complete(FakeModels.chat("one/a"));

            assertThat(models.asked()).containsExactly("one/a");
            assertThat(second.attempts().get(0).model()).isEqualTo(ModelId.parse("one/a"));
            assertThat(second.totalCost().amount()).isEqualByComparingTo("0.1");
        }
    }
}
