package dev.portolan.api.error;

import static dev.portolan.api.error.ErrorDetailsBuilder.details;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.portolan.api.Attempt;
import dev.portolan.api.ModelId;
import dev.portolan.api.RawJson;
import dev.portolan.api.chat.ChatResponse;
import dev.portolan.api.cost.Cost;
import dev.portolan.api.error.CallTimeoutException.Clock;
import dev.portolan.api.error.UnusableReplyException.Reason;
import dev.portolan.api.spi.ReplyBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PortolanExceptionTest {
    private static final ChatResponse PARTIAL =
            ReplyBuilder.saying("a secret answer").build();

    /** Makes an error of one class. */
    interface Kind extends Function<ErrorDetails, PortolanException> {}

    static Stream<Arguments> kinds() {
        return Stream.of(
                kind("AuthenticationException", false, d -> new AuthenticationException("message", d)),
                kind("BrokenStreamException", true, d -> new BrokenStreamException("message", d)),
                kind("BudgetExceededException", false, d -> new BudgetExceededException("message", d)),
                kind("CallCancelledException", false, d -> new CallCancelledException("message", d)),
                kind("CallTimeoutException", true, d -> new CallTimeoutException("message", Clock.CONNECT, d, null)),
                kind("CallTimeoutException", true, d -> new CallTimeoutException("message", Clock.IDLE, d, null)),
                kind("CallTimeoutException", true, d -> new CallTimeoutException("message", Clock.SERVER, d, null)),
                kind("CallTimeoutException", false, d -> new CallTimeoutException("message", Clock.CALL, d, null)),
                kind("ConfigurationException", false, d -> new ConfigurationException("message", d)),
                kind("ConnectionException", true, d -> new ConnectionException("message", d)),
                kind("ContentPolicyException", false, d -> new ContentPolicyException("message", d)),
                kind("ContextTooLongException", false, d -> new ContextTooLongException("message", d)),
                kind("InsufficientCreditsException", false, d -> new InsufficientCreditsException("message", d)),
                kind("InvalidRequestException", false, d -> new InvalidRequestException("message", d)),
                kind("MalformedResponseException", false, d -> new MalformedResponseException("message", d)),
                kind("NotFoundException", false, d -> new NotFoundException("message", d)),
                kind("PayloadTooLargeException", false, d -> new PayloadTooLargeException("message", d)),
                kind("PermissionDeniedException", false, d -> new PermissionDeniedException("message", d)),
                kind("ProviderUnavailableException", true, d -> new ProviderUnavailableException("message", d)),
                kind("RateLimitedException", true, d -> new RateLimitedException("message", d)),
                kind("UnusableReplyException", false, d -> new UnusableReplyException("message", Reason.CUT, d)));
    }

    private static Arguments kind(String name, boolean retryable, Kind kind) {
        return arguments(name, retryable, kind);
    }

    @Test
    void every_class_of_error_is_checked_here() {
        List<String> checked =
                kinds().map(kind -> (String) kind.get()[0]).distinct().toList();
        List<String> classes = Stream.of(PortolanException.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList();

        assertThat(checked).containsExactlyInAnyOrderElementsOf(classes);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_class_of_errors_knows_whether_trying_again_can_help(String name, boolean retryable, Kind kind) {
        assertThat(kind.apply(ErrorDetails.NONE).retryable()).isEqualTo(retryable);
        assertThat(kind.apply(ErrorDetails.NONE).getClass().getSimpleName()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_word_of_the_provider_counts_more(String name, boolean retryable, Kind kind) {
        assertThat(kind.apply(details().retryable(true).build()).retryable()).isTrue();
        assertThat(kind.apply(details().retryable(false).build()).retryable()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void once_a_part_of_the_answer_has_arrived_nothing_is_tried_again(String name, boolean retryable, Kind kind) {
        assertThat(kind.apply(details().partial(PARTIAL).build()).retryable()).isFalse();
        assertThat(kind.apply(details().retryable(true).partial(PARTIAL).build())
                        .retryable())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_text_of_an_error_holds_nothing_of_the_conversation(String name, boolean retryable, Kind kind) {
        PortolanException error = kind.apply(details()
                .raw(RawJson.of(Map.of("prompt", "a secret prompt")))
                .partial(PARTIAL)
                .build());

        assertThat(error).hasMessage("message").hasToString(error.getClass().getName() + ": message");
        assertThat(error.details().toString()).doesNotContain("secret");
        assertThat(error.details().raw()).isNotNull();
        assertThat(error.partial()).contains(PARTIAL);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void an_error_survives_serialization_without_its_details(String name, boolean retryable, Kind kind)
            throws IOException, ClassNotFoundException {
        PortolanException error = kind.apply(details().build());

        PortolanException copy = copied(error);

        assertThat(copy).hasSameClassAs(error).hasMessage("message");
        assertThat(copy.details()).isEqualTo(ErrorDetails.NONE);
        assertThat(copy.retryable()).isEqualTo(retryable);
    }

    private static PortolanException copied(PortolanException error) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(error);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (PortolanException) in.readObject();
        }
    }

    @Test
    void an_error_tells_how_long_to_wait() {
        assertThat(new RateLimitedException("message", details().build()).retryAfter())
                .contains(Duration.ofSeconds(3));
        assertThat(new RateLimitedException(
                                "message", details().retryAfter(null).build())
                        .retryAfter())
                .isEmpty();
    }

    @Test
    void an_error_without_details_knows_nothing() {
        ConfigurationException error = new ConfigurationException("KEY is not set");

        assertThat(error.details()).isEqualTo(ErrorDetails.NONE);
        assertThat(error.retryAfter()).isEmpty();
        assertThat(error.partial()).isEmpty();
        assertThat(error).hasNoCause();
    }

    @Test
    void a_failure_costs_what_all_its_attempts_cost_and_nobody_knows_it_if_one_is_unknown() {
        ErrorDetails details = ErrorDetails.NONE.withModel(ModelId.parse("toy/large"));
        PortolanException charged = new BrokenStreamException(
                "message",
                details.withPartial(ReplyBuilder.saying("half").costing("0.25").build()));
        PortolanException refused = new RateLimitedException("message", details);
        PortolanException lost = new BrokenStreamException("message", details);

        assertThat(charged.totalCost()).isEqualTo(Cost.reported(new BigDecimal("0.25")));
        assertThat(after(charged, charged, charged).totalCost()).isEqualTo(Cost.reported(new BigDecimal("0.75")));
        assertThat(after(refused, charged, refused).totalCost()).isEqualTo(Cost.reported(new BigDecimal("0.25")));
        assertThat(after(refused, lost, charged).totalCost()).isEqualTo(Cost.UNKNOWN);
    }

    @Test
    void what_fails_after_it_told_a_cost_has_an_unknown_one() {
        ErrorDetails details = ErrorDetails.NONE.withPartial(
                ReplyBuilder.saying("whole").costing("0.25").build());

        assertThat(new ProviderUnavailableException("message", details).cost()).isEqualTo(Cost.UNKNOWN);
        assertThat(new ProviderUnavailableException("message", details).generationIds())
                .containsExactly("gen-1");
        assertThat(new BrokenStreamException("message", details).cost().isKnown())
                .isTrue();
    }

    private static PortolanException after(PortolanException last, PortolanException... earlier) {
        List<Attempt> attempts = new ArrayList<>();
        for (PortolanException each : earlier) {
            attempts.add(new Attempt(ModelId.parse("toy/large"), Duration.ZERO, each));
        }
        attempts.add(new Attempt(ModelId.parse("toy/large"), Duration.ZERO, last));
        return last.withAttempts(attempts);
    }

    @Test
    void an_error_keeps_its_cause() {
        IOException cause = new IOException("reset");

        assertThat(new ConnectionException("message", ErrorDetails.NONE, cause)).hasCause(cause);
        assertThat(new CallTimeoutException("message", Clock.IDLE, ErrorDetails.NONE, cause))
                .hasCause(cause)
                .extracting(CallTimeoutException::clock)
                .isEqualTo(Clock.IDLE);
    }

    @Test
    void an_exceeded_budget_tells_what_is_left_and_when_it_renews_also_after_several_attempts_and_serialization()
            throws IOException, ClassNotFoundException {
        BudgetExceededException.Shortage shortage = new BudgetExceededException.Shortage(
                "search",
                "",
                BigDecimal.TEN,
                new BigDecimal("0.0123"),
                new BigDecimal("0.0456"),
                Instant.parse("2026-11-26T00:00:00Z"));
        BudgetExceededException error =
                new BudgetExceededException("message", shortage, details().build());

        PortolanException again = error.withAttempts(error.attempts());

        assertThat(error.shortage()).contains(shortage);
        assertThat(((BudgetExceededException) again).shortage()).contains(shortage);
        assertThat(((BudgetExceededException) copied(error)).shortage()).contains(shortage);
        assertThat(error.retryable()).isFalse();
        assertThat(error.mayBeCharged()).isFalse();
        assertThat(new BudgetExceededException("message", ErrorDetails.NONE).shortage())
                .isEmpty();
    }

    @Test
    void an_unusable_reply_tells_why_and_where_also_after_several_attempts_and_serialization()
            throws IOException, ClassNotFoundException {
        UnusableReplyException.Misfit misfit = new UnusableReplyException.Misfit("$.depth", "an integer", "a string");
        UnusableReplyException error = new UnusableReplyException(
                "message",
                misfit,
                ErrorDetails.NONE.withPartial(
                        ReplyBuilder.saying("deep").costing("0.25").build()),
                null);

        PortolanException again = error.withAttempts(error.attempts());

        assertThat(misfit).hasToString("$.depth: expected an integer, found a string");
        assertThat(((UnusableReplyException) again).misfit()).contains(misfit);
        assertThat(((UnusableReplyException) again).reason()).isEqualTo(Reason.MISFIT);
        assertThat(((UnusableReplyException) copied(error)).misfit()).contains(misfit);
        assertThat(error.totalCost()).isEqualTo(Cost.reported(new BigDecimal("0.25")));
        assertThat(new UnusableReplyException("message", Reason.REFUSED, ErrorDetails.NONE).misfit())
                .isEmpty();
    }

    @Test
    void details_and_clock_must_be_there() {
        assertThatNullPointerException()
                .isThrownBy(() -> new ConnectionException("message", null))
                .withMessage("details");
        assertThatNullPointerException()
                .isThrownBy(() -> new CallTimeoutException("message", null, ErrorDetails.NONE, null))
                .withMessage("clock");
    }

    @Test
    void details_show_what_is_known() {
        assertThat(ErrorDetails.NONE).hasToString("");
        assertThat(details().build().toString())
                .contains(
                        "model openrouter/google/gemini-2.5-flash",
                        "status 429",
                        "code 429",
                        "type rate_limit_exceeded",
                        "upstream Google",
                        "upstream code RESOURCE_EXHAUSTED",
                        "generation gen-1",
                        "request req-1",
                        "retry after PT3S");
    }

    @Test
    void details_with_one_part_changed_keep_the_others() {
        ErrorDetails details =
                details().retryable(true).raw(RawJson.NULL).partial(PARTIAL).build();
        ModelId other = ModelId.parse("local/qwen3");

        assertThat(details.withModel(other))
                .usingRecursiveComparison()
                .ignoringFields("model")
                .isEqualTo(details);
        assertThat(details.withModel(other).model()).isEqualTo(other);
        assertThat(details.withGenerationId("gen-2"))
                .usingRecursiveComparison()
                .ignoringFields("generationId")
                .isEqualTo(details);
        assertThat(details.withGenerationId("gen-2").generationId()).isEqualTo("gen-2");
        assertThat(details.withPartial(null))
                .usingRecursiveComparison()
                .ignoringFields("partial")
                .isEqualTo(details);
        assertThat(details.withPartial(null).partial()).isNull();
    }

    @Test
    void the_models_suggested_are_copied() {
        List<String> models = new ArrayList<>(List.of("a"));
        ErrorDetails details = new ErrorDetails(
                null, 0, null, null, null, null, null, null, null, null, models, null, null, List.of());
        models.clear();

        assertThat(details.fallbackModels()).containsExactly("a");
    }
}
